"""The rules of a form in words: in pairs of a name and a value, and in one line."""

from collections.abc import Sequence
from dataclasses import replace

from forum.panels.form_rules import AreaKind, FormRules
from forum.panels.models import Panel
from forum.panels.rules import FillingMode
from forum.texts.catalogue import one_or_many, say
from forum.web.languages import dutch
from forum.web.times import show_day


def form_facts(rules: FormRules) -> Sequence[tuple[str, str]]:
    """Return what a form settles, without what it leaves open."""
    facts = [
        ("fact-mode", say(f"mode-{rules.mode}")),
        ("fact-area-kind", "" if rules.area is AreaKind.ANY else say(f"area-kind-{rules.area}")),
        ("fact-seats", "" if rules.mode is FillingMode.EVERYONE else str(rules.seats)),
        ("fact-groups", name_groups(rules)),
        ("fact-criteria", dutch(", ".join(rules.criteria))),
        *_life_facts(rules),
        ("fact-survey", say("form-survey") if rules.has_survey else ""),
    ]
    return [(say(key), text) for key, text in facts if text]


def settled_facts(rules: FormRules) -> Sequence[tuple[str, str]]:
    """Return what a form settles and the plan of a panel does not ask; nothing of a form for one meeting."""
    if not rules.lives_on:
        return ()
    return form_facts(replace(rules, chair="", observers="", rhythm_months=None, term_months=None))


def _life_facts(rules: FormRules) -> Sequence[tuple[str, str]]:
    return [
        ("fact-rhythm", _every(rules.rhythm_months)),
        ("fact-end", say(f"end-{rules.end}")),
        ("fact-term", _term(rules.term_months)),
        ("fact-deciding", say(f"deciding-{rules.deciding}")),
        ("fact-chair", dutch(rules.chair)),
        ("fact-observers", dutch(rules.observers)),
    ]


def life_facts(panel: Panel) -> Sequence[tuple[str, str]]:
    """Return what everybody may read of how a panel goes on: form, rhythm, chair, end, way of deciding."""
    rules = panel.form_rules
    if rules.lives_on or panel.topic_id is None:
        facts = [
            ("fact-form", dutch(panel.form.name)),
            ("fact-groups", name_groups(rules)),
            *_life_facts(rules),
        ]
        if panel.ends_on:
            facts.append(("fact-last-day", show_day(panel.ends_on)))
    else:
        facts = [("fact-chair", dutch(rules.chair)), ("fact-observers", dutch(rules.observers))]
    return [(say(key), text) for key, text in facts if text]


def how_often(panel: Panel) -> str:
    """Return how often a panel meets and until when, in words for who is asked to join it."""
    rules = panel.form_rules
    if not rules.lives_on:
        return say("panel-meets-once" if len(panel.standing_meetings) == 1 else "panel-meets-more")
    months = rules.rhythm_months
    words = [
        say(f"panel-meets-every-{one_or_many(months)}", months=months) if months else say("panel-meets-more")
    ]
    if panel.ends_on:
        words.append(say("panel-goes-on-until", day=show_day(panel.ends_on)))
    return " ".join(words)


def name_groups(rules: FormRules) -> str:
    """Return the groups that seats are tied to, with how many; empty for a form without."""
    return dutch(", ".join(f"{group.name} ({group.seats})" for group in rules.groups))


def summary_of(rules: FormRules) -> str:
    """Return in one line how a form fills its seats and what ends its panels."""
    return say("form-summary", mode=say(f"mode-{rules.mode}"), end=say(f"end-{rules.end}"))


def _every(months: int | None) -> str:
    return "" if months is None else say(f"form-every-{one_or_many(months)}", months=months)


def _term(months: int | None) -> str:
    return "" if months is None else say(f"form-term-{one_or_many(months)}", months=months)
