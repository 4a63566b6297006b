"""Steps of the demo year about other forms: a renovation panel that ended, a council with applications."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import func, select

from forum.demo.meeting_days import meeting_day
from forum.demo.moments import days_before, local_moment
from forum.demo.panel_steps import HOUR, Happening
from forum.demo.year import DemoYear
from forum.invitations.meeting_changes import tell_changes
from forum.invitations.queries import list_invitations
from forum.invitations.rules import AnswerSource, Rsvp
from forum.invitations.service import answer, invite_panel
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.database import db
from forum.meetings.minutes import say_why_none
from forum.meetings.service import AgendaRow, add_meeting, agenda_mark, plan_of, set_agenda
from forum.members.models import Household, Member
from forum.members.queries import get_member
from forum.panels import applying, guests, rating, surveys
from forum.panels.application_queries import list_applications, list_untold_applications
from forum.panels.application_rules import ApplicationSource
from forum.panels.applying import ApplicationText
from forum.panels.choosing import PanelKeys, commit_panel, confirm_selection, reveal_and_select
from forum.panels.conclusions import ClosedPoint, close_point
from forum.panels.ending import end_panel
from forum.panels.entries import load_dossier
from forum.panels.explaining import explain_dossier, keep_explained
from forum.panels.form_queries import get_form
from forum.panels.life_queries import list_chosen, list_guests
from forum.panels.life_rules import Agreement, GuestKind
from forum.panels.models import Panel
from forum.panels.result_queries import get_result
from forum.panels.rules import Area, FillingMode
from forum.panels.service import PanelPlan, create_panel
from forum.panels.surveys import LookingBack
from forum.texts.catalogue import say

SMALLEST_COMPLEX = 8
APPLICANTS = (6, 5, 3, 1)
"""How many tenants apply for each group of the council; the last group leaves a seat empty."""
ANSWERS = ((5, 4, 4), (4, 4, 5), (3, 4, 4), (5, 5, 4), (4, 3, 3), (4, 5, 5), (2, 4, 3))
"""How the first members of the renovation panel look back: heard, informed, satisfied with the result."""

GUESTS = {"anna": GuestKind.COMMITTEE, "bert": GuestKind.COMMITTEE, "cora": GuestKind.OBSERVER}


def plan_forms(year: DemoYear) -> Sequence[Happening]:
    """Return what happens around the renovation panel and the council."""
    return [*_Renovation(year).happenings(), *_Council(year).happenings()]


class _FormStory:
    """The steps of one panel of another form, each at its moment."""

    form = ""

    def __init__(self, year: DemoYear) -> None:
        self.year, self.rng = year, year.chance(f"panel of form {self.form}")
        self.moderator = year.officers[Role.MODERATOR, Party.TENANTS]
        self.panel_id = 0

    @property
    def panel(self) -> Panel:
        return db.session.get_one(Panel, self.panel_id)

    def _moment(self, days_ago: int, hour: int = 11) -> datetime:
        return local_moment(days_before(self.year.order.today, days_ago), hour)

    def _happening(self, days_ago: int, do: Callable[[datetime], None], hour: int = 11) -> Happening:
        at = self._moment(days_ago, hour)
        return Happening(at, partial(do, at))

    def _plan(self, *, meets: int, respond_by: int, mode: FillingMode, area: Area) -> PanelPlan:
        starts_at = local_moment(meeting_day(days_before(self.year.order.today, meets)), 19, 30)
        return PanelPlan(
            title=say(f"demo-panel-{self.form}"),
            mode=mode,
            seats=get_form(self.form).rules.seats,
            starts_at=starts_at,
            ends_at=starts_at + 2 * HOUR,
            place=say("demo-panel-place"),
            access=say("demo-panel-access"),
            respond_by=self._moment(respond_by, 23),
            area=area,
            form_key=self.form,
        )

    def _choose(self, at: datetime) -> None:
        """Fix the list, choose, and let both parties confirm and invite."""
        keys = PanelKeys(self.rng.randbytes(32).hex(), self.rng.randbytes(32).hex())
        commit_panel(self.panel, say("demo-public-source"), self.moderator, keys=keys, at=at)
        reveal_and_select(self.panel, "550471", self.moderator, at=at)
        for party in Party:
            shown = str(get_result(self.panel)["audit"]["result_sha256"])
            moderator = self.year.officers[Role.MODERATOR, party]
            confirm_selection(self.panel, shown, moderator, at=at)
        explained = explain_dossier(load_dossier(self.panel), go_on=lambda: True)
        keep_explained(self.panel, explained, at=at)
        invite_panel(self.panel, at=at)

    def _answer(self, at: datetime) -> None:
        """Let most of the invited say yes."""
        for invitation in list_invitations(self.panel):
            if self.rng.random() < 0.7 and invitation.member.email:
                answer(invitation, Rsvp.ACCEPTED, AnswerSource.LINK, VISITOR, at=at)

    def _close(self, key: str, agreement: Agreement, at: datetime) -> None:
        subject, agreed, tenants, landlord = say(f"demo-point-{key}").split("\n")[:4]
        point = ClosedPoint(subject, agreement, agreed, tenants, landlord, at.date(), f"demo-{key}")
        close_point(self.panel, point, self.moderator, at=at)


class _Renovation(_FormStory):
    """Everybody of a small complex talks about its renovation, until that is finished."""

    form = "renovatiepanel"

    def happenings(self) -> Sequence[Happening]:
        """Return the steps in their order."""
        agreed, apart = Agreement.AGREED, Agreement.APART
        return [
            self._happening(148, self._prepare),
            self._happening(146, self._choose),
            self._happening(142, self._answer),
            self._happening(118, partial(self._close, "doors", agreed)),
            self._happening(118, self._say_why_no_minutes),
            self._happening(90, partial(self._close, "dust", apart)),
            self._happening(12, self._end),
            *(self._happening(10 - place, partial(self._look_back, place)) for place in range(len(ANSWERS))),
        ]

    def _prepare(self, at: datetime) -> None:
        homes = (
            select(Household.complex_id)
            .join(Member, Member.household_id == Household.id)
            .where(Household.complex_id.is_not(None))
            .group_by(Household.complex_id)
            .having(func.count() >= SMALLEST_COMPLEX)
            .order_by(func.count(), Household.complex_id)
        )
        area = Area(complex_id=db.session.scalars(homes.limit(1)).one())
        plan = self._plan(meets=132, respond_by=136, mode=FillingMode.EVERYONE, area=area)
        self.panel_id = create_panel(None, plan, [], self.moderator, at=at).id

    def _say_why_no_minutes(self, at: datetime) -> None:
        say_why_none(self.panel.first_meeting, say("demo-renovation-no-minutes"), self.moderator, at=at)

    def _end(self, at: datetime) -> None:
        end_panel(self.panel, say("demo-renovation-end"), self.moderator, at=at)

    def _look_back(self, place: int, at: datetime) -> None:
        member_id = sorted(list_chosen(self.panel))[place]
        words = say("demo-renovation-words") if place == 0 else ""
        back = LookingBack(ANSWERS[place], words)
        surveys.answer_survey(self.panel, member_id, back, ApplicationSource.PHONE, self.moderator, at=at)


class _Council(_FormStory):
    """Tenants apply for seats of groups; outsiders rate them; the council meets all year."""

    form = "klantenraad"

    def happenings(self) -> Sequence[Happening]:
        """Return the steps in their order."""
        return [
            self._happening(84, self._prepare),
            self._happening(76, self._apply),
            self._happening(62, self._rate),
            self._happening(60, self._choose),
            self._happening(54, self._answer),
            self._happening(53, self._tell),
            self._happening(24, partial(self._close, "keys", Agreement.APART)),
            self._happening(20, self._plan_next),
        ]

    def _prepare(self, at: datetime) -> None:
        plan = self._plan(meets=32, respond_by=46, mode=FillingMode.APPLICATION, area=Area())
        period = (self._moment(82, 0), self._moment(66, 23))
        plan = replace(plan, applications=period)
        self.panel_id = create_panel(None, plan, [], self.moderator, at=at).id
        for key, kind in GUESTS.items():
            name, body = say(f"demo-guest-{key}").split(", ")
            token = self.rng.randbytes(32).hex()
            guests.invite_guest(self.panel, kind, name, body, self.moderator, token=token, at=at)

    def _apply(self, at: datetime) -> None:
        groups = [group.name for group in self.panel.form_rules.groups]
        wanted = [group for group, count in zip(groups, APPLICANTS, strict=True) for _ in range(count)]
        numbers = self.rng.sample(sorted(self.year.members), len(wanted))
        motivations = say("demo-motivations").strip().split("\n")
        for number, group in zip(numbers, wanted, strict=True):
            member = get_member(self.year.members[number])
            text = ApplicationText(group, self.rng.choice(motivations), self.rng.choice(motivations))
            source, actor = ApplicationSource.ACCOUNT, self.year.tenant(number)
            if not member.email:
                source, actor = ApplicationSource.LETTER, self.moderator
            applying.apply_for_seat(self.panel, member, text, source, actor, at=at)

    def _rate(self, at: datetime) -> None:
        criteria = len(self.panel.form_rules.criteria)
        for rater in list_guests(self.panel_id, GuestKind.COMMITTEE):
            for application in list_applications(self.panel_id):
                marks = [self.rng.randint(40, 95) for _ in range(criteria)]
                rating.rate(rater, application.id, marks, say("demo-rating"), at=at)

    def _plan_next(self, at: datetime) -> None:
        starts_at = local_moment(meeting_day(days_before(self.year.order.today, -52)), 19, 30)
        first = plan_of(self.panel.first_meeting)
        plan = replace(first, starts_at=starts_at, ends_at=starts_at + 2 * HOUR)
        meeting = add_meeting(self.panel, plan, self.moderator, at=at)
        points = [AgendaRow(None, title, None) for title in say("demo-council-agenda").strip().split("\n")]
        set_agenda(meeting, points, agenda_mark([]), self.moderator, at=at)
        for invitation in list_invitations(self.panel):
            if invitation.member.email:
                tell_changes(invitation, at=at)

    def _tell(self, at: datetime) -> None:
        for application_id in list_untold_applications():
            applying.tell_outcome(application_id, at=at)
