import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from forum.panels.file_cli import select
from tests.panels.selection_cases import candidate, request_of


def good_request(**fields: Any) -> dict[str, Any]:
    people = [
        candidate("anna", 900, wijk="Oost"),
        candidate("bram", 800),
        candidate("cees", 100, wijk="Oost"),
    ]
    return request_of(people, 2, **fields)


def run(request: object, tmp_path: Path, *options: str) -> Result:
    file = tmp_path / "request.json"
    file.write_text(request if isinstance(request, str) else json.dumps(request))
    return CliRunner().invoke(select, [str(file), *options])


def test_a_good_request_prints_the_result_and_exits_with_0(tmp_path: Path) -> None:
    result = run(good_request(), tmp_path)

    assert result.exit_code == 0
    assert result.stderr == ""
    printed = json.loads(result.stdout)
    assert (printed["status"], printed["panel"], printed["objective"]) == ("ok", ["anna", "bram"], 1700)
    assert list(printed) == [
        "status",
        "panel",
        "objective",
        "quota_table",
        "outcomes",
        "first_reserve",
        "audit",
    ]


def test_standard_input_is_a_dash() -> None:
    result = CliRunner().invoke(select, ["-"], input=json.dumps(good_request()))

    assert json.loads(result.stdout)["status"] == "ok"


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        pytest.param(
            {"seats": 3, "quotas": {"wijk": {"Haven": [1, 1]}}}, "infeasible", "infeasible", id="no panel"
        ),
        pytest.param({"mode": "top", "seats": 4}, "too_few", "too_few", id="too few people"),
        pytest.param({"seats": 0}, "invalid", "seats: must lie between", id="a wrong field"),
        pytest.param(
            {"mode": "weighted_lottery"}, "invalid", "tickets: is missing", id="a lottery without tickets"
        ),
    ],
)
def test_another_status_is_printed_as_well_and_exits_with_1(
    fields: dict[str, Any], status: str, reason: str, tmp_path: Path
) -> None:
    result = run(good_request() | fields, tmp_path)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == status
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("{", "no JSON", id="cut off"),
        pytest.param("", "no JSON", id="empty"),
        pytest.param('{"mode": "top", "mode": "everyone"}', "a key occurs twice", id="a key twice"),
        pytest.param("[" * 100_000, "nested too deep", id="nested too deep"),
        pytest.param("1" * 5_000, "no JSON", id="an endless number"),
    ],
)
def test_what_is_no_json_is_refused_in_one_line(text: str, reason: str, tmp_path: Path) -> None:
    result = run(text, tmp_path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    result = CliRunner().invoke(select, [str(tmp_path / "nowhere.json")])

    assert result.exit_code == 1
    assert "nowhere.json: No such file" in result.stderr


@pytest.mark.parametrize(
    ("key", "explanation"),
    [
        pytest.param(
            "cees",
            {
                "id": "cees",
                "score": 100,
                "code": "reserve",
                "rank": 3,
                "reserve_for": ["anna", "bram"],
                "otherwise": "not_score",
                "required_score": 800,
            },
            id="not chosen",
        ),
        pytest.param(
            "anna",
            {"id": "anna", "score": 900, "code": "selected_top", "rank": 1, "required_score": None},
            id="chosen",
        ),
    ],
)
def test_explain_adds_the_required_score(key: str, explanation: dict[str, Any], tmp_path: Path) -> None:
    result = run(good_request(), tmp_path, "--explain", key)

    assert json.loads(result.stdout)["explain"] == explanation


def test_explaining_an_unknown_id_is_refused_by_name(tmp_path: Path) -> None:
    result = run(good_request(), tmp_path, "--explain", "zoe")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "unknown candidate 'zoe'" in result.stderr


def test_selecting_on_a_file_needs_no_web_framework_and_no_database() -> None:
    script = (
        "import sys, forum.panels.file_cli;"
        "print(sorted({'flask', 'sqlalchemy', 'highspy'} & {name.split('.')[0] for name in sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "name",
    ["\ud800", "a\rb", "x\u2028y", "n" * 5_000],
    ids=["surrogate", "a return", "a line", "long"],
)
def test_an_odd_name_gives_json_and_one_short_line(name: str, tmp_path: Path) -> None:
    result = run(good_request(**{name: 1}), tmp_path)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "invalid"
    assert len(result.stderr.splitlines()) == 1
    assert len(result.stderr) < 1_000
