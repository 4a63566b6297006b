"""Passwords that whoever guesses tries first. Pure: what it knows stands in `words/`."""

from functools import cache
from itertools import product
from pathlib import Path

WORDS = (
    "wachtwoord welkom geheim huurder huurders huurdersforum forum huur woning wonen verhuurder "
    "password qwerty amsterdam rotterdam utrecht eindhoven feyenoord ajax lente zomer herfst winter "
    "januari februari maart april mei juni juli augustus september oktober november december maandag "
    "dinsdag woensdag donderdag vrijdag zaterdag zondag"
).split()
"""Words of this place and time, which people make long enough with a number."""
YEARS = [str(year) for year in range(1950, 2040)]
ENDINGS = ["", "1", "01", "12", "123", "1234", "12345", "123456", *YEARS]
MARKS = ["", "!", "?", ".", "#", "@"]


@cache
def guessed_passwords() -> frozenset[str]:
    """Return common passwords in lower case: those of large leaks, and words of this forum with a number."""
    lines = (
        (Path(__file__).parent / "words" / "guessed_passwords.txt").read_text(encoding="ascii").splitlines()
    )
    leaked = (line for line in lines if not line.startswith("#"))
    return frozenset([*leaked, *map("".join, product(WORDS, ENDINGS, MARKS))])
