"""A post as the beginning of an answer: its words as lines that start with `> `. Pure."""

from typing import Final

from forum.texts.markdown import plain_text

QUOTE_LONGEST: Final = 600
"""Characters of a post that are quoted; the post itself stands above the answer."""
_CUT: Final = " …"


def quote_of(source: str) -> str:
    """Return the author's own words of a text as a quote, and an empty line to go on under it.

    What the text itself quotes is left out. A long text is cut after a word.
    """
    own = [line for line in plain_text(source).splitlines() if not line.startswith(">")]
    words = _cut("\n".join(own).strip())
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines()) + "\n\n" if words else ""


def _cut(text: str) -> str:
    if len(text) <= QUOTE_LONGEST:
        return text
    kept = text[: QUOTE_LONGEST - len(_CUT)]
    whole_words = kept.rsplit(None, 1)[0] if not text[len(kept)].isspace() else kept.rstrip()
    return whole_words + _CUT
