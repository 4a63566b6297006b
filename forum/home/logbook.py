"""What the logbook tells everybody of a topic: which party did what and when, without persons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from forum.audit.models import AuditEntry
from forum.audit.queries import list_acts_on_topic
from forum.kernel.actor import Party
from forum.panels.queries import list_public_panel_ids
from forum.settings.queries import SiteNames
from forum.texts.catalogue import say

SHOWN_MOST = 200
SENTENCES: Mapping[str, str] = {
    "consultation.imported": "act-consultation-imported",
    "panel.committed": "act-panel-committed",
    "panel.confirmed": "act-panel-confirmed",
    "panel.ended": "act-panel-ended",
    "panel.held": "act-panel-held",
    "panel.invited": "act-panel-invited",
    "panel.renewed": "act-panel-renewed",
    "panel.revealed": "act-panel-revealed",
    "poll.changed": "act-poll-changed",
    "poll.closed": "act-poll-closed",
    "poll.made": "act-poll-made",
    "recommendation.answered": "act-recommendation-answered",
    "recommendation.withdrawn": "act-recommendation-withdrawn",
    "recommendation.worked_on": "act-recommendation-worked-on",
    "recommendations.published": "act-recommendations-published",
    "summary.written": "act-summary-written",
    "topic.approved": "act-topic-approved",
    "topic.carried": "act-topic-carried",
    "topic.closed": "act-topic-closed",
    "topic.edited": "act-topic-edited",
    "topic.period_set": "act-topic-period-set",
    "topic.proposed": "act-topic-proposed",
    "topic.resumed": "act-topic-resumed",
    "topic.view_given": "act-topic-view-given",
}
"""The acts that everybody may read of, with their sentences; what concerns one member is not among them."""


class Act(NamedTuple):
    """One act: when, of whom, and what in words."""

    at: datetime
    by: str
    what: str


def list_acts(topic_id: int, site: SiteNames) -> Sequence[Act]:
    """Return the last acts on a topic and its public panels, newest first."""
    panel_ids = list_public_panel_ids(topic_id)
    entries = list_acts_on_topic(SENTENCES, topic_id, panel_ids, most=SHOWN_MOST)
    return [Act(entry.at, _by(entry, site), _what(entry)) for entry in entries]


def _by(entry: AuditEntry, site: SiteNames) -> str:
    return site.name_of(Party(entry.party)) if entry.party else say("act-of-the-forum")


def _what(entry: AuditEntry) -> str:
    return say(SENTENCES[entry.action], **{"version": "", "why": "", **entry.details})
