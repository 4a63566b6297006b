"""What authors and moderators get by mail. A decision that was taken back is not told of any more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forum.kernel.actor import Role
from forum.kernel.database import db
from forum.mail import outbox
from forum.mail.checks import register_check
from forum.members.models import Member
from forum.members.queries import list_acting
from forum.moderation.models import Appeal, ModerationDecision
from forum.moderation.rules import AppealState
from forum.settings.queries import get_site

DECIDED = "moderation/decision_made"
TAKEN_BACK = "moderation/decision_taken_back"
APPEALED = "moderation/appeal_made"
JUDGED = "moderation/appeal_judged"


def decision_made(decision: ModerationDecision, *, at: datetime) -> None:
    """Tell the author what was decided, by which rule, why, and how to object."""
    until, appeal_until = decision.paused_until, decision.appeal_until
    assert appeal_until is not None, "only what one can object to is told"
    outbox.queue(
        key=f"decision:{decision.id}:made",
        to=decision.author,
        template=DECIDED,
        at=at,
        details={
            **_about(decision),
            "kind": decision.kind,
            "rule": decision.rule,
            "words": decision.words,
            "referral": decision.referral or "",
            "paused_until": until.isoformat() if until else "",
            "appeal_until": appeal_until.isoformat(),
        },
    )


def decision_taken_back(restoring: ModerationDecision, *, at: datetime) -> None:
    """Tell the author that a moderator took a decision back."""
    outbox.queue(
        key=f"decision:{restoring.id}:restored",
        to=restoring.author,
        template=TAKEN_BACK,
        at=at,
        details={**_about(restoring), "words": restoring.words},
    )


def appeal_made(appeal: Appeal, *, at: datetime) -> None:
    """Tell the moderators of the other party that somebody objects, and until when they can judge it."""
    _ask_to_judge(appeal, "made", at=at)


def appeal_waits(appeal: Appeal, *, at: datetime) -> None:
    """Tell them once more when the term is nearly over."""
    _ask_to_judge(appeal, "waits", at=at)


def _ask_to_judge(appeal: Appeal, event: str, *, at: datetime) -> None:
    decision = appeal.decision
    for moderator in list_acting([decision.party.other], Role.MODERATOR):
        outbox.queue(
            key=f"appeal:{appeal.id}:{event}:{moderator.id}",
            to=moderator,
            template=APPEALED,
            at=at,
            details={
                **_about(decision),
                "appeal_id": appeal.id,
                "due_at": appeal.due_at.isoformat(),
            },
        )


def appeal_judged(appeal: Appeal, *, at: datetime) -> None:
    """Tell the author what the other party decided."""
    outbox.queue(
        key=f"appeal:{appeal.id}:judged",
        to=appeal.decision.author,
        template=JUDGED,
        at=at,
        details={
            **_about(appeal.decision),
            "is_overturned": appeal.state is AppealState.OVERTURNED,
            "reason": appeal.reason,
        },
    )


def _about(decision: ModerationDecision) -> dict[str, object]:
    site = get_site()
    return {
        "decision_id": decision.id,
        "post_id": decision.post_id,
        "decided_by": site.name_of(decision.party),
        "other_party": site.name_of(decision.party.other),
        "topic": decision.post.thread.topic.title,
    }


def _stands(details: Mapping[str, Any], _member: Member) -> bool:
    decision = db.session.get(ModerationDecision, details["decision_id"])
    return decision is not None and decision.reverted_at is None


def _waits(details: Mapping[str, Any], _member: Member) -> bool:
    appeal = db.session.get(Appeal, details["appeal_id"])
    return appeal is not None and appeal.state is AppealState.OPEN


register_check(DECIDED, _stands)
register_check(APPEALED, _waits)
