"""The log of one invitation, in order of time, and what staff can do to reach the person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.invitations import policy
from forum.invitations.channels import (
    ANSWERED,
    Channel,
    LetterState,
    LetterStep,
    StepKind,
    WithdrawReason,
    letter_after,
)
from forum.invitations.letter_forms import AgainForm, WithdrawForm
from forum.invitations.log_queries import list_letters, list_mails, list_steps
from forum.invitations.models import Invitation, InvitationStep
from forum.invitations.queries import get_invitation
from forum.invitations.reaching import let_post_go, reach_of_one
from forum.invitations.ways import invite_again
from forum.invitations.withdrawing import withdraw
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.mail.queries import find_unreachable
from forum.members.models import Member, MemberState
from forum.texts.catalogue import has_text, say
from forum.web.access import current_actor, staff_only
from forum.web.languages import quoted
from forum.web.times import show_day

invitation_log_pages = Blueprint(
    "invitation_log", __name__, url_prefix="/panels/<int:panel_id>/uitnodigingen"
)

Line = Mapping[str, str | datetime]


@invitation_log_pages.get("/<int:invitation_id>")
@staff_only(Role.MODERATOR, Role.DELEGATE, Role.COORDINATOR)
def show_log(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """Show every mail, letter, call and answer of an invitation."""
    invitation = _invitation(panel_id, invitation_id)
    return _log_page(invitation, AgainForm(formdata=None), WithdrawForm(formdata=None)), 200


def _log_page(invitation: Invitation, again: AgainForm, ending: WithdrawForm) -> str:
    may_act = policy.can_enter_answers(current_actor(), invitation.panel.coordinator_id)
    reach, lines = reach_of_one(invitation.member), log_lines(invitation)
    again.turn.data = len(lines)
    again.channel.choices = [(way.value, say(f"again-{way}")) for way in Channel if reach.has(way)]
    returnable = [
        letter for letter in list_letters(invitation) if letter.household_id and _can_return(letter.state)
    ]
    return render_template(
        "invitations/log.html",
        invitation=invitation,
        panel=invitation.panel,
        lines=lines,
        again=again,
        ending=ending,
        may_act=may_act,
        may_wish=_may_wish(invitation.member),
        may_ask=may_act and invitation.awaits_answer,
        may_end=may_act and invitation.holds_seat,
        returnable=returnable if may_act else [],
        mail_returns=find_unreachable(invitation.member.email or "") is not None,
        post_returns=reach.has_home and not reach.by_post,
    )


def _may_wish(member: Member) -> bool:
    """Tell whether the actor may write down how somebody who is still here wants to be invited."""
    is_here = member.number is not None and member.state is MemberState.ACTIVE
    return is_here and policy.can_wish_channel(current_actor(), member.id)


def _can_return(state: LetterState) -> bool:
    return letter_after(state, LetterStep.RETURN) is not None


def log_lines(invitation: Invitation) -> Sequence[Line]:
    """Return what was done to reach somebody, oldest first, as the page tells it."""
    lines: list[Line] = [
        {
            "at": step.at,
            "what": _in_words(step),
            "outcome": "",
            "by": _by(step, invitation),
        }
        for step in list_steps(invitation)
    ]
    lines += [  # after the steps: of one moment the answer comes before the mail about it
        {
            "at": mail.sent_at or mail.queued_at,
            "what": _name_of(mail.template),
            "outcome": say(f"mail-{mail.state}"),
            "by": "",
        }
        for mail in list_mails(invitation)
    ]
    return sorted(lines, key=lambda line: str(line["at"]))


def _in_words(step: InvitationStep) -> str:
    note = quoted(step.note)
    if step.kind is StepKind.NOT_THAT_DAY:
        note = show_day(date.fromisoformat(step.note))
    elif step.kind in ANSWERED:
        note = say(f"answer-{step.note}") if step.note else ""
    is_via = step.kind in (StepKind.ACCEPTED, StepKind.DECLINED) and note
    return say(
        f"step-{step.kind}-via" if is_via else f"step-{step.kind}", number=step.letter_id or "", note=note
    )


def _by(step: InvitationStep, invitation: Invitation) -> str:
    """Return who did something: staff, or the invited person who answered; nobody for the forum itself."""
    if step.by is None and step.kind in ANSWERED:
        return invitation.member.display_name
    return step.by.display_name if step.by else ""


def _name_of(template: str) -> str:
    name = template.partition("/")[2].replace("_", "-")
    return say(f"log-{name}") if has_text(f"log-{name}") else say("log-other")


@invitation_log_pages.post("/<int:invitation_id>/opnieuw")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def ask_again(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """Ask somebody again, or in another way."""
    invitation, form = _invitation(panel_id, invitation_id), AgainForm()
    if not form.validate():
        return _log_page(invitation, form, WithdrawForm(formdata=None)), 422
    channel = Channel(form.channel.data)
    with unit_of_work():
        invite_again(
            get_invitation(invitation_id), channel, current_actor(), turn=form.turn.data or 0, at=now()
        )
    flash(say(f"asked-{channel}"))
    return _to_log(panel_id, invitation_id)


@invitation_log_pages.post("/<int:invitation_id>/intrekken")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def withdraw_invitation(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """End an invitation with a reason."""
    invitation, form = _invitation(panel_id, invitation_id), WithdrawForm()
    if not form.validate():
        return _log_page(invitation, AgainForm(formdata=None), form), 422
    with unit_of_work():
        must_phone = withdraw(
            get_invitation(invitation_id), WithdrawReason(form.reason.data), current_actor(), at=now()
        )
    flash(say("invitation-withdrawn-kept"))
    if must_phone:
        flash(say("withdrawn-must-phone"), "error")
    return _to_log(panel_id, invitation_id)


@invitation_log_pages.post("/<int:invitation_id>/adres-klopt")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def send_post_again(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """Let post go to the home of somebody again."""
    _invitation(panel_id, invitation_id)
    with unit_of_work():
        let_post_go(get_invitation(invitation_id), current_actor(), at=now())
    flash(say("home-let-go"))
    return _to_log(panel_id, invitation_id)


@invitation_log_pages.get("/<int:invitation_id>/opnieuw")
@invitation_log_pages.get("/<int:invitation_id>/intrekken")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def return_to_log(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """Lead who opens the address of a form back to the log."""
    return _to_log(panel_id, invitation_id)


def _to_log(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    return redirect(url_for("invitation_log.show_log", panel_id=panel_id, invitation_id=invitation_id))


def _invitation(panel_id: int, invitation_id: int) -> Invitation:
    """Return an invitation of a panel of which the actor may see the answers.

    Raises:
        NotFound: there is none, or a coordinator does not run the panel.
    """
    invitation = get_invitation(invitation_id)
    panel = invitation.panel
    if panel.id != panel_id or not policy.can_see_answers(current_actor(), panel.coordinator_id):
        raise NotFound(invitation_id=invitation_id)
    return invitation
