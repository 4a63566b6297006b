"""What is true of flags, decisions and appeals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forum.discussion.rules import HouseRule
from forum.kernel.actor import Party

FLAGS_PER_DAY = 20
"""How many posts one member can flag in a day; by member, since a library or a care home is one address."""
WORDS_LONGEST = 2_000
PAUSE_DAYS = (1, 3, 7, 14, 30)
VIEWS_MOST = 20
"""How many lists one moderator keeps under a name."""
VIEW_NAME_LONGEST = 60
FIRST_POST_DAYS = (1, 2, 3, 7)
"""The terms that parties can agree on for a look at the first post of a new member."""


class FlagReason(StrEnum):
    """Why somebody flags a post: one of the rules of the house, aggression at whom the member is, or else."""

    PERSON = "person"
    ABUSE = "abuse"
    OFF_TOPIC = "off-topic"
    ADVERTISING = "advertising"
    PRIVACY = "privacy"
    SENSITIVE = "sensitive"
    ELSEWHERE = "elsewhere"
    AGGRESSION = "aggression"
    OTHER = "other"


class FlagState(StrEnum):
    """`UPHELD`: a moderator found that a rule was broken; `SETTLED`: dealt with, and no rule was broken."""

    OPEN = "open"
    UPHELD = "upheld"
    SETTLED = "settled"


class DecisionKind(StrEnum):
    """What a moderator can decide on a post. `EXPLAIN` hides, with words that everybody can read."""

    KEEP = "keep"
    HIDE = "hide"
    EXPLAIN = "explain"
    WARN = "warn"
    PAUSE = "pause"
    REFER = "refer"
    RESTORE = "restore"


class Referral(StrEnum):
    """To whom something belongs that does not belong on the forum."""

    REPAIRS = "repairs"
    LANDLORD = "landlord"
    TENANTS = "tenants"
    NEIGHBOURS = "neighbours"


class AppealState(StrEnum):
    """`UPHELD`: the decision stands; `OVERTURNED`: it does not; `SETTLED`: it was taken back before."""

    OPEN = "open"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    SETTLED = "settled"


CHOICES = tuple(kind for kind in DecisionKind if kind is not DecisionKind.RESTORE)
"""What a moderator chooses from; restoring belongs to the decision that it takes back."""
UPHOLDING = frozenset({DecisionKind.HIDE, DecisionKind.EXPLAIN, DecisionKind.WARN, DecisionKind.PAUSE})
"""Decisions that a rule was broken: the post counts as one with an upheld flag."""
HIDING = frozenset({DecisionKind.HIDE, DecisionKind.EXPLAIN, DecisionKind.PAUSE, DecisionKind.REFER})
AGAINST_AUTHOR = UPHOLDING | {DecisionKind.REFER}
"""Decisions that the author hears of, can object to, and that can be taken back."""
WITH_WORDS = frozenset({DecisionKind.EXPLAIN, DecisionKind.WARN, DecisionKind.PAUSE})
"""Decisions that the moderator explains in words of their own, beside the rule."""


def rule_of_flag(reason: FlagReason) -> HouseRule | None:
    """Return the rule of the house that a reason refers to."""
    if reason is FlagReason.AGGRESSION:
        return HouseRule.ABUSE
    return None if reason is FlagReason.OTHER else HouseRule(reason.value)


def likely_rule(reasons: Iterable[FlagReason]) -> HouseRule | None:
    """Return the rule that most of the flags of a post refer to; of equals the one that was named first."""
    rules = [rule for rule in map(rule_of_flag, reasons) if rule is not None]
    return max(dict.fromkeys(rules), key=rules.count, default=None)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which flagged posts a moderator wants to see: of a topic, flagged for a reason; `None` is all."""

    topic_id: int | None = None
    reason: FlagReason | None = None


def agreed_days(wishes: Mapping[Party, int | None]) -> int | None:
    """Return the term that both parties want for a look at first posts; `None` while they do not agree."""
    wanted = {wishes.get(party) for party in Party}
    return wanted.pop() if len(wanted) == 1 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision that was not taken back, as far as the post and its author feel it; in order of time."""

    kind: DecisionKind
    rule: HouseRule | None
    words: str
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostVerdict:
    """What the decisions that stand make of a post."""

    is_hidden: bool
    rule: HouseRule | None
    words: str
    has_upheld_flag: bool


def verdict(standing: Sequence[Standing]) -> PostVerdict:
    """Return what decisions make of a post: the last one that hides it says why.

    The words of the moderator are for the author, unless the decision is to explain to everybody.
    """
    hiding = [one for one in standing if one.kind in HIDING]
    last = hiding[-1] if hiding else None
    return PostVerdict(
        is_hidden=last is not None,
        rule=last.rule if last else None,
        words=last.words if last and last.kind is DecisionKind.EXPLAIN else "",
        has_upheld_flag=any(one.kind in UPHOLDING for one in standing),
    )


def paused_until(standing: Iterable[Standing], at: datetime) -> datetime | None:
    """Return until when the decisions that stand pause a member; `None` when none does any more."""
    ends = [one.paused_until for one in standing if one.paused_until is not None and one.paused_until > at]
    return max(ends, default=None)


def is_appealable(until: datetime | None, at: datetime) -> bool:
    """Tell whether the author is in time to object; there is nothing to object to without a last moment."""
    return until is not None and at <= until
