"""When each post of a debate was written. Pure but for the chance that the caller brings along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from forum.demo.content import PostContent
from forum.demo.moments import (
    MINUTE,
    Window,
    busy_day,
    free_moment,
    office_moment,
    reply_moment,
    squeezed_moment,
)
from forum.discussion.rules import PostSource

OPENING_SHARE = 0.85
"""Part of a debate in which opening posts are written, so that there is time to answer them."""


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post and its moment."""

    content: PostContent
    at: datetime


def plan_posts(
    posts: Sequence[PostContent],
    staff: frozenset[int],
    debate: Window,
    answers: Window | None,
    rng: Random,
) -> Sequence[PlannedPost]:
    """Return the posts in order of time: under one opening post in the order they were written down.

    Args:
        posts: of one topic; a reply stands after what it replies to.
        staff: voices that write in office hours.
        debate: when could be written.
        answers: when could be written about what was done; `None` when that is still to come.
        rng: the chance.
    """
    planned: list[PlannedPost] = []
    during = [post for post in posts if not post.is_after_panel]
    for tree, opened_at in zip(trees(during), _opening_moments(during, staff, debate, rng), strict=True):
        planned += _plan_tree(tree, opened_at, debate.end, staff, rng)
    if answers is not None:
        after = [post for post in posts if post.is_after_panel]
        for tree in trees(after):
            opened_at = squeezed_moment(answers.start, answers.end, rng)
            planned += _plan_tree(tree, opened_at, answers.end, staff, rng)
    return sorted(planned, key=lambda post: post.at)


def trees(posts: Sequence[PostContent]) -> Sequence[Sequence[PostContent]]:
    """Return the posts by opening post; a reply to a post that is not here opens a tree of its own."""
    root_of: dict[str, str] = {}
    found: dict[str, list[PostContent]] = {}
    for post in posts:
        root = root_of.get(post.reply_to or "", post.key)
        root_of[post.key] = root
        found.setdefault(root, []).append(post)
    return list(found.values())


def _opening_moments(
    posts: Sequence[PostContent], staff: frozenset[int], debate: Window, rng: Random
) -> Sequence[datetime]:
    """Return a moment for each opening post, in their order."""
    opening = Window(debate.start, debate.start + (debate.end - debate.start) * OPENING_SHARE)
    roots = [tree[0] for tree in trees(posts)]
    days = sorted(busy_day(opening, rng) for _ in roots)
    moments: list[datetime] = []
    for root, day in zip(roots, days, strict=True):
        at = office_moment(day, rng) if _is_at_office(root, staff) else free_moment(day, rng)
        earliest = moments[-1] + MINUTE if moments else debate.start + MINUTE
        moments.append(at if earliest <= at < opening.end else squeezed_moment(earliest, opening.end, rng))
    return moments


def _plan_tree(
    tree: Sequence[PostContent], opened_at: datetime, end: datetime, staff: frozenset[int], rng: Random
) -> list[PlannedPost]:
    planned = [PlannedPost(tree[0], opened_at)]
    for post in tree[1:]:
        earlier = planned[-1].at
        at = reply_moment(earlier, end, rng)
        if _is_at_office(post, staff):
            at = _office_hours_after(earlier, at, end, rng)
        planned.append(PlannedPost(post, at))
    return planned


def _office_hours_after(earlier: datetime, at: datetime, end: datetime, rng: Random) -> datetime:
    """Return a moment in office hours, of that day or the next; as it is when the debate ends before."""
    for day in (at.date(), at.date() + timedelta(days=1)):
        moment = office_moment(day, rng)
        if earlier < moment < end:
            return moment
    return at


def _is_at_office(post: PostContent, staff: frozenset[int]) -> bool:
    return post.author in staff or post.source is not PostSource.WEB
