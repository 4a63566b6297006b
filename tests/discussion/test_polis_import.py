"""A consultation in a thread, on a real database."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.audit.models import AuditEntry
from forum.discussion.errors import OtherConsultation
from forum.discussion.models import Post, Reaction
from forum.discussion.polis import Consultation, ConsultationFiles
from forum.discussion.polis_import import (
    WRITE_BATCH,
    ImportCounts,
    import_consultation,
    render_statements,
)
from forum.discussion.queries import get_thread
from forum.discussion.rules import PostSource, PostState, ReactionKind, text_key
from forum.kernel.actor import SYSTEM, Actor, Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.kernel.progress import Progress, in_silence
from forum.members.models import Member
from forum.texts.markdown import RENDERER
from tests.discussion.test_polis_reader import (
    LIFT,
    SMALL,
    comment,
    comments_file,
    consultation,
    minute,
    vote,
    votes_file,
)
from tests.support.browser import Browser
from tests.support.cast import T0, actor_of, make_post, make_site, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
NOTHING = ImportCounts()
ALL = ImportCounts(posts=2, hidden=2, authors=3, voters=4, reactions=4, passes=1, disagrees=1)


def bring_in(
    topic_id: int,
    read: Consultation,
    *,
    kind: ReactionKind = ReactionKind.AGREE,
    actor: Actor = SYSTEM,
    progress: Progress = in_silence,
) -> ImportCounts:
    """Import a consultation as the command does."""
    bodies = render_statements(read)
    with unit_of_work():
        return import_consultation(get_thread(topic_id), read, bodies, kind, actor, at=T0, progress=progress)


def posts_of(topic_id: int) -> list[Post]:
    return list(db.session.scalars(select(Post).where(Post.thread_id == topic_id).order_by(Post.number)))


def reactions_of(topic_id: int) -> set[tuple[object, ...]]:
    rows = db.session.execute(
        select(Member.external_key, Post.external_key, Reaction.kind, Reaction.at, Reaction.withdrawn_at)
        .select_from(Reaction)
        .join(Member, Member.id == Reaction.member_id)
        .join(Post, Post.id == Reaction.post_id)
        .where(Reaction.thread_id == topic_id)
    )
    return {tuple(row) for row in rows}


def counted() -> list[int]:
    """Return how many rows there are of everything an import writes."""
    return [
        db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Member, Post, Reaction, AuditEntry)
    ]


def test_statements_become_opening_posts_of_their_authors_at_their_times() -> None:
    topic_id = make_thread().topic_id

    added = bring_in(topic_id, consultation())

    posts = posts_of(topic_id)
    assert added == ALL
    assert [(p.number, p.external_key, p.at, p.state, p.author.external_key) for p in posts] == [
        (1, f"polis:{topic_id}:0", minute(10), PostState.VISIBLE, "polis:liften:7"),
        (2, f"polis:{topic_id}:5", minute(20), PostState.HIDDEN, "polis:liften:8"),
        (3, f"polis:{topic_id}:3", minute(30), PostState.VISIBLE, "polis:liften:7"),
        (4, f"polis:{topic_id}:6", minute(40), PostState.HIDDEN, "polis:liften:9"),
    ]
    assert {(p.source, p.depth, p.root_id, p.version, p.renderer) for p in posts} == {
        (PostSource.IMPORT, 0, None, 1, RENDERER)
    }
    thread = get_thread(topic_id)
    assert (thread.root_count, thread.post_count) == (4, 4)
    assert thread.attribution == "Gemaakt door *De Lift*, met dank."


def test_texts_are_rendered_measured_and_compared_as_those_of_other_posts() -> None:
    topic_id = make_thread().topic_id
    rows = [
        comment(1, 7, 1, comment_body="De lift is **vaak** stuk in onze flat, al jaren."),
        comment(2, 8, 2, comment_body="DE LIFT IS VAAK STUK IN ONZE FLAT, al jaren!"),
        comment(3, 8, 3, comment_body="Schimmel in de badkamer vind ik veel erger.", moderated="-1"),
        comment(4, 9, 4, comment_body="Schimmel in de badkamer vind ik veel erger."),
    ]
    read = consultation(replace(SMALL, comments=comments_file(*rows), votes=votes_file()))

    bring_in(topic_id, read)

    posts = posts_of(topic_id)
    assert [post.is_duplicate for post in posts] == [False, True, False, False]
    assert posts[0].html.strip() == "<p>De lift is <strong>vaak</strong> stuk in onze flat, al jaren.</p>"
    assert posts[0].counted_chars == len("De lift is vaak stuk in onze flat, al jaren.")
    assert posts[0].text_key == posts[1].text_key == text_key("de lift is vaak stuk in onze flat al jaren")


@pytest.mark.parametrize("kind", ReactionKind)
def test_the_last_votes_that_agree_become_reactions_at_the_time_of_the_vote(kind: ReactionKind) -> None:
    topic_id = make_thread().topic_id

    bring_in(topic_id, consultation(), kind=kind)

    assert reactions_of(topic_id) == {
        ("polis:liften:7", f"polis:{topic_id}:0", kind, minute(11), None),
        ("polis:liften:1", f"polis:{topic_id}:0", kind, minute(50), None),
        ("polis:liften:1", f"polis:{topic_id}:5", kind, minute(46), None),
        ("polis:liften:2", f"polis:{topic_id}:3", kind, minute(52), None),
    }
    counts = [2, 1, 1, 0]
    valuable, agree = (counts, [0] * 4) if kind is ReactionKind.VALUABLE else ([0] * 4, counts)
    assert [post.valuable_count for post in posts_of(topic_id)] == valuable
    assert [post.agree_count for post in posts_of(topic_id)] == agree


def test_participants_are_members_with_a_name_and_nothing_else() -> None:
    bring_in(make_thread().topic_id, consultation())

    people = db.session.scalars(select(Member).where(Member.external_key.is_not(None)).order_by(Member.id))
    shown = [
        (person.external_key, person.display_name, person.number, person.household_id, person.email)
        for person in people
    ]
    assert shown == [
        (f"polis:liften:{number}", f"Deelnemer {number}", None, None, None) for number in (1, 2, 3, 7, 8, 9)
    ]


def test_posts_are_numbered_on_from_those_that_are_there() -> None:
    thread, anja = make_thread(), make_tenant()
    topic_id = thread.topic_id
    make_post(thread, anja)
    make_post(thread, anja, reply_to=make_post(thread, anja).id)

    bring_in(topic_id, consultation())

    thread = get_thread(topic_id)
    imported = [post.number for post in posts_of(topic_id) if post.external_key]
    assert imported == [3, 4, 5, 6]
    assert (thread.root_count, thread.post_count) == (6, 7)


def test_an_import_is_in_the_logbook() -> None:
    topic_id = make_thread().topic_id
    admin = make_staff(Role.ADMIN)

    bring_in(topic_id, consultation(), actor=actor_of(admin))

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.member_id, entry.at) == ("consultation.imported", admin.id, T0)
    assert entry.details == {
        "topic_id": topic_id,
        "name": "liften",
        "sha256": consultation().sha256,
        "agree_as": "agree",
        **asdict(ALL),
    }


@pytest.mark.parametrize("kind", ReactionKind)
def test_a_second_import_adds_nothing(kind: ReactionKind) -> None:
    topic_id = make_thread().topic_id
    bring_in(topic_id, consultation())
    rows, reactions = counted(), reactions_of(topic_id)

    assert bring_in(topic_id, consultation(), kind=kind) == NOTHING
    assert (counted(), reactions_of(topic_id)) == (rows, reactions)
    assert get_thread(topic_id).root_count == 4


def test_a_later_export_adds_its_new_statements_with_the_votes_on_them() -> None:
    topic_id = make_thread().topic_id
    bring_in(topic_id, consultation())
    later = replace(
        SMALL,
        comments=SMALL.comments + comments_file(comment(8, 7, 60)).splitlines(keepends=True)[1],
        votes=votes_file(vote(1, 8, 1, 61), vote(4, 8, -1, 62), vote(3, 3, 1, 63), vote(9, 0, 1, 64)),
    )

    added = bring_in(topic_id, consultation(later))

    assert added == ImportCounts(posts=1, authors=1, voters=2, reactions=1, disagrees=1)
    assert [post.number for post in posts_of(topic_id)] == [1, 2, 3, 4, 5]
    assert [post.agree_count for post in posts_of(topic_id)] == [2, 1, 1, 0, 1]


def test_a_person_is_one_member_in_two_threads_and_another_in_another_consultation() -> None:
    first, second, third = (make_thread().topic_id for _ in range(3))

    bring_in(first, consultation())
    bring_in(second, consultation())
    bring_in(third, consultation(replace(SMALL, name="liften:7")))

    assert {post.author_id for post in posts_of(first)} == {post.author_id for post in posts_of(second)}
    assert not {post.author_id for post in posts_of(first)} & {post.author_id for post in posts_of(third)}


@pytest.mark.parametrize(("held", "other"), [("liften", "schimmel"), ("liften:7", "liften"), ("a_b", "axb")])
def test_a_thread_holds_one_consultation(held: str, other: str) -> None:
    topic_id = make_thread().topic_id
    bring_in(topic_id, consultation(replace(SMALL, name=held)))
    rows = counted()

    with pytest.raises(OtherConsultation) as refusal:
        bring_in(topic_id, consultation(replace(SMALL, name=other)))

    assert refusal.value.details == {"topic_id": topic_id, "holds": held}
    assert counted() == rows


@pytest.mark.parametrize("role", [None, Role.COORDINATOR])
def test_only_an_administrator_imports(role: Role | None) -> None:
    topic_id = make_thread().topic_id
    member = make_staff(role) if role else make_tenant()

    with pytest.raises(Forbidden):
        bring_in(topic_id, consultation(), actor=actor_of(member))

    assert posts_of(topic_id) == []


@pytest.mark.parametrize("days", [-60, 60], ids=["over", "planned"])
def test_the_phase_of_the_thread_does_not_matter(days: int) -> None:
    topic_id = make_thread(opens_at=T0 + timedelta(days=days)).topic_id

    assert bring_in(topic_id, consultation()) == ALL


def test_without_an_attribution_that_of_the_thread_stays() -> None:
    thread = make_thread()
    topic_id = thread.topic_id
    thread.attribution = "Van ons."
    db.session.commit()

    bring_in(topic_id, consultation(replace(SMALL, attribution=b"")))

    assert get_thread(topic_id).attribution == "Van ons."


@pytest.mark.parametrize("last_step", ["posts", "reactions"])
def test_an_error_halfway_leaves_nothing(last_step: str) -> None:
    topic_id = make_thread().topic_id
    rows = counted()

    def fail(step: str, done: int) -> None:
        if step == last_step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(topic_id, consultation(), progress=fail)

    thread = get_thread(topic_id)
    assert counted() == rows
    assert (thread.root_count, thread.post_count, thread.attribution) == (0, 0, "")
    assert bring_in(topic_id, consultation()) == ALL


def test_two_imports_at_once_add_everything_once(database: Flask) -> None:
    topic_id = make_thread().topic_id
    db.session.rollback()
    added: list[ImportCounts] = []

    def act() -> None:
        added.append(bring_in(topic_id, consultation()))

    assert at_once(database, [act, act]) == [None, None]
    assert sorted(map(asdict, added), key=lambda counts: int(counts["posts"])) == [
        asdict(NOTHING),
        asdict(ALL),
    ]
    assert len(posts_of(topic_id)) == 4


def test_imports_into_two_threads_at_once_share_their_people(database: Flask) -> None:
    topic_ids = [make_thread().topic_id for _ in range(3)]
    db.session.rollback()
    acts: list[Callable[[], object]] = [partial(bring_in, topic_id, consultation()) for topic_id in topic_ids]

    assert at_once(database, acts) == [None] * 3
    assert [len(posts_of(topic_id)) for topic_id in topic_ids] == [4, 4, 4]


def test_votes_are_written_a_thousand_at_a_time() -> None:
    topic_id = make_thread().topic_id
    cast = [vote(voter, statement, 1, 5) for voter in range(200) for statement in range(20)]
    many = ConsultationFiles(
        name="veel",
        comments=comments_file(*(comment(number, 0) for number in range(20))),
        votes=votes_file(*cast),
    )
    steps: list[tuple[str, int]] = []

    with counted_queries() as sent:
        added = bring_in(topic_id, consultation(many), progress=lambda step, done: steps.append((step, done)))

    assert added.reactions == len(cast) == 4 * WRITE_BATCH
    assert [done for step, done in steps if step == "reactions"] == [1000, 2000, 3000, 4000]
    assert len(sent) < 100
    assert [post.agree_count for post in posts_of(topic_id)] == [200] * 20


def test_the_page_shows_whose_data_it_is_and_hides_what_was_rejected(browser: Browser) -> None:
    topic_id = make_thread().topic_id
    bring_in(topic_id, consultation())

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{topic_id}")

    assert "Gemaakt door *De Lift*, met dank." in page.text
    assert f"{LIFT} (0)" in page.text
    assert f"{LIFT} (5)" not in page.text
    assert "Deelnemer 7" in page.text
    assert {tag.get_text() for tag in page.soup.select(".post-meta .tag")} == {"Deelnemer"}


def test_a_tenant_and_staff_are_still_called_what_they_are(browser: Browser) -> None:
    make_site()
    thread = make_thread()
    make_post(thread, make_tenant())
    make_post(thread, make_staff(Role.MODERATOR, Party.LANDLORD))

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}")

    labels = [tag.get_text() for tag in page.soup.select(".post-meta .tag")]
    assert labels == ["Huurder", "Moderator, Wonen Zilverdam"]
    assert len(page.soup.select(".post-staff .tag-staff")) == 1
