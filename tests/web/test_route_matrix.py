"""Every route for every role: what the mark of a page promises is what the application does."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, url_for
from sqlalchemy import text
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from forum.agenda.models import Agenda
from forum.app import create_app
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import Base, db
from forum.members.models import Member
from forum.web.access import access_of
from forum.web.links import slug
from tests.conftest import make_settings
from tests.support.browser import Browser
from tests.support.cast import make_delegate, make_post, make_site, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries

PUBLIC, TOKEN, READERS, MEMBERS = "public", "token", "readers", "members"
STAFF = "staff:admin,coordinator,delegate,moderator"
ADMIN, DELEGATE, MODERATOR = "staff:admin", "staff:delegate", "staff:moderator"
VOICES = "staff:delegate,moderator"
RUNNERS, RUNNERS_AND_VOICES = "staff:coordinator,moderator", "staff:coordinator,delegate,moderator"
POST = "staff:admin,moderator"

MARKS: Mapping[str, str] = {
    "accounts.activate_by_email": TOKEN,
    "accounts.activate_by_letter": PUBLIC,
    "accounts.ask_activation": PUBLIC,
    "accounts.ask_code": PUBLIC,
    "accounts.ask_sign_out": MEMBERS,
    "accounts.check_code": PUBLIC,
    "accounts.choose_password": TOKEN,
    "accounts.do_sign_in": PUBLIC,
    "accounts.request_activation": PUBLIC,
    "accounts.return_to_code": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": PUBLIC,
    "activity.allow_scoring": MEMBERS,
    "activity.object_to_scoring": MEMBERS,
    "activity.show_own_score": MEMBERS,
    "activity.show_rules": READERS,
    "admin.add_staff": ADMIN,
    "admin.change_site": ADMIN,
    "admin.grant_role": ADMIN,
    "admin.grant_tenant_role": ADMIN,
    "admin.make_code": ADMIN,
    "admin.overview": STAFF,
    "admin.return_to_roles": ADMIN,
    "admin.revoke_role": ADMIN,
    "admin.show_roles": ADMIN,
    "advice.download_dossier": DELEGATE,
    "advice.download_letter": DELEGATE,
    "advice.list_cases": DELEGATE,
    "advice.show_case": DELEGATE,
    "advice.show_dossier": DELEGATE,
    "advice.start_case": DELEGATE,
    "advice.take_step": DELEGATE,
    "advice_documents.add_document": DELEGATE,
    "advice_documents.download": DELEGATE,
    "advice_documents.list_documents": DELEGATE,
    "advice_documents.remove_document": DELEGATE,
    "agenda.approve_topic": DELEGATE,
    "agenda.decide_topic": DELEGATE,
    "agenda.edit_topic": DELEGATE,
    "agenda.give_view": DELEGATE,
    "agenda.propose_topic": DELEGATE,
    "agenda.rate_topic": DELEGATE,
    "agenda.resume_topic": DELEGATE,
    "agenda.return_to_topic": READERS,
    "agenda.set_period": DELEGATE,
    "agenda.show_agenda": READERS,
    "agenda.show_current": READERS,
    "agenda.show_topic": READERS,
    "agenda.show_versions": READERS,
    "agenda.sign_agenda": DELEGATE,
    "agenda.start_agenda": DELEGATE,
    "agenda.suggest_topic": MEMBERS,
    "carrying.carry_topic": DELEGATE,
    "discussion.ask_stance": MEMBERS,
    "editing.edit_post": MEMBERS,
    "discussion.enter_post": VOICES,
    "discussion.find_post": READERS,
    "discussion.find_thread": READERS,
    "discussion.publish_agenda": DELEGATE,
    "discussion.react": MEMBERS,
    "discussion.reply": MEMBERS,
    "editing.show_history": READERS,
    "discussion.show_replies": READERS,
    "discussion.show_thread": READERS,
    "discussion.take_stance": MEMBERS,
    "editing.withdraw_post": MEMBERS,
    "discussion.write_post": MEMBERS,
    "figures.show_figures": PUBLIC,
    "following.follow_thread": MEMBERS,
    "home.accessibility": PUBLIC,
    "home.front": READERS,
    "home.healthz": PUBLIC,
    "home.house_rules": PUBLIC,
    "home.privacy": PUBLIC,
    "home.show_logbook": READERS,
    "mail.send_again": POST,
    "mail.show_messages": POST,
    "mail.show_unreachable": POST,
    "metrics.show_metrics": TOKEN,
    "mine.change_password": MEMBERS,
    "mine.let_go": MEMBERS,
    "mine.overview": MEMBERS,
    "mine.rename": MEMBERS,
    "mine.show_kept": MEMBERS,
    "mine.sign_out_elsewhere": MEMBERS,
    "notifications.ask_unsubscribe": TOKEN,
    "notifications.choose": MEMBERS,
    "notifications.list_own": MEMBERS,
    "notifications.open_one": MEMBERS,
    "notifications.read_all": MEMBERS,
    "notifications.unsubscribe": TOKEN,
    "reading.find_first_new": MEMBERS,
    "reading.keep_post": MEMBERS,
    "reading.mark_read": MEMBERS,
    "reading.show_opinions": READERS,
    "languages.choose": PUBLIC,
    "languages.do_choose": PUBLIC,
    "letters.print_letters": ADMIN,
    "letters.show": ADMIN,
    "register.confirm": ADMIN,
    "register.return_to_upload": ADMIN,
    "register.show": ADMIN,
    "register.throw_away": ADMIN,
    "register.upload": ADMIN,
    "resizing.resize_panel": MODERATOR,
    "attendance.add_walk_in": RUNNERS,
    "attendance.ask_code": PUBLIC,
    "attendance.close_list": RUNNERS,
    "attendance.enter_by_door": TOKEN,
    "attendance.keep_list": RUNNERS,
    "attendance.keep_ticks": RUNNERS,
    "attendance.make_door_code": RUNNERS,
    "attendance.return_to_list": RUNNERS,
    "attendance.show_door": TOKEN,
    "attendance.show_door_code": RUNNERS,
    "attendance.show_list": RUNNERS_AND_VOICES,
    "meeting_papers.add_document": RUNNERS,
    "meeting_papers.download": MEMBERS,
    "meeting_papers.list_documents": RUNNERS_AND_VOICES,
    "meeting_papers.remove_document": RUNNERS,
    "meeting_papers.set_agenda": RUNNERS,
    "meeting_papers.show_agenda": RUNNERS,
    "meetings.add_meeting": RUNNERS,
    "meetings.cancel_meeting": RUNNERS,
    "meetings.change_meeting": RUNNERS,
    "meetings.list_meetings": RUNNERS_AND_VOICES,
    "meetings.show_meeting": RUNNERS_AND_VOICES,
    "meetings.show_public": READERS,
    "minutes.ask_to_send": RUNNERS,
    "minutes.decide": RUNNERS,
    "minutes.lock": RUNNERS,
    "minutes.return_to_work": RUNNERS,
    "minutes.say_why_none": RUNNERS,
    "minutes.send": RUNNERS,
    "minutes.show_work": RUNNERS,
    "minutes.start": RUNNERS,
    "minutes.write": RUNNERS,
    "minutes_answers.answer": MEMBERS,
    "minutes_answers.enter_answers": RUNNERS,
    "minutes_answers.find_point": READERS,
    "minutes_answers.show_minutes": READERS,
    "minutes_letters.mark_posted": RUNNERS,
    "minutes_letters.print_letters": RUNNERS,
    "minutes_letters.return_to_work": RUNNERS,
    "calling.prepare_call": RUNNERS,
    "calling.record_call": RUNNERS,
    "calling.return_to_call": RUNNERS,
    "calling.show_list": RUNNERS,
    "calling.show_phones": RUNNERS,
    "calling.start_call": RUNNERS,
    "invitation_letters.confirm_posted": RUNNERS,
    "invitation_letters.make_batch": RUNNERS,
    "invitation_letters.print_batch": RUNNERS,
    "invitation_letters.record_return": RUNNERS,
    "invitation_letters.return_to_batch": RUNNERS,
    "invitation_letters.show_batch": RUNNERS,
    "invitation_letters.show_letters": RUNNERS,
    "invitation_log.ask_again": RUNNERS,
    "invitation_log.return_to_log": RUNNERS,
    "invitation_log.send_post_again": RUNNERS,
    "invitation_log.show_log": RUNNERS_AND_VOICES,
    "invitation_log.withdraw_invitation": RUNNERS,
    "changes.note_phoned": RUNNERS,
    "needs.leave_list": RUNNERS,
    "needs.show_list": RUNNERS,
    "needs.tell_by_link": TOKEN,
    "needs.tell_for_somebody": RUNNERS,
    "needs.tell_own": MEMBERS,
    "wishes.choose_channel": MEMBERS,
    "wishes.choose_for_somebody": POST,
    "invitations.answer_invitation": TOKEN,
    "invitations.answer_own": MEMBERS,
    "invitations.download_calendar": TOKEN,
    "invitations.download_panel_calendar": MEMBERS,
    "invitations.enter_answer": RUNNERS,
    "invitations.show_answers": RUNNERS_AND_VOICES,
    "invitations.show_invitation": TOKEN,
    "invitations.show_panel": READERS,
    "looking.mark_seen": MODERATOR,
    "looking.show_first_posts": VOICES,
    "looking.show_list": MODERATOR,
    "moderation.flag_post": MEMBERS,
    "moderation.make_appeal": MEMBERS,
    "moderation.own_decisions": MEMBERS,
    "moderation.own_flags": MEMBERS,
    "paper.download_sheet": MEMBERS,
    "paper.enter_slip": VOICES,
    "paper.find_by_code": READERS,
    "paper.list_slips": VOICES,
    "paper.print_receipts": VOICES,
    "paper.show_sheet": READERS,
    "paper.show_slip": VOICES,
    "paper.withdraw_slip": VOICES,
    "own_panels.show_own_outcome": MEMBERS,
    "renewals.renew_panel": MODERATOR,
    "trials.run_trial": MODERATOR,
    "applying.apply": MEMBERS,
    "applying.enter": MODERATOR,
    "applying.withdraw": MEMBERS,
    "committee.list_applications": TOKEN,
    "committee.rate_application": TOKEN,
    "panel_life.close_point": RUNNERS,
    "panel_life.end_guest": MODERATOR,
    "panel_life.end_panel": MODERATOR,
    "panel_life.enter_look_back": RUNNERS,
    "panel_life.invite_guest": MODERATOR,
    "panel_life.look_back": MEMBERS,
    "panel_life.look_on": TOKEN,
    "panel_forms.add_form": ADMIN,
    "panel_forms.change_form": ADMIN,
    "panel_forms.list_forms": ADMIN,
    "panel_forms.retire_form": ADMIN,
    "panels.change_plan": MODERATOR,
    "workshop.change_quotas": MODERATOR,
    "panels.change_selection": VOICES,
    "panels.choose_form": MODERATOR,
    "draws.download_record": PUBLIC,
    "draws.show_draw": PUBLIC,
    "draws.show_record": PUBLIC,
    "draws.take_step": MODERATOR,
    "panels.confirm_selection": VOICES,
    "panels.create_panel": MODERATOR,
    "panels.download_dossier": VOICES,
    "panels.list_all": RUNNERS_AND_VOICES,
    "panels.mark_held": MODERATOR,
    "panels.show_selection": VOICES,
    "phone.show_manifest": PUBLIC,
    "phone.show_offline": PUBLIC,
    "phone.show_service_worker": PUBLIC,
    "polls.cast_ballot": MEMBERS,
    "polls.change_poll": MODERATOR,
    "polls.close_poll": MODERATOR,
    "polls.enter_ballot": VOICES,
    "polls.make_poll": MODERATOR,
    "polls.show_poll": READERS,
    "queue.decide_many": MODERATOR,
    "queue.decide_post": MODERATOR,
    "queue.drop_view": MODERATOR,
    "queue.enter_appeal": MODERATOR,
    "queue.judge_appeal": MODERATOR,
    "queue.list_appeals": MODERATOR,
    "queue.list_decisions": MODERATOR,
    "queue.return_to_queue": MODERATOR,
    "queue.save_view": MODERATOR,
    "queue.show_decision": MODERATOR,
    "queue.show_queue": MODERATOR,
    "search.search": READERS,
    "pictures.show_picture": READERS,
    "voices.download_table": VOICES,
    "voices.note_action": VOICES,
    "voices.remove_action": VOICES,
    "voices.show_radar": VOICES,
    "writing.show_preview": MEMBERS,
    "writing.suggest_people": MEMBERS,
    "answer_letters.mark_posted": MODERATOR,
    "answer_letters.print_letters": MODERATOR,
    "answer_letters.return_to_letters": MODERATOR,
    "answer_letters.show": MODERATOR,
    "answering.give_answer": VOICES,
    "answering.report_work": VOICES,
    "answering.show_waiting": VOICES,
    "drafting.cite": RUNNERS_AND_VOICES,
    "drafting.close_topic": VOICES,
    "drafting.drop_citation": RUNNERS_AND_VOICES,
    "drafting.edit_draft": RUNNERS_AND_VOICES,
    "drafting.publish": RUNNERS_AND_VOICES,
    "drafting.remove_draft": RUNNERS_AND_VOICES,
    "drafting.return_to_draft": RUNNERS_AND_VOICES,
    "drafting.show_drafts": RUNNERS_AND_VOICES,
    "drafting.write_draft": RUNNERS_AND_VOICES,
    "outcomes.print_year": READERS,
    "outcomes.show_logbook": READERS,
    "outcomes.show_year": READERS,
    "withdrawing.withdraw": RUNNERS_AND_VOICES,
    "summary.edit_summary": VOICES,
    "summary.show_versions": READERS,
}
"""Who may open what. A new route gets a row here, after somebody thought about who may open it."""

MAKERS: Mapping[str, Callable[[], Member] | None] = {
    "visitor": None,
    "tenant": make_tenant,
    "delegate of the tenants": lambda: make_delegate(Party.TENANTS),
    "delegate of the landlord": lambda: make_delegate(Party.LANDLORD),
    "moderator": lambda: make_staff(Role.MODERATOR, Party.TENANTS),
    "coordinator": lambda: make_staff(Role.COORDINATOR),
    "admin": lambda: make_staff(Role.ADMIN),
}
ROLE_OF = {"delegate of the tenants": "delegate", "delegate of the landlord": "delegate"}
NOWHERE = 987_654_321
COOKIE = "huurdersforum"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
_addresses = count(1)
"""Each caller has an address of their own: the limit of requests must not answer in the place of the gate."""


@dataclass
class Caller:
    """Somebody whose requests all start from the same cookie, whatever the ones before did to it."""

    app: Flask
    name: str
    cookie: str
    token: str
    address: str

    def ask(
        self, method: str, path: str, *, with_token: bool = True, typed: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send one request; what changes carries the token of the forms, unless told otherwise."""
        client = self.app.test_client()
        if self.cookie:
            client.set_cookie(COOKIE, self.cookie)
        fields = {"csrf_token": self.token, **(typed or {})} if with_token and method in CHANGING else None
        with self.app.app_context():  # of its own: the one around the test would share `g` between requests
            return client.open(path, method=method, data=fields, environ_base={"REMOTE_ADDR": self.address})


def make_caller(app: Flask, name: str, member: Member | None = None) -> Caller:
    """Return a caller with a role, signed in through the page."""
    browser, maker = Browser(app), MAKERS[name]
    if maker is not None:
        someone = member or maker()
        with app.app_context():
            browser.sign_in(someone)
    with app.app_context():
        page = browser.client.get("/uitloggen" if maker else "/inloggen").get_data(as_text=True)
    field = BeautifulSoup(page, "html.parser").find("input", attrs={"name": "csrf_token"})
    cookie = browser.client.get_cookie(COOKIE)
    assert isinstance(field, Tag)
    assert cookie is not None
    return Caller(app, name, cookie.value, str(field["value"]), f"10.0.0.{next(_addresses)}")


def is_promised(mark: str, role: str, *, public_reading: bool = False) -> bool:
    """Tell whether a mark opens its page for a role; written anew here, not asked from the application."""
    if mark in (PUBLIC, TOKEN) or (mark == READERS and public_reading):
        return True
    if role == "visitor":
        return False
    return mark in (READERS, MEMBERS) or ROLE_OF.get(role, role) in mark.removeprefix("staff:").split(",")


def routes_of(app: Flask) -> list[Rule]:
    """Return every route but the static files; the one that ends the sign-in stands last."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(rules, key=lambda rule: (rule.endpoint == "accounts.sign_out", rule.rule, rule.endpoint))


def path_of(app: Flask, rule: Rule, values: Mapping[str, object] | None = None) -> str:
    """Return an address for a route, with things that are not there where no values are given."""
    chosen: dict[str, Any] = {
        name: (values or {}).get(name, NOWHERE if isinstance(converter, IntegerConverter) else "bestaat-niet")
        for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return url_for(rule.endpoint, **chosen)


def methods_of(rule: Rule, wanted: set[str]) -> list[str]:
    """Return those of the wanted methods that a route has."""
    return sorted((rule.methods or set()) & wanted)


def asked(caller: Caller, wanted: set[str]) -> Iterator[tuple[Rule, str, TestResponse | str]]:
    """Yield the answer, or the crash in words, of each route and method."""
    for rule in routes_of(caller.app):
        for method in methods_of(rule, wanted):
            yield rule, f"{method} {rule.rule}", answer_to(caller, method, path_of(caller.app, rule))


def answer_to(caller: Caller, method: str, path: str) -> TestResponse | str:
    """Return the answer, or the crash in words."""
    try:
        return caller.ask(method, path)
    except Exception as error:  # noqa: BLE001 - the matrix reports every crash, not only the first
        return f"crash: {type(error).__name__}: {error}"


def outcome(answer: TestResponse | str) -> str:
    """Return what the gate did: `sign in`, `shut` or `open`; or how the page failed."""
    if isinstance(answer, str):
        return answer
    if answer.status_code == 429 or answer.status_code >= 500:
        return f"failed with {answer.status_code}"
    if answer.status_code in (301, 302, 303, 307, 308) and answer.headers["Location"].startswith("/inloggen"):
        return "sign in"
    if answer.status_code == 401:
        return "sign in"
    return "shut" if answer.status_code == 403 else "open"


def test_every_route_has_a_row_with_its_mark(database: Flask) -> None:
    found = {}
    for rule in routes_of(database):
        access = access_of(database, rule.endpoint)
        found[rule.endpoint] = access.name if access else "no mark"

    assert found == dict(MARKS)


@pytest.mark.parametrize("role", MAKERS)
def test_a_mark_keeps_its_promise(database: Flask, role: str) -> None:
    make_site()
    caller = make_caller(database, role)
    refusal = "sign in" if role == "visitor" else "shut"

    broken = []
    for rule, called, answer in asked(caller, {"GET", "HEAD"} | CHANGING):
        promised = "open" if is_promised(MARKS.get(rule.endpoint, ""), role) else refusal
        if outcome(answer) != promised:
            broken.append(f"{called} for {role}: {outcome(answer)}, promised: {promised}")

    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize("role", ["visitor", "tenant", "delegate of the tenants", "admin"])
def test_nothing_changes_without_the_token_of_a_form(database: Flask, role: str) -> None:
    make_site()
    caller = make_caller(database, role)

    taken = [
        f"{method} {rule.rule}: {status}"
        for rule in routes_of(database)
        for method in methods_of(rule, CHANGING)
        if (status := caller.ask(method, path_of(database, rule), with_token=False).status_code) != 400
    ]

    assert not taken, "\n" + "\n".join(taken)


def test_a_route_that_changes_cannot_be_opened_as_a_page(database: Flask) -> None:
    make_site()
    caller = make_caller(database, "admin")
    only_changing = [rule for rule in routes_of(database) if not methods_of(rule, {"GET"})]
    unreadable = [
        path for rule in only_changing if not is_readable(database, path := path_of(database, rule))
    ]

    opened = [
        f"{method} {path}: {status}"
        for path in unreadable
        for method in ("GET", "HEAD")
        if (status := caller.ask(method, path).status_code) != 405
    ]

    assert unreadable
    assert not opened, "\n" + "\n".join(opened)


def is_readable(app: Flask, path: str) -> bool:
    """Tell whether a page, maybe of another route, answers at this address."""
    try:
        app.url_map.bind("localhost").match(path, method="GET")
    except MethodNotAllowed:
        return False
    return True


WRITING = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM) ")


def rows_of_everything() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, as it is now."""
    db.session.rollback()
    rows = {}
    for table in Base.metadata.sorted_tables:
        found = db.session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        rows[table.name] = sorted((tuple(row) for row in found), key=repr)
    return rows


@pytest.mark.parametrize("role", ["visitor", "tenant", "delegate of the tenants", "moderator", "admin"])
def test_reading_changes_nothing(database: Flask, role: str) -> None:
    make_site()
    thread = make_thread(opens_at=now() - timedelta(days=1))
    maker = MAKERS[role]
    author = maker() if maker else make_tenant()
    post = make_post(thread, author, at=now())
    values = {
        "topic_id": thread.topic_id,
        "post_id": post.id,
        "slug": slug(thread.topic.title),
        "year": db.session.query(Agenda).first().year,  # type: ignore[union-attr]
    }
    caller = make_caller(database, role, author)
    before = rows_of_everything()

    harmful = []
    for rule in routes_of(database):
        for method in methods_of(rule, {"GET", "HEAD", "OPTIONS"}):
            with counted_queries() as sent:
                answer = answer_to(caller, method, path_of(database, rule, values))
            if outcome(answer) not in ("open", "shut", "sign in"):
                harmful.append(f"{method} {rule.rule} for {role}: {outcome(answer)}")
            writes = [query for query in sent if WRITING.search(query)]
            if writes:
                harmful.append(f"{method} {rule.rule} for {role} sends {'; '.join(writes)}")

    assert not harmful, "\n" + "\n".join(harmful)
    assert rows_of_everything() == before


@pytest.fixture
def public_forum(database: Flask, tmp_path: Path) -> Iterator[Flask]:
    """Return another application on the same database, with public reading."""
    settings = make_settings(
        tmp_path, PUBLIC_READING="yes", DATABASE_URL=database.config["SQLALCHEMY_DATABASE_URI"]
    )
    application = create_app(settings)
    application.testing = True
    application.add_url_rule("/zonder-merk", "without_mark", lambda: "open")
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def test_with_public_reading_a_visitor_opens_what_readers_open(public_forum: Flask) -> None:
    make_site()
    caller = make_caller(public_forum, "visitor")

    broken = []
    for rule, called, answer in asked(caller, {"GET", "HEAD"} | CHANGING):
        if rule.endpoint == "without_mark":
            continue
        is_open = is_promised(MARKS.get(rule.endpoint, ""), "visitor", public_reading=True)
        if outcome(answer) != ("open" if is_open else "sign in"):
            broken.append(f"{called}: {outcome(answer)}")

    assert not broken, "\n" + "\n".join(broken)


def test_a_page_without_a_mark_stays_shut_for_everybody(public_forum: Flask) -> None:
    make_site()

    answers = [make_caller(public_forum, role).ask("GET", "/zonder-merk") for role in ("visitor", "admin")]

    assert [answer.status_code for answer in answers] == [403, 403]
