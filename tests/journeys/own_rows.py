"""Whose the thing is that a route names: who may open it beside what its mark says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.web.test_route_matrix import CHANGING

ROLE_OF = {
    "owner": "tenant",
    "other tenant": "tenant",
    "delegate of the tenants": "delegate",
    "delegate of the landlord": "delegate",
    "moderator of the tenants": "moderator",
    "moderator of the landlord": "moderator",
    "its coordinator": "coordinator",
    "other coordinator": "coordinator",
    "admin": "admin",
}
"""Who calls, and the role of each. The owner is the tenant whom the thing is of."""

EVERYBODY = frozenset(ROLE_OF)
OWNER = frozenset({"owner"})
OTHER_COORDINATOR = "other coordinator"
PANEL = EVERYBODY - {OTHER_COORDINATOR}
READERS_OF_DRAFT = PANEL - {"other tenant", "admin"}
LANDLORD = frozenset({"delegate of the landlord", "moderator of the landlord"})
TENANTS = frozenset({"delegate of the tenants", "moderator of the tenants"})
MAKER = frozenset({"moderator of the tenants"})
OTHER_PARTY = frozenset({"moderator of the landlord"})


@dataclass(frozen=True)
class Row:
    """Whom a route is open to among those whom its mark lets in; `things` are what its address names.

    `readers` may read the page beside those; `shut` is how it answers all others.
    """

    open_to: frozenset[str]
    things: Mapping[str, str] = field(default_factory=dict)
    owner: str = "tenant"
    fields: Mapping[str, str] = field(default_factory=dict)
    readers: frozenset[str] = frozenset()
    shut: tuple[int, ...] = (403, 404)

    def is_open(self, who: str, method: str) -> bool:
        """Tell whether the thing is somebody's to read, or to change."""
        return who in self.open_to or (method not in CHANGING and who in self.readers)

    def shut_for(self, who: str) -> tuple[int, ...]:
        """Return how the route answers who may not use it; of other panels a coordinator knows nothing."""
        return (404,) if who == OTHER_COORDINATOR and self.open_to == PANEL else self.shut


def row(open_to: frozenset[str], owner: str = "tenant", **things: str) -> Row:
    return Row(open_to, things, owner)


THINGS = {
    "topic_id": "open",
    "panel_id": "confirmed_panel",
    "meeting_id": "coming_meeting",
    "post_id": "own_post",
    "invitation_id": "invitation",
    "poll_id": "poll",
    "slip_id": "slip",
    "recommendation_id": "draft_advice",
    "decision_id": "appealable",
    "appeal_id": "own_appeal",
    "member_id": "own_member",
    "remark_id": "remark",
    "point_id": "point",
    "batch_id": "batch",
    "letter_id": "letter",
    "citation_id": "citation",
    "notification_id": "notification",
    "view_id": "view",
    "guest_id": "guest",
    "action_id": "action",
    "case_id": "case",
    "document_id": "document",
    "year": "draft",
    "slug": "open_slug",
    "key": "picture",
    "size": "size",
    "token": "link",
    "code": "door",
}
"""What stands in the address of a route unless its row says otherwise, by the names of `WalkedDemo`."""

CONCEPT = {"meeting_id": "concept_meeting", "panel_id": "held_panel"}
DRAFT = {"meeting_id": "draft_meeting"}

ROWS: Mapping[str, Row] = {
    # links: whoever has it, signed in or not
    "accounts.activate_by_email": row(EVERYBODY, token="activation"),
    "accounts.choose_password": row(EVERYBODY, token="activation"),
    "attendance.enter_by_door": row(EVERYBODY),
    "attendance.show_door": row(EVERYBODY),
    "committee.list_applications": row(EVERYBODY, token="rater"),
    "committee.rate_application": row(EVERYBODY, token="rater", number="one"),
    "invitations.answer_invitation": row(EVERYBODY),
    "invitations.download_calendar": row(EVERYBODY),
    "invitations.show_invitation": row(EVERYBODY),
    "needs.tell_by_link": row(EVERYBODY, token="coming_link"),
    "notifications.ask_unsubscribe": row(EVERYBODY, token="unsubscribe"),
    "notifications.unsubscribe": row(EVERYBODY, token="unsubscribe"),
    "panel_life.look_on": row(EVERYBODY, token="observer"),
    # what a member wrote, got, decided or was asked
    "editing.edit_post": row(OWNER),
    "editing.withdraw_post": row(OWNER),
    "invitations.answer_own": row(OWNER),
    "moderation.make_appeal": row(OWNER),
    "needs.tell_own": row(OWNER),
    "notifications.open_one": row(OWNER),
    "own_panels.show_own_outcome": row(OWNER, panel_id="judged_panel"),
    "applying.withdraw": row(OWNER, "applicant", panel_id="council"),
    "panel_life.look_back": row(OWNER, "chosen", panel_id="ended_panel"),
    "minutes_answers.answer": row(OWNER, **CONCEPT),
    "moderation.flag_post": Row(EVERYBODY - OWNER, shut=(400,)),
    "queue.drop_view": row(MAKER),
    # of the landlord alone, and of all but the landlord
    "withdrawing.withdraw": row(PANEL - LANDLORD, recommendation_id="open_advice"),
    "answering.give_answer": row(LANDLORD, recommendation_id="open_advice"),
    "answering.report_work": row(LANDLORD, recommendation_id="promised_advice"),
    # an objection against the moderators of the tenants
    "queue.judge_appeal": Row(
        OTHER_PARTY, fields={"outcome": "upheld", "reason": "Dit is kritiek."}, readers=EVERYBODY
    ),
    # a panel, its meetings and its invitations: of coordinators only the one who runs it
    "attendance.add_walk_in": row(PANEL),
    "attendance.close_list": row(PANEL),
    "attendance.keep_list": row(PANEL),
    "attendance.keep_ticks": row(PANEL),
    "attendance.make_door_code": row(PANEL),
    "attendance.show_door_code": row(PANEL),
    "attendance.show_list": row(PANEL),
    "calling.prepare_call": row(PANEL),
    "calling.record_call": row(PANEL),
    "calling.show_list": row(PANEL),
    "calling.show_phones": row(PANEL),
    "calling.start_call": row(PANEL),
    "changes.note_phoned": row(PANEL),
    "drafting.cite": row(PANEL),
    "drafting.drop_citation": row(PANEL),
    "drafting.edit_draft": row(PANEL),
    "drafting.publish": row(PANEL, topic_id="advised"),
    "drafting.remove_draft": row(PANEL),
    "drafting.show_drafts": row(PANEL, topic_id="advised"),
    "drafting.write_draft": row(PANEL, topic_id="advised"),
    "invitation_letters.confirm_posted": row(PANEL),
    "invitation_letters.make_batch": row(PANEL),
    "invitation_letters.print_batch": row(PANEL),
    "invitation_letters.record_return": row(PANEL),
    "invitation_letters.show_batch": row(PANEL),
    "invitation_letters.show_letters": row(PANEL),
    "invitation_log.ask_again": row(PANEL),
    "invitation_log.send_post_again": row(PANEL),
    "invitation_log.show_log": row(PANEL),
    "invitation_log.withdraw_invitation": row(PANEL),
    "invitations.enter_answer": row(PANEL),
    "invitations.show_answers": row(PANEL),
    "meeting_papers.add_document": row(PANEL),
    "meeting_papers.download": row(READERS_OF_DRAFT, "coming"),
    "meeting_papers.list_documents": row(PANEL),
    "meeting_papers.remove_document": row(PANEL),
    "meeting_papers.set_agenda": row(PANEL),
    "meeting_papers.show_agenda": row(PANEL),
    "meetings.add_meeting": row(PANEL),
    "meetings.cancel_meeting": row(PANEL),
    "meetings.change_meeting": row(PANEL),
    "meetings.list_meetings": row(PANEL),
    "meetings.show_meeting": row(PANEL),
    "minutes.ask_to_send": row(PANEL, **DRAFT),
    "minutes.decide": row(PANEL),
    "minutes.lock": row(PANEL, **DRAFT),
    "minutes.return_to_work": row(PANEL),
    "minutes.say_why_none": row(PANEL),
    "minutes.send": row(PANEL, **DRAFT),
    "minutes.show_work": row(PANEL),
    "minutes.start": row(PANEL),
    "minutes.write": row(PANEL, **DRAFT),
    "minutes_answers.enter_answers": row(PANEL, meeting_id="concept_meeting"),
    "minutes_answers.show_minutes": row(READERS_OF_DRAFT, **CONCEPT),
    "minutes_letters.mark_posted": row(PANEL, meeting_id="concept_meeting"),
    "minutes_letters.print_letters": row(PANEL, meeting_id="concept_meeting"),
    "minutes_letters.return_to_work": row(PANEL, meeting_id="concept_meeting"),
    "needs.show_list": row(PANEL),
    "needs.tell_for_somebody": row(PANEL),
    "panel_life.close_point": row(PANEL, panel_id="living_council"),
    "panel_life.enter_look_back": row(PANEL, panel_id="ended_panel"),
    # of the forum: whomever the mark lets in
    "advice.download_dossier": row(EVERYBODY),
    "advice.download_letter": row(EVERYBODY, case_id="letter_case", number="letter_step"),
    "advice.show_case": row(EVERYBODY),
    "advice.show_dossier": row(EVERYBODY),
    "advice.take_step": row(EVERYBODY, path_name="path_name"),
    "advice_documents.add_document": row(EVERYBODY),
    "advice_documents.download": row(EVERYBODY, document_id="advice_document"),
    "advice_documents.list_documents": row(EVERYBODY),
    "advice_documents.remove_document": row(TENANTS, document_id="advice_document"),
    "panel_forms.change_form": row(EVERYBODY, key="form"),
    "panel_forms.retire_form": row(EVERYBODY, key="form"),
    "applying.apply": row(EVERYBODY, panel_id="council"),
    "applying.enter": row(EVERYBODY, panel_id="council"),
    "voices.remove_action": row(EVERYBODY, topic_id="action_topic"),
    "carrying.carry_topic": row(EVERYBODY, topic_id="closed"),
    **dict.fromkeys(
        (
            "activity.show_own_score",
            "activity.show_rules",
            "agenda.approve_topic",
            "agenda.decide_topic",
            "agenda.edit_topic",
            "agenda.give_view",
            "agenda.propose_topic",
            "agenda.rate_topic",
            "agenda.resume_topic",
            "agenda.return_to_topic",
            "agenda.set_period",
            "agenda.show_agenda",
            "agenda.show_topic",
            "agenda.show_versions",
            "agenda.sign_agenda",
            "agenda.start_agenda",
            "agenda.suggest_topic",
            "attendance.return_to_list",
            "calling.return_to_call",
            "resizing.resize_panel",
            "discussion.ask_stance",
            "discussion.enter_post",
            "discussion.find_post",
            "discussion.find_thread",
            "discussion.publish_agenda",
            "discussion.react",
            "discussion.reply",
            "editing.show_history",
            "discussion.show_replies",
            "discussion.show_thread",
            "discussion.take_stance",
            "discussion.write_post",
            "drafting.close_topic",
            "drafting.return_to_draft",
            "draws.download_record",
            "draws.show_draw",
            "draws.show_record",
            "draws.take_step",
            "following.follow_thread",
            "home.show_logbook",
            "invitation_letters.return_to_batch",
            "invitation_log.return_to_log",
            "invitations.download_panel_calendar",
            "invitations.show_panel",
            "mail.send_again",
            "mail.show_messages",
            "meetings.show_public",
            "minutes_answers.find_point",
            "needs.leave_list",
            "outcomes.show_logbook",
            "outcomes.print_year",
            "outcomes.show_year",
            "panel_life.end_guest",
            "panel_life.end_panel",
            "panel_life.invite_guest",
            "panels.change_plan",
            "panels.change_selection",
            "panels.confirm_selection",
            "panels.create_panel",
            "panels.download_dossier",
            "panels.mark_held",
            "panels.show_selection",
            "paper.download_sheet",
            "paper.enter_slip",
            "paper.find_by_code",
            "paper.list_slips",
            "paper.print_receipts",
            "paper.show_sheet",
            "paper.show_slip",
            "paper.withdraw_slip",
            "pictures.show_picture",
            "polls.cast_ballot",
            "polls.change_poll",
            "polls.close_poll",
            "polls.enter_ballot",
            "polls.make_poll",
            "polls.show_poll",
            "queue.decide_post",
            "queue.enter_appeal",
            "queue.show_decision",
            "reading.find_first_new",
            "reading.keep_post",
            "reading.mark_read",
            "reading.show_opinions",
            "renewals.renew_panel",
            "summary.edit_summary",
            "summary.show_versions",
            "trials.run_trial",
            "voices.download_table",
            "voices.note_action",
            "voices.show_radar",
            "wishes.choose_for_somebody",
            "workshop.change_quotas",
            "writing.show_preview",
            "writing.suggest_people",
        ),
        row(EVERYBODY),
    ),
}
"""Every route that names a thing. A new one gets a row, after somebody thought about whose the thing is."""
