"""The debate on a topic: thread, sub-questions, posts, reactions and stances."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from forum.agenda.models import Topic
from forum.discussion.rules import FollowLevel, HouseRule, Phase, PostSource, PostState, ReactionKind, Stance
from forum.kernel.actor import Party
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member


class Thread(Base):
    """The debate on one topic; it has the number of its topic. The phases follow from the moments.

    `summary_version` is that of the summary that stands above it; 0 is none yet.
    The counts are those of its posts and of where members stand now: a page that shows them need not count.
    `told_phase` is the last phase that members were told of; while it is empty nobody is told.
    """

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
    for_count: Mapped[int] = mapped_column(default=0)
    against_count: Mapped[int] = mapped_column(default=0)
    neutral_count: Mapped[int] = mapped_column(default=0)
    has_panels: Mapped[bool] = mapped_column(default=False)
    has_recommendations: Mapped[bool] = mapped_column(default=False)
    has_polls: Mapped[bool] = mapped_column(default=False)
    told_phase: Mapped[Phase | None] = mapped_column(state_column(Phase, "told_phase"))
    summary_version: Mapped[int] = mapped_column(default=0)

    topic: Mapped[Topic] = relationship(viewonly=True)
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position", viewonly=True)


class Question(Base):
    """A sub-question of a thread, with the counts of its opening posts and of all posts under it."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("thread_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    root_count: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)


class Post(Base):
    """A contribution of a member.

    An opening post (`root_id` is null) has a `number` in its thread, and a `question_number` among those on
    the same sub-question; a reply has a `number` under its opening post. Numbers are given once, so a page of
    posts is a range of numbers and a link to a post never moves. What the search index does not know yet of a
    post makes that it is not `is_indexed`; a post that nobody was told of yet is not `is_told`. Of a hidden
    post everybody reads which rule it broke, and the words of the moderator where there are any.
    `author_stance` is the first that the author took in the thread, of those who let others find posts by it.
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
        Index("ix_post_as_written", "thread_id", "id"),
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
        Index(
            "uq_post_question_number",
            "question_id",
            "question_number",
            unique=True,
            sqlite_where=text("question_number IS NOT NULL"),
            postgresql_where=text("question_number IS NOT NULL"),
        ),
        Index(
            "ix_post_question_valued",
            "question_id",
            "valuable_count",
            "number",
            sqlite_where=text("question_number IS NOT NULL"),
            postgresql_where=text("question_number IS NOT NULL"),
        ),
        Index(
            "ix_post_stance_valued",
            "thread_id",
            "author_stance",
            "state",
            "valuable_count",
            "id",
            sqlite_where=text("author_stance IS NOT NULL"),
            postgresql_where=text("author_stance IS NOT NULL"),
        ),
        Index(
            "ix_post_not_indexed",
            "id",
            sqlite_where=text("is_indexed = 0"),
            postgresql_where=text("NOT is_indexed"),
        ),
        Index(
            "ix_post_not_told",
            "id",
            sqlite_where=text("is_told = 0"),
            postgresql_where=text("NOT is_told"),
        ),
        Index(
            "ix_post_not_looked_at",
            "id",
            sqlite_where=text("looked_at IS NULL"),
            postgresql_where=text("looked_at IS NULL"),
        ),
        Index(
            "ix_post_not_visible",
            "thread_id",
            "id",
            "author_id",
            sqlite_where=text("state <> 'visible'"),
            postgresql_where=text("state <> 'visible'"),
        ),
        Index(
            "ix_post_not_visible_id",
            "id",
            sqlite_where=text("state <> 'visible'"),
            postgresql_where=text("state <> 'visible'"),
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
    question_number: Mapped[int | None]
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
    hidden_rule: Mapped[HouseRule | None] = mapped_column(state_column(HouseRule))
    hidden_words: Mapped[str | None] = mapped_column(Text)
    has_upheld_flag: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valuable_count: Mapped[int] = mapped_column(default=0)
    agree_count: Mapped[int] = mapped_column(default=0)
    is_indexed: Mapped[bool] = mapped_column(default=False)
    is_told: Mapped[bool] = mapped_column(default=False)
    pictures: Mapped[str] = mapped_column(Text, default="")
    author_stance: Mapped[Stance | None] = mapped_column(state_column(Stance, "author_stance"))
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    thread: Mapped[Thread] = relationship(viewonly=True)
    author: Mapped[Member] = relationship(foreign_keys=author_id, viewonly=True)
    parent: Mapped["Post | None"] = relationship(foreign_keys=parent_id, remote_side="Post.id", viewonly=True)
    root: Mapped["Post | None"] = relationship(foreign_keys=root_id, remote_side="Post.id", viewonly=True)
    revisions: Mapped[list["PostRevision"]] = relationship(order_by="PostRevision.version", viewonly=True)

    @property
    def is_of_minutes(self) -> bool:
        """Tell whether it brings a point of locked minutes: what was said at a meeting, in nobody's name."""
        return self.source is PostSource.MEETING and self.entered_by_id == self.author_id

    @validates("html", "state")
    def _find_anew(self, name: str, value: object) -> object:
        """Let the search index and the helpers of moderators follow: whoever changes a post need not."""
        self.is_indexed = False
        if name == "html":
            self.looked_at = None
        return value


class PostRevision(Base):
    """What a post said before an edit; its `pictures` are told as in `Post.pictures`, and may be gone."""

    __tablename__ = "post_revision"
    __table_args__ = (UniqueConstraint("post_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    pictures: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Picture(Base):
    """A picture that somebody sent; loose until their post is placed. `Post.pictures` has what pages show.

    Its files have the key in their names. Width and height are those of the large one.
    """

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    alt: Mapped[str] = mapped_column(String(300), default="")
    width: Mapped[int]
    height: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Mention(Base):
    """A member whom a post names with `@`, in the text that stands now."""

    __tablename__ = "mention"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)


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
    """What a member thinks of the stance question: the first answer, and the one that stands now.

    Others see only how many gave which answer, unless the member lets their posts be found by it.
    """

    __tablename__ = "stance_answer"
    __table_args__ = (UniqueConstraint("thread_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    first: Mapped[Stance] = mapped_column(state_column(Stance))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    current: Mapped[Stance] = mapped_column(state_column(Stance, "current"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_findable: Mapped[bool] = mapped_column(default=False)


class Follow(Base):
    """Of what in a thread a member wants to hear."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_thread", "thread_id", "level", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"), primary_key=True)
    level: Mapped[FollowLevel] = mapped_column(state_column(FollowLevel))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ThreadVisit(Base):
    """How far a member has read in a thread: every post up to the one with the id `read_to`.

    `read_beyond` are the ids of later posts that were read too, parted by commas. `read_count` counts both,
    and what the member wrote after `read_to`: the rest of the thread that is visible is new to them.
    """

    __tablename__ = "thread_visit"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"), primary_key=True)
    read_to: Mapped[int]
    read_beyond: Mapped[str] = mapped_column(Text, default="")
    read_count: Mapped[int]


class ThreadSummary(Base):
    """One version of the summary that the moderators and delegates of both parties keep above a thread."""

    __tablename__ = "thread_summary"
    __table_args__ = (UniqueConstraint("thread_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    party: Mapped[Party] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeptPost(Base):
    """A post that a member keeps to find it again."""

    __tablename__ = "kept_post"
    __table_args__ = (
        UniqueConstraint("member_id", "post_id"),
        Index("ix_kept_post_list", "member_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
