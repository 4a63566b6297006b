"""`forum score`: the activity score of a file, without a database."""

import json
import sys
from pathlib import Path

import click

from forum.activity.errors import InputRefused
from forum.activity.scoring import score_topic
from forum.activity.scoring_file import policy_document, read_facts, read_policy, result_document
from forum.activity.scoring_policy import DEFAULT_POLICY, ScoringPolicy
from forum.activity.strict_json import parse_json


@click.command("score")
@click.argument("source", metavar="INPUT.json", required=False)
@click.option("--policy", "policy_source", metavar="POLICY.json", help="Score with another policy.")
@click.option("--print-policy", is_flag=True, help="Print the policy as JSON and stop; reads no INPUT.json.")
def score(source: str | None, policy_source: str | None, print_policy: bool) -> None:
    """Score the activity in one topic: JSON in, JSON out. INPUT.json may be - for standard input."""
    if source is None and not print_policy:
        raise click.UsageError("Missing argument 'INPUT.json'.")
    if source == policy_source == "-":
        raise click.UsageError("INPUT.json and POLICY.json cannot both be standard input.")

    policy = DEFAULT_POLICY if policy_source is None else _policy_from(policy_source)
    if source is None or print_policy:
        _print_json(policy_document(policy))
    else:
        _print_json(_scores_from(source, policy))


def _policy_from(source: str) -> ScoringPolicy:
    try:
        return read_policy(parse_json(_bytes_of(source)))
    except InputRefused as refusal:
        raise _refused(source, refusal) from None


def _scores_from(source: str, policy: ScoringPolicy) -> dict[str, object]:
    try:
        facts = read_facts(parse_json(_bytes_of(source)))
    except InputRefused as refusal:
        raise _refused(source, refusal) from None
    return result_document(score_topic(facts, policy), facts)


def _bytes_of(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputRefused("unreadable-file", "input", error.strerror or "cannot be read") from None


def _refused(source: str, refusal: InputRefused) -> click.ClickException:
    """Return what click prints on one line of standard error before it exits with 1."""
    return click.ClickException(f"{click.format_filename(source)}: {refusal}")


def _print_json(document: dict[str, object]) -> None:
    click.echo(json.dumps(document, indent=2))
