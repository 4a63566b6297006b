"""The debate on a topic: thread, sub-questions, posts, reactions and stances."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.agenda.models import Topic
from forum.discussion.rules import PostSource, PostState, ReactionKind, Stance
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member


class Thread(Base):
    """The debate on one topic; it has the number of its topic. The phases follow from the moments."""

    __tablename__ = "thread"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="period"),)

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answering_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    introduction: Mapped[str] = mapped_column(Text, default="")
    introduction_html: Mapped[str] = mapped_column(Text, default="")
    stance_question: Mapped[str] = mapped_column(String(300), default="")
    attribution: Mapped[str] = mapped_column(Text, default="")
    root_count: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)

    topic: Mapped[Topic] = relationship()
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position")


class Question(Base):
    """A sub-question of a thread."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("thread_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))


class Post(Base):
    """A contribution of a member.

    An opening post (`root_id` is null) has a `number` in its thread; a reply has a `number` under its opening
    post. Numbers are given once, so a page of posts is a range of numbers and a link to a post never moves.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("thread_id", "root_id", "number"),
        Index(
            "uq_post_root_number",
            "thread_id",
            "number",
            unique=True,
            sqlite_where=text("root_id IS NULL"),
            postgresql_where=text("root_id IS NULL"),
        ),
        Index("ix_post_replies", "root_id", "number"),
        Index("ix_post_text_key", "thread_id", "text_key"),
        Index("ix_post_author_thread", "author_id", "thread_id"),
        Index(
            "ix_post_valued",
            "thread_id",
            "valuable_count",
            "number",
            sqlite_where=text("root_id IS NULL"),
            postgresql_where=text("root_id IS NULL"),
        ),
        CheckConstraint("depth BETWEEN 0 AND 2", name="depth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    depth: Mapped[int] = mapped_column(default=0)
    number: Mapped[int]
    reply_count: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    source: Mapped[PostSource] = mapped_column(state_column(PostSource), default=PostSource.WEB)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    external_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[str] = mapped_column(String(20))
    counted_chars: Mapped[int]
    text_key: Mapped[str] = mapped_column(String(64))
    is_duplicate: Mapped[bool] = mapped_column(default=False)
    state: Mapped[PostState] = mapped_column(state_column(PostState), default=PostState.VISIBLE)
    has_upheld_flag: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valuable_count: Mapped[int] = mapped_column(default=0)
    agree_count: Mapped[int] = mapped_column(default=0)

    thread: Mapped[Thread] = relationship()
    author: Mapped[Member] = relationship(foreign_keys=author_id)
    parent: Mapped["Post | None"] = relationship(foreign_keys=parent_id, remote_side="Post.id")
    revisions: Mapped[list["PostRevision"]] = relationship(order_by="PostRevision.version")


class PostRevision(Base):
    """A text a post had before an edit."""

    __tablename__ = "post_revision"
    __table_args__ = (UniqueConstraint("post_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reaction(Base):
    """A member's *waardevol* or *eens* on a post; taking it back keeps the row with the moment."""

    __tablename__ = "reaction"
    __table_args__ = (
        UniqueConstraint("post_id", "member_id", "kind"),
        Index("ix_reaction_thread", "thread_id", "kind"),
        Index("ix_reaction_member_thread", "member_id", "thread_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[ReactionKind] = mapped_column(state_column(ReactionKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StanceAnswer(Base):
    """What a member thinks of the stance question: the first answer, and the one that stands now."""

    __tablename__ = "stance_answer"
    __table_args__ = (UniqueConstraint("thread_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    first: Mapped[Stance] = mapped_column(state_column(Stance))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    current: Mapped[Stance] = mapped_column(state_column(Stance, "current"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
