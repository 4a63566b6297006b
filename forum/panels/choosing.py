"""Choosing the members of a panel: fix the list, draw the seed, select, confirm, change, refill."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from forum.activity.models import ScoreSnapshot
from forum.activity.service import freeze_scores
from forum.audit import service as audit
from forum.discussion.queries import get_thread
from forum.kernel.actor import Actor
from forum.kernel.clock import local_day
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden
from forum.members.queries import get_member
from forum.panels import policy
from forum.panels.candidates import (
    barred_now,
    remember_candidates,
)
from forum.panels.dossier import (
    Dossier,
    EntryKind,
    frozen_request,
    record_change,
    record_commitment,
    record_freeze,
    record_reveal,
    record_round,
    record_signature,
)
from forum.panels.dossier_record import Document
from forum.panels.draw_rules import PublicKind, announcement, read_public_value
from forum.panels.entries import (
    load_dossier,
    save_new_entries,
)
from forum.panels.errors import (
    AlreadyConfirmed,
    ChangeImpossible,
    DebateNotOver,
    ListChanged,
    NoCandidates,
    UnknownCandidate,
)
from forum.panels.freezing import (
    frozen_document,
    people_to_freeze,
    policy_document,
    seats_to_fill,
)
from forum.panels.models import Panel
from forum.panels.queries import list_candidate_members
from forum.panels.rating_queries import applicants_barred_now
from forum.panels.result_queries import (
    CHANGE_ASKED,
    asked_changes,
    find_result,
    has_panel,
    hash_of,
    signed_by,
)
from forum.panels.rules import (
    ACTIVITY_MODES,
    ChangeKind,
    ChangeReason,
    FillingMode,
    PanelState,
    is_confirmed,
)
from forum.panels.selection import Status, select_document
from forum.panels.selection_canonical import commit_to_secret
from forum.panels.service import lock_to_prepare
from forum.panels.supply import forget_supply


@dataclass(frozen=True, slots=True)
class PanelKeys:
    """The two secrets of a panel, 32 bytes in hex each; the caller draws them, like it reads the clock."""

    secret: str
    pseudonyms: str

    @classmethod
    def fresh(cls) -> "PanelKeys":
        """Draw new ones."""
        return cls(secrets.token_hex(32), secrets.token_hex(32))


def commit_panel(
    panel: Panel,
    public_source: str,
    actor: Actor,
    *,
    keys: PanelKeys,
    at: datetime,
    kind: PublicKind = PublicKind.OTHER,
    drawn_on: date | None = None,
) -> Dossier:
    """Fix rules and candidates, and publish their hash and that of a secret before the seed can be known.

    Args:
        panel: a draft.
        public_source: the value that will be used with the secret, which nobody knows yet.
        actor: a moderator.
        keys: drawn for this panel.
        at: the moment.
        kind: of the value; of any other kind it can be everything.
        drawn_on: the day of a lottery.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the list is fixed already.
        DebateNotOver: the scores of the topic can still change.
        NoCandidates: nobody can be chosen.
        RatingsMissing: the committee did not rate every application.
    """
    lock_to_prepare(panel, actor, PanelState.DRAFT)
    snapshot = _frozen_scores(panel, actor, at)
    people = people_to_freeze(panel, snapshot, at=at)
    if not people:
        raise NoCandidates
    panel.seats = seats_to_fill(panel, people)
    panel.secret, panel.pseudonym_key = keys.secret, keys.pseudonyms
    remember_candidates(panel, keys.pseudonyms, people)
    document = frozen_document(panel, people, keys.pseudonyms)
    frozen = record_freeze(Dossier(), document, reason=panel.changed_because, at=at)
    committed = record_commitment(
        frozen,
        secret_sha256=commit_to_secret(keys.secret),
        public_source=public_source,
        policy={**policy_document(panel, snapshot), **announcement(kind, drawn_on)},
        at=at,
    )
    save_new_entries(panel, Dossier(), committed)
    panel.state = PanelState.COMMITTED
    forget_supply(panel)
    audit.record(actor, "panel.committed", panel_id=panel.id, candidates=len(people), at=at)
    return committed


def _frozen_scores(panel: Panel, actor: Actor, at: datetime) -> ScoreSnapshot | None:
    """Return the scores a panel on activity is filled from; they are frozen when the debate is over."""
    if panel.mode not in ACTIVITY_MODES:
        return None
    thread = get_thread(panel.topic_id or 0)
    if at <= thread.closes_at:
        raise DebateNotOver(closes_at=thread.closes_at)
    snapshot = freeze_scores(thread, actor, at=at)
    lock(panel)
    return snapshot


def reveal_and_select(panel: Panel, public_value: str, actor: Actor, *, at: datetime) -> Document:
    """Make the seed from the secret and the public value, and select; this run counts, whatever comes of it.

    Returns the result as JSON holds it. With a panel it is proposed to both parties; without one the panel
    stays committed, and the moderator changes the plan as a new panel.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the list is not fixed, or the seed is known already.
        PublicValueNeeded: the value is empty, or of another kind than was announced.
        PublicValueTooEarly: the lottery was not drawn yet.
    """
    lock_to_prepare(panel, actor, PanelState.COMMITTED)
    before = load_dossier(panel)
    public_value = read_public_value(before.bodies(EntryKind.COMMITTED)[-1], public_value, local_day(at))
    assert panel.secret is not None, "a committed panel has its secret"
    revealed = record_reveal(before, secret_hex=panel.secret, public_value=public_value, at=at)
    save_new_entries(panel, before, revealed)
    audit.record(actor, "panel.revealed", panel_id=panel.id, public_value=public_value, at=at)
    result = _run_round(panel, fixed=(), excluded={}, actor=actor, at=at)
    panel.state = PanelState.PROPOSED if result["status"] == Status.OK else PanelState.INFEASIBLE
    return result


def _run_round(
    panel: Panel, *, fixed: Collection[str], excluded: Mapping[str, str], actor: Actor, at: datetime
) -> Document:
    """Select with the frozen candidates and the revealed seed, and add the round to the dossier."""
    before = load_dossier(panel)
    seed = before.bodies(EntryKind.REVEALED)[-1]["seed"]
    barred_at = applicants_barred_now if panel.mode is FillingMode.APPLICATION else barred_now
    barred = {**_barred_before(before), **barred_at(panel, at)}
    request = {
        **frozen_request(before),
        "seed": seed,
        "fixed": sorted(fixed),
        "excluded": {**{key: code for key, code in barred.items() if key not in fixed}, **excluded},
    }
    result = select_document(request).as_document()
    save_new_entries(panel, before, record_round(before, request, result, at=at))
    audit.record(
        actor,
        "panel.selected",
        panel_id=panel.id,
        status=result["status"],
        result_sha256=hash_of(result),
        at=at,
    )
    return result


def _barred_before(dossier: Dossier) -> Mapping[str, str]:
    """Return who was kept out of the round before: a rest or pause that ends later lets nobody in halfway."""
    rounds = dossier.bodies(EntryKind.ROUND)
    excluded = rounds[-1]["excluded"] if rounds else {}
    assert isinstance(excluded, dict), "this software wrote it"
    return excluded


def confirm_selection(panel: Panel, shown_sha256: str, actor: Actor, *, at: datetime) -> Panel:
    """Confirm the list for the actor's party, by name; with the second party's the panel can be invited.

    Raises:
        Forbidden: the actor may not, or the panel is not proposed.
        ListChanged: the list on the screen is not the one that stands now.
        AlreadyConfirmed: the party confirmed it before.
    """
    result = _lock_to_judge(panel, actor)
    if shown_sha256 != hash_of(result):
        raise ListChanged(panel_id=panel.id)
    signed = signed_by(panel)
    assert actor.party is not None, "the policy lets only people of a party through"
    if actor.party in signed:
        raise AlreadyConfirmed(panel_id=panel.id)
    name = get_member(actor.member_id or 0).display_name
    before = load_dossier(panel)
    after = record_signature(before, party=actor.party, name=name, result_sha256=shown_sha256, at=at)
    save_new_entries(panel, before, after)
    if is_confirmed(signed | {actor.party}):
        panel.state = PanelState.CONFIRMED
    audit.record(actor, "panel.confirmed", panel_id=panel.id, result_sha256=shown_sha256, at=at)
    return panel


def change_selection(
    panel: Panel,
    kind: ChangeKind,
    candidate: str,
    actor: Actor,
    *,
    why: ChangeReason,
    words: str,
    at: datetime,
) -> Document:
    """Take one person off the list or put one on it, for a reason, and solve again; confirmations drop.

    Raises:
        Forbidden: the actor may not, or the panel is not proposed.
        UnknownCandidate: nobody of that pseudonym is in the frozen list.
        ChangeImpossible: no panel keeps the quotas then.
    """
    _lock_to_judge(panel, actor)
    before = load_dossier(panel)
    if candidate not in {key for key, _ in list_candidate_members(panel)}:
        raise UnknownCandidate(candidate=candidate)
    after = record_change(
        before, kind=kind, candidate_id=candidate, reason_code=why, party=actor.party or "", at=at
    )
    save_new_entries(panel, before, after)
    audit.record(
        actor,
        CHANGE_ASKED,
        panel_id=panel.id,
        candidate=candidate,
        kind=kind,
        why=why,
        words=words,
        at=at,
    )
    removed, added = asked_changes(panel)
    result = _run_round(panel, fixed=added, excluded=removed, actor=actor, at=at)
    if not has_panel(result):
        raise ChangeImpossible(panel_id=panel.id)
    return result


def refill_panel(
    panel: Panel, *, sitting: Collection[str], left: Mapping[str, str], actor: Actor, at: datetime
) -> Document:
    """Solve again with who accepted or may still answer fixed, and who declined out; quotas are kept.

    Both parties confirmed the rules, so a refill needs no new signatures. Nobody who sits is ever removed.

    Args:
        panel: a confirmed one, locked by the caller.
        sitting: pseudonyms of members who accepted or may still answer.
        left: pseudonym to reason code (declined, no_answer, withdrew) of members who will not come.
        actor: the system, or who asked for it.
        at: the moment.
    """
    removed, _ = asked_changes(panel)
    return _run_round(panel, fixed=sitting, excluded={**removed, **left}, actor=actor, at=at)


def _lock_to_judge(panel: Panel, actor: Actor) -> Document:
    lock(panel)
    result = find_result(panel)
    if not policy.can_judge_selection(actor, panel.state) or result is None:
        raise Forbidden(action="judge-selection", panel_id=panel.id)
    return result
