"""Why a member was chosen or not, in sentences for that member alone."""

from collections.abc import Mapping
from typing import Any

from forum.panels.group_names import name_group
from forum.panels.models import Candidate
from forum.panels.rules import LOTTERY_MODES, FillingMode
from forum.panels.selection_outcomes import NOT_ELIGIBLE, Code
from forum.panels.selection_pool import REFILL_REASONS
from forum.texts.catalogue import has_text, say
from forum.web.times import in_points, show_points

CHOSEN = frozenset(
    {Code.SELECTED_TOP, Code.SELECTED_QUOTA, Code.SELECTED_LOT, Code.SELECTED_ALL, Code.SELECTED_REFILL}
)
Document = Mapping[str, Any]


def is_chosen(outcome: Document) -> bool:
    """Tell whether somebody was selected."""
    return outcome["code"] in CHOSEN


def has_left(outcome: Document) -> bool:
    """Tell whether somebody was selected and then would or could not come."""
    return str(outcome["code"]).removeprefix(NOT_ELIGIBLE) in REFILL_REASONS


def outcome_lines(
    frozen: Document, result: Document, candidate: Candidate, before: Document | None = None
) -> list[str]:
    """Return why somebody was chosen or not, a few sentences; of who left also why they were chosen.

    Args:
        frozen: the frozen rules and candidates.
        result: the one that stands.
        candidate: who reads this; must be one of the frozen.
        before: the last one in which who left was on the list.
    """
    outcome = result["outcomes"][candidate.pseudonym]
    code = outcome["code"]
    if has_left(outcome):
        chosen = [] if before is None else outcome_lines(frozen, before, candidate)
        return [say(f"own-{code}"), *([say("own-chosen-before"), *chosen] if chosen else [])]
    if code.startswith(NOT_ELIGIBLE):
        return [say("own-not-eligible"), say(f"own-{code}")]
    person = next(row for row in frozen["candidates"] if row["id"] == candidate.pseudonym)
    is_application = frozen["mode"] == FillingMode.APPLICATION
    key = (
        f"own-{code}-application" if is_application and has_text(f"own-{code}-application") else f"own-{code}"
    )
    lines = [say(key, rank=outcome.get("rank", "-"), seats=frozen["seats"])]
    if is_application:
        lines.append(say("own-rating", points=show_points(person["score"])))
    lines += _reason_lines(outcome.get("otherwise", code), frozen, person, outcome)
    if frozen["mode"] in LOTTERY_MODES:
        return [*lines, *_chance_lines(candidate)]
    if is_chosen(outcome):
        return lines
    points = [] if is_application else [say("own-points", points=in_points(person["score"]))]
    return [*lines, *points, *_required_lines(candidate)]


def _reason_lines(code: str, frozen: Document, person: Document, outcome: Document) -> list[str]:
    """Return what more there is to say of a code; of a reserve, that for why they do not sit now."""
    is_lottery = frozen["mode"] in LOTTERY_MODES
    if code == Code.SELECTED_QUOTA:
        return _minimum_lines(frozen, person)
    if code == Code.NOT_QUOTA_FULL:
        return _full_lines(outcome)
    if code == Code.NOT_HOUSEHOLD:
        return [say("own-household-lot" if is_lottery else "own-household-score")]
    if code == Code.NOT_IN_ANY_VALID_PANEL:
        return [say("own-no-panel-fits")]
    return []


def _minimum_lines(frozen: Document, person: Document) -> list[str]:
    quotas = frozen["quotas"]
    return [
        say("own-minimum", least=quotas[category][value][0], group=name_group(category, value))
        for category, value in person["attrs"].items()
        if quotas.get(category, {}).get(value, [0])[0] > 0
    ]


def _full_lines(outcome: Document) -> list[str]:
    full = [say("own-full", group=name_group(category, value)) for category, value in outcome.get("full", [])]
    return full or [say("own-needed-for-others")]


def _chance_lines(candidate: Candidate) -> list[str]:
    if candidate.one_in is None:
        return []
    if candidate.one_in == 0:
        return [say("own-chance-tiny")]
    if candidate.one_in == 1:
        return [say("own-chance-sure")]
    return [say("own-chance", one_in=candidate.one_in)]


def _required_lines(candidate: Candidate) -> list[str]:
    if candidate.required_cp is None:
        return []
    return [say("own-required", points=in_points(candidate.required_cp))]
