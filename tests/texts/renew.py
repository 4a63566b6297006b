"""Bring the PO files in line with the templates: `make texts`, or `python -m tests.texts.renew panels`."""

import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from forum.app import assets_path
from forum.texts.language import DUTCH, LANGUAGES

TEMPLATES = assets_path() / "templates"
TEXTS = Path(__file__).parents[2] / "forum" / "texts"
FRAME = "web"
"""The folder whose file has the texts of the templates outside any folder as well."""
FOLDERS = sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir())
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}


def files_of(folder: str) -> Iterator[Path]:
    """Give the templates of a folder that hold texts."""
    files = [
        *sorted((TEMPLATES / folder).rglob("*")),
        *(sorted(TEMPLATES.glob("*")) if folder == FRAME else []),
    ]
    yield from (file for file in files if file.suffix in (".html", ".txt"))


def messages_of(folder: str) -> set[tuple[str, ...]]:
    """Return the marked texts of a folder: each alone, or a singular with its plural."""
    found: set[tuple[str, ...]] = set()
    for file in files_of(folder):
        marked = babel_extract(BytesIO(file.read_bytes()), ("_", "gettext", "ngettext"), [], OPTIONS)
        for _line, function, message, _comments in marked:
            texts = tuple(text for text in _as_tuple(message) if text)
            found.add(texts[: 2 if function == "ngettext" else 1])
    return found


def renew(folder: str, language: str) -> int:
    """Write the PO file of a folder with what it says now; return how many texts have no translation yet."""
    file = TEXTS / language / f"{folder}.po"
    there = read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(language)
    renewed = Catalog(language)
    for texts in sorted(messages_of(folder)):
        message = there.get(texts[0])
        is_kept = message and len(texts_of(message)) == len(texts)
        renewed.add(texts if len(texts) > 1 else texts[0], message.string if message and is_kept else None)
    with file.open("wb") as out:
        write_po(out, renewed, width=0, omit_header=True, no_location=True)
    return sum(not all(forms_of(message)) for message in renewed if message.id)


def forms_of(message: Message) -> Sequence[str]:
    """Return the translations of a text, one per plural form; empty where there is none."""
    return [form or "" for form in _as_tuple(message.string)]


def texts_of(message: Message) -> tuple[str, ...]:
    """Return a text as a template marks it, with its plural if it has one."""
    return tuple(text or "" for text in _as_tuple(message.id))


def _as_tuple(texts: str | Sequence[str | None] | None) -> Sequence[str | None]:
    return (texts,) if isinstance(texts, str) or texts is None else texts


def main(folders: Sequence[str]) -> None:
    """Renew the files of some folders, or of all."""
    for language in LANGUAGES:
        for folder in folders or FOLDERS:
            if language != DUTCH:
                print(f"{language}/{folder}.po: {renew(folder, language)} without a translation")


if __name__ == "__main__":
    main(sys.argv[1:])
