"""Steps of the demo year about debates: posts and opinions through the services, reactions in one go."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import update

from forum.demo.audience import (
    Debate,
    PlannedReaction,
    PlannedStance,
    make_readers,
    plan_reactions,
    plan_stances,
)
from forum.demo.content import PostContent
from forum.demo.debate_plan import PlannedPost, plan_posts
from forum.demo.moments import COURSES, answer_window, debate_window
from forum.demo.year import DemoYear
from forum.discussion.models import Post, Reaction, Thread
from forum.discussion.queries import get_thread, list_questions
from forum.discussion.rules import PostSource, ReactionKind
from forum.discussion.service import Placement, enter_post, take_stance, write_post
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db
from forum.members.import_places import insert_rows

Act = PlannedPost | PlannedStance


def hold_debates(year: DemoYear) -> None:
    """Let everybody write, answer the stance questions and react, all topics in one order of time."""
    acts: list[tuple[str, Act]] = []
    reactions: list[tuple[str, PlannedReaction]] = []
    for key in year.content.debates:
        debate, rng = _plan(year, key), year.chance(f"audience of {key}")
        readers = make_readers(debate, year.online, rng)
        acts += [(key, post) for post in debate.posts]
        acts += [(key, stance) for stance in plan_stances(debate, readers, rng)]
        reactions += [(key, reaction) for reaction in plan_reactions(debate, readers, rng)]
    _perform(year, sorted(acts, key=lambda act: act[1].at))
    _react(year, sorted(reactions, key=lambda reaction: reaction[1].at))


def _plan(year: DemoYear, key: str) -> Debate:
    course, today = COURSES[key], year.order.today
    during, answers = debate_window(course, today), answer_window(course, today)
    staff = frozenset(year.staff)
    posts = plan_posts(year.content.debates[key], staff, during, answers, year.chance(f"posts of {key}"))
    return Debate(posts, during, answers, year.voices)


def _perform(year: DemoYear, acts: Sequence[tuple[str, Act]]) -> None:
    threads = {key: get_thread(year.topics[key]) for key in year.content.debates}
    questions = {key: [row.id for row in list_questions(year.topics[key])] for key in year.content.debates}
    for key, act in acts:
        if isinstance(act, PlannedStance):
            take_stance(threads[key], act.stance, year.tenant(act.number), at=act.at)
        else:
            place = _placement(year, key, act.content, questions[key])
            year.posts[key, act.content.key] = _write(year, threads[key], act, place).id


def _placement(year: DemoYear, key: str, post: PostContent, questions: Sequence[int]) -> Placement:
    return Placement(
        reply_to=year.posts[key, post.reply_to] if post.reply_to else None,
        question_id=questions[post.question] if post.question is not None else None,
        source=post.source,
    )


def _write(year: DemoYear, thread: Thread, post: PlannedPost, place: Placement) -> Post:
    """Write a post as its author does, or let a moderator enter what a tenant said or wrote."""
    content = post.content
    body = year.bodies[content.text]
    if content.source is not PostSource.WEB:
        number = year.voices[content.author]
        return enter_post(thread, body, place, number, _moderator(year, content.source), at=post.at)
    return write_post(thread, body, place, _author(year, content.author), at=post.at)


def _author(year: DemoYear, voice: int) -> Actor:
    return year.staff[voice] if voice in year.staff else year.tenant(year.voices[voice])


def _moderator(year: DemoYear, source: PostSource) -> Actor:
    """Return who enters posts: the landlord answers the phone, the rest goes to the tenants."""
    party = Party.LANDLORD if source is PostSource.PHONE else Party.TENANTS
    return year.officers[Role.MODERATOR, party]


def _react(year: DemoYear, reactions: Sequence[tuple[str, PlannedReaction]]) -> None:
    """Store all reactions and what they add up to; one by one they would take minutes."""
    insert_rows(
        Reaction,
        [
            {
                "thread_id": year.topics[key],
                "post_id": year.posts[key, reaction.post],
                "member_id": year.members[reaction.number],
                "kind": reaction.kind,
                "at": reaction.at,
            }
            for key, reaction in reactions
        ],
    )
    counts = Counter((year.posts[key, reaction.post], reaction.kind) for key, reaction in reactions)
    db.session.execute(update(Post), _counters(list(year.posts.values()), counts))
    db.session.expire_all()


def _counters(
    post_ids: Sequence[int], counts: Mapping[tuple[int, ReactionKind], int]
) -> list[dict[str, int]]:
    return [
        {
            "id": post_id,
            "valuable_count": counts.get((post_id, ReactionKind.VALUABLE), 0),
            "agree_count": counts.get((post_id, ReactionKind.AGREE), 0),
        }
        for post_id in post_ids
    ]
