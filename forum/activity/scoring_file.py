"""The file form of scoring: untrusted documents to typed facts and policy, and scores to a document.

Everything is checked before anything is scored; the first wrong field is refused by its name.
`posts`, `reactions`, `poll` and `carry` may be left out when there are none.
"""

import dataclasses
from collections.abc import Container, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from forum.activity import strict_json as read
from forum.activity.scoring_facts import (
    TENANT,
    ActivityScore,
    EarlierScore,
    Facts,
    PollFact,
    PostFact,
    PostStatus,
    ReactionFact,
    ReactionKind,
    ScoredMember,
    Stance,
)
from forum.activity.scoring_policy import DEFAULT_POLICY, ScoringPolicy

ROLES = (TENANT, "delegate", "moderator", "coordinator", "admin")


def read_facts(document: object) -> Facts:
    """Return the facts in a parsed `INPUT.json`; times become UTC.

    Raises:
        InputRefused: a field is unknown, missing, of the wrong type or out of range; a time is bad or naive;
            an id is double or refers to nothing.
    """
    required = ("opened_at", "frozen_at", "users")
    top = read.read_record(document, "", required, ("posts", "reactions", "poll", "carry"))
    opened_at = read.read_moment(top["opened_at"], "opened_at")
    frozen_at = read.read_moment(top["frozen_at"], "frozen_at")
    if frozen_at < opened_at:
        read.refuse("out-of-range", "frozen_at", "must not be before opened_at", top["frozen_at"])

    users = read.read_object(top["users"], "users")
    members = {member_id: _member(row, read.path_of("users", member_id)) for member_id, row in users.items()}
    posts = _posts(top.get("posts", []), members)
    poll = read.read_object(top.get("poll", {}), "poll")
    carry = read.read_object(top.get("carry", {}), "carry")
    return Facts(
        opened_at=opened_at,
        frozen_at=frozen_at,
        members=members,
        posts=posts,
        reactions=_reactions(top.get("reactions", []), members, {post.id for post in posts}),
        poll=[_poll_answer(member_id, row, members) for member_id, row in poll.items()],
        carry={member_id: _earlier_scores(member_id, rows, members) for member_id, rows in carry.items()},
    )


def read_policy(document: object) -> ScoringPolicy:
    """Return the policy in a parsed `POLICY.json`; every constant must be there, in the form of the default.

    Raises:
        InputRefused: a constant is unknown, missing, of the wrong type or out of range, or steps do not rise.
    """
    names = [constant.name for constant in dataclasses.fields(ScoringPolicy)]
    record = read.read_record(document, "", names)
    values = {name: _constant(record[name], name, getattr(DEFAULT_POLICY, name)) for name in names}
    policy = dataclasses.replace(DEFAULT_POLICY, **values)
    if not policy.knots or policy.knots[0][0] != 0:
        read.refuse("out-of-range", "knots", "must start at weight 0", record["knots"])
    _refuse_unless_rising("knots", [weight_pct for weight_pct, _ in policy.knots])
    _refuse_unless_rising("carry_steps", [max_days for max_days, _ in policy.carry_steps])
    _refuse_unless_rising("ticket_steps_cp", policy.ticket_steps_cp)
    _refuse_unknown_zone(policy.time_zone)
    return policy


def policy_document(policy: ScoringPolicy) -> dict[str, object]:
    """Return a policy in the form that `read_policy` takes, ready for JSON."""
    return dataclasses.asdict(policy)


def result_document(scores: Mapping[str, ActivityScore], facts: Facts) -> dict[str, object]:
    """Return scores in the output form, ready for JSON, in the order of `facts.members`."""
    return {member_id: _score_document(scores[member_id]) for member_id in facts.members}


def _score_document(score: ActivityScore) -> dict[str, object]:
    return {
        "score": score.score,
        "parts": dataclasses.asdict(score.parts),
        "counted_posts": score.counted_posts,
        "eligible": score.eligible,
        "why_not": list(score.why_not),
        "tickets": score.tickets,
        "reciprocal_share_pct": score.reciprocal_share_pct,
        "posts_detail": [
            {"id": post.id, "value": post.value, "discount_pct": post.discount_pct, "counted": post.counted}
            for post in score.posts_detail
        ],
    }


def _member(row: object, where: str) -> ScoredMember:
    record = read.read_record(row, where, (), ("household", "role", "verified", "suspended"))
    household = record.get("household")
    return ScoredMember(
        household=None if household is None else read.read_text(household, f"{where}.household"),
        role=read.read_choice(record.get("role", TENANT), f"{where}.role", ROLES),
        verified=read.read_flag(record.get("verified", True), f"{where}.verified"),
        suspended=read.read_flag(record.get("suspended", False), f"{where}.suspended"),
    )


def _posts(rows: object, members: Container[str]) -> list[PostFact]:
    posts = read.read_rows(rows, "posts", lambda row, where: _post(row, where, members))
    read.refuse_doubles((post.id for post in posts), "posts")
    return posts


def _post(row: object, where: str, members: Container[str]) -> PostFact:
    required = ("id", "author", "at", "chars")
    record = read.read_record(row, where, required, ("reply_to", "status", "duplicate", "upheld_flag"))
    reply_to = record.get("reply_to")
    return PostFact(
        id=read.read_text(record["id"], f"{where}.id"),
        author=read.read_known(record["author"], f"{where}.author", members, "user"),
        at=read.read_moment(record["at"], f"{where}.at"),
        chars=read.read_whole(record["chars"], f"{where}.chars"),
        reply_to=None
        if reply_to is None
        else read.read_known(reply_to, f"{where}.reply_to", members, "user"),
        status=PostStatus(read.read_choice(record.get("status", "visible"), f"{where}.status", PostStatus)),
        duplicate=read.read_flag(record.get("duplicate", False), f"{where}.duplicate"),
        upheld_flag=read.read_flag(record.get("upheld_flag", False), f"{where}.upheld_flag"),
    )


def _reactions(rows: object, members: Container[str], post_ids: Container[str]) -> list[ReactionFact]:
    reactions = read.read_rows(rows, "reactions", lambda row, where: _reaction(row, where, members, post_ids))
    read.refuse_doubles((reaction.id for reaction in reactions), "reactions")
    return reactions


def _reaction(row: object, where: str, members: Container[str], post_ids: Container[str]) -> ReactionFact:
    record = read.read_record(row, where, ("id", "post", "by", "at", "kind"), ("withdrawn",))
    return ReactionFact(
        id=read.read_text(record["id"], f"{where}.id"),
        post=read.read_known(record["post"], f"{where}.post", post_ids, "post"),
        by=read.read_known(record["by"], f"{where}.by", members, "user"),
        at=read.read_moment(record["at"], f"{where}.at"),
        kind=ReactionKind(read.read_choice(record["kind"], f"{where}.kind", ReactionKind)),
        withdrawn=read.read_flag(record.get("withdrawn", False), f"{where}.withdrawn"),
    )


def _poll_answer(member_id: str, row: object, members: Container[str]) -> PollFact:
    where = read.path_of("poll", member_id)
    read.read_known(member_id, where, members, "user")
    record = read.read_record(row, where, ("answer", "at"))
    return PollFact(
        by=member_id,
        answer=Stance(read.read_choice(record["answer"], f"{where}.answer", Stance)),
        at=read.read_moment(record["at"], f"{where}.at"),
    )


def _earlier_scores(member_id: str, rows: object, members: Container[str]) -> list[EarlierScore]:
    where = read.path_of("carry", member_id)
    read.read_known(member_id, where, members, "user")
    return read.read_rows(rows, where, _earlier_score)


def _earlier_score(row: object, where: str) -> EarlierScore:
    closed_at, score = read.read_pair(row, where)
    return EarlierScore(read.read_moment(closed_at, f"{where}[0]"), read.read_whole(score, f"{where}[1]"))


def _constant(value: object, where: str, default: object) -> Any:
    """Return a constant of the policy, read in the form its default has."""
    if isinstance(default, str):
        return read.read_text(value, where)
    if isinstance(default, tuple):
        rows = read.read_rows(value, where, lambda row, at: _constant_row(row, at, default[0]))
        return tuple(rows)
    return read.read_whole(value, where)


def _constant_row(value: object, where: str, default: object) -> object:
    if not isinstance(default, tuple):
        return read.read_whole(value, where)
    first, second = read.read_pair(value, where)
    return read.read_whole(first, f"{where}[0]"), read.read_whole(second, f"{where}[1]")


def _refuse_unless_rising(where: str, steps: Sequence[int]) -> None:
    for position in range(1, len(steps)):
        if steps[position] <= steps[position - 1]:
            read.refuse(
                "out-of-range", f"{where}[{position}]", "must be above the step before it", steps[position]
            )


def _refuse_unknown_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (OSError, ValueError, KeyError):  # for a folder, an odd name and an unknown name
        read.refuse("unknown-value", "time_zone", "must be an IANA time zone", time_zone)
