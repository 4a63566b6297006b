"""What a journey finds when it begins: a debate with a post, a panel that waits, somebody of the staff."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from forum.accounts import service as accounts
from forum.invitations.links import new_link
from forum.invitations.models import Invitation
from forum.invitations.service import invite_panel
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.panels import choosing
from forum.panels.models import Panel
from forum.panels.result_queries import find_result
from forum.panels.service import create_panel
from tests.support.browser import PASSWORD
from tests.support.cast import make_post, make_staff, make_tenant, make_thread
from tests.support.panels import PLAN, QUOTAS, make_debate, make_moderator

OTHERS_WORDS = "Bij ons op de derde is de lift al drie weken stuk, en niemand zegt wanneer hij het weer doet."
_names = count(1)


def new_name(name: str) -> str:
    """Return a name that nothing has: a journey that is walked once more meets what it left behind."""
    return f"{name} {next(_names)}"


def give_password(member_id: int) -> str:
    """Let a member sign in with the password that everybody has in tests; return their e-mail."""
    with unit_of_work():
        accounts.set_password(db.session.get_one(Member, member_id), PASSWORD, at=now())
    return str(db.session.get_one(Member, member_id).email)


def make_staff_email(role: Role, party: Party | None = None) -> str:
    """Return the e-mail of somebody with a role, who can sign in."""
    return give_password(make_staff(role, party).id)


def make_debate_of_yesterday() -> str:
    """Return the address of a debate that began yesterday, in which somebody else wrote."""
    thread = make_thread(opens_at=now() - timedelta(days=1))
    make_post(thread, make_tenant("Henk"), OTHERS_WORDS, at=now())
    return f"/onderwerpen/{thread.topic_id}"


def make_waiting_panel(title: str) -> Panel:
    """Return a panel of next month, whose members were chosen and await both parties."""
    at = now()
    meets = at + timedelta(days=30)
    ends_at, respond_by = meets + timedelta(hours=2), at + timedelta(days=14)
    plan = replace(PLAN, title=title, starts_at=meets, ends_at=ends_at, respond_by=respond_by)
    moderator = make_moderator()
    panel = create_panel(make_debate()[0], plan, QUOTAS, moderator, at=at)
    db.session.commit()
    choosing.commit_panel(panel, "zes cijfers", moderator, keys=choosing.PanelKeys.fresh(), at=at)
    choosing.reveal_and_select(panel, "314159", moderator, at=at)
    db.session.commit()
    return panel


def make_invitation_link(title: str) -> str:
    """Return the secret link of somebody who is invited to a panel that both parties confirmed."""
    panel = make_waiting_panel(title)
    for party in Party:
        result = find_result(panel)
        assert result is not None
        choosing.confirm_selection(panel, result["audit"]["result_sha256"], make_moderator(party), at=now())
    invite_panel(panel, at=now())
    link = new_link(db.session.query(Invitation).filter_by(panel_id=panel.id)[0], at=now())
    db.session.commit()
    return f"/uitnodiging/{link}"
