"""What holds for all files of a consultation there could be."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from forum.discussion.polis import ConsultationFiles, Vote, last_votes
from forum.discussion.polis_rows import MOST_LISTED
from tests.discussion.test_polis_reader import (
    COMMENT_COLUMNS,
    SMALL,
    comment,
    comments_file,
    consultation,
    minute,
    refusal_of,
    vote,
    votes_file,
)


def check(files: ConsultationFiles) -> None:
    """Demand a consultation, or faults that a person can find."""
    refusal = refusal_of(files)
    if refusal is None:
        assert consultation(files).statements
        return
    assert len(refusal.faults) == min(refusal.count, MOST_LISTED)
    for fault in refusal.faults:
        assert fault.row >= 0
        assert fault.reason.isprintable()
        assert fault.column.isprintable()


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=100))
def test_any_bytes_give_a_consultation_or_faults(comments: bytes, votes: bytes, attribution: bytes) -> None:
    check(ConsultationFiles("liften", comments, votes, attribution))


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_under_good_headers_give_a_consultation_or_faults(comments: bytes, votes: bytes) -> None:
    check(replace(SMALL, comments=comments_file() + comments, votes=votes_file() + votes))


@given(st.sampled_from(COMMENT_COLUMNS), st.text(max_size=60))
def test_one_odd_cell_is_read_or_named(column: str, cell: str) -> None:
    row = {**comment(1, 2), column: cell.encode(errors="replace").decode()}
    files = replace(SMALL, comments=comments_file(comment(0, 7), row), votes=votes_file(vote(1, 0, 1, 1)))

    refusal = refusal_of(files)

    found = refusal.faults if refusal else []
    assert [(fault.row, fault.column) for fault in found] in ([], [(3, column)])


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 4), st.sampled_from([-1, 0, 1])))
)
def test_the_last_vote_is_never_earlier_than_another_of_the_same_voter(
    cast: list[tuple[int, int, int, int]],
) -> None:
    votes = [Vote(statement, voter, minute(at), value) for statement, voter, at, value in cast]

    last = last_votes(votes)

    keys = [(vote.voter_id, vote.statement_id) for vote in last]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(vote.voter_id, vote.statement_id) for vote in votes}
    for kept in last:
        mine = [
            vote for vote in votes if (vote.voter_id, vote.statement_id) == (kept.voter_id, kept.statement_id)
        ]
        assert kept == sorted(mine, key=lambda vote: vote.at)[-1]
