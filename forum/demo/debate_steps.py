"""Steps of the demo year about debates: posts and opinions through the services, reactions in one go."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import update

from forum.accounts.rules import CODE_ALPHABET
from forum.demo.advice_steps import plan_advice
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
from forum.demo.form_steps import plan_forms
from forum.demo.meeting_steps import plan_meetings
from forum.demo.moderation_steps import plan_moderation
from forum.demo.moments import COURSES, answer_window, debate_window
from forum.demo.panel_steps import Happening, plan_panels, settle_messages
from forum.demo.poll_steps import plan_polls
from forum.demo.recommendation_steps import plan_recommendations
from forum.demo.summary_steps import plan_summaries
from forum.demo.voice_steps import plan_actions
from forum.demo.year import DemoYear
from forum.discussion.entering import enter_post
from forum.discussion.heads import list_questions
from forum.discussion.mentions import list_mentionable
from forum.discussion.models import Post, Reaction
from forum.discussion.queries import get_thread
from forum.discussion.reacting import take_stance
from forum.discussion.rules import PostSource, ReactionKind
from forum.discussion.service import Body, Placement, write_post
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db
from forum.members.import_places import insert_rows
from forum.paper.queries import get_post_of
from forum.paper.service import CODE_LENGTH, SlipText, enter_slip

Act = PlannedPost | PlannedStance | PlannedReaction | Happening


def hold_debates(year: DemoYear) -> None:
    """Let everybody write, answer, react and hold panels, all topics in one order of time."""
    plans = (
        plan_panels,
        plan_meetings,
        plan_forms,
        plan_moderation,
        plan_summaries,
        plan_actions,
        plan_polls,
        plan_recommendations,
        plan_advice,
    )
    acts: list[tuple[str, Act]] = [("", happening) for plan in plans for happening in plan(year)]
    for key in year.content.debates:
        debate, rng = _plan(year, key), year.chance(f"audience of {key}")
        readers = make_readers(debate, year.online, rng)
        acts += [(key, post) for post in debate.posts]
        acts += [(key, stance) for stance in plan_stances(debate, readers, rng)]
        acts += [(key, reaction) for reaction in plan_reactions(debate, readers, rng)]
    _perform(year, sorted(acts, key=lambda act: act[1].at))
    settle_messages()


def _plan(year: DemoYear, key: str) -> Debate:
    course, today = COURSES[key], year.order.today
    during, answers = debate_window(course, today), answer_window(course, today)
    staff = frozenset(year.staff)
    posts = plan_posts(year.content.debates[key], staff, during, answers, year.chance(f"posts of {key}"))
    return Debate(posts, during, answers, year.voices)


def _perform(year: DemoYear, acts: Sequence[tuple[str, Act]]) -> None:
    """Do everything in turn; reactions wait until somebody looks at them, since one by one takes minutes."""
    questions = {key: [row.id for row in list_questions(year.topics[key])] for key in year.content.debates}
    reactions: list[tuple[str, PlannedReaction]] = []
    for key, act in acts:
        if isinstance(act, PlannedReaction):
            reactions.append((key, act))
        elif isinstance(act, Happening):
            _react(year, reactions)
            reactions.clear()
            act.do()
        elif isinstance(act, PlannedStance):
            take_stance(
                get_thread(year.topics[key]),
                act.stance,
                year.tenant(act.number),
                at=act.at,
                is_findable=_lets_be_found(act.number),
            )
        else:
            place = _placement(year, key, act.content, questions[key])
            year.posts[key, act.content.key] = _write(year, year.topics[key], act, place)
    _react(year, reactions)


def _lets_be_found(number: str) -> bool:
    """Tell whether a tenant lets others find their posts by their stance: two of three do."""
    return sum(number.encode()) % 3 > 0


def _placement(year: DemoYear, key: str, post: PostContent, questions: Sequence[int]) -> Placement:
    return Placement(
        reply_to=year.posts[key, post.reply_to] if post.reply_to else None,
        question_id=questions[post.question] if post.question is not None else None,
        source=post.source,
    )


def _write(year: DemoYear, topic_id: int, post: PlannedPost, place: Placement) -> int:
    """Write a post as its author does, or let a moderator enter what a tenant said; return its id."""
    content = post.content
    body = year.bodies[content.text]
    if people := list_mentionable(topic_id, body.source):
        body = Body.of(body.source, people)
    if content.source is PostSource.LETTER and place.reply_to is None:
        return _enter_slip(year, topic_id, post, place)
    if content.source is not PostSource.WEB:
        number = year.voices[content.author]
        return enter_post(topic_id, body, place, number, _moderator(year, content.source), at=post.at).id
    return write_post(topic_id, body, place, _author(year, content.author), at=post.at)


def _enter_slip(year: DemoYear, topic_id: int, post: PlannedPost, place: Placement) -> int:
    content = post.content
    chance = year.chance(f"slip {topic_id} {content.key}")
    slip = SlipText(
        code="".join(chance.choices(CODE_ALPHABET, k=CODE_LENGTH)),
        number=year.voices[content.author],
        body=year.bodies[content.text],
        stance=None,
        question_id=place.question_id,
        has_consent=True,
        form_key=f"demo-{topic_id}-{content.key}",
    )
    made = enter_slip(get_thread(topic_id), slip, _moderator(year, content.source), at=post.at)
    return get_post_of(made).id


def _author(year: DemoYear, voice: int) -> Actor:
    return year.staff[voice] if voice in year.staff else year.tenant(year.voices[voice])


def _moderator(year: DemoYear, source: PostSource) -> Actor:
    """Return who enters posts: the landlord answers the phone, the rest goes to the tenants."""
    party = Party.LANDLORD if source is PostSource.PHONE else Party.TENANTS
    return year.officers[Role.MODERATOR, party]


def _react(year: DemoYear, reactions: Sequence[tuple[str, PlannedReaction]]) -> None:
    """Store a number of reactions at once, with what they add to the counts of their posts."""
    if not reactions:
        return
    db.session.flush()
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
    for (post_id, kind), count in counts.items():
        column = Post.valuable_count if kind is ReactionKind.VALUABLE else Post.agree_count
        db.session.execute(update(Post).where(Post.id == post_id).values({column: column + count}))
    db.session.expire_all()
