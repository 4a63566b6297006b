"""Two people who act on the agenda at the same moment: one right outcome, and each hears what happened."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from forum.agenda.deciding import decide_topic, give_view, resume_topic
from forum.agenda.errors import (
    AgendaPublished,
    AlreadyApproved,
    AlreadyOnTable,
    AlreadySigned,
    TextChanged,
    TopicClosed,
)
from forum.agenda.models import AgendaSignature, Approval, Topic, TopicVersion
from forum.agenda.queries import get_agenda, get_topic
from forum.agenda.rules import AgendaState, DecisionKind, TopicState
from forum.agenda.service import (
    approve_topic,
    edit_topic,
    propose_topic,
    suggest_topic,
)
from forum.agenda.signing import publish_agenda, set_period, sign_agenda
from forum.audit.models import AuditEntry
from forum.audit.service import find_broken_entry
from forum.kernel.actor import Actor, Party
from forum.kernel.database import db, unit_of_work
from tests.agenda.agendas import agreed_topic_with_period
from tests.support.cast import (
    T0,
    actor_of,
    make_agenda,
    make_agreed_topic,
    make_delegate,
    make_tenant,
    make_topic,
    topic_text,
)
from tests.support.together import at_once

TIMES = 20
Act = Callable[[], object]


def _committed(step: Callable[[], object]) -> Act:
    """Return a step as a page takes it: in a unit of work of its own."""

    def act() -> None:
        with unit_of_work():
            step()

    return act


def _approving(topic_id: int, version: int, actor: Actor) -> Act:
    return _committed(lambda: approve_topic(get_topic(topic_id), version, actor, at=T0))


def _editing(topic_id: int, version: int, title: str, actor: Actor) -> Act:
    return _committed(
        lambda: edit_topic(get_topic(topic_id), version, topic_text(title), actor, reason="", at=T0)
    )


def _delegates() -> tuple[Actor, Actor]:
    return actor_of(make_delegate(Party.TENANTS)), actor_of(make_delegate(Party.LANDLORD))


def _together(database: Flask, acts: Sequence[Act]) -> list[BaseException | None]:
    """Run the acts at once; what the test itself read before is forgotten on both sides."""
    db.session.rollback()
    raised = at_once(database, acts)
    db.session.rollback()
    return raised


def _names(raised: list[BaseException | None]) -> list[str]:
    return sorted(type(error).__name__ for error in raised if error is not None)


def _approvals(topic: Topic) -> list[tuple[int, Party]]:
    return sorted((approval.version, approval.party) for approval in topic.approvals)


def test_two_parties_that_approve_at_the_same_moment_agree(database: Flask) -> None:
    """The race of the agenda: approvals that do not see each other leave a topic undecided for ever."""
    agenda, (tenants, landlord) = make_agenda(), _delegates()

    for turn in range(TIMES):
        topic = make_topic(agenda, title=f"Onderwerp {turn}")

        raised = _together(database, [_approving(topic.id, 1, tenants), _approving(topic.id, 1, landlord)])

        assert raised == [None, None]
        assert _approvals(topic) == [(1, Party.LANDLORD), (1, Party.TENANTS)]
        assert topic.state is TopicState.AGREED
    assert find_broken_entry() is None


def test_approving_while_the_other_edits_never_approves_the_new_text(database: Flask) -> None:
    agenda, (tenants, landlord) = make_agenda(), _delegates()
    outcomes = set()

    for turn in range(TIMES):
        topic = make_topic(agenda, title=f"Onderwerp {turn}")
        approve_topic(topic, 1, landlord, at=T0)
        db.session.commit()
        approving = _approving(topic.id, 1, tenants)
        editing = _editing(topic.id, 1, f"Beter {turn}", landlord)

        refused_approval, refused_edit = _together(database, [approving, editing])

        assert refused_edit is None
        assert refused_approval is None or type(refused_approval) is TextChanged
        assert _approvals(topic) == [(1, Party.LANDLORD)] + [(1, Party.TENANTS)] * (refused_approval is None)
        assert (topic.version, topic.state) == (2, TopicState.PROPOSED)
        assert topic.approved_by == frozenset()
        outcomes.add(refused_approval is None)
    assert outcomes


def test_one_delegate_who_clicks_twice_gives_one_approval(database: Flask) -> None:
    agenda, (tenants, _) = make_agenda(), _delegates()

    for turn in range(TIMES):
        topic = make_topic(agenda, title=f"Onderwerp {turn}")

        raised = _together(database, [_approving(topic.id, 1, tenants)] * 2)

        assert _names(raised) == [AlreadyApproved.__name__]
        assert _approvals(topic) == [(1, Party.TENANTS)]
        assert topic.state is TopicState.PROPOSED


def test_two_edits_at_once_make_one_version_and_the_other_hears_it(database: Flask) -> None:
    agenda, (tenants, landlord) = make_agenda(), _delegates()

    for turn in range(TIMES):
        topic = make_topic(agenda, title=f"Onderwerp {turn}")

        raised = _together(
            database,
            [
                _editing(topic.id, 1, "Van huurders", tenants),
                _editing(topic.id, 1, "Van verhuurder", landlord),
            ],
        )

        assert _names(raised) == [TextChanged.__name__]
        assert topic.version == 2
        assert topic.title == ("Van verhuurder" if raised[0] else "Van huurders")


def test_an_edit_that_is_sent_twice_at_once_is_one_version(database: Flask) -> None:
    topic, (tenants, _) = make_topic(), _delegates()

    raised = _together(database, [_editing(topic.id, 1, "Beter", tenants)] * 4)

    assert raised == [None] * 4
    assert db.session.scalar(select(func.count()).select_from(TopicVersion)) == 2


def test_proposals_and_ideas_that_are_sent_twice_at_once_are_one(database: Flask) -> None:
    agenda, (tenants, _) = make_agenda(), _delegates()
    tenant, year = actor_of(make_tenant()), agenda.year

    raised = _together(
        database,
        [_committed(lambda: propose_topic(get_agenda(year), topic_text(), tenants, at=T0))] * 3
        + [_committed(lambda: suggest_topic(get_agenda(year), "Idee", "Daarom.", tenant, at=T0))] * 3,
    )

    assert raised == [None] * 6
    assert db.session.scalar(select(func.count()).select_from(Topic)) == 2


def test_approving_while_the_other_declines_ends_declined(database: Flask) -> None:
    agenda, (tenants, landlord) = make_agenda(), _delegates()

    for turn in range(TIMES):
        topic = make_topic(agenda, title=f"Onderwerp {turn}")
        approve_topic(topic, 1, landlord, at=T0)
        db.session.commit()
        topic_id = topic.id
        declining = _committed(
            lambda topic_id=topic_id: decide_topic(  # type: ignore[misc]
                get_topic(topic_id), DecisionKind.DECLINED, "Geen geld.", landlord, at=T0
            )
        )

        refused_approval, refused_decline = _together(database, [_approving(topic_id, 1, tenants), declining])

        assert refused_decline is None
        assert refused_approval is None or type(refused_approval) is TopicClosed
        assert (1, Party.LANDLORD) not in _approvals(topic)
        assert topic.state is TopicState.DECLINED


def test_two_delegates_who_resume_at_once_resume_it_once(database: Flask) -> None:
    topic, (tenants, landlord) = make_topic(), _delegates()
    topic_id = topic.id
    decide_topic(topic, DecisionKind.POSTPONED, "Later.", tenants, at=T0)
    db.session.commit()

    raised = _together(
        database,
        [
            _committed(lambda: resume_topic(get_topic(topic_id), "Nu.", tenants, at=T0)),
            _committed(lambda: resume_topic(get_topic(topic_id), "Nu.", landlord, at=T0)),
        ],
    )

    assert _names(raised) == [AlreadyOnTable.__name__]


def test_two_standpoints_at_once_are_both_published(database: Flask) -> None:
    agenda, (tenants, landlord) = make_agenda(), _delegates()

    for turn in range(TIMES):
        topic = make_topic(agenda, title=f"Onderwerp {turn}")
        topic_id = topic.id

        raised = _together(
            database,
            [
                _committed(
                    lambda actor=actor, topic_id=topic_id: give_view(  # type: ignore[misc]
                        get_topic(topic_id), "Ons standpunt.", actor, at=T0
                    )
                )
                for actor in (tenants, landlord)
            ],
        )

        assert raised == [None, None]
        assert topic.state is TopicState.BOTH_VIEWS
        assert len(topic.views) == 2


def _signing(year: int, actor: Actor) -> Act:
    return _committed(lambda: sign_agenda(get_agenda(year), actor, at=T0))


def test_two_signatures_at_once_are_both_there(database: Flask) -> None:
    tenants, landlord = _delegates()

    for year in range(2026, 2026 + TIMES):
        agenda = make_agenda(year, topics_wanted=1)
        agreed_topic_with_period(agenda)

        raised = _together(
            database, [_signing(year, tenants), _signing(year, landlord), _signing(year, tenants)]
        )

        assert _names(raised) == [AlreadySigned.__name__]
        assert {signature.party for signature in agenda.signatures} == set(Party)


def test_signing_while_the_other_edits_never_signs_what_was_not_agreed(database: Flask) -> None:
    tenants, landlord = _delegates()

    for year in range(2026, 2026 + TIMES):
        agenda = make_agenda(year, topics_wanted=1)
        topic = agreed_topic_with_period(agenda)

        _together(database, [_signing(year, tenants), _editing(topic.id, 1, "Anders", landlord)])

        signatures = select(func.count()).where(AgendaSignature.agenda_id == agenda.id)
        assert db.session.scalar(signatures) == 0


def test_publishing_twice_at_once_publishes_once(database: Flask) -> None:
    tenants, landlord = _delegates()

    for year in range(2026, 2026 + TIMES):
        agenda = make_agenda(year, topics_wanted=1)
        set_period(make_agreed_topic(agenda), T0, T0 + timedelta(days=9), tenants, at=T0)
        for actor in (tenants, landlord):
            sign_agenda(agenda, actor, at=T0)
        db.session.commit()

        raised = _together(
            database,
            [
                _committed(
                    lambda actor=actor, year=year: publish_agenda(  # type: ignore[misc]
                        get_agenda(year), actor, at=T0
                    )
                )
                for actor in (tenants, landlord)
            ],
        )

        assert _names(raised) == [AgendaPublished.__name__]
        assert agenda.state is AgendaState.PUBLISHED
    published = select(func.count()).where(AuditEntry.action == "agenda.published")
    assert db.session.scalar(published) == TIMES


def test_approvals_of_many_topics_at_once_keep_the_logbook_whole(database: Flask) -> None:
    agenda, (tenants, landlord) = make_agenda(topics_wanted=5), _delegates()
    topics = [make_topic(agenda, title=f"Onderwerp {number}").id for number in range(5)]

    raised = _together(
        database, [_approving(topic_id, 1, actor) for topic_id in topics for actor in (tenants, landlord)]
    )

    assert raised == [None] * 10
    assert db.session.scalar(select(func.count()).select_from(Approval)) == 10
    assert find_broken_entry() is None
