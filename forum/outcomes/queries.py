"""Reading recommendations."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from forum.agenda.models import Topic
from forum.discussion.models import Post, Thread
from forum.discussion.rules import PostState
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.kernel.reading import read
from forum.meetings.models import MinutesPoint
from forum.meetings.rules import MinutesState
from forum.members.models import Member
from forum.outcomes.models import Answer, Citation, Heard, Recommendation
from forum.outcomes.rules import AnswerKind
from forum.panels.models import Panel
from forum.panels.rules import PanelState

LISTED_MOST = 200
"""Recommendations on the list of what waits; the most urgent come first."""
LETTERS_MOST = 50
OFFERED_MOST = 10
"""Posts that a writer can choose from without looking them up."""
_IS_PUBLISHED = Recommendation.published_at.is_not(None)
_IS_DRAFT = Recommendation.published_at.is_(None)
_STANDS = and_(_IS_PUBLISHED, Recommendation.withdrawn_at.is_(None))
_LACKS_ANSWER = and_(_STANDS, Recommendation.answer_version == 0)
_UNDER_WAY = (PanelState.COMMITTED, PanelState.PROPOSED, PanelState.CONFIRMED)


def get_recommendation(recommendation_id: int) -> Recommendation:
    """Return a recommendation.

    Raises:
        NotFound: there is none with this number.
    """
    row = db.session.get(Recommendation, recommendation_id)
    if row is None:
        raise NotFound(recommendation_id=recommendation_id)
    return row


def get_published(recommendation_id: int) -> Recommendation:
    """Return a recommendation that everybody may read.

    Raises:
        NotFound: there is none with this number, or it is a draft.
    """
    row = get_recommendation(recommendation_id)
    if row.published_at is None:
        raise NotFound(recommendation_id=recommendation_id)
    return row


def get_citation(citation_id: int) -> Citation:
    """Return a citation.

    Raises:
        NotFound: there is none with this number.
    """
    row = db.session.get(Citation, citation_id)
    if row is None:
        raise NotFound(citation_id=citation_id)
    return row


def find_draft(thread_id: int, member_id: int | None, title: str, text: str) -> Recommendation | None:
    """Return the draft that a member made with these words."""
    return db.session.scalar(
        select(Recommendation)
        .where(
            Recommendation.thread_id == thread_id,
            Recommendation.made_by_id == member_id,
            Recommendation.title == title,
            Recommendation.text == text,
            _IS_DRAFT,
        )
        .limit(1)
    )


def is_public_point(point: MinutesPoint, thread_id: int) -> bool:
    """Tell whether a point stands in minutes that everybody may read, of a panel on this topic."""
    minutes = point.minutes
    panel = db.session.get_one(Panel, minutes.meeting.panel_id)
    return minutes.state is MinutesState.LOCKED and panel.topic_id == thread_id


def find_point_of_post(post_id: int | None) -> MinutesPoint | None:
    """Return the point of minutes that a post brought into the thread: the panel said it, not its author."""
    return db.session.scalar(select(MinutesPoint).where(MinutesPoint.post_id == post_id))


def list_valued_posts(draft: Recommendation) -> Sequence[Post]:
    """Return the most valued opening posts on the topic of a draft that it does not cite yet."""
    cited = [row.post_id for row in draft.citations if row.post_id is not None]
    return db.session.scalars(
        select(Post)
        .where(
            Post.thread_id == draft.thread_id,
            Post.root_id.is_(None),
            Post.state == PostState.VISIBLE,
            Post.id.not_in(cited),
        )
        .options(joinedload(Post.author))
        .order_by(Post.valuable_count.desc(), Post.number.desc())
        .limit(OFFERED_MOST)
    ).all()


def list_drafts(thread_id: int) -> Sequence[Recommendation]:
    """Return the drafts on a topic with their sources, oldest first."""
    return db.session.scalars(
        select(Recommendation)
        .where(Recommendation.thread_id == thread_id, _IS_DRAFT)
        .options(selectinload(Recommendation.citations), joinedload(Recommendation.panel))
        .order_by(Recommendation.id)
    ).all()


_WITH_ALL = (
    joinedload(Recommendation.panel),
    joinedload(Recommendation.merged_into),
    selectinload(Recommendation.citations).options(
        joinedload(Citation.post).joinedload(Post.author), joinedload(Citation.point)
    ),
    selectinload(Recommendation.answers),
    selectinload(Recommendation.notes),
)


def list_published(thread_id: int) -> Sequence[Recommendation]:
    """Return the published recommendations on a topic, with all that a logbook tells of them."""
    return db.session.scalars(
        select(Recommendation)
        .where(Recommendation.thread_id == thread_id, _IS_PUBLISHED)
        .options(*_WITH_ALL)
        .order_by(Recommendation.number)
    ).all()


def list_standing(thread_id: int) -> Sequence[Recommendation]:
    """Return the recommendations on a topic that were published and not taken back."""
    return db.session.scalars(
        select(Recommendation)
        .where(Recommendation.thread_id == thread_id, _STANDS)
        .order_by(Recommendation.number)
    ).all()


def count_recommendations(thread_id: int) -> int:
    """Return how many recommendations a topic has, drafts included."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Recommendation).where(Recommendation.thread_id == thread_id)
        )
        or 0
    )


def last_number(thread_id: int) -> int:
    """Return the highest number of a published recommendation on a topic; 0 when there is none."""
    return (
        db.session.scalar(
            select(func.max(Recommendation.number)).where(Recommendation.thread_id == thread_id)
        )
        or 0
    )


def list_unanswered_numbers(thread_id: int) -> Sequence[int]:
    """Return the numbers of the published recommendations that lack an answer."""
    numbers = db.session.scalars(
        select(Recommendation.number)
        .where(Recommendation.thread_id == thread_id, _LACKS_ANSWER)
        .order_by(Recommendation.number)
    )
    return [number for number in numbers if number is not None]


def list_panels_of(thread_id: int) -> Sequence[Panel]:
    """Return the panels on a topic, oldest first."""
    return db.session.scalars(select(Panel).where(Panel.topic_id == thread_id).order_by(Panel.id)).all()


def has_panel_under_way(thread_id: int) -> bool:
    """Tell whether a panel on the topic is being filled, or has not met yet."""
    return (
        db.session.scalar(
            select(Panel.id).where(Panel.topic_id == thread_id, Panel.state.in_(_UNDER_WAY)).limit(1)
        )
        is not None
    )


_STANDING_ANSWER = and_(
    Answer.recommendation_id == Recommendation.id, Answer.version == Recommendation.answer_version
)


def list_of_year(agenda_id: int) -> Sequence[Recommendation]:
    """Return the published recommendations on the topics of a year, in the order of topics and numbers."""
    return db.session.scalars(
        select(Recommendation)
        .join(Topic, Topic.id == Recommendation.thread_id)
        .where(Topic.agenda_id == agenda_id, _IS_PUBLISHED)
        .options(*_WITH_COURSE)
        .order_by(Recommendation.thread_id, Recommendation.number)
    ).all()


def list_all_of_year(agenda_id: int) -> Sequence[Recommendation]:
    """Return the same as `list_of_year`, with all that a logbook tells of each."""
    return db.session.scalars(
        select(Recommendation)
        .join(Topic, Topic.id == Recommendation.thread_id)
        .where(Topic.agenda_id == agenda_id, _IS_PUBLISHED)
        .options(
            joinedload(Recommendation.thread).joinedload(Thread.topic).selectinload(Topic.versions),
            *_WITH_ALL,
        )
        .order_by(Recommendation.thread_id, Recommendation.number)
    ).all()


def list_waiting() -> Sequence[Recommendation]:
    """Return what lacks an answer, and the promised work that is not done: the oldest date first."""
    is_promised = and_(Answer.kind != AnswerKind.NOT, Recommendation.done_on.is_(None))
    return db.session.scalars(
        select(Recommendation)
        .outerjoin(Answer, _STANDING_ANSWER)
        .join(Thread, Thread.topic_id == Recommendation.thread_id)
        .where(_STANDS, or_(Recommendation.answer_version == 0, is_promised))
        .options(*_WITH_COURSE)
        .order_by(func.coalesce(Answer.work_by, Recommendation.answer_by), Recommendation.id)
        .limit(LISTED_MOST)
    ).all()


_WITH_COURSE = (
    joinedload(Recommendation.thread).joinedload(Thread.topic).selectinload(Topic.versions),
    selectinload(Recommendation.answers),
)


IS_OVERDUE = and_(_LACKS_ANSWER, Recommendation.answer_by < bindparam("on", type_=Date))
"""That the answer to a recommendation is too late on the day `on`."""
_OVERDUE = (
    select(Recommendation.thread_id, func.count().label("overdue"))
    .where(Recommendation.thread_id.in_(bindparam("thread_ids", expanding=True)), IS_OVERDUE)
    .group_by(Recommendation.thread_id)
)


def count_overdue(thread_ids: Sequence[int], on: date) -> dict[int, int]:
    """Return of how many recommendations the answer is too late on a day, by topic; none are left out."""
    return {row.thread_id: row.overdue for row in read(_OVERDUE, thread_ids=thread_ids, on=on)}


def list_due(until: date) -> Sequence[Recommendation]:
    """Return the recommendations without an answer whose term ends on a day or before."""
    return db.session.scalars(
        select(Recommendation)
        .where(_LACKS_ANSWER, Recommendation.answer_by <= until)
        .options(joinedload(Recommendation.thread).joinedload(Thread.topic))
        .order_by(Recommendation.id)
        .limit(LISTED_MOST)
    ).all()


def list_letters(most: int = LETTERS_MOST) -> Sequence[Heard]:
    """Return the answers that must still be told by letter, of as many people as fit in one batch.

    What belongs to one person stands together: it goes in one envelope.
    """
    waiting = and_(Heard.by_letter, Heard.posted_at.is_(None))
    people = select(Heard.member_id).where(waiting).group_by(Heard.member_id).order_by(Heard.member_id)
    return db.session.scalars(
        select(Heard)
        .where(waiting, Heard.member_id.in_(people.limit(most)))
        .options(
            joinedload(Heard.member).joinedload(Member.household),
            joinedload(Heard.recommendation).joinedload(Recommendation.thread).joinedload(Thread.topic),
            joinedload(Heard.recommendation).options(
                selectinload(Recommendation.answers),
                selectinload(Recommendation.citations).joinedload(Citation.post),
            ),
        )
        .order_by(Heard.member_id, Heard.id)
    ).all()


def list_late_work(on: date) -> Sequence[Recommendation]:
    """Return the recommendations of which promised work should have been done before a day, and is not."""
    return db.session.scalars(
        select(Recommendation)
        .join(Answer, _STANDING_ANSWER)
        .where(Answer.kind != AnswerKind.NOT, Answer.work_by < on, Recommendation.done_on.is_(None))
        .options(
            joinedload(Recommendation.thread).joinedload(Thread.topic), selectinload(Recommendation.answers)
        )
        .order_by(Recommendation.id)
        .limit(LISTED_MOST)
    ).all()


def count_letters() -> int:
    """Return how many people must still be told by letter."""
    return (
        db.session.scalar(
            select(func.count(Heard.member_id.distinct())).where(Heard.by_letter, Heard.posted_at.is_(None))
        )
        or 0
    )
