"""One door to the solver: whole-number programs in, whole numbers out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Any, cast

from forum.panels.errors import SolverFailed

# Of the solver's whole numbers, farther off than this is no rounding but a wrong answer.
ROUNDING = 1e-4

# The solver's own numbers for what a column may be.
_SPLIT, _WHOLE = 0, 1

_OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
}


@dataclass
class Row:
    """Demands lower <= sum of coefficient x column <= upper; None is no bound."""

    lower: int | None
    upper: int | None
    columns: list[int]
    coefficients: list[int]

    def add_term(self, column: int, coefficient: int) -> None:
        """Let one more column count in this row."""
        self.columns.append(column)
        self.coefficients.append(coefficient)


@dataclass
class Program:
    """Minimise a sum of whole costs over whole numbers within bounds, under rows of whole coefficients."""

    costs: list[int] = field(default_factory=list)
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def add_column(self, cost: int = 0, lower: int = 0, upper: int = 1) -> int:
        """Add an unknown and return its number."""
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.costs) - 1

    def add_row(self, lower: int | None, upper: int | None, columns: Iterable[int]) -> Row:
        """Add a row in which each of the columns counts once."""
        counted = list(columns)
        row = Row(lower, upper, counted, [1] * len(counted))
        self.rows.append(row)
        return row


def solve(program: Program) -> list[int] | None:
    """Return the whole numbers that cost least, or None when no numbers obey the rows.

    Raises:
        SolverFailed: the solver stopped without an answer, or its answer is not in whole numbers.
    """
    solver = _run(program, _WHOLE)
    if solver is None:
        return None
    values = list(solver.getSolution().col_value)
    whole = [round(value) for value in values]
    if any(abs(value - number) > ROUNDING for value, number in zip(values, whole, strict=True)):
        raise SolverFailed(reason="the answer is not in whole numbers")
    return whole


def find_row_prices(program: Program) -> list[float] | None:
    """Return what one unit more of each row would cost if numbers could be split, or None when impossible.

    Prices are a hint in floating point: use them only where any numbers would be valid.
    """
    solver = _run(program, _SPLIT)
    return None if solver is None else list(solver.getSolution().row_dual)


def solver_version() -> str:
    """Return the name and version of the solver."""
    return f"highs {_highspy().Highs().version()}"


def _run(program: Program, integrality: int) -> Any | None:
    highspy = _highspy()
    if not program.costs:
        raise SolverFailed(reason="nothing to choose from")
    solver = highspy.Highs()
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    _pass_program(highspy, solver, program, integrality)
    solver.run()
    status = solver.getModelStatus()
    # Every column has two bounds, so "unbounded or infeasible" can only be the second.
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverFailed(reason=f"the solver stopped with {solver.modelStatusToString(status)}")
    return solver


def _pass_program(highspy: Any, solver: Any, program: Program, integrality: int) -> None:
    endless = highspy.kHighsInf
    rows = program.rows
    status = solver.passModel(
        len(program.costs),
        len(rows),
        sum(len(row.columns) for row in rows),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        program.costs,
        program.lower,
        program.upper,
        [-endless if row.lower is None else row.lower for row in rows],
        [endless if row.upper is None else row.upper for row in rows],
        list(accumulate((len(row.columns) for row in rows), initial=0)),
        list(chain.from_iterable(row.columns for row in rows)),
        list(chain.from_iterable(row.coefficients for row in rows)),
        [integrality] * len(program.costs),
    )
    if status != highspy.HighsStatus.kOk:
        raise SolverFailed(reason="the solver refused the program")


def _highspy() -> Any:
    # Costs 25 MB and a quarter of a second; web workers import this package and never solve.
    import highspy  # noqa: PLC0415

    return cast("Any", highspy)
