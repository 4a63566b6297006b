"""A topic whose debate is over, with posts that recommendations build on, and what was answered."""

from datetime import datetime, timedelta

from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_thread_row
from forum.kernel.actor import SYSTEM, Actor, Party, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db
from forum.meetings.minutes import lock_minutes
from forum.members.models import Member
from forum.outcomes import answering, service
from forum.outcomes.answering import AnswerText
from forum.outcomes.models import Recommendation
from forum.outcomes.rules import AnswerKind
from forum.outcomes.service import RecommendationText
from tests.support.cast import actor_of, make_delegate, make_post, make_staff, make_tenant, make_thread
from tests.support.meetings import ADDRESS, after_window, make_concept
from tests.support.panels import OVER

SENTENCE = "Een monteur die pas na drie dagen komt, is te laat."
WORDS = f"Bij ons staat de lift vaak stil. {SENTENCE} Dat geldt zeker voor wie niet kan lopen."
REASON = "Dit kan niet, want het contract met het liftbedrijf loopt nog twee jaar door."
ANSWER_DAYS = 42


def make_moderator_of(party: Party = Party.TENANTS) -> Actor:
    """Return a moderator of a party as rules see them."""
    return actor_of(make_staff(Role.MODERATOR, party))


def make_landlord() -> Actor:
    """Return who answers for the landlord."""
    return actor_of(make_delegate(Party.LANDLORD))


def make_cited_debate(email: str | None = "") -> tuple[Thread, Post]:
    """Return a thread, and a post in it of somebody; without e-mail when `None`."""
    thread = make_thread()
    return thread, make_post(thread, make_tenant(email=email), WORDS)


def make_cited_point(email: str | None = "") -> tuple[Thread, Post, Member]:
    """Return a thread, the post of a point of minutes in it, and who was there; no e-mail when `None`."""
    thread = make_thread()
    minutes, [attendee], _ = make_concept(1, thread=thread)
    attendee.email = f"huurder{attendee.id}@voorbeeld.nl" if email == "" else email
    lock_minutes(minutes, SYSTEM, address=ADDRESS, at=after_window(minutes))
    db.session.commit()
    [post, *_] = (point.post for point in minutes.points)
    assert post is not None
    return thread, post, attendee


def make_draft(
    thread: Thread, *posts: Post, title: str = "Een monteur binnen een dag", **text: object
) -> Recommendation:
    """Return a draft that builds on some posts."""
    moderator = make_moderator_of()
    wanted = RecommendationText(title, "Laat binnen een dag een monteur komen.", **text)  # type: ignore[arg-type]
    draft = service.write_recommendation(thread, wanted, moderator, at=OVER)
    for post in posts:
        service.cite(draft, str(post.id), "", moderator, at=OVER)
    db.session.commit()
    return draft


def publish(thread: Thread, at: datetime = OVER) -> None:
    """Publish the drafts of a thread."""
    service.publish_recommendations(
        get_thread_row(thread.topic_id), make_moderator_of(), answer_days=ANSWER_DAYS, at=at
    )
    db.session.commit()


def make_published(thread: Thread, *posts: Post, at: datetime = OVER, **text: object) -> Recommendation:
    """Return a published recommendation that builds on some posts."""
    draft = make_draft(thread, *posts, **text)  # type: ignore[arg-type]
    publish(thread, at)
    return draft


def adopting(at: datetime, reason: str = "Dit doen wij.") -> AnswerText:
    """Return the answer that something will be done within a month."""
    return AnswerText(AnswerKind.ADOPTED, reason, "Teamleider onderhoud", local_day(at) + timedelta(days=30))


def give_answer(
    row: Recommendation, text: AnswerText | None = None, *, at: datetime = OVER + timedelta(days=3)
) -> None:
    """Answer a recommendation for the landlord."""
    answering.give_answer(row, row.answer_version, text or adopting(at), make_landlord(), at=at)
    db.session.commit()
