"""Points in words."""

import pytest

from forum.activity.explanation import post_lines
from forum.activity.scoring_facts import ActivityScore, PostDetail, PostWhyNot, ScoreParts
from forum.activity.scoring_policy import DEFAULT_POLICY
from forum.web.times import in_points


@pytest.mark.parametrize(
    ("score_cp", "words"),
    [
        pytest.param(0, "0 punten", id="none"),
        pytest.param(20, "0,20 punt", id="less than one"),
        pytest.param(100, "1 punt", id="one"),
        pytest.param(150, "1,50 punten", id="more than one"),
        pytest.param(123_400, "1.234 punten", id="whole and many"),
    ],
)
def test_points_are_said_as_people_do(score_cp: int, words: str) -> None:
    assert in_points(score_cp) == words


@pytest.mark.parametrize(
    ("detail", "points", "sentence"),
    [
        pytest.param(
            PostDetail("1", 510, 50, None, 50),
            "2,55 punten",
            "Het bericht zelf: 1 punt. Het is een antwoord aan een ander: 0,50 punt."
            " Anderen vinden het waardevol: 3,60 punten."
            " Telt voor 50 procent van 5,10 punten mee. U schreef die dag meer berichten.",
            id="valued, second of its day",
        ),
        pytest.param(
            PostDetail("1", 100, 100, None), "1 punt", "Het bericht zelf: 1 punt. Telt mee.", id="bare"
        ),
        pytest.param(
            PostDetail("1", 0, 0, PostWhyNot.NEAR_DUPLICATE),
            "0 punten",
            "Telt niet. Dit stond er al bijna zo.",
            id="worth nothing",
        ),
    ],
)
def test_a_post_says_of_what_its_points_are_made(detail: PostDetail, points: str, sentence: str) -> None:
    score = ActivityScore(
        parts=ScoreParts(),
        counted_posts=1,
        why_not=(),
        tickets=0,
        reciprocal_share_pct=0,
        is_mutual=False,
        posts_detail=(detail,),
    )

    (line,) = post_lines(score, {"1": "2 maart 2026"}, DEFAULT_POLICY)

    assert (line.label, line.points, line.sentence) == ("2 maart 2026", points, sentence)
