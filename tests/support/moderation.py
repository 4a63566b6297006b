"""A post that was flagged, and moderators of both parties who decide on it."""

from datetime import datetime, timedelta

from forum.discussion.models import Post, Thread
from forum.discussion.rules import HouseRule
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db
from forum.members.models import Member
from forum.moderation import queries, service
from forum.moderation.first_posts import wish_first_posts
from forum.moderation.models import Flag, ModerationDecision
from forum.moderation.rules import DecisionKind, FlagReason, Referral
from forum.moderation.service import Judgement, Shown
from tests.support.cast import T0, make_delegate, make_post, make_staff, make_tenant, make_thread

TERM = timedelta(days=14)
HARSH = (
    "Wat een stel prutsers zijn jullie daar bij elkaar. Jullie kunnen echt helemaal niets, nooit gekund ook."
)


def make_moderator(party: Party) -> Member:
    """Return a moderator of a party."""
    return make_staff(Role.MODERATOR, party)


def agree_on_first_posts(days: int = 3) -> None:
    """Let both parties want that somebody looks at first posts."""
    for party in Party:
        wish_first_posts(days, make_delegate(party).as_actor(T0), at=T0)
    db.session.commit()


def make_flagged_post(
    reason: FlagReason = FlagReason.ABUSE,
    *,
    thread: Thread | None = None,
    author: Member | None = None,
    at: datetime | None = None,
) -> Post:
    """Return a post that somebody flagged."""
    thread = thread or make_thread()
    at = at or thread.opens_at
    post = make_post(thread, author or make_tenant(), HARSH, at=at)
    flag(post, reason, at=at)
    return post


def flag(
    post: Post, reason: FlagReason = FlagReason.ABUSE, *, at: datetime, by: Member | None = None
) -> Flag:
    """Let somebody flag a post."""
    made = service.flag_post(post, reason, "", (by or make_tenant()).as_actor(at), at=at)
    db.session.commit()
    return made


def judgement(kind: DecisionKind) -> Judgement:
    """Return a complete judgement of a kind."""
    return Judgement(kind, HouseRule.ABUSE, "Zo praten wij hier niet.", 7, Referral.REPAIRS)


def shown(post: Post) -> Shown:
    """Return what a moderator who looks now has before them."""
    last = queries.find_last_decision(post.id)
    return Shown(post.version, last.id if last else 0)


def decide(
    post: Post, kind: DecisionKind, moderator: Actor | None = None, *, at: datetime
) -> ModerationDecision:
    """Let a moderator of the landlord, or another one, decide on a post."""
    actor = moderator or make_moderator(Party.LANDLORD).as_actor(at)
    made = service.decide(post, judgement(kind), shown(post), actor, term=TERM, at=at)
    db.session.commit()
    return made
