"""What a group of a quota is called."""

from forum.panels.form_rules import GROUP
from forum.panels.rules import Category
from forum.texts.catalogue import say


def name_value(category: str, value: str) -> str:
    """Return the name of a value: Haven, 30-44, nog nooit in een panel."""
    return say(f"first-time-{value}") if category == Category.FIRST_TIME else value


def name_group(category: str, value: str) -> str:
    """Return the name of a group inside a sentence: wijk Haven, leeftijd 30-44."""
    if category == GROUP:
        return value
    if category == Category.FIRST_TIME:
        return name_value(category, value)
    return f"{say(f'category-{category}').lower()} {value}"
