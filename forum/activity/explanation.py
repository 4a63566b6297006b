"""A member's score in words: what counted, what did not and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum.activity.scoring_facts import ActivityScore, PostDetail
from forum.activity.scoring_policy import ScoringPolicy
from forum.texts.catalogue import say
from forum.web.times import show_points


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of the score: its name, the points, and how they came about."""

    label: str
    points: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post: its points, and what became of it."""

    href: str
    label: str
    points: str
    sentence: str


def part_lines(score: ActivityScore, policy: ScoringPolicy) -> Sequence[PartLine]:
    """Return the parts of a score in the order in which they add up."""
    parts = score.parts
    lines: list[tuple[str, int, dict[str, object]]] = [
        ("posts", parts.posts, {"best": policy.best_posts, "bare": policy.best_bare_posts}),
        ("days", parts.days, {"each": show_points(policy.active_day_cp), "most": policy.max_active_days}),
        ("giving", parts.giving, {"each": show_points(policy.giving_cp), "most": policy.max_giving_authors}),
        ("poll", parts.poll, {"each": show_points(policy.poll_cp)}),
        ("carry", parts.carry, {"most": show_points(policy.max_carry_cp)}),
        ("flags", parts.flags, {"each": show_points(policy.upheld_flag_cp)}),
    ]
    return [
        PartLine(say(f"part-{name}"), show_points(points), say(f"part-{name}-why", **details))
        for name, points, details in lines
    ]


def post_lines(score: ActivityScore, labels: Mapping[str, str]) -> Sequence[PostLine]:
    """Return what each post of a member added.

    Args:
        score: of the member.
        labels: what a link to a post says, by post id.
    """
    return [
        PostLine(
            href=f"/berichten/{detail.id}",
            label=labels.get(detail.id, ""),
            points=show_points(detail.value * detail.discount_pct // 100 if detail.counted else 0),
            sentence=_why(detail),
        )
        for detail in score.posts_detail
    ]


def _why(detail: PostDetail) -> str:
    if detail.why_not is not None:
        return say(f"post-not-{detail.why_not.value.replace('_', '-')}")
    if detail.discount_pct == 100:
        return say("post-counts")
    return say("post-counts-partly", percent=detail.discount_pct, value=show_points(detail.value))


def why_not_lines(score: ActivityScore) -> Sequence[str]:
    """Return why a member cannot be selected on activity yet, in the order of the policy."""
    return [say(f"why-not-{reason.value.replace('_', '-')}") for reason in score.why_not]
