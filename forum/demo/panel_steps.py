"""Steps of the demo year about panels: one has met, one is invited, one waits for both parties."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import update

from forum.demo.moments import days_before, local_moment
from forum.demo.year import DemoYear
from forum.discussion.queries import get_thread
from forum.invitations.queries import list_invitations
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.invitations.service import answer, invite_panel
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.database import db
from forum.mail.models import OutboxMessage, OutboxState
from forum.panels.choosing import PanelKeys, commit_panel, confirm_selection, get_result, reveal_and_select
from forum.panels.models import Panel
from forum.panels.panel_page import proposed_quotas
from forum.panels.queries import get_panel
from forum.panels.rules import Category, FillingMode
from forum.panels.service import PanelPlan, create_panel, mark_held
from forum.texts.catalogue import say

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A panel in days before today; below zero is still to come. Steps that are `None` were not taken."""

    topic: str
    public_value: str
    seats: int
    made: int
    respond_by: int
    meets: int
    starts_hour: int
    confirmed: int | None = None
    yes_share: float = 0.0


GATHERINGS: Sequence[Gathering] = (
    Gathering(
        "tuin-fietsenberging",
        "482913",
        12,
        made=91,
        confirmed=88,
        respond_by=40,
        meets=15,
        starts_hour=10,
        yes_share=1,
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
    ),
    Gathering("samenleven", "906241", 10, made=6, respond_by=-20, meets=-34, starts_hour=19),
)
DECLINING_SHARE = 0.25


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
        if self.gathering.meets > 0:
            story.append(Happening(_plan(self.year, self.gathering).ends_at + HOUR, self._meet))
        return story

    def _afternoon(self, days_ago: int) -> datetime:
        return local_moment(days_before(self.year.order.today, days_ago), 15)

    @property
    def panel(self) -> Panel:
        return get_panel(self.panel_id)

    def _prepare(self) -> None:
        at = self._afternoon(self.gathering.made)
        thread = get_thread(self.year.topics[self.gathering.topic])
        quotas = proposed_quotas(self.gathering.seats, [Category.AGE, Category.DISTRICT], at.year)
        panel = create_panel(thread, _plan(self.year, self.gathering), quotas, self.moderator, at=at)
        self.panel_id = panel.id
        keys = PanelKeys(self.rng.randbytes(32).hex(), self.rng.randbytes(32).hex())
        commit_panel(panel, say("demo-public-source"), self.moderator, keys=keys, at=at)

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
        invite_panel(self.panel, at=self._afternoon(self.gathering.confirmed) + 3 * HOUR)

    def _answer(self, day: int) -> None:
        """Let a few people answer; who is invited in a refill answers on a later day."""
        waiting = [
            row
            for row in list_invitations(self.panel)
            if row.id not in self.answered and row.state is InvitationState.OPEN
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

    def _meet(self) -> None:
        mark_held(self.panel, self.moderator, at=_plan(self.year, self.gathering).ends_at + HOUR)


def _plan(year: DemoYear, gathering: Gathering) -> PanelPlan:
    day = days_before(year.order.today, gathering.meets)
    starts_at = local_moment(day, gathering.starts_hour, 30)
    return PanelPlan(
        title=say(f"demo-panel-{gathering.topic}"),
        mode=FillingMode.QUOTA_TOP,
        seats=gathering.seats,
        starts_at=starts_at,
        ends_at=starts_at + 2 * HOUR,
        place=say("demo-panel-place"),
        access=say("demo-panel-access"),
        respond_by=local_moment(days_before(year.order.today, gathering.respond_by), 23, 59),
    )
