"""What somebody may have meant, from the words of the posts that readers may see."""

from collections.abc import Callable, Iterator, Sequence
from string import ascii_lowercase

from forum.search.analysis import words_in
from forum.search.engine import Filters, Order, SearchEngine
from forum.search.query_text import Wanted, read_query

Visible = Callable[[Sequence[int]], Sequence[int]]

LITTLE = 2
"""So few posts, or none, and it may be the spelling."""
WORDS_MOST = 4
"""Words of one question that are looked at."""
WORD_SHORTEST = 4
WORD_LONGEST = 24
NEAR_MOST = 3
"""Near words that are tried in posts, the commonest first."""
LOOKED_AT_MOST = 50
COMMONER = 10
"""A word that was found is doubted only when a near one stands in so many times as many posts."""
SOUNDS = (
    ("ij", "ei"),
    ("ou", "au"),
    ("g", "ch"),
    ("d", "t"),
    ("s", "z"),
    ("f", "v"),
    ("k", "c"),
    ("ks", "x"),
    ("i", "ie"),
    ("u", "uu"),
    ("o", "oo"),
    ("e", "ee"),
    ("a", "aa"),
)
"""What is mixed up because it sounds alike."""


def suggest(engine: SearchEngine, text: str, filters: Filters, *, found: int, visible: Visible) -> str | None:
    """Return the question with one or more words spelled otherwise, when that finds more posts.

    A word is offered only when a post that readers may see now has it. Asks the engine some twenty times at
    most, so it is for a question that found little.

    Args:
        engine: where to look.
        text: the question as it was typed.
        filters: only posts like these are found.
        found: how many posts the question found as it is.
        visible: returns those of some posts that readers may see.

    Raises:
        SearchUnavailable: there is no index that can be read.
    """
    look = _Looking(engine, visible)
    wanted = read_query(text)
    better = {word: near for word in wanted.words[:WORDS_MOST] if (near := look.better_word(word))}
    if not better:
        return None
    meant = _replaced(text, better)
    return meant if look.count(read_query(meant), filters, most=LOOKED_AT_MOST) > found else None


class _Looking:
    """One engine, seen as a reader may see it."""

    def __init__(self, engine: SearchEngine, visible: Visible) -> None:
        self._engine = engine
        self._visible = visible

    def better_word(self, word: str) -> str | None:
        """Return a word near this one in which more posts are found; nothing for a word that is known."""
        if not WORD_SHORTEST <= len(word) <= WORD_LONGEST or word.isdigit():
            return None
        known = self.count(Wanted(words=(word,)), Filters(), most=LITTLE + 1)
        if known > LITTLE:
            return None
        counts = self._engine.counts_of(set(near_words(word)))
        likely = [near for near, posts in counts.items() if near != word and posts > COMMONER * known]
        for near in sorted(likely, key=lambda near: (-counts[near], near))[:NEAR_MOST]:
            if self.count(Wanted(phrases=((near,),)), Filters(), most=LOOKED_AT_MOST) > known:
                return near
        return None

    def count(self, wanted: Wanted, filters: Filters, *, most: int) -> int:
        """Return how many of the newest posts that fit may be seen."""
        return len(self._visible(self._engine.search(wanted, filters, Order.NEWEST, most=most)))


def near_words(word: str) -> Iterator[str]:
    """Yield words with one mistake less: a letter left out, added, changed or in the wrong order, or a sound.

    After a sound that was mixed up one more doubled letter is allowed for. Some two thousand words at most.
    """
    yield from _one_letter_off(word)
    for other in _mixed_up(word):
        yield other
        yield from _letters_doubled_or_not(other)


def _one_letter_off(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        for letter in ascii_lowercase:
            yield before + letter + after
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _mixed_up(word: str) -> Iterator[str]:
    for pair in SOUNDS:
        for old, new in (pair, pair[::-1]):
            place = word.find(old)
            while place >= 0:
                yield word[:place] + new + word[place + len(old) :]
                place = word.find(old, place + 1)


def _letters_doubled_or_not(word: str) -> Iterator[str]:
    for place, letter in enumerate(word):
        yield word[:place] + letter + word[place:]
        if word[place + 1 : place + 2] == letter:
            yield word[:place] + word[place + 1 :]


def _replaced(text: str, better: dict[str, str]) -> str:
    pieces, done = [], 0
    for word in words_in(text):
        if word.folded in better:
            pieces += [text[done : word.start], better[word.folded]]
            done = word.end
    return "".join(pieces) + text[done:]
