"""What the page of a selection shows: each person with the reason, the quota table, why it cannot be."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from forum.kernel.actor import Actor, Party
from forum.panels import policy
from forum.panels.dossier import EntryKind
from forum.panels.entries import find_last, get_rules
from forum.panels.group_names import name_value
from forum.panels.models import Panel
from forum.panels.queries import names_of_candidates
from forum.panels.result_queries import find_empty_seats, find_result
from forum.panels.rules import LEFT_CODES
from forum.panels.ways_out import WaysOut, ways_out_of
from forum.texts.catalogue import one_or_many, say
from forum.web.times import show_points

RESERVES_SHOWN = 10
PEOPLE_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person on the list: name, points, groups, and why."""

    pseudonym: str
    name: str
    points: str
    groups: str
    reason: str
    replacement: str

    def as_row(self) -> tuple[str, ...]:
        """Return the line as cells of a table."""
        return (self.name, self.pseudonym, self.points, self.groups, self.reason, self.replacement)


@dataclass(frozen=True, slots=True)
class SelectionView:
    """The result that stands now, in words. `empty_seats` are those that a refill could not fill.

    `people` are those of one page, `count` is how many there are; `left` were invited and will not come.
    """

    sha256: str
    people: Sequence[PersonLine]
    count: int
    page: int
    pages: int
    left: Sequence[PersonLine]
    reserves: Sequence[PersonLine]
    quota_rows: Sequence[tuple[str, ...]]
    conflicts: Sequence[str]
    ways_out: WaysOut
    empty_seats: int


def selection_steps(
    panel: Panel,
    actor: Actor,
    *,
    commit_from: datetime | None,
    signed_by: Collection[Party],
    at: datetime,
) -> Mapping[str, bool]:
    """Return for each step on the page of a panel whether the actor may take it now.

    Args:
        panel: any.
        actor: who looks.
        commit_from: from when its list can be fixed, `None` when it can be now.
        signed_by: the parties that confirmed the list.
        at: the moment.
    """
    state = panel.state
    return {
        "make": policy.can_prepare_panel(actor),
        "plan": policy.can_change_plan(actor, state),
        "commit": policy.can_commit_panel(actor, state, commit_from),
        "reveal": policy.can_reveal_panel(actor, state),
        "renew": policy.can_renew_panel(actor, state, panel.mode),
        "confirm": policy.can_confirm_selection(actor, state, signed_by),
        "change": policy.can_judge_selection(actor, state),
        "resize": policy.can_resize_panel(actor, state, panel.mode, members_until=panel.members_until, at=at),
        "mark_held": policy.can_mark_held(
            actor, state, lives_on=panel.form_rules.lives_on, ends_at=panel.last_meeting.ends_at, at=at
        ),
    }


def selection_view(panel: Panel, *, page: int) -> SelectionView | None:
    """Return what the page of a panel shows of its selection, `None` before there is one.

    Args:
        panel: any.
        page: of the list of people; another page is shown when there is no such page.
    """
    result = find_result(panel)
    if result is None:
        return None
    snapshot = get_rules(panel)
    empty, left = find_empty_seats(panel), _find_left(panel)
    diagnosis = (empty.diagnosis if empty else result.get("diagnosis")) or {}
    staying = [key for key in result["panel"] if key not in left]
    groups = _count_groups(snapshot["candidates"], staying)
    pages = max(1, -(-len(staying) // PEOPLE_PER_PAGE))
    page = min(max(1, page), pages)
    people = staying[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE]
    lines = _lines(panel, snapshot["candidates"], result, [*people, *left, *_first_reserves(result, left)])
    return SelectionView(
        sha256=result["audit"]["result_sha256"],
        people=[lines[key] for key in people],
        count=len(staying),
        page=page,
        pages=pages,
        left=[_as_left(lines[key], code) for key, code in left.items()],
        reserves=[lines[key] for key in _first_reserves(result, left)],
        quota_rows=_quota_rows(result, groups),
        conflicts=conflict_lines(diagnosis, snapshot["quotas"], groups),
        ways_out=ways_out_of(diagnosis),
        empty_seats=empty.count if empty else 0,
    )


def _find_left(panel: Panel) -> Mapping[str, str]:
    """Return who was invited and will not come, with the reason code, as the last refill knew them."""
    last = find_last(panel, EntryKind.ROUND)
    excluded: Mapping[str, str] = last["excluded"] if last else {}
    return {key: code for key, code in excluded.items() if code in LEFT_CODES}


def _first_reserves(result: Mapping[str, Any], left: Mapping[str, str]) -> Sequence[str]:
    """Return who stands by first, the best placed first; who left stands by no more."""
    reserves = {key for key in result["first_reserve"].values() if key and key not in left}
    outcomes = result["outcomes"]
    return sorted(reserves, key=lambda key: (outcomes[key].get("rank") or 0, key))[:RESERVES_SHOWN]


def _count_groups(
    candidates: Sequence[Mapping[str, Any]], staying: Sequence[str]
) -> Counter[tuple[str, str]]:
    """Return how many of those who stay have each value of each category."""
    kept = set(staying)
    return Counter(
        (category, value)
        for candidate in candidates
        if candidate["id"] in kept
        for category, value in candidate["attrs"].items()
    )


def _lines(
    panel: Panel, candidates: Sequence[Mapping[str, Any]], result: Mapping[str, Any], shown: Sequence[str]
) -> Mapping[str, PersonLine]:
    """Return the lines of some candidates; the first replacement of each is named too."""
    replacements = [result["first_reserve"].get(key) for key in shown]
    members = names_of_candidates(panel, [*shown, *filter(None, replacements)])
    names = {key: member.display_name for key, member in members.items()}
    wanted = set(shown)
    return {row["id"]: _line(row["id"], row, result, names) for row in candidates if row["id"] in wanted}


def _as_left(line: PersonLine, code: str) -> PersonLine:
    """Return the line of somebody who will not come with that as the reason."""
    return replace(line, reason=say(f"outcome-not_eligible_{code}"))


def _line(
    key: str, candidate: Mapping[str, Any], result: Mapping[str, Any], names: Mapping[str, str]
) -> PersonLine:
    outcome = result["outcomes"][key]
    replacement = result["first_reserve"].get(key)
    return PersonLine(
        pseudonym=key,
        name=names[key],
        points=show_points(candidate["score"]),
        groups=", ".join(
            name_value(category, value) for category, value in candidate["attrs"].items() if value
        ),
        reason=say(f"outcome-{outcome['code']}", rank=outcome.get("rank", "-")),
        replacement=names[replacement] if replacement in names else say("no-replacement"),
    )


def _quota_rows(result: Mapping[str, Any], groups: Counter[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the quotas with who stays: somebody who left is not counted any more."""
    return [
        (
            f"{say('category-' + row['category'])}: {name_value(row['category'], row['value'])}",
            str(row["min"]),
            str(row["max"]),
            str(row["eligible"]),
            str(groups[row["category"], row["value"]]),
        )
        for row in result["quota_table"]
    ]


def conflict_lines(
    diagnosis: Mapping[str, Any], quotas: Mapping[str, Any], groups: Counter[tuple[str, str]]
) -> list[str]:
    """Return in words why there is no panel: shortages first, then the rows that contradict each other."""
    shortages = diagnosis.get("shortages", [])
    lines = [_shortage(**shortage) for shortage in shortages]
    told = {(shortage["category"], shortage["value"], "min") for shortage in shortages}
    for category, value, side in diagnosis.get("conflict", []):
        if (category, value, side) in told:
            continue
        least, most = quotas[category][value]
        bound = least if side == "min" else most
        lines.append(_bound_line(side, bound, groups[category, value], name_value(category, value)))
    return lines


def _bound_line(side: str, bound: int, sitting: int, value: str) -> str:
    """Return a bound in words, with how many of the group sit in the panel when somebody does."""
    kind = "full" if side == "max" and sitting >= bound else side
    line = say(f"conflict-{kind}-{one_or_many(bound)}", count=bound, value=value)
    if kind == "full" or not sitting:
        return line
    return f"{line} {say(f'conflict-sitting-{one_or_many(sitting)}', count=sitting)}"


def _shortage(*, category: str | None, value: str | None, minimum: int, households_available: int) -> str:
    return say(
        "shortage" if value else "shortage-of-all",
        value=name_value(category or "", value or ""),
        households=say(f"households-{one_or_many(households_available)}", count=households_available),
        places=say(f"places-{one_or_many(minimum)}", count=minimum),
    )
