"""Whose things are: each route for who has the thing it is about, and for everybody else."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from forum.advice import jobs as advice_jobs
from forum.advice import service as advice
from forum.advice.models import AdviceCase, AdviceStep
from forum.advice.page import LETTERS
from forum.app import create_app
from forum.discussion.models import Picture
from forum.invitations.models import Invitation, InvitationLetter
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.kernel.documents import SentDocument
from forum.meetings import jobs as meetings_jobs
from forum.meetings import service as meetings
from forum.meetings.queries import get_meeting
from forum.members.models import Member
from forum.moderation.models import SavedView
from forum.notifications.models import Notification
from forum.outcomes.models import Citation, Recommendation
from forum.panels.life_queries import list_chosen
from forum.panels.models import Application, Panel, PanelGuest
from forum.panels.queries import get_panel
from forum.settings.config import load_settings
from forum.voices.models import VoiceAction
from forum.web.documents import keep_document
from tests.journeys.own_rows import ROLE_OF, ROWS, THINGS, Row
from tests.journeys.walked_demo import WalkedDemo
from tests.support.cast import make_staff, make_tenant
from tests.web.test_route_matrix import (
    CHANGING,
    MARKS,
    Caller,
    is_promised,
    make_caller,
    methods_of,
    routes_of,
)

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Installation:
    """A copy of the demo year in this process, that is put back as it was after each change."""

    app: Flask
    names: Mapping[str, str]
    callers: Mapping[str, Caller]
    folder: Path

    def answer(self, rule: Rule, method: str, who: str, row: Row) -> TestResponse:
        """Return what somebody is answered, and undo what it changed."""
        path = self._path(rule, row.things)
        answer = self.callers[who].ask(method, path, typed=row.fields)
        if method in CHANGING and answer.status_code < 400:
            _put_back(self.app, self.folder)
        return answer

    def _path(self, rule: Rule, things: Mapping[str, str]) -> str:
        values: dict[str, Any] = {}
        for name in rule.arguments:
            value = self.names[things.get(name) or THINGS[name]]
            values[name] = int(value) if isinstance(rule._converters[name], IntegerConverter) else value
        built = rule.build(values)
        assert built is not None, f"{rule.rule} with {values}"
        return built[1]


def _put_back(app: Flask, folder: Path) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for file in folder.glob("forum.sqlite-*"):
        file.unlink()
    shutil.copyfile(folder / "as-it-was", folder / "forum.sqlite")


@pytest.fixture
def installation(demo: WalkedDemo, tmp_path: Path, pango: None) -> Iterator[Installation]:
    """Return a copy of the demo year in which everything has an owner, and somebody else beside them."""
    folder = tmp_path / "instance"
    shutil.copytree(demo.forum.environ["INSTANCE_PATH"], folder)
    settings = {"INSTANCE_PATH": str(folder), "REQUESTS_PER_MINUTE": "1000000"}
    app = create_app(load_settings({**demo.forum.environ, **settings}))
    app.testing = True
    with app.app_context():
        with unit_of_work():
            people, names = _people(demo), {**demo.names, **_things(demo)}
        callers = {who: make_caller(app, "tenant", member) for who, member in people.items()}
        db.session.remove()
        db.engine.dispose()
    shutil.copyfile(folder / "forum.sqlite", folder / "as-it-was")
    yield Installation(app, names, callers, folder)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _people(demo: WalkedDemo) -> dict[str, Member]:
    cast = {key: db.session.query(Member).filter_by(email=email).one() for key, email in demo.emails.items()}
    db.session.query(Panel).update({Panel.coordinator_id: cast["coordinator"].id})
    council, ended = int(demo.names["council"]), int(demo.names["ended_panel"])
    return {
        "tenant": cast["tenant"],
        "applicant": db.session.get_one(
            Member, db.session.query(Application).filter_by(panel_id=council)[0].member_id
        ),
        "chosen": db.session.get_one(Member, min(list_chosen(get_panel(ended)))),
        "coming": db.session.get_one(Invitation, int(demo.names["coming"])).member,
        "other tenant": make_tenant("Ans Anders"),
        "delegate of the tenants": cast["delegate-tenants"],
        "delegate of the landlord": cast["delegate-landlord"],
        "moderator of the tenants": cast["moderator-tenants"],
        "moderator of the landlord": cast["moderator-landlord"],
        "its coordinator": cast["coordinator"],
        "other coordinator": make_staff(Role.COORDINATOR),
        "admin": cast["admin"],
    }


def _things(demo: WalkedDemo) -> dict[str, str]:
    """Return what the demo has of each kind, and make the kinds that it lacks."""
    at, names = now(), demo.names
    draft = db.session.get_one(Recommendation, int(names["draft_advice"]))
    draft.panel_id = int(names["held_panel"])
    delegate = db.session.query(Member).filter_by(email=demo.emails["delegate-tenants"]).one().as_actor(at)
    moderator = db.session.query(Member).filter_by(email=demo.emails["moderator-tenants"]).one().as_actor(at)
    action = db.session.query(VoiceAction)[0]
    case = db.session.scalars(select(AdviceCase).order_by(AdviceCase.id.desc())).first()
    letter = db.session.scalars(select(AdviceStep).where(AdviceStep.kind.in_(LETTERS))).first()
    assert case is not None
    assert letter is not None
    meeting = get_meeting(int(names["coming_meeting"]))
    found = {
        "citation": db.session.query(Citation).filter_by(recommendation_id=draft.id)[0].id,
        "view": db.session.query(SavedView)[0].id,
        "guest": db.session.query(PanelGuest)[0].id,
        "picture": db.session.query(Picture).filter(Picture.post_id.is_not(None))[0].key,
        "letter": db.session.query(InvitationLetter)
        .join(Invitation)
        .filter(Invitation.panel_id == int(names["confirmed_panel"]))[0]
        .id,
        "notification": db.session.query(Notification).filter_by(member_id=int(names["own_member"]))[0].id,
        "action": action.id,
        "action_topic": action.thread_id,
        "document": meetings.add_document(meeting, paper(meetings_jobs.FOLDER), moderator, at=at).id,
        "advice_document": advice.add_document(case, paper(advice_jobs.FOLDER), delegate, at=at).id,
        "case": case.id,
        "letter_case": letter.case_id,
        "letter_step": letter.number,
    }
    words = {
        "form": "klantenraad",
        "size": "groot",
        "one": "1",
        "rater": "rater-link",
        "observer": "observer-link",
        "path_name": "aanvulling",
    }
    return {**words, **{name: str(value) for name, value in found.items()}}


def paper(folder: str) -> SentDocument:
    """Return a document whose file is kept."""
    return keep_document(BytesIO(b"%PDF-1.4\n%%EOF"), folder, "Een stuk")


def test_every_route_that_names_a_thing_says_whose_it_is(demo: WalkedDemo) -> None:
    named = {rule.endpoint for rule in routes_of(demo.forum.app) if rule.arguments}

    assert named == set(ROWS)


def test_what_is_of_somebody_else_stays_shut(installation: Installation) -> None:
    wrong = []
    for rule in routes_of(installation.app):
        if not rule.arguments:
            continue
        row = ROWS[rule.endpoint]
        for method in methods_of(rule, {"GET"} | CHANGING):
            for who, role in ROLE_OF.items():
                is_theirs = row.is_open(who, method)
                is_in = is_promised(MARKS[rule.endpoint], role)
                caller = row.owner if who == "owner" else who
                status = installation.answer(rule, method, caller, row).status_code
                is_shut = status in (row.shut_for(who) if is_in else (403,))
                if is_shut == (is_theirs and is_in):
                    wrong.append(f"{method} {rule.rule}, {rule.endpoint}, for the {who}: {status}")

    assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong)
