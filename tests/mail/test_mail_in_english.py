"""A mail in English says of each word that people wrote in Dutch that it is Dutch (WCAG 3.1.2)."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from forum.kernel.clock import now
from forum.mail.composing import draft_message
from forum.texts.catalogue import has_text
from forum.texts.language import speaking
from tests.support.cast import make_site, make_tenant

MAILS = Path(__file__).parents[2] / "templates/mail"
TEMPLATES = sorted(str(path.relative_to(MAILS).with_suffix("")) for path in MAILS.glob("*/*.html"))

WRITTEN = "Zoals geschreven"
MACHINE: dict[str, dict[str, Any]] = {"discussion/answer_refused": {"reason": "That took too long."}}
"""Where a name that elsewhere holds the words of a person does not."""


def details() -> dict[str, Any]:
    """Return what any mail may be about; whatever a person wrote is `WRITTEN`."""
    at = now()
    meeting = SimpleNamespace(
        place=WRITTEN, access=WRITTEN, starts_at=at, ends_at=at, cancelled_at=None, cancelled_because=WRITTEN
    )
    off = SimpleNamespace(**{**vars(meeting), "cancelled_at": at})
    line = SimpleNamespace(words=WRITTEN, said="answered")
    item = SimpleNamespace(sentence="Somebody answered.", title=WRITTEN, lines=[line], path="/", at=at)
    words = dict.fromkeys(("title", "topic", "question", "words", "reason", "text"), WRITTEN)
    moments = dict.fromkeys(("respond_by", "paused_until", "appeal_until", "due_at"), at.isoformat())
    flags = dict.fromkeys(("is_promoted", "is_all_off", "has_file", "is_overturned", "is_ranking"), True)
    return {
        **words,
        **moments,
        **flags,
        "choices": [WRITTEN],
        "meeting": meeting,
        "meetings": [meeting, off],
        "at": at.isoformat(),
        "items": [item],
        "groups": [SimpleNamespace(title=WRITTEN, news=[item])],
        "kind": "explain",
        "rule": "abuse",
        "stance": "for",
        "referral": None,
        "decided_by": "Huurdersbelang",
        "other_party": "Wonen Zilverdam",
        "code": "ABCD",
        "token": "token",
        "path": "/",
        "how": "daily",
        "how_often": "Once.",
        "because": "You chose this.",
        "more": 0,
        "post_id": 1,
        "decision_id": 1,
        "appeal_id": 1,
    }


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_was_written_in_dutch_is_said_to_be_dutch(database: Flask, template: str) -> None:
    make_site()
    member = make_tenant(interface_language="en")

    with speaking("en"):
        draft = draft_message(template, {**details(), **MACHINE.get(template, {})}, member)

    page = BeautifulSoup(draft.html, "html.parser")
    assert page.title is not None
    page.title.decompose()
    written = page.find_all(string=lambda words: WRITTEN in (words or ""))
    unmarked = [words for words in written if words.find_parent(lang=True)["lang"] != "nl"]
    assert not unmarked
    assert "lang=" not in draft.text + draft.subject


def test_the_staff_can_tell_each_kind_of_mail_from_the_others(database: Flask) -> None:
    kinds = {template.partition("/")[0] for template in TEMPLATES}

    assert [kind for kind in sorted(kinds) if not has_text(f"mail-of-{kind}")] == []
