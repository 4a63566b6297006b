"""What a moderator sees of a post: in its place, with what members say of it and what was decided before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from forum.discussion.author_labels import author_label
from forum.discussion.models import Post, PostRevision
from forum.discussion.pictures import ShownPicture, shown_pictures
from forum.discussion.rules import HouseRule, PostState
from forum.kernel.errors import NotFound
from forum.moderation import queries
from forum.moderation.models import Flag, ModerationDecision
from forum.moderation.rules import DecisionKind, FlagReason, QueueFilter, likely_rule
from forum.settings.queries import SiteNames

REMEMBERED = timedelta(days=365)
"""How far back a moderator sees what was decided on other posts of the same author."""
VERSIONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PostInPlace:
    """A post, hidden or not, with the one it replies to when everybody can read that; no addresses."""

    post: Post
    author_label: str
    html: Markup
    pictures: Sequence[ShownPicture]
    parent_html: Markup | None


@dataclass(frozen=True, slots=True)
class QueuedPost:
    """A post somebody must decide on: `value` says what was shown of it, `rule` is what members name most."""

    place: PostInPlace
    flags: Sequence[Flag]
    reasons: Mapping[FlagReason, int]
    value: str
    rule: HouseRule | None
    may_decide: bool

    @property
    def is_urgent(self) -> bool:
        """Tell whether somebody was threatened."""
        return FlagReason.AGGRESSION in self.reasons


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that a moderator needs to decide on one post."""

    place: PostInPlace
    flags: Sequence[Flag]
    versions: Sequence[tuple[int, Markup]]
    decisions: Sequence[ModerationDecision]
    against_author: Mapping[DecisionKind, int]
    shown: str


def post_in_place(post: Post, site: SiteNames) -> PostInPlace:
    """Return a post with who wrote it and what it replies to."""
    grant = next(((grant.role, grant.party) for grant in post.author.grants), None)
    parent = post.parent
    return PostInPlace(
        post,
        author_label(grant, post.source, site),
        Markup(post.html),  # noqa: S704 - sanitised when it was written
        shown_pictures(post.pictures),
        Markup(parent.html) if parent and parent.state is PostState.VISIBLE else None,  # noqa: S704 - as above
    )


def read_queue(
    wanted: QueueFilter, page: int, moderator_id: int | None, site: SiteNames
) -> Sequence[QueuedPost]:
    """Return one page of the posts that were flagged; a fixed number of queries."""
    post_ids = queries.list_flagged(wanted, page)
    flags, decided = queries.list_open_flags_of(post_ids), queries.last_decision_ids(post_ids)
    queued = []
    for post in queries.list_posts_in_place(post_ids):
        reasons = [flag.reason for flag in flags[post.id]]
        queued.append(
            QueuedPost(
                post_in_place(post, site),
                flags[post.id],
                {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)},
                f"{post.id}-{post.version}-{decided.get(post.id, 0)}",
                likely_rule(reasons),
                may_decide=moderator_id not in (post.author_id, post.entered_by_id),
            )
        )
    return queued


def read_dossier(post_id: int, site: SiteNames, *, at: datetime) -> Dossier:
    """Return all about a post; what it said before, too, since an author may change a post that was flagged.

    Raises:
        NotFound: there is none with this number, or its author withdrew it and nobody needs to know of it.
    """
    post = queries.get_post_in_place(post_id)
    decisions, flags = queries.list_decisions_on(post_id), queries.list_open_flags(post_id)
    if post.state is PostState.DELETED and not (decisions or flags):
        raise NotFound(post_id=post_id)
    last = queries.find_last_decision(post_id)
    return Dossier(
        post_in_place(post, site),
        flags[: queries.MOST_SHOWN],
        [_version(old) for old in post.revisions[-VERSIONS_SHOWN:]],
        decisions,
        queries.count_against(post.author_id, at - REMEMBERED),
        f"{post.version}-{last.id if last else 0}",
    )


def _version(old: PostRevision) -> tuple[int, Markup]:
    return old.version, Markup(old.html)  # noqa: S704 - sanitised when it was written
