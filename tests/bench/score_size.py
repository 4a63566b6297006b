"""Measure the score of a very large topic: `python tests/bench/score_size.py --members 100000`.

Facts are made without randomness, so that every run does the same work. Prints CPU seconds and peak memory of
the whole process, making the facts included.
"""

import resource
import time
from datetime import UTC, datetime, timedelta

import click

from forum.activity.scoring import score_topic
from forum.activity.scoring_facts import (
    EarlierScore,
    Facts,
    PollFact,
    PostFact,
    ReactionFact,
    ReactionKind,
    ScoredMember,
    Stance,
)

OPENED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW_SECONDS = 42 * 24 * 3600
STRIDE = 7_368_787  # a prime, so that multiples of it spread over members, posts and seconds


def moment(number: int) -> datetime:
    return OPENED_AT + timedelta(seconds=number * STRIDE % WINDOW_SECONDS)


def make_facts(members: int, posts: int, reactions: int) -> Facts:
    """Make a topic in which every fifth post is a long one of few authors and some facts do not count."""
    member_ids = [f"m{number}" for number in range(members)]
    stances = list(Stance)
    post_facts = [
        PostFact(
            id=f"p{number}",
            author=member_ids[number * STRIDE % (members if number % 5 else max(1, members // 100))],
            at=moment(number),
            chars=20 + number % 400,
            reply_to=None if number % 3 else member_ids[number % members],
            upheld_flag=number % 5000 == 0,
        )
        for number in range(posts)
    ]
    return Facts(
        opened_at=OPENED_AT,
        frozen_at=OPENED_AT + timedelta(seconds=WINDOW_SECONDS),
        members={
            member_id: ScoredMember(household=f"h{number * 2 // 3}", suspended=number % 500 == 0)
            for number, member_id in enumerate(member_ids)
        },
        posts=post_facts,
        reactions=[
            ReactionFact(
                id=f"r{number}",
                post=post_facts[number * STRIDE % posts].id,
                by=member_ids[number * 31 // 7 % members],
                at=moment(number + 1),
                kind=ReactionKind.AGREE if number % 20 == 0 else ReactionKind.VALUABLE,
                withdrawn=number % 50 == 0,
            )
            for number in range(reactions)
        ],
        poll=[
            PollFact(by=member_id, answer=stances[number % 3], at=moment(number))
            for number, member_id in enumerate(member_ids)
            if number % 4
        ],
        carry={
            member_id: [EarlierScore(OPENED_AT - timedelta(days=number % 400), number % 3000)]
            for number, member_id in enumerate(member_ids)
            if number % 5 == 0
        },
    )


@click.command()
@click.option("--members", default=100_000, show_default=True)
@click.option("--posts", default=1_000_000, show_default=True)
@click.option("--reactions", default=3_000_000, show_default=True)
def main(members: int, posts: int, reactions: int) -> None:
    """Score one large topic and print what it took."""
    started = time.process_time()
    facts = make_facts(members, posts, reactions)
    made = time.process_time()
    made_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    scores = score_topic(facts)

    scored = time.process_time()
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    eligible = sum(score.eligible for score in scores.values())
    click.echo(f"{members} members, {posts} posts, {reactions} reactions: {eligible} eligible")
    click.echo(f"facts   {made - started:6.1f} s CPU, {made_mib:6.0f} MiB")
    click.echo(f"scoring {scored - made:6.1f} s CPU, {peak_mib:6.0f} MiB at the peak")


if __name__ == "__main__":
    main()
