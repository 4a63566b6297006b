"""Who a text mentions, and where in it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.texts.markdown import render
from forum.texts.mentions import MOST_MENTIONS, Person, mark_mentions, possible_names

PEOPLE = (
    Person(1, "Ria"),
    Person(2, "Ria de Vries"),
    Person(3, "Anja V."),
    Person(4, "Jan & Zoon"),
    Person(5, "Bob"),
    Person(6, "bob"),
    Person(7, "Čedo"),
)


@pytest.mark.parametrize(
    ("source", "mentioned"),
    [
        pytest.param("Eens met @Ria!", {1: "@Ria"}, id="a name"),
        pytest.param("@Ria de Vries zei dat", {2: "@Ria de Vries"}, id="the longest name that fits"),
        pytest.param("@Ria de Vriesland", {1: "@Ria"}, id="a longer name that does not end there"),
        pytest.param("@Riannne en @Riad", {}, id="the beginning of another name"),
        pytest.param("@ria de vries", {2: "@ria de vries"}, id="without capitals"),
        pytest.param("@čedo", {7: "@čedo"}, id="a letter that is not ASCII, without capital"),
        pytest.param("Dat zei @Anja V. ook.", {3: "@Anja V."}, id="a name with a point"),
        pytest.param("@Jan & Zoon", {4: "@Jan & Zoon"}, id="a name with a mark of HTML"),
        pytest.param("Hoi @Bob", {5: "@Bob", 6: "@Bob"}, id="two people with one name"),
        pytest.param("(@Ria), **@Ria**", {1: "@Ria"}, id="between marks"),
        pytest.param("Ria zei dat", {}, id="a name without the mark"),
        pytest.param("post@Ria.nl", {}, id="an e-mail address"),
        pytest.param("`@Ria` en\n\n```\n@Ria\n```", {}, id="code"),
        pytest.param("[@Ria](https://voorbeeld.nl)", {}, id="a link"),
        pytest.param("https://voorbeeld.nl/@Ria", {}, id="an address"),
        pytest.param("> Dag @Ria", {}, id="the words of somebody else"),
        pytest.param("> Oud\n\n@Ria", {1: "@Ria"}, id="after a quote"),
        pytest.param("@Piet", {}, id="somebody who takes no part"),
    ],
)
def test_a_mention_is_a_name_of_somebody_who_takes_part(source: str, mentioned: Mapping[int, str]) -> None:
    marked = mark_mentions(render(source).html, PEOPLE)

    assert marked.member_ids == set(mentioned)
    for words in mentioned.values():
        assert f"<mark>{words.replace('&', '&amp;')}</mark>" in marked.html


@given(st.text("@ RiadeVsBob<>&`*[]()\n", max_size=60))
def test_marking_adds_marks_and_changes_nothing_else(source: str) -> None:
    html = render(source).html

    marked = mark_mentions(html, PEOPLE)

    assert marked.html.replace("<mark>", "").replace("</mark>", "") == html
    assert bool(marked.member_ids) == ("<mark>" in marked.html)


@given(st.sampled_from(PEOPLE), st.sampled_from(["", " zei dat", ". En", ", ja", "\nhallo"]))
def test_a_mentioned_name_is_among_the_possible_names(person: Person, after: str) -> None:
    assert person.name in possible_names(f"Dag @{person.name}{after}")


def test_only_so_many_marks_are_looked_at() -> None:
    source = " ".join(f"@naam{number}" for number in range(MOST_MENTIONS + 5))

    assert f"naam{MOST_MENTIONS - 1}" in possible_names(source)
    assert f"naam{MOST_MENTIONS}" not in possible_names(source)


def test_without_people_the_text_stays_as_it_is() -> None:
    assert mark_mentions("<p>@Ria</p>", ()).html == "<p>@Ria</p>"
