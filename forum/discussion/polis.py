"""A consultation that was held with Polis: its statements and the last vote of everybody on each. Pure.

The format is that of the exports of Polis: `comments.csv` and `votes.csv`, and beside them an
`ATTRIBUTION.md` that says whose data it is.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from forum.discussion.errors import ConsultationRefused
from forum.discussion.polis_rows import (
    CellRule,
    Faults,
    choice,
    moment_until,
    read_any,
    read_number,
    read_rows,
    text_up_to,
)
from forum.discussion.rules import TEXT_LONGEST

COMMENTS, VOTES, ATTRIBUTION = "comments.csv", "votes.csv", "ATTRIBUTION.md"
ATTRIBUTION_LONGEST = 1000
NAME_LONGEST = 80
AGREES, PASSES, DISAGREES = 1, 0, -1
ACCEPTED = 1


@dataclass(frozen=True, slots=True)
class ConsultationFiles:
    """The bytes of the files, and the name of the folder they stand in; no attribution is empty."""

    name: str
    comments: bytes
    votes: bytes
    attribution: bytes = b""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a participant stated. Rejected by the moderators, or not yet judged, is not accepted."""

    id: int
    author_id: int
    at: datetime
    is_accepted: bool
    text: str


@dataclass(frozen=True, slots=True)
class Vote:
    """What a participant thinks of a statement: 1 agrees, -1 disagrees, 0 passes."""

    statement_id: int
    voter_id: int
    at: datetime
    value: int


@dataclass(frozen=True, slots=True)
class Consultation:
    """A whole consultation. Statements are in order of time; of each voter's votes only the last are here."""

    name: str
    statements: Sequence[Statement]
    votes: Sequence[Vote]
    attribution: str
    sha256: str


def read_consultation(files: ConsultationFiles, *, latest: datetime) -> Consultation:
    """Return the consultation in the files when every row is right.

    The columns `datetime`, `agrees` and `disagrees` may be absent: they say in other words what the timestamp
    and the votes say.

    Args:
        files: what was exported.
        latest: nothing can be stated or voted later than this; now.

    Raises:
        ConsultationRefused: something is wrong in the files.
    """
    faults = Faults()
    _check_name(files.name, faults)
    attribution = _read_attribution(files.attribution, faults)
    statements, known_ids = _read_statements(files.comments, latest, faults)
    votes = _read_votes(files.votes, latest, known_ids, faults)
    if faults.count:
        raise ConsultationRefused(faults.listed, faults.count)
    return Consultation(
        name=files.name,
        statements=sorted(statements, key=attrgetter("at", "id")),
        votes=last_votes(votes),
        attribution=attribution,
        sha256=hashlib.sha256(files.comments + files.votes).hexdigest(),
    )


def last_votes(votes: Iterable[Vote]) -> Sequence[Vote]:
    """Return the last vote of each voter on each statement, in order of time.

    Of two votes at the same moment the later one in the file is the last.
    """
    last: dict[tuple[int, int], Vote] = {}
    for vote in votes:
        key = (vote.voter_id, vote.statement_id)
        if key not in last or vote.at >= last[key].at:
            last[key] = vote
    return sorted(last.values(), key=attrgetter("at", "statement_id", "voter_id"))


def _check_name(name: str, faults: Faults) -> None:
    """Demand a name that can stand in the key of a participant."""
    if not name or len(name) > NAME_LONGEST or not name.isprintable():
        reason = f"the folder must have a name of at most {NAME_LONGEST} printable characters"
        faults.add("", 0, "", reason)


def _read_attribution(data: bytes, faults: Faults) -> str:
    """Return the first paragraph, on one line and without the mark of a heading."""
    try:
        lines = data.decode("utf-8-sig").strip().splitlines()
    except UnicodeDecodeError:
        faults.add(ATTRIBUTION, 0, "", "the file is not in UTF-8")
        return ""
    end = next((place for place, line in enumerate(lines) if not line.strip()), len(lines))
    text = " ".join(" ".join(lines[:end]).split()).lstrip("# ")
    if len(text) > ATTRIBUTION_LONGEST or not text.isprintable():
        reason = f"the first paragraph must be at most {ATTRIBUTION_LONGEST} printable characters"
        faults.add(ATTRIBUTION, 0, "", reason)
        return ""
    return text


def _comment_rules(latest: datetime) -> Mapping[str, CellRule]:
    return {
        "timestamp": moment_until(latest),
        "datetime": read_any,
        "comment-id": read_number,
        "author-id": read_number,
        "agrees": read_number,
        "disagrees": read_number,
        "moderated": choice(1, -1, 0),
        "comment-body": text_up_to(TEXT_LONGEST),
    }


def _read_statements(
    data: bytes, latest: datetime, faults: Faults
) -> tuple[Sequence[Statement], frozenset[int] | None]:
    """Return the statements, and the ids there are: `None` when some could not be read."""
    statements: list[Statement] = []
    row_of: dict[int, int] = {}
    optional = frozenset({"datetime", "agrees", "disagrees"})
    rows = nameless = 0
    for row in read_rows(COMMENTS, data, _comment_rules(latest), optional, faults):
        rows += 1
        if "comment-id" not in row.values:
            nameless += 1
            continue
        statement_id = row.values["comment-id"]
        other = row_of.setdefault(statement_id, row.number)
        if other != row.number:
            faults.add(COMMENTS, row.number, "comment-id", f"{statement_id} stands in row {other} too")
        elif row.is_right:
            statements.append(_statement(row.values))
    if not rows:
        faults.add(COMMENTS, 0, "", "there are no statements under the column names")
    return statements, frozenset(row_of) if rows and not nameless else None


def _statement(values: Mapping[str, Any]) -> Statement:
    return Statement(
        id=values["comment-id"],
        author_id=values["author-id"],
        at=values["timestamp"],
        is_accepted=values["moderated"] == ACCEPTED,
        text=values["comment-body"],
    )


def _read_votes(
    data: bytes, latest: datetime, known_ids: frozenset[int] | None, faults: Faults
) -> Sequence[Vote]:
    """Return the votes in the order of the file; their statements must be there, when their ids are known."""
    rules: Mapping[str, CellRule] = {
        "timestamp": moment_until(latest),
        "datetime": read_any,
        "comment-id": read_number,
        "voter-id": read_number,
        "vote": choice(AGREES, DISAGREES, PASSES),
    }
    votes = []
    for row in read_rows(VOTES, data, rules, frozenset({"datetime"}), faults):
        statement_id = row.values.get("comment-id")
        if known_ids is not None and statement_id is not None and statement_id not in known_ids:
            faults.add(VOTES, row.number, "comment-id", f"{statement_id} is no statement of {COMMENTS}")
        elif row.is_right:
            values = row.values
            votes.append(Vote(values["comment-id"], values["voter-id"], values["timestamp"], values["vote"]))
    return votes
