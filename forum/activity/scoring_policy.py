"""The constants of the activity score: one versioned record, kept with every snapshot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringPolicy:
    """Hold every constant of the score. Points are centipunten (cp, 100 = 1 punt), shares are percents."""

    name: str
    time_zone: str
    """IANA zone whose calendar days count."""
    min_chars: int
    """A shorter post does not count."""
    appreciations_per_day: int
    """Valid appreciations one member can give on one day."""
    pair_pct: tuple[int, ...]
    """Weight of the first, second, … appreciation from one member to the same author; 0 after the last."""
    reciprocal_pct: int
    """Weight when the author gave the reactor a valid appreciation as well."""
    cross_pct: int
    """Weight when one of the two first answered the poll for, the other against."""
    knots: tuple[tuple[int, int], ...]
    """(sum of weights, cp) between which the appreciation of a post is linear; flat after the last."""
    post_cp: int
    reply_cp: int
    """Extra for a reply to somebody outside the author's household."""
    day_discount_pct: tuple[int, ...]
    """Share of the best, second, … post of one day; 0 after the last."""
    best_posts: int
    best_bare_posts: int
    """How many of the best posts may be bare: without any weight of appreciation."""
    active_day_cp: int
    max_active_days: int
    giving_cp: int
    """For each distinct author given a valid appreciation."""
    max_giving_authors: int
    poll_cp: int
    carry_steps: tuple[tuple[int, int], ...]
    """(days since an earlier topic closed at most, percent of its score); the first step that fits holds."""
    max_carry_cp: int
    upheld_flag_cp: int
    """Taken off for each post with an upheld flag."""
    min_score_cp: int
    max_upheld_flags: int
    ticket_steps_cp: tuple[int, ...]
    """The score needed for one, two, … lottery tickets."""
    mutual_share_pct: int
    """From this reciprocal share on, the moderator is advised to look. Never a penalty."""
    mutual_people: int


DEFAULT_POLICY = ScoringPolicy(
    name="activiteit-v1",
    time_zone="Europe/Amsterdam",
    min_chars=40,
    appreciations_per_day=20,
    pair_pct=(100, 50),
    reciprocal_pct=50,
    cross_pct=150,
    knots=((0, 0), (100, 200), (200, 360), (300, 480), (400, 560), (500, 600)),
    post_cp=100,
    reply_cp=50,
    day_discount_pct=(100, 50, 25),
    best_posts=10,
    best_bare_posts=3,
    active_day_cp=50,
    max_active_days=10,
    giving_cp=20,
    max_giving_authors=10,
    poll_cp=100,
    carry_steps=((183, 25), (365, 10)),
    max_carry_cp=500,
    upheld_flag_cp=500,
    min_score_cp=300,
    max_upheld_flags=1,
    ticket_steps_cp=(300, 1000, 2500),
    mutual_share_pct=60,
    mutual_people=3,
)
