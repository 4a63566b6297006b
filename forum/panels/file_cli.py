"""Selection and replay on files: no database, so the other party can run them too."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from forum.panels import dossier_replay, selection
from forum.panels.dossier_record import is_record_of
from forum.panels.errors import InvalidDossier, InvalidRequest, SolverFailed, UnknownCandidate
from forum.panels.selection_request import read_request


@click.command("select")
@click.argument("request_file", metavar="REQUEST.json")
@click.option("--explain", "candidate_id", metavar="ID", help="Add the required score of this candidate.")
def select(request_file: str, candidate_id: str | None) -> None:
    """Select a panel from REQUEST.json (- is standard input) and print the result as JSON."""
    document = _read_json(request_file)
    try:
        request = read_request(document)
        result = selection.select(request)
    except InvalidRequest as refusal:
        _print(selection.refuse(refusal).as_document())
        _stop(f"{request_file}: {refusal}")
    except SolverFailed as failure:
        _stop(f"{request_file}: the solver failed: {failure.details['reason']}")
    printed = result.as_document()
    if candidate_id is not None:
        try:
            printed["explain"] = selection.explain(request, result, candidate_id).as_document()
        except UnknownCandidate:
            _stop(f"{request_file}: unknown candidate {candidate_id!r}")
    _print(printed)
    if result.status is not selection.Status.OK:
        _stop(f"{request_file}: {result.status}")


@click.command("replay")
@click.argument("dossier_file", metavar="DOSSIER.json")
@click.option(
    "--head", "published_head", metavar="SHA256", help="The last hash that was published or signed."
)
@click.option("--record", "record_file", metavar="OPENBAAR.json", help="The public record that was kept.")
def replay(dossier_file: str, published_head: str | None, record_file: str | None) -> None:
    """Compute DOSSIER.json (- is standard input) again and say whether result, hash and seed agree."""
    document = _read_json(dossier_file)
    record = _read_json(record_file) if record_file else None
    try:
        report = dossier_replay.replay(document, published_head)
        if record_file:
            report = report.with_check("public record", is_record_of(record, document))
    except InvalidDossier as refusal:
        _stop(f"{dossier_file}: {refusal}")
    _print(report.as_document())
    if not report.agrees:
        _stop(f"{dossier_file}: does not agree: {', '.join(report.disagreements)}")


def _read_json(file: str) -> object:
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return json.loads(text, object_pairs_hook=_refuse_double_keys)
    except OSError as problem:
        _stop(f"{file}: {problem.strerror}")
    except RecursionError:
        _stop(f"{file}: nested too deep")
    except ValueError as problem:
        _stop(f"{file}: no JSON: {problem}")


def _refuse_double_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Of a double key JSON readers keep different ones, and then two parties would compute different things.
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return table


def _print(document: object) -> None:
    click.echo(json.dumps(document))


def _stop(reason: str) -> NoReturn:
    click.echo(reason.replace("\n", " "), err=True)
    sys.exit(1)
