"""The summary that both parties keep above a thread: each text is a version, and none is lost."""

from datetime import datetime

from forum.audit import service as audit
from forum.discussion import policy
from forum.discussion.errors import SummaryChanged
from forum.discussion.models import Thread, ThreadSummary
from forum.discussion.service import Body
from forum.discussion.summary_queries import find_summary
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden


def write_summary(thread: Thread, shown_version: int, body: Body, actor: Actor, *, at: datetime) -> int:
    """Put a text above the thread and return its version; what stood there stays readable.

    A text that stands there already makes no new version, so sending it twice is sending it once.

    Args:
        thread: which thread.
        shown_version: the version that the writer saw; 0 when there was no summary.
        body: the new text.
        actor: a moderator or delegate of either party.
        at: now.

    Raises:
        Forbidden: the actor keeps no summaries.
        SummaryChanged: somebody else wrote another text since then.
    """
    if not policy.can_write_summary(actor):
        raise Forbidden(action="write-summary")
    lock(thread)
    standing = find_summary(thread.topic_id, thread.summary_version)
    if standing is not None and standing.text == body.source:
        return standing.version
    if shown_version != thread.summary_version:
        raise SummaryChanged(version=thread.summary_version)
    thread.summary_version += 1
    db.session.add(
        ThreadSummary(
            thread_id=thread.topic_id,
            version=thread.summary_version,
            text=body.source,
            html=body.rendered.html,
            party=actor.party,
            member_id=actor.member_id,
            at=at,
        )
    )
    audit.record(actor, "summary.written", topic_id=thread.topic_id, version=thread.summary_version, at=at)
    return thread.summary_version
