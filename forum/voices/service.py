"""Noting what was done to reach a group."""

from dataclasses import dataclass
from datetime import date, datetime

from forum.audit import service as audit
from forum.discussion.models import Thread
from forum.kernel.actor import Actor
from forum.kernel.clock import local_day
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.voices import policy, queries
from forum.voices.errors import ActionDayRefused
from forum.voices.hiding import Hidden, ShownCount
from forum.voices.models import VoiceAction
from forum.voices.radar import read_radar
from forum.voices.rules import ActionKind, Grouping, Measure


@dataclass(frozen=True, slots=True)
class Done:
    """What was done for which group, and when."""

    kind: ActionKind
    grouping: Grouping
    group: str
    on: date


def note_action(thread: Thread, done: Done, actor: Actor, *, at: datetime) -> VoiceAction:
    """Record what was done for a group, with how the group stands now. The same twice is one.

    Raises:
        Forbidden: the actor is no moderator or delegate.
        ActionDayRefused: the day is still to come, or lies before the debate.
        NotFound: the group has no row of its own on the page.
    """
    if not policy.can_see_voices(actor):
        raise Forbidden(action="note-voice-action", topic_id=thread.topic_id)
    if not local_day(thread.opens_at) <= done.on <= local_day(at):
        raise ActionDayRefused
    lock(thread)
    made = queries.find_action(thread.topic_id, done.kind, done.grouping, done.group, done_on=done.on)
    if made is not None:
        return made
    radar = read_radar(thread.topic_id, year=local_day(at).year)
    row = radar.find_row(done.grouping, done.group)
    if row is None or actor.party is None:
        raise NotFound(topic_id=thread.topic_id, group=done.group)
    action = VoiceAction(
        thread_id=thread.topic_id,
        kind=done.kind,
        grouping=done.grouping,
        group_name=done.group,
        done_on=done.on,
        readers=_if_shown(row.count(Measure.READERS)),
        all_readers=_if_shown(radar.totals[Measure.READERS]),
        writers=_if_shown(row.count(Measure.WRITERS)),
        all_writers=_if_shown(radar.totals[Measure.WRITERS]),
        party=actor.party,
        member_id=actor.member_id,
        at=at,
    )
    db.session.add(action)
    db.session.flush()
    _record(actor, "voices.action-noted", action, at=at)
    return action


def remove_action(action: VoiceAction, actor: Actor, *, at: datetime) -> None:
    """Take back what was noted by mistake.

    Raises:
        Forbidden: the actor is no moderator or delegate.
    """
    if not policy.can_see_voices(actor):
        raise Forbidden(action="remove-voice-action", topic_id=action.thread_id)
    _record(actor, "voices.action-removed", action, at=at)
    db.session.delete(action)


def record_export(thread: Thread, actor: Actor, *, at: datetime) -> None:
    """Record that somebody takes the numbers along as a file.

    Raises:
        Forbidden: the actor is no moderator or delegate.
    """
    if not policy.can_see_voices(actor):
        raise Forbidden(action="export-voices", topic_id=thread.topic_id)
    audit.record(actor, "voices.exported", topic_id=thread.topic_id, at=at)


def _record(actor: Actor, what: str, action: VoiceAction, *, at: datetime) -> None:
    audit.record(actor, what, topic_id=action.thread_id, kind=action.kind, group=action.group_name, at=at)


def _if_shown(count: ShownCount) -> int | None:
    return None if isinstance(count, Hidden) else count
