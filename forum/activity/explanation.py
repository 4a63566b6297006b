"""A member's score in words: what counted, what did not and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum.activity.scoring_facts import ActivityScore, PostDetail
from forum.activity.scoring_policy import ScoringPolicy
from forum.texts.catalogue import say
from forum.web.times import in_points, show_points


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
        ("days", parts.days, {"each": in_points(policy.active_day_cp), "most": policy.max_active_days}),
        ("giving", parts.giving, {"each": in_points(policy.giving_cp), "most": policy.max_giving_authors}),
        ("poll", parts.poll, {"each": in_points(policy.poll_cp)}),
        ("carry", parts.carry, {"most": in_points(policy.max_carry_cp)}),
        ("flags", parts.flags, {"each": in_points(policy.upheld_flag_cp)}),
    ]
    return [
        PartLine(say(f"part-{name}"), show_points(points), say(f"part-{name}-why", **details))
        for name, points, details in lines
    ]


def post_lines(score: ActivityScore, labels: Mapping[str, str], policy: ScoringPolicy) -> Sequence[PostLine]:
    """Return what each post of a member added.

    Args:
        score: of the member.
        labels: what a link to a post says, by post id.
        policy: by which it was counted.
    """
    return [
        PostLine(
            href=f"/berichten/{detail.id}",
            label=labels.get(detail.id, ""),
            points=in_points(detail.value * detail.discount_pct // 100 if detail.counted else 0),
            sentence=" ".join([*_made_up_of(detail, policy), _why(detail)]),
        )
        for detail in score.posts_detail
    ]


def _made_up_of(detail: PostDetail, policy: ScoringPolicy) -> Sequence[str]:
    """Return the parts of what a post is worth; one that is worth nothing has none."""
    if not detail.value:
        return []
    valued_cp = detail.value - policy.post_cp - detail.reply_cp
    parts = (("itself", policy.post_cp), ("is-reply", detail.reply_cp), ("is-valued", valued_cp))
    return [say(f"post-{part}", points=in_points(points)) for part, points in parts if points]


def _why(detail: PostDetail) -> str:
    if detail.why_not is not None:
        return say(f"post-not-{detail.why_not.value.replace('_', '-')}")
    if detail.discount_pct == 100:
        return say("post-counts")
    return say("post-counts-partly", percent=detail.discount_pct, value=in_points(detail.value))


def why_not_lines(score: ActivityScore) -> Sequence[str]:
    """Return why a member cannot be selected on activity yet, in the order of the policy."""
    return [say(f"why-not-{reason.value.replace('_', '-')}") for reason in score.why_not]
