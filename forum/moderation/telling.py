"""News in the app for authors, who get a mail of its own besides, and for who flagged a post."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from forum.discussion.telling import subject_of
from forum.moderation.models import Appeal, Flag, ModerationDecision
from forum.moderation.rules import UPHOLDING, DecisionKind
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify, notify_all

EVENTS = {
    DecisionKind.HIDE: "hidden",
    DecisionKind.EXPLAIN: "hidden",
    DecisionKind.WARN: "warned",
    DecisionKind.PAUSE: "suspended",
    DecisionKind.REFER: "referred",
    DecisionKind.RESTORE: "restored",
}


def tell_author(decision: ModerationDecision, *, at: datetime) -> None:
    """Tell the author what was decided on their post, or that it was taken back."""
    notify(
        decision.author_id,
        NotificationKind.MODERATION,
        at=at,
        event=EVENTS[decision.kind],
        key=f"decision:{decision.id}",
        path="/mijn/besluiten",
        mailed=True,
        **_subject(decision),
    )


def tell_of_judgement(appeal: Appeal, *, at: datetime) -> None:
    """Tell the author that their objection was judged."""
    notify(
        appeal.decision.author_id,
        NotificationKind.MODERATION,
        at=at,
        event="appeal",
        key=f"appeal:{appeal.id}",
        path="/mijn/besluiten",
        mailed=True,
        **_subject(appeal.decision),
    )


def tell_reporters(flags: Sequence[Flag], decision: ModerationDecision, *, at: datetime) -> None:
    """Tell who flagged a post what came of it."""
    notify_all(
        [flag.member_id for flag in flags],
        NotificationKind.MODERATION,
        at=at,
        event="upheld" if decision.kind in UPHOLDING else "rejected",
        key=f"flagged:{decision.id}",
        path="/mijn/meldingen",
        **_subject(decision),
    )


def _subject(decision: ModerationDecision) -> dict[str, Any]:
    thread = decision.post.thread
    return {"subject": subject_of(thread.topic_id), "title": thread.topic.title}
