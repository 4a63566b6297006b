"""A small demo year, on each database: it can be used, and it is whole or not there."""

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, func, select

from forum.accounts import service as accounts
from forum.agenda.models import Topic
from forum.agenda.rules import TopicState
from forum.demo.build import build_year, prepare_year
from forum.demo.sign_ins import list_number_sign_ins, list_sign_ins
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.settings.models import Site
from tests.demo.small_year import ORDER, make_small_year
from tests.support.browser import Browser
from tests.support.cast import make_tenant


@pytest.fixture
def demo(database: Flask) -> Flask:
    """Return an application with a small demo year."""
    make_small_year()
    return database


def count(what: type[object], *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(what).where(*conditions)) or 0


def test_there_is_a_sign_in_for_each_role_that_works_on_the_page(demo: Flask) -> None:
    sign_ins = list_sign_ins()

    assert [(sign_in.role, sign_in.party) for sign_in in sign_ins] == [
        (Role.TENANT, None),
        (Role.DELEGATE, Party.TENANTS),
        (Role.DELEGATE, Party.LANDLORD),
        (Role.MODERATOR, Party.TENANTS),
        (Role.MODERATOR, Party.LANDLORD),
        (Role.COORDINATOR, None),
        (Role.ADMIN, None),
    ]
    for sign_in in sign_ins:
        browser = Browser(demo)
        page = browser.submit(
            browser.visit("/inloggen"), "Inloggen", email=sign_in.email, password=sign_in.password
        )
        assert page.status == 200
        assert sign_in.name in page.text


@pytest.mark.usefixtures("database")
def test_a_tenant_without_email_is_shown_with_their_number() -> None:
    tenant = make_tenant("Frans K.", email=None)
    before = list_number_sign_ins()

    with unit_of_work():
        accounts.set_password(db.session.get_one(Member, tenant.id), "drie gele fietsen", at=now())

    assert before == []
    assert [(row.name, row.email) for row in list_number_sign_ins()] == [("Frans K.", tenant.number)]


def test_the_pages_of_the_year_can_be_read(demo: Flask) -> None:
    sign_in = list_sign_ins()[0]
    browser = Browser(demo)
    browser.submit(browser.visit("/inloggen"), "Inloggen", email=sign_in.email, password=sign_in.password)

    front = browser.visit("/")

    topics = db.session.scalars(select(Topic).where(Topic.state == TopicState.PUBLISHED)).all()
    assert all(front.has_link(topic.title) for topic in topics)
    for topic in topics:
        assert browser.visit(f"/onderwerpen/{topic.id}/x").status == 200
    assert browser.visit("/agenda/2026").status == 200


def test_a_year_that_is_stopped_halfway_leaves_nothing(database: Flask) -> None:
    def stop_at_debates(step: str) -> None:
        if step == "debates and panels":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), unit_of_work():
        build_year(prepare_year(ORDER), stop_at_debates)

    assert (count(Site), count(Member)) == (0, 0)
