"""Writing recommendations, citing what they were made of, and publishing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.discussion.fronts import period_of
from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_thread_row
from forum.discussion.rules import Phase, PostState, phase_of
from forum.kernel.actor import Actor
from forum.kernel.clock import local_day
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.meetings.models import MinutesPoint
from forum.outcomes import policy, queries, telling
from forum.outcomes.errors import (
    AlreadyPublished,
    DebateGoesOn,
    DraftChanged,
    NothingToPublish,
    QuoteRefused,
    SourceRefused,
    TooManyRecommendations,
    TooManySources,
    TopicShut,
    WithoutSource,
)
from forum.outcomes.models import Citation, Recommendation
from forum.outcomes.rules import (
    RECOMMENDATIONS_MOST,
    SOURCES_MOST,
    answer_day,
    find_point_number,
    find_post_number,
    is_quoted,
)
from forum.panels.models import Panel
from forum.texts.markdown import plain_text


@dataclass(frozen=True, slots=True)
class RecommendationText:
    """What a recommendation says; `why_no_source` only counts while it cites nothing."""

    title: str
    text: str
    why_no_source: str = ""
    panel_id: int | None = None


def write_recommendation(
    thread: Thread, text: RecommendationText, actor: Actor, *, at: datetime
) -> Recommendation:
    """Make a draft; the same words again are the same draft.

    Raises:
        Forbidden: the actor writes none for this panel.
        NotFound: the panel is about something else.
        TopicShut: the topic is closed.
        TooManyRecommendations: there are as many as one can read.
    """
    _check_writer(actor, _panel_of(thread.topic_id, text.panel_id))
    lock(thread)
    if phase_of(period_of(thread), at) is Phase.CLOSED:
        raise TopicShut
    same = queries.find_draft(thread.topic_id, actor.member_id, text.title, text.text)
    if same is not None:
        return same
    if queries.count_recommendations(thread.topic_id) >= RECOMMENDATIONS_MOST:
        raise TooManyRecommendations(most=RECOMMENDATIONS_MOST)
    row = Recommendation(
        thread_id=thread.topic_id,
        panel_id=text.panel_id,
        title=text.title,
        text=text.text,
        why_no_source=text.why_no_source,
        made_by_id=actor.member_id,
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "recommendation.written", recommendation_id=row.id, at=at)
    return row


def _panel_of(thread_id: int, panel_id: int | None) -> Panel | None:
    if panel_id is None:
        return None
    panel = db.session.get(Panel, panel_id)
    if panel is None or panel.topic_id != thread_id:
        raise NotFound(panel_id=panel_id)
    return panel


def _check_writer(actor: Actor, panel: Panel | None) -> None:
    if not policy.can_write_recommendation(actor, panel.coordinator_id if panel else None):
        raise Forbidden(action="write-recommendation")


def _open_draft(draft: Recommendation, actor: Actor) -> None:
    """Lock a draft by its topic, so that nobody publishes it meanwhile, and look whether it still is one."""
    lock(get_thread_row(draft.thread_id))
    _check_writer(actor, draft.panel)
    if draft.published_at is not None:
        raise AlreadyPublished(number=draft.number)


def change_draft(
    draft: Recommendation, shown_version: int, text: RecommendationText, actor: Actor, *, at: datetime
) -> Recommendation:
    """Change what a draft says.

    Raises:
        Forbidden: the actor writes none for the panel it was of, or the one that it is of now.
        AlreadyPublished: it is no draft any more.
        DraftChanged: somebody else changed it since it was shown.
        NotFound: the panel is about something else.
    """
    _open_draft(draft, actor)
    _check_writer(actor, _panel_of(draft.thread_id, text.panel_id))
    if shown_version != draft.version:
        raise DraftChanged(version=draft.version)
    draft.title, draft.text, draft.why_no_source = text.title, text.text, text.why_no_source
    draft.panel_id = text.panel_id
    draft.version += 1
    audit.record(actor, "recommendation.changed", recommendation_id=draft.id, version=draft.version, at=at)
    return draft


def remove_draft(draft: Recommendation, actor: Actor, *, at: datetime) -> None:
    """Throw a draft away.

    Raises:
        Forbidden: the actor writes none for this panel.
        AlreadyPublished: it is no draft any more.
    """
    _open_draft(draft, actor)
    db.session.delete(draft)
    audit.record(actor, "recommendation.removed", recommendation_id=draft.id, title=draft.title, at=at)


def cite(draft: Recommendation, typed: str, quote: str, actor: Actor, *, at: datetime) -> Citation:
    """Name a post or a point of minutes as a source of a draft; naming it again changes the quote.

    Args:
        draft: what builds on it.
        typed: the number of the post, or the address of either.
        quote: words that stand in it exactly, or nothing for the whole.
        actor: who writes.
        at: now.

    Raises:
        Forbidden: the actor writes none for this panel.
        AlreadyPublished: it is no draft any more.
        SourceRefused: on this topic there is no such post or point that everybody can read.
        QuoteRefused: the words do not stand in it.
        TooManySources: it cites as many as one can read.
    """
    _open_draft(draft, actor)
    source, text = _read_source(draft, typed)
    if quote and not is_quoted(text, quote):
        raise QuoteRefused
    known = {(row.post_id, row.point_id): row for row in draft.citations}
    cited = known.get((source.post_id, source.point_id))
    if cited is None:
        if len(draft.citations) >= SOURCES_MOST:
            raise TooManySources(most=SOURCES_MOST)
        cited = source
        draft.citations.append(cited)
    cited.quote = " ".join(quote.split())
    db.session.flush()
    audit.record(actor, "recommendation.cited", citation_id=cited.id, recommendation_id=draft.id, at=at)
    return cited


def _read_source(draft: Recommendation, typed: str) -> tuple[Citation, str]:
    """Return what was typed as a citation that is not kept yet, and the words that can be quoted from it.

    Raises:
        SourceRefused: on this topic there is no such post or point that everybody can read.
    """
    point_id = find_point_number(typed)
    if point_id is not None:
        point = db.session.get(MinutesPoint, point_id)
        if point is None or not queries.is_public_point(point, draft.thread_id):
            raise SourceRefused
        return Citation(point_id=point.id), point.text
    post_id = find_post_number(typed)
    post = db.session.get(Post, post_id) if post_id is not None else None
    said = queries.find_point_of_post(post_id) if post is not None else None
    if said is not None:
        return Citation(point_id=said.id), said.text
    if post is None or post.thread_id != draft.thread_id or post.state is not PostState.VISIBLE:
        raise SourceRefused
    return Citation(post_id=post.id), plain_text(post.text)


def drop_citation(citation: Citation, draft: Recommendation, actor: Actor, *, at: datetime) -> None:
    """Take a source from a draft.

    Raises:
        Forbidden: the actor writes none for this panel.
        AlreadyPublished: it is no draft any more.
    """
    _open_draft(draft, actor)
    draft.citations.remove(citation)
    audit.record(
        actor, "recommendation.source_dropped", citation_id=citation.id, recommendation_id=draft.id, at=at
    )


def publish_recommendations(
    thread: Thread, actor: Actor, *, answer_days: int, at: datetime
) -> Sequence[Recommendation]:
    """Give the drafts of a topic that the actor may publish their numbers, for everybody to read.

    Args:
        thread: the debate on the topic; it is over.
        actor: who publishes.
        answer_days: how many days the landlord has to answer.
        at: now.

    Raises:
        DebateGoesOn: the debate is not over.
        TopicShut: the topic is closed.
        NothingToPublish: there are no drafts that the actor may publish.
        WithoutSource: a draft cites nothing and does not say why.
    """
    lock(thread)
    check_debate_is_over(thread, at=at)
    drafts = writable_drafts(thread.topic_id, actor)
    if not drafts:
        raise NothingToPublish
    bare = [draft.title for draft in drafts if not draft.citations and not draft.why_no_source]
    if bare:
        raise WithoutSource(titles=", ".join(bare))
    last = queries.last_number(thread.topic_id)
    for number, draft in enumerate(drafts, start=last + 1):
        draft.number, draft.published_at = number, at
        draft.answer_by = answer_day(local_day(at), answer_days)
        if draft.citations:
            draft.why_no_source = ""
    thread.has_recommendations = True
    audit.record(
        actor, "recommendations.published", topic_id=thread.topic_id, ids=[row.id for row in drafts], at=at
    )
    telling.tell_of_recommendations(thread, drafts, at=at)
    return drafts


def writable_drafts(thread_id: int, actor: Actor) -> Sequence[Recommendation]:
    """Return the drafts on a topic that an actor may write and publish."""
    return [
        draft
        for draft in queries.list_drafts(thread_id)
        if policy.can_write_recommendation(actor, draft.panel.coordinator_id if draft.panel else None)
    ]


def check_debate_is_over(thread: Thread, *, at: datetime) -> None:
    """Refuse what comes after the debate while it goes on, and what comes before the end once it is there.

    Raises:
        DebateGoesOn: the debate is not over.
        TopicShut: the topic is closed.
    """
    phase = phase_of(period_of(thread), at)
    if phase is Phase.CLOSED:
        raise TopicShut
    if phase not in (Phase.PANEL, Phase.ANSWER):
        raise DebateGoesOn
