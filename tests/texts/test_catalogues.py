"""Every text has its place in the catalogues, and every language has every text."""

import re
import tomllib
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from forum.texts.language import DUTCH, LANGUAGES
from tests.texts.renew import FOLDERS, TEMPLATES, files_of, forms_of, messages_of, texts_of
from tests.texts.unmarked import find_unmarked

TEXTS = Path(__file__).parents[2] / "forum" / "texts"
OTHERS = [language for language in LANGUAGES if language != DUTCH]
IN_TEMPLATES = re.compile(r"%(?:\((\w+)\)s|%)")
IN_SENTENCES = re.compile(r"\{(\w+)[^}]*\}")
TAGS = re.compile(r"</?(\w+)")
GLUED = re.compile(r"{% endtrans %}\n(?:\s*{% (?:if|endif|endfor)\b[^\n]*%}\n)*\s*{% trans [^\n]*")
"""Two texts after each other: the line ends and the white space between them are not on the page."""


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_text_in_a_template_is_without_its_mark(folder: str) -> None:
    faults = [
        f"{file.relative_to(TEMPLATES)}: {text}"
        for file in files_of(folder)
        for text in find_unmarked(file.read_text(encoding="utf-8"), is_html=file.suffix == ".html")
    ]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_two_texts_are_glued_together(folder: str) -> None:
    faults = [
        f"{file.relative_to(TEMPLATES)}: write the first as {{{{ _('…') }}}}: {found[0]}"
        for file in files_of(folder)
        for found in GLUED.finditer(file.read_text(encoding="utf-8"))
    ]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_language_has_exactly_the_texts_of_the_templates(folder: str, language: str) -> None:
    file = TEXTS / language / f"{folder}.po"
    catalogue = read_po(BytesIO(file.read_bytes()), locale=language)
    there = {texts_of(message): message for message in catalogue if message.id}

    assert there.keys() == messages_of(folder), f"python -m tests.texts.renew {folder}"
    faults = []
    for texts, message in there.items():
        translated = forms_of(message)
        if message.fuzzy or not all(translated):
            faults.append(f"not translated: {texts}")
        for place, text in enumerate(translated):
            dutch = texts[min(place, len(texts) - 1)]
            names = set(IN_TEMPLATES.findall(text)), {n for t in texts for n in IN_TEMPLATES.findall(t)}
            if not names[0] <= names[1] or (len(texts) == 1 and names[0] != names[1]):
                faults.append(f"other values: {dutch!r} and {text!r}")
            if Counter(TAGS.findall(dutch)) != Counter(TAGS.findall(text)):
                faults.append(f"other marks: {dutch!r} and {text!r}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("file", sorted(file.name for file in (TEXTS / DUTCH).glob("*.toml")))
def test_a_language_has_exactly_the_sentences_that_python_says(file: str, language: str) -> None:
    dutch = tomllib.loads((TEXTS / DUTCH / file).read_text(encoding="utf-8"))
    there = TEXTS / language / file
    other = tomllib.loads(there.read_text(encoding="utf-8")) if there.exists() else {}

    assert list(other) == list(dutch)
    faults = [
        f"{key}: {dutch[key]!r} and {other[key]!r}"
        for key in dutch
        if set(IN_SENTENCES.findall(dutch[key])) != set(IN_SENTENCES.findall(other[key]))
        or not other[key].strip()
    ]
    assert not faults, "\n".join(faults)
