"""Importing a consultation: statements become posts, votes become reactions; all of it, or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, text

from forum.audit import service as audit
from forum.discussion import policy
from forum.discussion.errors import OtherConsultation
from forum.discussion.models import Post, Reaction, Thread
from forum.discussion.polis import AGREES, DISAGREES, PASSES, Consultation, Statement, Vote
from forum.discussion.rules import PostSource, PostState, ReactionKind
from forum.discussion.service import Body, set_text
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.kernel.progress import Progress, in_silence
from forum.members.models import Member
from forum.texts.catalogue import say_dutch

PARTICIPANTS_LOCK = 7_200_603
"""Key of the PostgreSQL advisory lock that lets one import after the other add participants."""
WRITE_BATCH = 1000


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What one import added.

    `posts` are the accepted statements and `hidden` the others; `authors` wrote any of them, `voters` voted
    on any of them. Of the last votes `reactions` agree, `disagrees` disagree and `passes` do neither; the
    latter two leave no trace in the thread.
    """

    posts: int = 0
    hidden: int = 0
    authors: int = 0
    voters: int = 0
    reactions: int = 0
    passes: int = 0
    disagrees: int = 0


def render_statements(consultation: Consultation, progress: Progress = in_silence) -> Mapping[int, Body]:
    """Return the text of each statement, rendered, by its id; made before the unit of work."""
    bodies = {}
    for done, statement in enumerate(consultation.statements, start=1):
        bodies[statement.id] = Body.of(statement.text)
        progress("render", done)
    return bodies


def import_consultation(
    thread: Thread,
    consultation: Consultation,
    bodies: Mapping[int, Body],
    kind: ReactionKind,
    actor: Actor,
    *,
    at: datetime,
    progress: Progress = in_silence,
) -> ImportCounts:
    """Make a consultation part of a thread and return what that added, whatever the phase of the thread.

    A statement that is in the thread already stays as it is, with the reactions on it: so a second import of
    the same consultation adds nothing.

    Args:
        thread: where the statements become opening posts, numbered on in the order of their times.
        consultation: what was stated and voted.
        bodies: the rendered text of each statement.
        kind: what a vote that agrees becomes.
        actor: who imports.
        at: now, for the logbook.
        progress: hears how far the work is.

    Raises:
        Forbidden: the actor is no administrator.
        OtherConsultation: the thread holds the statements of another one.
    """
    if not policy.can_import_consultation(actor):
        raise Forbidden(action="import-consultation")
    lock(thread)
    present = _present_statements(thread, consultation)
    statements = [statement for statement in consultation.statements if statement.id not in present]
    if not statements:
        return ImportCounts()

    added = {statement.id for statement in statements}
    votes = [vote for vote in consultation.votes if vote.statement_id in added]
    counts = _count(statements, votes)
    members = _place_participants(consultation.name, _participants(statements, votes))
    posts = _add_posts(thread, statements, bodies, members, progress)
    _add_reactions([vote for vote in votes if vote.value == AGREES], posts, members, kind, progress)
    if consultation.attribution:
        thread.attribution = consultation.attribution
    details = {"name": consultation.name, "sha256": consultation.sha256, "agree_as": kind, **asdict(counts)}
    audit.record(actor, "consultation.imported", topic_id=thread.topic_id, **details, at=at)
    return counts


def _present_statements(thread: Thread, consultation: Consultation) -> set[int]:
    """Return the ids of the statements that are in the thread; all must be of this consultation."""
    prefix = f"polis:{thread.topic_id}:"
    rows = db.session.execute(
        select(Post.external_key, Member.external_key)
        .join(Member, Member.id == Post.author_id)
        .where(Post.thread_id == thread.topic_id, Post.external_key.startswith(prefix))
    )
    present = set()
    for post_key, author_key in rows:
        name = str(author_key).removeprefix("polis:").rpartition(":")[0]
        if author_key and name != consultation.name:
            raise OtherConsultation(topic_id=thread.topic_id, holds=name)
        present.add(int(str(post_key).removeprefix(prefix)))
    return present


def _participants(statements: Iterable[Statement], votes: Iterable[Vote]) -> Sequence[int]:
    authors = {statement.author_id for statement in statements}
    return sorted(authors | {vote.voter_id for vote in votes})


def _place_participants(name: str, numbers: Sequence[int]) -> Mapping[int, int]:
    """Return the member of each participant, made where new; a person in two threads is one member."""
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PARTICIPANTS_LOCK})
    prefix = f"polis:{name}:"
    known = _known_participants(prefix)
    new = [
        {"external_key": f"{prefix}{number}", "display_name": say_dutch("polis-participant", number=number)}
        for number in numbers
        if f"{prefix}{number}" not in known
    ]
    if new:
        session.execute(insert(Member), new)
        known = _known_participants(prefix)
    return {number: known[f"{prefix}{number}"] for number in numbers}


def _known_participants(prefix: str) -> Mapping[str, int]:
    rows = db.session.execute(
        select(Member.external_key, Member.id).where(Member.external_key.startswith(prefix, autoescape=True))
    )
    return {str(key): member_id for key, member_id in rows}


def _add_posts(
    thread: Thread,
    statements: Sequence[Statement],
    bodies: Mapping[int, Body],
    members: Mapping[int, int],
    progress: Progress,
) -> Mapping[int, Post]:
    """Add the statements as opening posts, one by one: each is compared with what was said before it."""
    posts = {}
    for done, statement in enumerate(statements, start=1):
        post = Post(
            thread_id=thread.topic_id,
            number=thread.root_count + done,
            author_id=members[statement.author_id],
            source=PostSource.IMPORT,
            external_key=f"polis:{thread.topic_id}:{statement.id}",
            state=PostState.VISIBLE if statement.is_accepted else PostState.HIDDEN,
            at=statement.at,
            is_told=True,
        )
        set_text(post, bodies[statement.id])
        db.session.add(post)
        posts[statement.id] = post
        progress("posts", done)
    thread.root_count += len(statements)
    thread.post_count += len(statements)
    db.session.flush()
    return posts


def _add_reactions(
    agreeing: Sequence[Vote],
    posts: Mapping[int, Post],
    members: Mapping[int, int],
    kind: ReactionKind,
    progress: Progress,
) -> None:
    """Add the votes that agree, also on hidden posts and on one's own: that is how they were cast."""
    for start in range(0, len(agreeing), WRITE_BATCH):
        batch = agreeing[start : start + WRITE_BATCH]
        rows = [
            {
                "thread_id": posts[vote.statement_id].thread_id,
                "post_id": posts[vote.statement_id].id,
                "member_id": members[vote.voter_id],
                "kind": kind,
                "at": vote.at,
            }
            for vote in batch
        ]
        db.session.execute(insert(Reaction), rows)
        progress("reactions", start + len(batch))
    for statement_id, count in Counter(vote.statement_id for vote in agreeing).items():
        if kind is ReactionKind.VALUABLE:
            posts[statement_id].valuable_count = count
        else:
            posts[statement_id].agree_count = count


def _count(statements: Sequence[Statement], votes: Sequence[Vote]) -> ImportCounts:
    values = Counter(vote.value for vote in votes)
    accepted = sum(statement.is_accepted for statement in statements)
    return ImportCounts(
        posts=accepted,
        hidden=len(statements) - accepted,
        authors=len({statement.author_id for statement in statements}),
        voters=len({vote.voter_id for vote in votes}),
        reactions=values[AGREES],
        passes=values[PASSES],
        disagrees=values[DISAGREES],
    )
