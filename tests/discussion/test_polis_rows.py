"""What can be wrong with a cell, a row, the column names or a whole file of a consultation."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from forum.discussion import polis_rows
from forum.discussion.polis_rows import LARGEST_NUMBER
from forum.discussion.rules import TEXT_LONGEST
from tests.discussion.test_polis_reader import (
    LATEST,
    SMALL,
    comment,
    comments_file,
    consultation,
    places,
    vote,
    votes_file,
)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("timestamp", ""),
        ("timestamp", "gisteren"),
        ("timestamp", "-1"),
        ("timestamp", "1.5"),
        ("timestamp", "1772442000"),
        ("timestamp", "1" + "0" * 14),
        ("timestamp", "99999999999999"),
        ("timestamp", str(int(LATEST.timestamp() * 1000) + 1)),
        ("comment-id", ""),
        ("comment-id", "-1"),
        ("comment-id", "1.0"),
        ("comment-id", "٣"),
        ("comment-id", str(LARGEST_NUMBER + 1)),
        ("author-id", "x"),
        ("author-id", "9" * 5000),
        ("agrees", "veel"),
        ("disagrees", ""),
        ("moderated", ""),
        ("moderated", "2"),
        ("moderated", "+1"),
        ("comment-body", ""),
        ("comment-body", " \n\t"),
        ("comment-body", "x" * (TEXT_LONGEST + 1)),
        ("comment-body", "a\0b"),
    ],
)
def test_a_wrong_cell_of_a_statement_is_named(column: str, cell: str) -> None:
    data = comments_file(comment(1, 2), {**comment(4, 2), column: cell})

    assert places(replace(SMALL, comments=data, votes=votes_file())) == [("comments.csv", 3, column)]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("timestamp", "0"),
        ("comment-id", "-0"),
        ("comment-id", "4"),
        ("voter-id", "een"),
        ("vote", ""),
        ("vote", "2"),
        ("vote", "agree"),
        ("vote", "1.0"),
    ],
)
def test_a_wrong_cell_of_a_vote_is_named(column: str, cell: str) -> None:
    data = votes_file(vote(1, 0, 1, 1), {**vote(1, 0, 1, 2), column: cell})

    assert places(replace(SMALL, votes=data)) == [("votes.csv", 3, column)]


def test_edges_of_what_is_allowed() -> None:
    latest = str(int(LATEST.timestamp() * 1000))
    earliest = str(int(datetime(2000, 1, 1, tzinfo=UTC).timestamp() * 1000))
    rows = [
        comment(LARGEST_NUMBER, 0, timestamp=latest, comment_body="x" * TEXT_LONGEST),
        comment(0, LARGEST_NUMBER, timestamp=earliest, comment_body="x"),
    ]

    read = consultation(replace(SMALL, comments=comments_file(*rows), votes=votes_file()))

    assert [statement.at for statement in read.statements] == [datetime(2000, 1, 1, tzinfo=UTC), LATEST]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(b"timestamp,comment-id,voter-id,vote,bsn", [(1, "bsn")], id="unknown"),
        pytest.param(b"timestamp,comment-id,voter-id,vote,vote", [(1, "vote")], id="doubled"),
        pytest.param(b"timestamp,voter-id", [(1, "comment-id"), (1, "vote")], id="missing"),
        pytest.param(b"timestamp,comment-id,voter-id,vote,a\x00b", [(1, "a�b")], id="shown on one line"),
        pytest.param(b",timestamp,comment-id,voter-id,vote", [(1, "")], id="nameless"),
        pytest.param(
            b"timestamp;comment-id;voter-id;vote",
            [
                (1, "timestamp;comment-id;voter-id;vote"),
                (1, "timestamp"),
                (1, "comment-id"),
                (1, "voter-id"),
                (1, "vote"),
            ],
            id="semicolons",
        ),
    ],
)
def test_columns_that_are_wrong_are_named(header: bytes, expected: list[tuple[int, str]]) -> None:
    found = places(replace(SMALL, votes=header + b"\n1,2,3,4,5\n"))

    assert [(row, column) for _, row, column in found] == expected


@pytest.mark.parametrize(
    ("data", "row"),
    [
        pytest.param(b"", 0, id="empty"),
        pytest.param(b"\xef\xbb\xbf \r\n", 0, id="blank"),
        pytest.param(SMALL.votes + b'1,"2\n', 11, id="open quotation mark"),
        pytest.param(SMALL.votes + b'1,"2"3\n', 11, id="mark not doubled"),
        pytest.param(SMALL.votes + b"1,2,3\n", 11, id="too few cells"),
        pytest.param(SMALL.votes + b"\n1,2,3,4,5,6\n", 12, id="too many cells"),
        pytest.param(SMALL.votes + b"\n1,caf\xe9,3,4,5\n", 12, id="Windows-1252"),
        pytest.param("timestamp".encode("utf-16"), 1, id="UTF-16"),
        pytest.param(SMALL.votes + b"x" * 140_000 + b"\xff", 0, id="a cell too long before a wrong byte"),
    ],
)
def test_a_file_that_cannot_be_read_on_says_from_which_row(data: bytes, row: int) -> None:
    assert places(replace(SMALL, votes=data)) == [("votes.csv", row, "")]


def test_a_wrong_byte_is_in_the_row_of_a_spreadsheet_also_after_texts_of_more_lines() -> None:
    start = comments_file(comment(1, 2, comment_body="een\ntwee\ndrie"))

    assert places(replace(SMALL, comments=start + b"\xff")) == [("comments.csv", 3, "")]


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polis_rows, "MOST_BYTES", len(SMALL.votes) - 1)

    assert ("votes.csv", 0, "") in places(replace(SMALL, comments=comments_file(comment(0, 1))))
