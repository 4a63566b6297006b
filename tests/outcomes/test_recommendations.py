"""Writing, citing, publishing, answering, telling of work, closing: what is kept and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.discussion.models import Post
from forum.discussion.queries import get_thread_row
from forum.discussion.rules import Phase, PostState
from forum.discussion.telling import tell_of_phase
from forum.kernel.actor import Party
from forum.kernel.clock import local_day
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden, ForumError, NotFound
from forum.meetings.models import Minutes, MinutesPoint
from forum.meetings.rules import MinutesState
from forum.notifications.models import Notification
from forum.notifications.rules import NotificationKind
from forum.outcomes import answering, queries, service
from forum.outcomes.answering import AnswerText
from forum.outcomes.errors import (
    AlreadyPublished,
    AnswerChanged,
    DebateGoesOn,
    DraftChanged,
    MinutesOpen,
    NothingPromised,
    NothingToPublish,
    PanelUnderWay,
    QuoteRefused,
    SourceRefused,
    StillDrafts,
    StillUnanswered,
    TopicShut,
    WithoutSource,
    WorkDone,
)
from forum.outcomes.models import Answer
from forum.outcomes.rules import AnswerKind
from forum.outcomes.service import RecommendationText
from forum.panels.rules import PanelState
from tests.support.cast import actor_of, make_tenant, make_thread
from tests.support.outcomes import (
    ANSWER_DAYS,
    REASON,
    SENTENCE,
    adopting,
    give_answer,
    make_cited_debate,
    make_draft,
    make_landlord,
    make_moderator_of,
    make_published,
    publish,
)
from tests.support.panels import OVER, make_panel
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")

TEXT = RecommendationText("Een monteur binnen een dag", "Laat binnen een dag een monteur komen.")
LATER = OVER + timedelta(days=3)


def test_the_same_draft_twice_is_one_and_two_writers_do_not_overwrite_each_other() -> None:
    thread, moderator = make_thread(), make_moderator_of()

    draft = service.write_recommendation(thread, TEXT, moderator, at=OVER)
    again = service.write_recommendation(thread, TEXT, moderator, at=OVER)
    service.change_draft(draft, 1, replace(TEXT, title="Binnen een dag"), moderator, at=OVER)

    assert again is draft
    with pytest.raises(DraftChanged):
        service.change_draft(draft, 1, replace(TEXT, title="Binnen een uur"), make_moderator_of(), at=OVER)
    assert draft.title == "Binnen een dag"


def test_a_tenant_writes_none_and_a_panel_on_another_topic_is_none() -> None:
    thread, panel = make_thread(), make_panel(make_thread())

    with pytest.raises(Forbidden):
        service.write_recommendation(thread, TEXT, actor_of(make_tenant()), at=OVER)
    with pytest.raises(NotFound):
        service.write_recommendation(thread, replace(TEXT, panel_id=panel.id), make_moderator_of(), at=OVER)


def test_a_source_is_cited_once_with_the_last_quote() -> None:
    thread, post = make_cited_debate()
    draft, moderator = make_draft(thread, post), make_moderator_of()

    service.cite(draft, f"https://forum.example.nl/berichten/{post.id}", SENTENCE, moderator, at=OVER)

    assert [(row.post_id, row.quote) for row in draft.citations] == [(post.id, SENTENCE)]


def _of_another_topic(_post: Post) -> str:
    return str(make_cited_debate()[1].id)


def _hidden(post: Post) -> str:
    post.state = PostState.HIDDEN
    return str(post.id)


@pytest.mark.parametrize(
    "make_source", [_of_another_topic, _hidden, lambda _post: "12345", lambda _post: "x"]
)
def test_what_cannot_be_read_here_is_no_source(make_source: Callable[[Post], str]) -> None:
    thread, post = make_cited_debate()
    draft = make_draft(thread)

    with pytest.raises(SourceRefused):
        service.cite(draft, make_source(post), "", make_moderator_of(), at=OVER)


def test_words_that_were_not_said_are_no_quote() -> None:
    thread, post = make_cited_debate()

    with pytest.raises(QuoteRefused):
        service.cite(make_draft(thread), str(post.id), "Dat staat er niet.", make_moderator_of(), at=OVER)


def test_a_point_of_minutes_is_a_source_once_they_are_locked() -> None:
    thread = make_thread()
    minutes = Minutes(meeting=make_panel(thread).meetings[0])
    point = MinutesPoint(minutes=minutes, position=1, title="De lift", text="Het panel wil snel een monteur.")
    db.session.add(point)
    db.session.commit()
    draft, moderator = make_draft(thread), make_moderator_of()
    address = f"/verslagpunten/{point.id}"

    with pytest.raises(SourceRefused):
        service.cite(draft, address, "", moderator, at=OVER)
    minutes.state, minutes.closes_at, minutes.locked_at = MinutesState.LOCKED, OVER, OVER
    service.cite(draft, address, "snel een monteur", moderator, at=OVER)

    assert [(row.point_id, row.quote) for row in draft.citations] == [(point.id, "snel een monteur")]


def test_publishing_numbers_the_drafts_and_starts_the_term() -> None:
    thread, post = make_cited_debate()
    first, second = (make_draft(thread, post, title=title) for title in ("Een", "Twee"))
    publish(thread)
    third = make_published(thread, title="Drie", why_no_source="Het panel bedacht dit zelf.")

    assert [row.number for row in (first, second, third)] == [1, 2, 3]
    assert first.answer_by == local_day(OVER) + timedelta(days=ANSWER_DAYS)
    assert get_thread_row(thread.topic_id).has_recommendations
    with pytest.raises(AlreadyPublished):
        service.remove_draft(first, make_moderator_of(), at=OVER)
    with pytest.raises(NothingToPublish):
        publish(thread)


def test_nothing_is_published_while_the_debate_goes_on_or_a_draft_lacks_its_source() -> None:
    thread, post = make_cited_debate()
    make_draft(thread, post)

    with pytest.raises(DebateGoesOn):
        publish(thread, thread.closes_at)
    make_draft(thread, title="Zonder bron")
    with pytest.raises(WithoutSource) as refused:
        publish(thread)

    assert refused.value.details == {"titles": "Zonder bron"}
    assert queries.list_published(thread.topic_id) == []


def test_a_coordinator_writes_and_publishes_for_the_own_panel_only() -> None:
    thread, post = make_cited_debate()
    panel, coordinator = make_panel(thread), make_moderator_of()
    make_draft(thread, post)
    coordinator = replace(coordinator, party=None, roles=frozenset({"coordinator"}))  # type: ignore[arg-type]
    panel.coordinator_id = coordinator.member_id

    with pytest.raises(Forbidden):
        service.write_recommendation(thread, TEXT, coordinator, at=OVER)
    own = service.write_recommendation(
        thread, replace(TEXT, panel_id=panel.id, why_no_source="Op de avond zelf."), coordinator, at=OVER
    )
    published = service.publish_recommendations(thread, coordinator, answer_days=ANSWER_DAYS, at=OVER)

    assert published == [own]


def test_an_answer_begins_the_answer_phase_and_a_change_keeps_what_was_said() -> None:
    thread, post = make_cited_debate()
    row = make_published(thread, post)

    give_answer(row)
    give_answer(row, AnswerText(AnswerKind.NOT, REASON), at=LATER)
    give_answer(row, AnswerText(AnswerKind.NOT, REASON), at=LATER + timedelta(days=1))

    assert [(answer.version, answer.kind) for answer in row.answers] == [
        (1, AnswerKind.ADOPTED),
        (2, AnswerKind.NOT),
    ]
    assert get_thread_row(thread.topic_id).answering_at == LATER


def test_only_the_landlord_answers() -> None:
    thread, post = make_cited_debate()
    row = make_published(thread, post)

    with pytest.raises(Forbidden):
        answering.give_answer(row, 0, adopting(LATER), make_moderator_of(Party.TENANTS), at=LATER)


def test_work_is_told_of_until_it_is_done_and_only_where_something_was_promised() -> None:
    thread, post = make_cited_debate()
    row, landlord = make_published(thread, post), make_landlord()
    today = local_day(LATER)

    with pytest.raises(NothingPromised):
        answering.report_work(row, "Begonnen.", landlord, done_on=None, at=LATER)
    give_answer(row)
    answering.report_work(row, "Begonnen.", landlord, done_on=None, at=LATER)
    for _ in range(2):
        answering.report_work(row, "De monteur komt.", landlord, done_on=today, at=LATER)

    assert [note.text for note in row.notes] == ["Begonnen.", "De monteur komt."]
    assert row.done_on == today
    with pytest.raises(WorkDone):
        answering.report_work(row, "Toch niet.", landlord, done_on=None, at=LATER)
    with pytest.raises(WorkDone):
        answering.give_answer(row, 1, AnswerText(AnswerKind.NOT, REASON), landlord, at=LATER)


def test_a_topic_closes_once_nothing_is_open_any_more() -> None:
    thread, post = make_cited_debate()
    moderator = make_moderator_of()

    def refusal() -> type[ForumError]:
        with pytest.raises(ForumError) as refused:
            answering.close_topic(get_thread_row(thread.topic_id), moderator, at=LATER)
        return refused.type

    panel = make_panel(thread)
    panel.state = PanelState.CONFIRMED
    assert refusal() is PanelUnderWay
    panel.state, meeting = PanelState.HELD, panel.meetings[0]
    meeting.starts_at, meeting.ends_at = OVER - timedelta(hours=2), OVER
    assert refusal() is MinutesOpen, "nobody began with them"
    minutes = Minutes(meeting_id=panel.meetings[0].id)
    db.session.add(minutes)
    assert refusal() is MinutesOpen
    minutes.state, minutes.closes_at, minutes.locked_at = MinutesState.LOCKED, OVER, OVER
    row = make_draft(thread, post)
    assert refusal() is StillDrafts
    publish(thread)
    assert refusal() is StillUnanswered
    give_answer(row, at=LATER)

    for hours in (1, 2):
        answering.close_topic(thread, moderator, at=LATER + timedelta(hours=hours))

    assert thread.closed_at == LATER + timedelta(hours=1)
    with pytest.raises(TopicShut):
        service.write_recommendation(thread, TEXT, moderator, at=LATER + timedelta(hours=2))


def test_a_debate_that_goes_on_is_not_closed() -> None:
    thread = make_thread()

    with pytest.raises(DebateGoesOn):
        answering.close_topic(thread, make_moderator_of(), at=thread.closes_at)


def test_of_two_answers_at_once_the_second_is_told_so(database: Flask) -> None:
    thread, post = make_cited_debate()
    row_id = make_published(thread, post).id
    landlords = [make_landlord(), make_landlord()]

    def answer(place: int) -> Callable[[], None]:
        def act() -> None:
            with unit_of_work():
                row = queries.get_published(row_id)
                answering.give_answer(row, 0, adopting(LATER, f"Reden {place}."), landlords[place], at=LATER)

        return act

    raised = at_once(database, [answer(0), answer(1)])

    assert sorted(type(error).__name__ for error in raised) == ["AnswerChanged", "NoneType"]
    assert any(isinstance(error, AnswerChanged) for error in raised)
    db.session.rollback()
    assert len(db.session.scalars(select(Answer)).all()) == 1


def test_nobody_publishes_what_is_answered_while_the_topic_closes(database: Flask) -> None:
    """Closing and publishing at once: either there is an open recommendation, or the topic is closed."""
    thread, post = make_cited_debate()
    make_draft(thread, post)
    thread_id, closer, publisher = thread.topic_id, make_moderator_of(), make_moderator_of()

    def close() -> None:
        with unit_of_work():
            answering.close_topic(get_thread_row(thread_id), closer, at=LATER)

    def publish_all() -> None:
        with unit_of_work():
            service.publish_recommendations(
                get_thread_row(thread_id), publisher, answer_days=ANSWER_DAYS, at=LATER
            )

    raised = at_once(database, [close, publish_all])

    db.session.rollback()
    assert isinstance(raised[0], StillDrafts | StillUnanswered)
    assert raised[1] is None
    assert get_thread_row(thread_id).closed_at is None


def test_the_phase_is_not_told_of_where_the_answer_is() -> None:
    thread, post = make_cited_debate()
    row = make_published(thread, post)
    thread.told_phase = Phase.PANEL
    give_answer(row)

    tell_of_phase(get_thread_row(thread.topic_id), at=LATER)

    assert thread.told_phase is Phase.ANSWER
    told = select(Notification.event).where(Notification.kind == NotificationKind.PHASE)
    assert db.session.scalars(told).all() == ["advised"]
