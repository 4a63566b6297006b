"""Steps of the demo year about panels: one has met, one is invited, one waits for both parties."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import update

from forum.demo.meeting_days import meeting_day
from forum.demo.moments import days_before, local_moment
from forum.demo.year import DemoYear
from forum.discussion.queries import get_thread
from forum.invitations.calling import record_call
from forum.invitations.channels import CallOutcome, Channel, PrintReason
from forum.invitations.letter_queries import count_waiting, list_batches, list_letters_in
from forum.invitations.letters import confirm_posted, make_batch, print_letters, record_return
from forum.invitations.models import Invitation
from forum.invitations.needs import keep_needs
from forum.invitations.queries import list_invitations
from forum.invitations.reaching import wish_channel
from forum.invitations.rules import AnswerSource, InvitationState, Needs, Rsvp, Travel
from forum.invitations.service import answer, invite_panel
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.database import db
from forum.mail.models import OutboxMessage, OutboxState
from forum.panels.burden_rules import DEFAULT_REST, NO_REST, RestRules
from forum.panels.choosing import PanelKeys, commit_panel, confirm_selection, reveal_and_select
from forum.panels.draw_rules import PublicKind
from forum.panels.entries import load_dossier
from forum.panels.explaining import explain_dossier, keep_explained
from forum.panels.models import Panel
from forum.panels.queries import get_panel, names_of_candidates, proposed_quotas
from forum.panels.result_queries import get_result
from forum.panels.rules import EVERYWHERE, Category, FillingMode
from forum.panels.service import PanelPlan, change_rest, create_panel, mark_held
from forum.panels.supply import count_supply
from forum.texts.catalogue import say

HOUR = timedelta(hours=1)
MEETING_LENGTH = 2 * HOUR
CATEGORIES = (Category.AGE, Category.DISTRICT)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A panel in days before today; below zero is still to come. Steps that are `None` were not taken.

    `meets` is the first day it can meet: a weekend or a holiday moves it on, by a few days at most. So it is
    with `meets_again`, for a second meeting.
    """

    topic: str
    public_value: str
    seats: int
    made: int
    respond_by: int
    meets: int
    starts_hour: int
    confirmed: int | None = None
    yes_share: float = 0.0
    mode: FillingMode = FillingMode.QUOTA_TOP
    is_coordinated: bool = False
    meets_again: int | None = None
    rest: RestRules = NO_REST


GATHERINGS: Sequence[Gathering] = (
    Gathering(
        "tuin-fietsenberging",
        "482913",
        12,
        made=91,
        confirmed=88,
        respond_by=40,
        meets=24,
        starts_hour=10,
        yes_share=1,
        mode=FillingMode.WEIGHTED_LOTTERY,
        meets_again=15,
    ),
    Gathering(
        "verduurzaming",
        "170358",
        10,
        made=33,
        confirmed=29,
        respond_by=-6,
        meets=-19,
        starts_hour=19,
        yes_share=0.6,
        is_coordinated=True,
    ),
    Gathering(
        "samenleven",
        "906241",
        10,
        made=6,
        respond_by=-20,
        meets=-34,
        starts_hour=19,
        rest=DEFAULT_REST,
    ),
)
DECLINING_SHARE = 0.25
NEEDS: Sequence[tuple[Needs, bool]] = (
    (Needs(wheelchair=True, travel=Travel.LIFT, other=say("demo-need-other")), False),
    (Needs(interpreter=say("demo-need-language"), companion=True), False),
    (Needs(), True),
    (Needs(hearing_loop=True), False),
)
"""What the first who come to a panel need, the last one first, and whether they want to be named."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that is done at a moment of the year, with everything before it already in the database."""

    at: datetime
    do: Callable[[], None]


def plan_panels(year: DemoYear) -> Sequence[Happening]:
    """Return what happens around the panels of the year, as far as each has come."""
    return [happening for gathering in GATHERINGS for happening in _Story(year, gathering).happenings()]


def settle_messages() -> None:
    """Mark what the year mailed as sent in its time: nothing leaves when somebody serves the year."""
    db.session.flush()
    db.session.execute(
        update(OutboxMessage).values(state=OutboxState.SENT, sent_at=OutboxMessage.due_at, details={})
    )


class _Story:
    """The steps of one panel, each at its moment."""

    def __init__(self, year: DemoYear, gathering: Gathering) -> None:
        self.year, self.gathering = year, gathering
        self.moderator = year.officers[Role.MODERATOR, Party.TENANTS]
        self.rng = year.chance(f"panel on {gathering.topic}")
        self.panel_id = 0
        self.answered: set[int] = set()
        self.needs = list(NEEDS)

    def happenings(self) -> Sequence[Happening]:
        """Return the steps in their order."""
        made, confirmed = self.gathering.made, self.gathering.confirmed
        story = [
            Happening(self._afternoon(made), self._prepare),
            Happening(self._afternoon(made - 1), self._select),
        ]
        if confirmed is None:
            return story
        story += [
            Happening(self._afternoon(confirmed) + hours * HOUR, partial(self._confirm, party))
            for hours, party in enumerate(Party)
        ]
        story.append(Happening(self._afternoon(confirmed) + 3 * HOUR, self._invite))
        last_day = max(2, self.gathering.respond_by)
        story += [
            Happening(self._afternoon(day) + 4 * HOUR, partial(self._answer, day))
            for day in range(confirmed - 2, last_day, -2)
        ]
        letters = [(confirmed - 1, 0, self._post_letters), (confirmed - 9, 0, self._take_letter_back)]
        letters += [(confirmed - 9, 1, self._call_in_vain)]
        story += [
            Happening(self._afternoon(day) + hours * HOUR, partial(do, self._afternoon(day) + hours * HOUR))
            for day, hours, do in letters
        ]
        if self.gathering.meets > 0:
            met = meeting_starts(self.year, self.gathering)[-1] + MEETING_LENGTH + HOUR
            story.append(Happening(met, partial(self._meet, met)))
        return story

    def _afternoon(self, days_ago: int) -> datetime:
        return local_moment(days_before(self.year.order.today, days_ago), 15)

    @property
    def panel(self) -> Panel:
        return get_panel(self.panel_id)

    def _prepare(self) -> None:
        at = self._afternoon(self.gathering.made)
        thread = get_thread(self.year.topics[self.gathering.topic])
        quotas = proposed_quotas(self.gathering.seats, CATEGORIES, EVERYWHERE, at=at)
        panel = create_panel(thread, _plan(self.year, self.gathering), quotas, self.moderator, at=at)
        self.panel_id = panel.id
        change_rest(panel, self.gathering.rest, self.moderator, at=at)
        self._make_room(panel, at)
        keys = PanelKeys(self.rng.randbytes(32).hex(), self.rng.randbytes(32).hex())
        commit_panel(
            panel,
            say("demo-public-source"),
            self.moderator,
            keys=keys,
            at=at,
            kind=PublicKind.SIX_DIGITS,
        )

    def _make_room(self, panel: Panel, at: datetime) -> None:
        """Let everybody take part where too few are left because others rest."""
        bounds = {(quota.category, quota.value): (quota.least, quota.most) for quota in panel.quotas}
        if count_supply(panel, at=at).stock.find_mix(bounds) is None:
            change_rest(panel, NO_REST, self.moderator, at=at)

    def _select(self) -> None:
        at = self._afternoon(self.gathering.made - 1)
        reveal_and_select(self.panel, self.gathering.public_value, self.moderator, at=at)

    def _confirm(self, party: Party) -> None:
        assert self.gathering.confirmed is not None, "told only of a panel that was confirmed"
        at = self._afternoon(self.gathering.confirmed) + list(Party).index(party) * HOUR
        shown = str(get_result(self.panel)["audit"]["result_sha256"])
        confirm_selection(self.panel, shown, self.year.officers[Role.MODERATOR, party], at=at)

    def _invite(self) -> None:
        assert self.gathering.confirmed is not None, "told only of a panel that was confirmed"
        at = self._afternoon(self.gathering.confirmed) + 3 * HOUR
        keep_explained(self.panel, explain_dossier(load_dossier(self.panel), go_on=lambda: True), at=at)
        by_letter = self._wish_letters(at) if self.gathering.meets < 0 else []
        for invitation in invite_panel(self.panel, at=at):
            if invitation.member_id in by_letter[:1]:  # their letter comes back
                self.answered.add(invitation.id)

    def _wish_letters(self, at: datetime) -> Sequence[int]:
        """Let two of the chosen ask for letters; return who."""
        pseudonyms = get_result(self.panel)["panel"][:2]
        names = names_of_candidates(self.panel, pseudonyms)
        chosen = [names[pseudonym] for pseudonym in pseudonyms]
        for member in chosen:
            wish_channel(member, Channel.LETTER, AnswerSource.ACCOUNT, member.as_actor(at), at=at)
        return [member.id for member in chosen]

    def _answer(self, day: int) -> None:
        """Let a few people answer; who is invited in a refill answers on a later day."""
        waiting = [
            row
            for row in list_invitations(self.panel)
            if row.id not in self.answered and row.state is InvitationState.OPEN and self._is_asked(row)
        ]
        for number, invitation in enumerate(waiting[:4]):
            self.answered.add(invitation.id)
            chance = self.rng.random()
            if chance > self.gathering.yes_share + DECLINING_SHARE:
                continue
            rsvp = Rsvp.DECLINED if chance < DECLINING_SHARE else Rsvp.ACCEPTED
            source, actor = AnswerSource.LINK, VISITOR
            if invitation.member.email is None:
                source, actor = AnswerSource.PHONE, self.moderator
            at = self._afternoon(day) + 4 * HOUR + timedelta(minutes=7 * number)
            answer(invitation, rsvp, source, actor, at=at)
            if rsvp is Rsvp.ACCEPTED and self.gathering.meets < 0 and self.needs:
                said, is_named = self.needs.pop()
                keep_needs(invitation, said, source, actor, is_named=is_named, at=at)

    def _post_letters(self, at: datetime) -> None:
        """Print and post the letters to who was invited and has no e-mail."""
        if count_waiting(self.panel):
            batch = make_batch(self.panel, self.moderator, at=at)
            print_letters(batch, None, PrintReason.TO_SEND, self.moderator, at=at)
            confirm_posted(batch, self.moderator, at=at)

    def _take_letter_back(self, at: datetime) -> None:
        """Let the first letter come back, if it had no answer yet."""
        batches = list_batches(self.panel)
        letters = list_letters_in(batches[0][0]) if batches else []
        for letter in letters[:1]:
            if letter.invitation.state is InvitationState.OPEN:
                record_return(letter, self.moderator, at=at)

    def _call_in_vain(self, at: datetime) -> None:
        """Phone who can be reached in no other way; nobody answers the phone, or not now."""
        for number, row in enumerate(list_invitations(self.panel)):
            if row.state is InvitationState.OPEN and row.channel is Channel.PHONE:
                for turn, outcome in enumerate((CallOutcome.NO_ANSWER, CallOutcome.CALL_BACK)):
                    moment = at + timedelta(days=turn, minutes=number)
                    record_call(row, outcome, say("demo-call-back"), self.moderator, at=moment)

    def _is_asked(self, invitation: Invitation) -> bool:
        """Tell whether somebody was asked by now; for what is to come, who has no e-mail waits for a call."""
        return invitation.member.email is not None or self.gathering.meets > 0

    def _meet(self, at: datetime) -> None:
        mark_held(self.panel, self.moderator, at=at)


def meeting_starts(year: DemoYear, gathering: Gathering) -> Sequence[datetime]:
    """Return when the meetings of a panel begin."""
    return [
        local_moment(meeting_day(days_before(year.order.today, days)), gathering.starts_hour, 30)
        for days in (gathering.meets, gathering.meets_again)
        if days is not None
    ]


def _plan(year: DemoYear, gathering: Gathering) -> PanelPlan:
    starts_at = meeting_starts(year, gathering)[0]
    return PanelPlan(
        title=say(f"demo-panel-{gathering.topic}"),
        mode=gathering.mode,
        seats=gathering.seats,
        starts_at=starts_at,
        ends_at=starts_at + MEETING_LENGTH,
        place=say("demo-panel-place"),
        access=say("demo-panel-access"),
        respond_by=local_moment(days_before(year.order.today, gathering.respond_by), 23, 59),
        coordinator_id=year.officers[Role.COORDINATOR, None].member_id if gathering.is_coordinated else None,
    )
