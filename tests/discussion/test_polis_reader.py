"""Reading the export of a consultation: what it says, and what is wrong with it."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forum.discussion.errors import ConsultationRefused
from forum.discussion.polis import (
    Consultation,
    ConsultationFiles,
    Vote,
    last_votes,
    read_consultation,
)
from forum.discussion.polis_rows import MOST_LISTED, Fault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATEST = datetime(2026, 4, 1, tzinfo=UTC)
COMMENT_COLUMNS = (
    "timestamp",
    "datetime",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "comment-body",
)
VOTE_COLUMNS = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
LIFT = "De lift is deze maand vier keer stuk geweest, en niemand weet waarom."


def minute(number: int) -> datetime:
    """Return a moment of the consultation."""
    return START + timedelta(minutes=number)


def milliseconds(number: int) -> str:
    """Return a moment of the consultation as the files have it."""
    return str(int(minute(number).timestamp() * 1000))


def comment(statement_id: int, author_id: int, at: int = 0, **changes: str) -> dict[str, str]:
    """Return an accepted statement; the changes are given by column, with `_` for `-`."""
    row = {
        "timestamp": milliseconds(at),
        "datetime": "Mon Mar 02 09:00:00 UTC 2026",
        "comment-id": str(statement_id),
        "author-id": str(author_id),
        "agrees": "0",
        "disagrees": "0",
        "moderated": "1",
        "comment-body": f"{LIFT} ({statement_id})",
    }
    return row | {name.replace("_", "-"): value for name, value in changes.items()}


def vote(voter_id: int, statement_id: int, value: int, at: int, **changes: str) -> dict[str, str]:
    """Return a vote; the changes are given by column, with `_` for `-`."""
    row = {
        "timestamp": milliseconds(at),
        "datetime": "Mon Mar 02 09:00:00 UTC 2026",
        "comment-id": str(statement_id),
        "voter-id": str(voter_id),
        "vote": str(value),
    }
    return row | {name.replace("_", "-"): value for name, value in changes.items()}


def table(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return a CSV file with these columns."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def comments_file(*rows: Mapping[str, str]) -> bytes:
    """Return `comments.csv`."""
    return table(COMMENT_COLUMNS, rows)


def votes_file(*rows: Mapping[str, str]) -> bytes:
    """Return `votes.csv`."""
    return table(VOTE_COLUMNS, rows)


SMALL = ConsultationFiles(
    name="liften",
    comments=comments_file(
        comment(3, 7, 30),
        comment(0, 7, 10),
        comment(5, 8, 20, moderated="-1"),
        comment(6, 9, 40, moderated="0"),
    ),
    votes=votes_file(
        vote(1, 0, 1, 50),
        vote(1, 0, -1, 45),
        vote(2, 0, 1, 51),
        vote(2, 0, 0, 55),
        vote(2, 3, -1, 52),
        vote(2, 3, 1, 52),
        vote(7, 0, 1, 11),
        vote(1, 5, 1, 46),
        vote(3, 3, -1, 47),
    ),
    attribution=b"Gemaakt door *De Lift*,\nmet dank.\n\nMeer over de bestanden.\n",
)
"""Two accepted statements, one rejected, one not judged. Of the last votes 4 agree, 1 passes, 1 disagrees.

The votes are out of order; one voter came back on a vote, one did so within the same millisecond.
"""


def consultation(files: ConsultationFiles = SMALL) -> Consultation:
    """Return what the files say."""
    return read_consultation(files, latest=LATEST)


def refusal_of(files: ConsultationFiles) -> ConsultationRefused | None:
    """Return how the files are refused, `None` when they are a consultation."""
    try:
        consultation(files)
    except ConsultationRefused as refusal:
        return refusal
    return None


def faults(files: ConsultationFiles) -> Sequence[Fault]:
    """Return what is wrong with the files."""
    refusal = refusal_of(files)
    assert refusal is not None
    return refusal.faults


def places(files: ConsultationFiles) -> list[tuple[str, int, str]]:
    """Return where something is wrong."""
    return [(fault.file, fault.row, fault.column) for fault in faults(files)]


def test_statements_come_in_order_of_time_with_what_the_moderators_said() -> None:
    read = consultation()

    assert [(s.id, s.author_id, s.at, s.is_accepted) for s in read.statements] == [
        (0, 7, minute(10), True),
        (5, 8, minute(20), False),
        (3, 7, minute(30), True),
        (6, 9, minute(40), False),
    ]
    assert read.statements[0].text == f"{LIFT} (0)"
    assert read.name == "liften"


def test_the_last_vote_of_each_voter_counts_whatever_the_order_of_the_file() -> None:
    assert consultation().votes == [
        Vote(0, 7, minute(11), 1),
        Vote(5, 1, minute(46), 1),
        Vote(3, 3, minute(47), -1),
        Vote(0, 1, minute(50), 1),
        Vote(3, 2, minute(52), 1),
        Vote(0, 2, minute(55), 0),
    ]


def test_of_two_votes_in_one_millisecond_the_later_in_the_file_is_the_last() -> None:
    first, second = Vote(1, 1, START, 1), Vote(1, 1, START, -1)

    assert last_votes([first, second]) == [second]
    assert last_votes([second, first]) == [first]


def test_the_first_paragraph_is_the_attribution() -> None:
    assert consultation().attribution == "Gemaakt door *De Lift*, met dank."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"", "", id="no file"),
        pytest.param(b"\xef\xbb\xbf# Bron\r\nDe Lift\r\n \r\nmeer", "Bron De Lift", id="mark, heading, CRLF"),
    ],
)
def test_attributions(data: bytes, text: str) -> None:
    assert consultation(replace(SMALL, attribution=data)).attribution == text


@pytest.mark.parametrize(
    "data", [b"\xff", b"a\x00b", b"x" * 1001], ids=["encoding", "control mark", "too long"]
)
def test_an_attribution_that_cannot_be_shown_is_refused(data: bytes) -> None:
    assert places(replace(SMALL, attribution=data)) == [("ATTRIBUTION.md", 0, "")]


@pytest.mark.parametrize("name", ["", "x" * 81, "a\nb"])
def test_a_folder_name_that_cannot_be_a_key_is_refused(name: str) -> None:
    assert places(replace(SMALL, name=name)) == [("", 0, "")]


def test_marks_line_ends_spaces_capitals_and_empty_rows_do_not_matter() -> None:
    plain = consultation()
    comments = SMALL.comments.replace(b"comment-id", b" Comment-ID ").replace(b"\r\n", b"\n\n")
    votes = SMALL.votes.replace(b",-1\r\n", b", -1 \r\n").replace(b"\r\n", b"\r") + b",,,,\n"

    read = consultation(replace(SMALL, comments=b"\xef\xbb\xbf" + comments, votes=b"\xef\xbb\xbf" + votes))

    assert (read.statements, read.votes) == (plain.statements, plain.votes)


def test_columns_that_repeat_others_may_be_absent_and_in_any_order() -> None:
    comments = table(("comment-body", "moderated", "author-id", "comment-id", "timestamp"), [comment(1, 2)])
    votes = table(("vote", "voter-id", "comment-id", "timestamp"), [vote(1, 1, 1, 5)])

    read = consultation(replace(SMALL, comments=comments, votes=votes))

    assert (len(read.statements), len(read.votes)) == (1, 1)


def test_a_consultation_without_votes_is_one() -> None:
    assert consultation(replace(SMALL, votes=votes_file())).votes == []


def test_the_text_is_kept_without_the_white_space_around_it() -> None:
    row = comment(1, 2, comment_body=' Eerst, "dan".\r\n\r\nDaarna. \n')

    read = consultation(replace(SMALL, comments=comments_file(row), votes=votes_file()))

    assert read.statements[0].text == 'Eerst, "dan".\n\nDaarna.'


def test_a_statement_that_is_there_twice_is_named_with_the_other_row() -> None:
    data = comments_file(comment(1, 2), comment(4, 2), comment(1, 3))

    assert faults(replace(SMALL, comments=data, votes=votes_file())) == [
        Fault("comments.csv", 4, "comment-id", "1 stands in row 2 too")
    ]


def test_no_statements_is_a_fault() -> None:
    assert places(replace(SMALL, comments=comments_file(), votes=votes_file())) == [("comments.csv", 0, "")]


def test_a_wrong_statement_does_not_make_its_votes_wrong() -> None:
    data = comments_file(comment(0, 7), comment(3, 7, moderated="?"), comment(5, 7))

    assert places(replace(SMALL, comments=data)) == [("comments.csv", 3, "moderated")]


@pytest.mark.parametrize(
    "broken",
    [
        comments_file(comment(0, 7), {**comment(3, 7), "comment-id": "drie"}),
        comments_file(comment(0, 7)) + b"1,2\n",
        comments_file(comment(0, 7)) + b'"',
        b"bsn\n1\n",
    ],
    ids=["id", "cells", "record", "header"],
)
def test_votes_are_not_held_against_statements_that_cannot_be_read(broken: bytes) -> None:
    found = places(replace(SMALL, comments=broken))

    assert {file for file, _, _ in found} == {"comments.csv"}


def test_faults_of_all_files_are_told_at_once() -> None:
    wrong = replace(
        SMALL,
        comments=comments_file(comment(0, 7, moderated="x"), comment(3, 7), comment(5, 7, comment_body="")),
        votes=votes_file(vote(1, 0, 3, 1), vote(1, 9, 1, 1)),
    )

    assert faults(wrong) == [
        Fault("comments.csv", 2, "moderated", "'x' is none of 1, -1, 0"),
        Fault("comments.csv", 4, "comment-body", "must be filled in"),
        Fault("votes.csv", 2, "vote", "'3' is none of 1, -1, 0"),
        Fault("votes.csv", 3, "comment-id", "9 is no statement of comments.csv"),
    ]


def test_of_very_many_faults_twenty_are_listed_and_all_are_counted() -> None:
    wrong = replace(SMALL, votes=votes_file(*(vote(1, 0, 7, 1) for _ in range(30))))

    refusal = refusal_of(wrong)

    assert refusal is not None
    assert (len(refusal.faults), refusal.count) == (MOST_LISTED, 30)
