"""Reading the summary above a thread and its versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from forum.discussion.models import ThreadSummary
from forum.kernel.actor import Party
from forum.kernel.database import db

VERSIONS_LISTED = 100
"""Versions that can be compared: the newest."""


class SummaryVersion(NamedTuple):
    """Which version of a summary, of whom and since when."""

    version: int
    party: Party
    at: datetime


def list_versions(thread_id: int) -> Sequence[SummaryVersion]:
    """Return the newest versions of a summary, oldest first."""
    rows = db.session.execute(
        select(ThreadSummary.version, ThreadSummary.party, ThreadSummary.at)
        .where(ThreadSummary.thread_id == thread_id)
        .order_by(ThreadSummary.version.desc())
        .limit(VERSIONS_LISTED)
    )
    return [SummaryVersion(*row) for row in reversed(rows.all())]


def find_summary(thread_id: int, version: int) -> ThreadSummary | None:
    """Return one version of the summary of a thread."""
    return db.session.scalar(
        select(ThreadSummary).where(ThreadSummary.thread_id == thread_id, ThreadSummary.version == version)
    )
