"""Reading what stands above the posts of a thread, in one query."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, String, and_, bindparam, cast, func, select, text

from forum.agenda.models import Topic, TopicVersion
from forum.agenda.rules import InfluenceLevel, StatutorySubject
from forum.discussion.models import Follow, Post, Question, StanceAnswer, Thread, ThreadSummary, ThreadVisit
from forum.discussion.rules import FollowLevel, Period, Stance
from forum.kernel.actor import Party
from forum.kernel.errors import NotFound
from forum.kernel.reading import read
from forum.settings.models import Site
from forum.settings.queries import SITE_COLUMNS, THE_SITE, UNREAD, SiteNames, site_in


class QuestionRow(NamedTuple):
    """A sub-question as it is read for a page."""

    id: int
    text: str
    root_count: int = 0
    post_count: int = 0


_QUESTIONS = (
    select(Question.id, Question.text, Question.root_count, Question.post_count)
    .where(Question.thread_id == bindparam("thread_id"))
    .order_by(Question.position)
)


def list_questions(thread_id: int) -> Sequence[QuestionRow]:
    """Return the sub-questions of a thread in their order."""
    return [QuestionRow._make(row) for row in read(_QUESTIONS, thread_id=thread_id)]


def without_counts(questions: Sequence[QuestionRow]) -> tuple[QuestionRow, ...]:
    """Return sub-questions as they stay, whatever is written."""
    return tuple(QuestionRow(question.id, question.text) for question in questions)


class SummaryRow(NamedTuple):
    """The summary that stands above a thread."""

    version: int
    html: str
    party: Party
    at: datetime


class ThreadHead(NamedTuple):
    """A thread, the text of its topic that stands now, and the names of the site, as a page needs them."""

    topic_id: int
    opens_at: datetime
    closes_at: datetime
    answering_at: datetime | None
    closed_at: datetime | None
    introduction_html: str
    stance_question: str
    attribution: str
    root_count: int
    post_count: int
    for_count: int
    against_count: int
    neutral_count: int
    has_panels: bool
    has_recommendations: bool
    has_polls: bool
    title: str
    question: str
    fixed: str
    open: str
    level: InfluenceLevel
    statutory: StatutorySubject | None
    questions: tuple[QuestionRow, ...] = ()
    own_stance: Stance | None = None
    own_level: FollowLevel = FollowLevel.REPLIES
    site: SiteNames = UNREAD
    summary: SummaryRow | None = None

    @property
    def period(self) -> Period:
        """Return the moments that the phase follows from."""
        return Period(self.opens_at, self.closes_at, self.answering_at, self.closed_at)


_HEAD_COLUMNS = [name for name in ThreadHead._fields if name not in ThreadHead._field_defaults]
_HEAD = (
    select(
        *(getattr(Thread if hasattr(Thread, name) else TopicVersion, name) for name in _HEAD_COLUMNS),
        Question.id.label("question_id"),
        Question.text.label("question_text"),
        Question.root_count.label("question_roots"),
        Question.post_count.label("question_posts"),
        *SITE_COLUMNS,
        ThreadSummary.version.label("summary_version"),
        ThreadSummary.html.label("summary_html"),
        ThreadSummary.party.label("summary_party"),
        ThreadSummary.at.label("summary_at"),
    )
    .select_from(Thread)
    .join(Topic, Topic.id == Thread.topic_id)
    .join(TopicVersion, and_(TopicVersion.topic_id == Topic.id, TopicVersion.version == Topic.version))
    .outerjoin(Question, Question.thread_id == Thread.topic_id)
    .outerjoin(
        ThreadSummary,
        and_(ThreadSummary.thread_id == Thread.topic_id, ThreadSummary.version == Thread.summary_version),
    )
    .outerjoin(Site, THE_SITE)
    .where(Thread.topic_id == bindparam("topic_id"))
    .order_by(Question.position)
)
NEWEST_POST = (
    select(func.max(Post.id)).where(Post.thread_id == Thread.topic_id).scalar_subquery().label("newest")
)
# in the very words of the index, which holds the few posts that are not visible
IS_GONE = text("post.state <> 'visible'")
GONE_UNREAD = (
    select(func.count())
    .select_from(Post)
    .where(
        Post.thread_id == Thread.topic_id,
        IS_GONE,
        Post.id > ThreadVisit.read_to,
        Post.author_id != ThreadVisit.member_id,
        ("," + ThreadVisit.read_beyond + ",").not_like("%," + cast(Post.id, String) + ",%"),
    )
    .correlate(Thread, ThreadVisit)
    .scalar_subquery()
)
UNREAD_COUNT = (Thread.post_count - ThreadVisit.read_count - GONE_UNREAD).label("unread")
"""What is new to a member who was there before; a post that went from sight is not."""

_HEAD_OF_MEMBER = (
    _HEAD.add_columns(
        StanceAnswer.current.label("own_stance"),
        Follow.level.label("own_level"),
        NEWEST_POST,
        ThreadVisit.read_to,
        ThreadVisit.read_beyond,
        UNREAD_COUNT,
    )
    .outerjoin(Follow, and_(Follow.thread_id == Thread.topic_id, Follow.member_id == bindparam("member_id")))
    .outerjoin(
        StanceAnswer,
        and_(StanceAnswer.thread_id == Thread.topic_id, StanceAnswer.member_id == bindparam("member_id")),
    )
    .outerjoin(
        ThreadVisit,
        and_(ThreadVisit.thread_id == Thread.topic_id, ThreadVisit.member_id == bindparam("member_id")),
    )
)


def post_ids_in(numbers: str) -> frozenset[int]:
    """Return the numbers of posts in a text that parts them by commas."""
    return frozenset(int(number) for number in numbers.split(",") if number)


class ReadSoFar(NamedTuple):
    """How far a member has read in a thread: `read_to` is `None` for who comes for the first time.

    `newest` is the last post there is; `beyond` are posts after `read_to` that were read too; `unread` counts
    the other posts after it, but for those of the member and those that went from sight.
    """

    newest: int
    read_to: int | None
    unread: int
    beyond: frozenset[int] = frozenset()

    @classmethod
    def of(cls, row: Row[Any]) -> "ReadSoFar":
        """Return what a row with the columns of a visit says."""
        if row.read_to is None:
            return cls(row.newest or 0, None, 0)
        return cls(row.newest or 0, row.read_to, row.unread, post_ids_in(row.read_beyond))


def get_thread_head(topic_id: int) -> ThreadHead:
    """Return what the page of a thread tells of it to a visitor.

    Raises:
        NotFound: the topic has no thread.
    """
    return _head_in(read(_HEAD, topic_id=topic_id), topic_id)


def get_head_for_member(topic_id: int, member_id: int) -> tuple[ThreadHead, ReadSoFar]:
    """Return what the page of a thread tells of it to a member, where they stand, and how far they have read.

    Raises:
        NotFound: the topic has no thread.
    """
    rows = read(_HEAD_OF_MEMBER, topic_id=topic_id, member_id=member_id)
    head = _head_in(rows, topic_id)
    own = rows[0]
    head = head._replace(own_stance=own.own_stance, own_level=own.own_level or FollowLevel.REPLIES)
    return head, ReadSoFar.of(own)


def _head_in(rows: Sequence[Row[Any]], topic_id: int) -> ThreadHead:
    if not rows:
        raise NotFound(topic_id=topic_id)
    first = rows[0]
    questions = tuple(
        QuestionRow(row.question_id, row.question_text, row.question_roots, row.question_posts)
        for row in rows
        if row.question_id
    )
    summary = None
    if first.summary_version:
        summary = SummaryRow(first.summary_version, first.summary_html, first.summary_party, first.summary_at)
    head = ThreadHead._make((*first[: len(_HEAD_COLUMNS)], *ThreadHead._field_defaults.values()))
    return head._replace(questions=questions, site=site_in(first), summary=summary)
