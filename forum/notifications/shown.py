"""Notifications as a page or a mail shows them: the sentence, and the text as it stands now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from forum.notifications.abouts import SOURCES, About, Line
from forum.notifications.models import Notification
from forum.notifications.rules import NotificationKind, beginning_of
from forum.texts.catalogue import say


class Shown(NamedTuple):
    """One notification. `is_gone`: what it is about was hidden or taken back, so only that is said."""

    id: int
    kind: NotificationKind
    subject: str
    title: str
    path: str
    sentence: str
    lines: Sequence[Line]
    at: datetime
    is_unread: bool
    is_gone: bool
    accepts_reply: bool


class Group(NamedTuple):
    """What belongs to one subject, the newest first."""

    title: str
    news: Sequence[Shown]


def show(rows: Sequence[Notification]) -> Sequence[Shown]:
    """Return notifications as they are shown now, in the same order; each source is asked once."""
    abouts = _abouts_of(rows)
    return [_shown(row, abouts.get(row.id)) for row in rows]


def _abouts_of(rows: Sequence[Notification]) -> Mapping[int, About]:
    wanted: dict[str, list[Notification]] = {}
    for row in rows:
        if row.about_id is not None:
            wanted.setdefault(row.about, []).append(row)
    return {number: found for about, told in wanted.items() for number, found in SOURCES[about](told).items()}


def _shown(row: Notification, about: About | None) -> Shown:
    is_gone = row.about_id is not None and about is None
    return Shown(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        title=row.title,
        path=row.path,
        sentence=say("notified-gone") if is_gone else _sentence(row, about),
        lines=[] if is_gone else _lines(row, about),
        at=row.at,
        is_unread=row.read_at is None,
        is_gone=is_gone,
        accepts_reply=about is not None and about.accepts_reply,
    )


def _lines(row: Notification, about: About | None) -> Sequence[Line]:
    lines = about.lines if about else [Line(row.text)]
    return [Line(beginning_of(line.words), line.said) for line in lines if line.words]


def _sentence(row: Notification, about: About | None) -> str:
    if row.kind is NotificationKind.VALUED:
        return say("notified-valued-once") if row.count == 1 else say("notified-valued", count=row.count)
    if row.event:
        return say(f"notified-{row.kind}-{row.event}")
    return say(f"notified-{row.kind}", by=about.by if about else "")


def group_by_subject(items: Sequence[Shown]) -> Sequence[Group]:
    """Return notifications by subject; the subject with the newest one comes first."""
    groups: dict[str, list[Shown]] = {}
    for item in items:
        groups.setdefault(item.subject, []).append(item)
    return [Group(group[0].title, group) for group in groups.values()]
