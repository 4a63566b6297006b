"""Steps of the demo year about moderation: flags, a post hidden with an objection, one that stayed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from forum.demo.moments import days_before, local_moment
from forum.demo.panel_steps import Happening
from forum.demo.year import DemoYear
from forum.discussion.models import Post
from forum.discussion.rules import HouseRule
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.moderation import appeals, queries, service
from forum.moderation.rules import DecisionKind, FlagReason
from forum.moderation.service import Judgement, Shown
from forum.texts.catalogue import say

TOPIC = "lift-schimmel"
INSULT, LEAK, SALE, CRITICISM = "p43", "p44", "p45", "p39"
FLAGS: Sequence[tuple[str, int, FlagReason]] = (
    (INSULT, 9, FlagReason.ABUSE),
    (INSULT, 21, FlagReason.PERSON),
    (CRITICISM, 2, FlagReason.OFF_TOPIC),
    (LEAK, 4, FlagReason.ELSEWHERE),
    (SALE, 6, FlagReason.ADVERTISING),
    (SALE, 9, FlagReason.OFF_TOPIC),
)
"""Which post which voice flags, and why."""
TERM = timedelta(days=14)


def plan_moderation(year: DemoYear) -> Sequence[Happening]:
    """Return what members flag, what is decided, and the objection that waits for the other party."""
    afternoon = local_moment(days_before(year.order.today, 2), 15)
    hour = timedelta(hours=1)
    flags = [
        Happening(at, partial(_flag, year, flag, at))
        for number, flag in enumerate(FLAGS)
        for at in [afternoon + number * timedelta(minutes=7)]
    ]
    hide = Judgement(DecisionKind.HIDE, HouseRule.ABUSE, say("demo-hidden-words"))
    keep = Judgement(DecisionKind.KEEP)
    return [
        *flags,
        _decision(year, INSULT, hide, Party.LANDLORD, afternoon + hour),
        _decision(year, CRITICISM, keep, Party.TENANTS, afternoon + 2 * hour),
        Happening(afternoon + 5 * hour, partial(_object, year, afternoon + 5 * hour)),
    ]


def _decision(year: DemoYear, key: str, judgement: Judgement, party: Party, at: datetime) -> Happening:
    return Happening(at, partial(_decide, year, key, judgement, party, at))


def _post(year: DemoYear, key: str) -> Post:
    return db.session.get_one(Post, year.posts[TOPIC, key])


def _flag(year: DemoYear, flag: tuple[str, int, FlagReason], at: datetime) -> None:
    key, voice, reason = flag
    service.flag_post(_post(year, key), reason, "", year.tenant(year.voices[voice]), at=at)


def _decide(year: DemoYear, key: str, judgement: Judgement, party: Party, at: datetime) -> None:
    moderator, post = year.officers[Role.MODERATOR, party], _post(year, key)
    service.decide(post, judgement, Shown(post.version, 0), moderator, term=TERM, at=at)


def _object(year: DemoYear, at: datetime) -> None:
    post = _post(year, INSULT)
    decision = queries.find_last_decision(post.id)
    assert decision is not None, "it was hidden before"
    author = post.author.as_actor(at)
    appeals.make_appeal(decision, say("demo-objection"), author, term=TERM, at=at)
