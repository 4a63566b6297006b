"""What is true of the front page: which debates end soon, and how a post begins."""

from datetime import datetime, timedelta

from forum.texts.markdown_words import own_lines

SOON = timedelta(days=14)
BEGINNING_LONGEST = 90


def ends_soon(closes_at: datetime, at: datetime) -> bool:
    """Tell whether an open debate ends within two weeks."""
    return at <= closes_at <= at + SOON


def beginning(text: str, *, is_whole: bool) -> str:
    """Return the first words of a text on one line, with `…` where it goes on.

    Quoted lines are left out where there are others.

    Args:
        text: plain text.
        is_whole: whether the text goes no further; else its last word may be half a word.
    """
    words = own_lines(text).split()
    line = " ".join(words if is_whole else words[:-1])
    if is_whole and len(line) <= BEGINNING_LONGEST:
        return line
    if len(line) > BEGINNING_LONGEST:
        line = line[: BEGINNING_LONGEST + 1].rsplit(" ", 1)[0][:BEGINNING_LONGEST]
    line = line.rstrip(" ,;:-")
    return f"{line} …" if line else ""
