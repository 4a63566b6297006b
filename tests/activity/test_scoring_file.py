"""The file form: what is read, what is refused and by which name, what is written."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from forum.activity.errors import InputRefused
from forum.activity.scoring import score_topic
from forum.activity.scoring_facts import (
    EarlierScore,
    Facts,
    PollFact,
    PostFact,
    PostStatus,
    ReactionFact,
    ReactionKind,
    ScoredMember,
    Stance,
)
from forum.activity.scoring_file import policy_document, read_facts, read_policy, result_document
from forum.activity.scoring_policy import DEFAULT_POLICY
from forum.activity.strict_json import parse_json

Document = dict[str, Any]
Edit = Callable[[Document], object]

DOCUMENT: Document = {
    "opened_at": "2026-03-02T08:00:00Z",
    "frozen_at": "2026-04-13T21:59:59Z",
    "users": {
        "a": {"household": "h1", "role": "tenant", "verified": True, "suspended": False},
        "b": {},
        "c": {"role": "moderator"},
    },
    "posts": [
        {
            "id": "p1",
            "author": "a",
            "at": "2026-03-05T12:00:00Z",
            "reply_to": "b",
            "chars": 120,
            "status": "visible",
            "duplicate": False,
            "upheld_flag": False,
        },
        {"id": "p2", "author": "b", "at": "2026-03-05T13:00:00+01:00", "chars": 0},
    ],
    "reactions": [
        {
            "id": "r1",
            "post": "p1",
            "by": "b",
            "at": "2026-03-06T12:00:00.5Z",
            "kind": "waardevol",
            "withdrawn": False,
        },
        {"id": "r2", "post": "p1", "by": "c", "at": "2026-03-06T12:00:00Z", "kind": "eens"},
    ],
    "poll": {"a": {"answer": "voor", "at": "2026-03-05T12:00:00Z"}},
    "carry": {"a": [["2025-12-01T12:00:00Z", 1500]]},
}


def edited(edit: Edit) -> Document:
    document = copy.deepcopy(DOCUMENT)
    edit(document)
    return document


def put(*path: str | int, value: object) -> Edit:
    """Return an edit that puts a value at a path."""

    def edit(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return edit


def drop(*path: str | int) -> Edit:
    """Return an edit that takes a field away."""

    def edit(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]

    return edit


def test_a_file_is_read_as_facts() -> None:
    noon = datetime(2026, 3, 5, 12, tzinfo=UTC)

    facts = read_facts(DOCUMENT)

    assert facts == Facts(
        opened_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
        frozen_at=datetime(2026, 4, 13, 21, 59, 59, tzinfo=UTC),
        members={
            "a": ScoredMember(household="h1"),
            "b": ScoredMember(household=None, role="tenant", verified=True, suspended=False),
            "c": ScoredMember(role="moderator"),
        },
        posts=[
            PostFact("p1", "a", noon, 120, reply_to="b"),
            PostFact("p2", "b", noon, 0, None, PostStatus.VISIBLE, duplicate=False, upheld_flag=False),
        ],
        reactions=[
            ReactionFact("r1", "p1", "b", datetime(2026, 3, 6, 12, 0, 0, 500_000, tzinfo=UTC)),
            ReactionFact(
                "r2", "p1", "c", datetime(2026, 3, 6, 12, tzinfo=UTC), ReactionKind.AGREE, withdrawn=False
            ),
        ],
        poll=[PollFact("a", Stance.FOR, noon)],
        carry={"a": [EarlierScore(datetime(2025, 12, 1, 12, tzinfo=UTC), 1500)]},
    )


def test_what_there_is_none_of_may_be_left_out() -> None:
    document = {name: DOCUMENT[name] for name in ("opened_at", "frozen_at", "users")}

    facts = read_facts(document)

    assert (facts.posts, facts.reactions, facts.poll, facts.carry) == ([], [], [], {})


def test_explicit_nulls_mean_unknown_household_and_no_reply() -> None:
    document = edited(put("users", "a", "household", value=None))
    document["posts"][0]["reply_to"] = None

    facts = read_facts(document)

    assert facts.members["a"].household is None
    assert facts.posts[0].reply_to is None


@pytest.mark.parametrize(
    ("edit", "code", "where"),
    [
        pytest.param(put("colour", value=1), "unknown-field", "colour", id="field of the file"),
        pytest.param(
            put("users", "a", "name", value="x"), "unknown-field", "users.a.name", id="field of a user"
        ),
        pytest.param(
            put("posts", 1, "likes", value=3), "unknown-field", "posts[1].likes", id="field of a post"
        ),
        pytest.param(
            put("reactions", 0, "weight", value=3),
            "unknown-field",
            "reactions[0].weight",
            id="field of a reaction",
        ),
        pytest.param(put("poll", "a", "x", value=3), "unknown-field", "poll.a.x", id="field of an answer"),
        pytest.param(put("users", "a", "role", value="Tenant"), "unknown-value", "users.a.role", id="role"),
        pytest.param(
            put("posts", 0, "status", value="gone"), "unknown-value", "posts[0].status", id="status"
        ),
        pytest.param(
            put("reactions", 1, "kind", value="like"), "unknown-value", "reactions[1].kind", id="kind"
        ),
        pytest.param(put("poll", "a", "answer", value="ja"), "unknown-value", "poll.a.answer", id="answer"),
        pytest.param(put("posts", 0, "author", value="z"), "unknown-user", "posts[0].author", id="author"),
        pytest.param(
            put("posts", 0, "reply_to", value="z"), "unknown-user", "posts[0].reply_to", id="replied to"
        ),
        pytest.param(put("reactions", 0, "by", value="z"), "unknown-user", "reactions[0].by", id="reactor"),
        pytest.param(put("reactions", 0, "post", value="p9"), "unknown-post", "reactions[0].post", id="post"),
        pytest.param(put("poll", "z", value={}), "unknown-user", "poll.z", id="answer of a stranger"),
        pytest.param(put("carry", "z", value=[]), "unknown-user", "carry.z", id="carry of a stranger"),
    ],
)
def test_what_is_unknown_is_refused(edit: Edit, code: str, where: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_facts(edited(edit))

    assert (refusal.value.code, refusal.value.where) == (code, where)


@pytest.mark.parametrize(
    "path",
    [
        ("opened_at",),
        ("frozen_at",),
        ("users",),
        *(("posts", 0, name) for name in ("id", "author", "at", "chars")),
        *(("reactions", 0, name) for name in ("id", "post", "by", "at", "kind")),
        *(("poll", "a", name) for name in ("answer", "at")),
    ],
)
def test_what_has_no_obvious_default_is_required(path: tuple[str | int, ...]) -> None:
    with pytest.raises(InputRefused, match=r"is missing$") as refusal:
        read_facts(edited(drop(*path)))

    assert refusal.value.code == "missing-field"
    assert refusal.value.where.endswith(str(path[-1]))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("users",), []),
        (("users", "a"), "tenant"),
        (("users", "a", "household"), 7),
        (("users", "a", "role"), None),
        (("users", "a", "verified"), 1),
        (("users", "a", "suspended"), "no"),
        (("posts",), {}),
        (("posts",), None),
        (("posts", 0), []),
        (("posts", 0, "id"), 1),
        (("posts", 0, "author"), None),
        (("posts", 0, "author"), ["a"]),
        (("posts", 0, "at"), 1772700000),
        (("posts", 0, "reply_to"), 1),
        (("posts", 0, "chars"), True),
        (("posts", 0, "chars"), 120.0),
        (("posts", 0, "chars"), "120"),
        (("posts", 0, "status"), None),
        (("posts", 0, "duplicate"), 0),
        (("posts", 0, "upheld_flag"), None),
        (("reactions",), "none"),
        (("reactions", 0, "post"), 1),
        (("reactions", 0, "kind"), {}),
        (("reactions", 0, "withdrawn"), 1),
        (("poll",), []),
        (("poll", "a"), "voor"),
        (("carry",), []),
        (("carry", "a"), 1500),
        (("carry", "a", 0), ["2025-12-01T12:00:00Z"]),
        (("carry", "a", 0), {"closed_at": "2025-12-01T12:00:00Z"}),
        (("carry", "a", 0, 1), 1.5),
        (("carry", "a", 0, 1), True),
    ],
)
def test_a_wrong_type_is_refused(path: tuple[str | int, ...], value: object) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_facts(edited(put(*path, value=value)))

    assert refusal.value.code == "wrong-type"
    assert refusal.value.where.startswith(str(path[0]))


@pytest.mark.parametrize("document", [None, [], "{}", 3, True])
def test_a_file_that_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(InputRefused, match=r"^input: must be an object"):
        read_facts(document)


@pytest.mark.parametrize(
    ("time", "code"),
    [
        pytest.param("2026-03-05T12:00:00", "naive-time", id="naive"),
        pytest.param("2026-03-05", "bad-time", id="only a date"),
        pytest.param("2026-03-05 12:00:00Z", "bad-time", id="a space"),
        pytest.param("2026-03-05T12:00Z", "bad-time", id="no seconds"),
        pytest.param("20260305T120000Z", "bad-time", id="basic form"),
        pytest.param("2026-02-30T12:00:00Z", "bad-time", id="no such day"),
        pytest.param("2026-03-05T24:00:00Z", "bad-time", id="no such hour"),
        pytest.param("2026-03-05T12:00:60Z", "bad-time", id="leap second"),
        pytest.param("2026-03-05T12:00:00+0100", "bad-time", id="offset without colon"),
        pytest.param("2026-03-05T12:00:00+24:00", "bad-time", id="offset of a day"),
        pytest.param("2026-03-05T12:00:00Z\n", "bad-time", id="line end"),
        pytest.param("٢٠٢٦-03-05T12:00:00Z", "bad-time", id="other digits"),
        pytest.param("yesterday", "bad-time", id="words"),
        pytest.param("1969-12-31T23:59:59Z", "out-of-range", id="before 1970"),
        pytest.param("9999-12-31T23:59:59Z", "out-of-range", id="last year there is"),
        pytest.param("9999-12-31T23:59:59-23:00", "bad-time", id="beyond the last year"),
        pytest.param("", "out-of-range", id="empty"),
    ],
)
def test_a_bad_time_is_refused(time: str, code: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_facts(edited(put("posts", 0, "at", value=time)))

    assert (refusal.value.code, refusal.value.where) == (code, "posts[0].at")


@pytest.mark.parametrize(
    ("edit", "code", "where"),
    [
        pytest.param(put("posts", 1, "id", value="p1"), "duplicate-id", "posts[1].id", id="post twice"),
        pytest.param(
            put("reactions", 1, "id", value="r1"), "duplicate-id", "reactions[1].id", id="reaction twice"
        ),
        pytest.param(put("posts", 0, "id", value=""), "out-of-range", "posts[0].id", id="empty id"),
        pytest.param(put("users", "", value={}), "out-of-range", "users", id="empty user id"),
        pytest.param(
            put("users", "a", "household", value=""), "out-of-range", "users.a.household", id="household"
        ),
        pytest.param(put("posts", 0, "chars", value=-1), "out-of-range", "posts[0].chars", id="negative"),
        pytest.param(put("posts", 0, "chars", value=10**5000), "out-of-range", "posts[0].chars", id="huge"),
        pytest.param(put("carry", "a", 0, 1, value=-5), "out-of-range", "carry.a[0][1]", id="negative carry"),
        pytest.param(
            put("frozen_at", value="2026-03-02T07:59:59Z"),
            "out-of-range",
            "frozen_at",
            id="frozen before opened",
        ),
    ],
)
def test_what_cannot_be_is_refused(edit: Edit, code: str, where: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_facts(edited(edit))

    assert (refusal.value.code, refusal.value.where) == (code, where)


def test_a_refusal_names_field_reason_and_value_on_one_line() -> None:
    with pytest.raises(InputRefused) as refusal:
        read_facts(edited(put("posts", 0, "status", value="go\nne")))

    assert str(refusal.value) == r'posts[0].status: must be one of visible, hidden, deleted, not "go\nne"'


def test_an_odd_key_is_shown_on_one_line_and_cut() -> None:
    with pytest.raises(InputRefused) as refusal:
        read_facts(edited(put("users", "x\n" + "é" * 500, value={"x": 1})))

    assert "\n" not in str(refusal.value)
    assert str(refusal.value).isascii()
    assert len(str(refusal.value)) < 120


# Raw bytes


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b"", "not-json", id="nothing"),
        pytest.param(b"{", "not-json", id="cut off"),
        pytest.param(b"{} {}", "not-json", id="two documents"),
        pytest.param(b"{'a': 1}", "not-json", id="single quotes"),
        pytest.param(b'{"a": NaN}', "not-json", id="NaN"),
        pytest.param(b'{"a": -Infinity}', "not-json", id="infinity"),
        pytest.param(b'{"a": "\xff"}', "not-utf-8", id="not UTF-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), "not-utf-8", id="UTF-16"),
        pytest.param(b'{"a": 1, "b": {"c": 1, "c": 2}}', "duplicate-key", id="key twice"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "out-of-range", id="thousands of digits"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "not-json", id="nested too deep"),
    ],
)
def test_bytes_that_are_no_sound_json_are_refused(raw: bytes, code: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_json(raw)

    assert refusal.value.code == code
    assert "\n" not in str(refusal.value)


def test_a_byte_order_mark_is_no_harm() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": "\xc3\xa9"}') == {"a": "é"}


# Policy


def test_the_default_policy_survives_json() -> None:
    document = json.loads(json.dumps(policy_document(DEFAULT_POLICY)))

    assert read_policy(document) == DEFAULT_POLICY


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        pytest.param({"colour": 1}, "unknown-field", "colour", id="unknown"),
        pytest.param({"post_cp": True}, "wrong-type", "post_cp", id="true is no number"),
        pytest.param({"post_cp": 1.0}, "wrong-type", "post_cp", id="fraction"),
        pytest.param({"post_cp": -1}, "out-of-range", "post_cp", id="negative"),
        pytest.param({"name": 1}, "wrong-type", "name", id="name"),
        pytest.param({"pair_pct": 100}, "wrong-type", "pair_pct", id="no list"),
        pytest.param({"pair_pct": [100, "50"]}, "wrong-type", "pair_pct[1]", id="text in a list"),
        pytest.param({"knots": []}, "out-of-range", "knots", id="no knots"),
        pytest.param({"knots": [[1, 0]]}, "out-of-range", "knots", id="knots do not start at 0"),
        pytest.param({"knots": [[0, 0], [0, 1]]}, "out-of-range", "knots[1]", id="knots do not rise"),
        pytest.param({"knots": [[0, 0, 0]]}, "wrong-type", "knots[0]", id="three in a pair"),
        pytest.param({"carry_steps": [[9, 1], [8, 1]]}, "out-of-range", "carry_steps[1]", id="carry steps"),
        pytest.param({"ticket_steps_cp": [2, 1]}, "out-of-range", "ticket_steps_cp[1]", id="ticket steps"),
        pytest.param({"time_zone": "Europe/Nowhere"}, "unknown-value", "time_zone", id="no such zone"),
        pytest.param({"time_zone": "../etc"}, "unknown-value", "time_zone", id="path as zone"),
        pytest.param({"time_zone": "Europe"}, "unknown-value", "time_zone", id="folder as zone"),
    ],
)
def test_a_wrong_policy_is_refused(changes: Document, code: str, where: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_policy({**policy_document_as_json(), **changes})

    assert (refusal.value.code, refusal.value.where) == (code, where)


def policy_document_as_json() -> Document:
    document: Document = json.loads(json.dumps(policy_document(DEFAULT_POLICY)))
    return document


@pytest.mark.parametrize("name", policy_document(DEFAULT_POLICY))
def test_every_constant_of_a_policy_is_required(name: str) -> None:
    document = policy_document_as_json()
    del document[name]

    with pytest.raises(InputRefused) as refusal:
        read_policy(document)

    assert (refusal.value.code, refusal.value.where) == ("missing-field", name)


def test_a_changed_constant_changes_the_score() -> None:
    facts = read_facts(DOCUMENT)
    policy = read_policy({**policy_document_as_json(), "name": "proef", "poll_cp": 7})

    scores = score_topic(facts, policy)

    assert policy == replace(DEFAULT_POLICY, name="proef", poll_cp=7)
    assert scores["a"].parts.poll == 7


# Result


def test_scores_are_written_in_the_agreed_form() -> None:
    facts = read_facts(DOCUMENT)

    result = result_document(score_topic(facts), facts)

    assert list(result) == ["a", "b", "c"]
    assert json.loads(json.dumps(result["a"])) == {
        "score": 875,
        "parts": {"posts": 350, "days": 50, "giving": 0, "poll": 100, "carry": 375, "flags": 0},
        "counted_posts": 1,
        "eligible": True,
        "why_not": [],
        "tickets": 1,
        "reciprocal_share_pct": 0,
        "posts_detail": [{"id": "p1", "value": 350, "discount_pct": 100, "counted": True}],
    }
    assert json.loads(json.dumps(result["c"])) == {
        "score": 0,
        "parts": {"posts": 0, "days": 0, "giving": 0, "poll": 0, "carry": 0, "flags": 0},
        "counted_posts": 0,
        "eligible": False,
        "why_not": ["not_a_verified_active_tenant", "no_counted_post", "below_min_score"],
        "tickets": 0,
        "reciprocal_share_pct": 0,
        "posts_detail": [],
    }
