"""Two versions of a topic beside each other, with the words that differ marked."""

from dataclasses import dataclass

from forum.agenda.models import TopicVersion
from forum.texts.catalogue import say
from forum.texts.comparison import Compared, compare_texts

PARTS = ("title", "question", "why", "fixed", "open", "stance_question", "subquestions", "level", "statutory")


@dataclass(frozen=True, slots=True)
class ComparedPart(Compared):
    """One part of a topic in two versions."""

    label: str


def compare_versions(before: TopicVersion, after: TopicVersion) -> list[ComparedPart]:
    """Return every part of two versions that says something, with the words that differ marked."""
    pairs = ((name, _words(before, name), _words(after, name)) for name in PARTS)
    return [_compared(say(f"part-{name}"), old, new) for name, old, new in pairs if old or new]


def _words(version: TopicVersion, name: str) -> str:
    """Return a part as people read it."""
    if name == "level":
        return say(f"level-{version.level}")
    if name == "statutory":
        subject = say(f"statutory-{version.statutory or 'none'}")
        return f"{subject}\n{say('only-opinions')}" if version.only_opinions else subject
    return str(getattr(version, name))


def _compared(label: str, before: str, after: str) -> ComparedPart:
    both = compare_texts(before, after)
    return ComparedPart(both.before, both.after, is_changed=both.is_changed, label=label)
