"""What people write, and what others read."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from forum.texts import markdown
from forum.texts.markdown import LONGEST, RENDERER, Rendered, plain_text, render
from tests.texts.page_reader import read_page

REL = ' rel="nofollow ugc noopener"'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param(" \n\t\n", "", id="white space only"),
        pytest.param("Hallo", "<p>Hallo</p>", id="a paragraph"),
        pytest.param("een\ntwee\n\ndrie", "<p>een<br>twee</p><p>drie</p>", id="lines and paragraphs"),
        pytest.param("een\r\ntwee\rdrie", "<p>een<br>twee<br>drie</p>", id="line ends of other systems"),
        pytest.param(
            "*a* **b** _c_ __d__",
            "<p><em>a</em> <strong>b</strong> <em>c</em> <strong>d</strong></p>",
            id="emphasis",
        ),
        pytest.param("een_twee_drie", "<p>een_twee_drie</p>", id="underscores inside a word"),
        pytest.param("*abc**`*def", "<p>*abc**`*def</p>", id="stars that swallow a letter"),
        pytest.param("2*3*4 = 24", "<p>2*3*4 = 24</p>", id="a sum"),
        pytest.param("- a\n- b", "<ul><li>a</li><li>b</li></ul>", id="a list"),
        pytest.param(
            "Punten:\n- a\n- b",
            "<p>Punten:</p><ul><li>a</li><li>b</li></ul>",
            id="a list right under a sentence",
        ),
        pytest.param(
            "Stappen:\n1. a\n2. b",
            "<p>Stappen:</p><ol><li>a</li><li>b</li></ol>",
            id="a numbered list right under a sentence",
        ),
        pytest.param("Het is\n12. geen lijst", "<p>Het is<br>12. geen lijst</p>", id="a line with a number"),
        pytest.param("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>", id="a list in a list"),
        pytest.param("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>', id="a list keeps its number"),
        pytest.param("2026. Een jaar", "<p>2026. Een jaar</p>", id="a year is no list"),
        pytest.param("0612345678. Bel", "<p>0612345678. Bel</p>", id="a telephone number is no list"),
        pytest.param("\u0663. x", "<p>\u0663. x</p>", id="a number in other digits is no list"),
        pytest.param("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>", id="a quote"),
        pytest.param(
            "> a\nmijn antwoord",
            "<blockquote><p>a</p></blockquote><p>mijn antwoord</p>",
            id="an answer right under a quote",
        ),
        pytest.param("# Kop", "<p><strong>Kop</strong></p>", id="a heading"),
        pytest.param(
            "# Een *kop*!", "<p><strong>Een <em>kop</em>!</strong></p>", id="a heading with emphasis"
        ),
        pytest.param(
            "Kop\n---\ntekst", "<p><strong>Kop</strong></p><p>tekst</p>", id="an underlined heading"
        ),
        pytest.param("# Over C#", "<p><strong>Over C#</strong></p>", id="a heading that ends with a hash"),
        pytest.param("#12 en #huur", "<p>#12 en #huur</p>", id="a hash without a space"),
        pytest.param("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>", id="a rule"),
        pytest.param("- a\n---\nb", "<ul><li>a</li></ul><hr><p>b</p>", id="a rule under a list"),
        pytest.param("Groet\n-", "<p>Groet<br>-</p>", id="one dash"),
        pytest.param("`a < b`", "<p><code>a &lt; b</code></p>", id="code"),
        pytest.param("`a", "<p>`a</p>", id="one backtick"),
        pytest.param(
            "```py\n*x*\n\n<b>\n```", "<pre><code>*x*\n\n&lt;b&gt;\n</code></pre>", id="a block of code"
        ),
        pytest.param("```\nx", "<p>```<br>x</p>", id="a block of code without end"),
        pytest.param("    vier spaties", "<p>vier spaties</p>", id="an indented paragraph is no code"),
        pytest.param(
            "<b>x</b> &amp; &euro;",
            "<p>&lt;b&gt;x&lt;/b&gt; &amp;amp; &amp;euro;</p>",
            id="HTML and entities are text",
        ),
        pytest.param("3 < 4 & 5 > 4", "<p>3 &lt; 4 &amp; 5 &gt; 4</p>", id="less, and, more"),
        pytest.param("\\*a\\* \\_b\\_", "<p>*a* _b_</p>", id="escaped marks"),
        pytest.param("[1]: noot", "<p>[1]: noot</p>", id="a definition of a link does not vanish"),
    ],
)
def test_source_becomes_html(source: str, html: str) -> None:
    assert _compact(render(source).html) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        pytest.param("[hier](https://a.nl/x)", f'<a href="https://a.nl/x"{REL}>hier</a>', id="named"),
        pytest.param("[a](<https://a.nl>)", f'<a href="https://a.nl"{REL}>a</a>', id="named, in brackets"),
        pytest.param("[](https://a.nl)", f'<a href="https://a.nl"{REL}>https://a.nl</a>', id="without words"),
        pytest.param(
            "[\u200b](https://a.nl)", f'<a href="https://a.nl"{REL}>https://a.nl</a>', id="invisible words"
        ),
        pytest.param(
            "[*a*](https://a.nl)", f'<a href="https://a.nl"{REL}><em>a</em></a>', id="emphasis in words"
        ),
        pytest.param("[m](mailto:a@b.nl)", f'<a href="mailto:a@b.nl"{REL}>m</a>', id="mail"),
        pytest.param(
            "![foto](https://a.nl/f.jpg)", f'<a href="https://a.nl/f.jpg"{REL}>foto</a>', id="an image"
        ),
        pytest.param(
            "![](https://a.nl/f)", f'<a href="https://a.nl/f"{REL}>https://a.nl/f</a>', id="image, no words"
        ),
        pytest.param(
            "https://a.nl/b_c_d", f'<a href="https://a.nl/b_c_d"{REL}>https://a.nl/b_c_d</a>', id="bare"
        ),
        pytest.param("www.a.nl", f'<a href="https://www.a.nl"{REL}>www.a.nl</a>', id="bare without scheme"),
        pytest.param(
            "https://a.nl.", f'<a href="https://a.nl"{REL}>https://a.nl</a>.', id="bare before a full stop"
        ),
        pytest.param(
            "(https://a.nl/b_(c))",
            f'(<a href="https://a.nl/b_(c)"{REL}>https://a.nl/b_(c)</a>)',
            id="bare between brackets",
        ),
        pytest.param(
            "**https://a.nl**",
            f'<strong><a href="https://a.nl"{REL}>https://a.nl</a></strong>',
            id="bare in emphasis",
        ),
        pytest.param(
            "<https://a.nl/?b=1&c=2>",
            f'<a href="https://a.nl/?b=1&amp;c=2"{REL}>https://a.nl/?b=1&amp;c=2</a>',
            id="between < and >",
        ),
        pytest.param(
            "https://a.nl/?q=&quot;",
            f'<a href="https://a.nl/?q=&amp;quot"{REL}>https://a.nl/?q=&amp;quot</a>;',
            id="an entity in an address is text",
        ),
        pytest.param("`https://a.nl`", "<code>https://a.nl</code>", id="not in code"),
        pytest.param("[x](javascript:alert(1))", "[x](javascript:alert(1))", id="refused scheme stays text"),
        pytest.param("[x](/afmelden)", "[x](/afmelden)", id="refused relative address stays text"),
        pytest.param("[x](https://[::1)", "[x](https://[::1)", id="refused broken address stays text"),
        pytest.param(
            "[brief.pdf](https://a.nl/b)", f'<a href="https://a.nl/b"{REL}>brief.pdf</a>', id="name of a file"
        ),
        pytest.param(
            "[www.a.nl](https://a.nl/b)",
            f'<a href="https://a.nl/b"{REL}>www.a.nl</a>',
            id="words name the host",
        ),
        pytest.param(
            "[bank.nl](https://dief.nl)",
            f'[bank.nl](<a href="https://dief.nl"{REL}>https://dief.nl</a>)',
            id="words name another host",
        ),
        pytest.param(
            "[**www.bank.nl**](https://dief.nl)",
            f'[<strong><a href="https://www.bank.nl"{REL}>www.bank.nl</a></strong>]'
            f'(<a href="https://dief.nl"{REL}>https://dief.nl</a>)',
            id="strong words name another host",
        ),
        pytest.param(
            "[\u200bbank\u200b.nl](https://dief.nl)",
            f'[\u200bbank\u200b.nl](<a href="https://dief.nl"{REL}>https://dief.nl</a>)',
            id="invisible marks do not hide the host",
        ),
        pytest.param("naam@a.nl", "naam@a.nl", id="a mail address is left alone"),
    ],
)
def test_links(source: str, html: str) -> None:
    assert render(source).html == f"<p>{html}</p>"


def test_a_table_says_what_its_heads_head() -> None:
    html = _compact(render("| | Kosten |\n|:--|--:|\n| Lift | 10 |\n| Hal |").html)

    assert html == (
        '<table><thead><tr><td></td><th scope="col">Kosten</th></tr></thead>'
        "<tbody><tr><td>Lift</td><td>10</td></tr><tr><td>Hal</td><td></td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("a\x00b\x07c\x9fd", "abcd", id="control characters"),
        pytest.param("a\ud800b", "a\ufffdb", id="half of a surrogate pair"),
        pytest.param("a\ufdd0b\uffffc\U0010ffffd", "abcd", id="noncharacters"),
        pytest.param("a\u202eb\u202cc\u202ad", "abcd", id="bidi overrides and embeddings"),
        pytest.param("a\u2066b", "ab", id="an isolate without end"),
        pytest.param("a\u2069b\u2066c", "abc", id="an isolate that ends before it begins"),
        pytest.param("a\u2066b\u2069c", "a\u2066b\u2069c", id="a whole isolate stays"),
        pytest.param("a\u200eb", "a\u200eb", id="a left-to-right mark stays"),
        pytest.param("e\u0301", "e\u0301", id="an accent stays"),
        pytest.param("a" + "\u0335" * 30 + "b", "a\u0335\u0335\u0335\u0335b", id="a pile of accents"),
        pytest.param(
            "a" + "\u0335\u200d" * 9 + "b",
            "a" + "\u0335\u200d" * 4 + "\u200d" * 5 + "b",
            id="a pile with joiners between",
        ),
        pytest.param(
            "\U0001f469\u200d\U0001f467 \u2764\ufe0f", "\U0001f469\u200d\U0001f467 \u2764\ufe0f", id="emoji"
        ),
    ],
)
def test_characters_that_hide_or_pile_up_are_taken_out(source: str, text: str) -> None:
    assert render(source).html == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("source", "counted_chars"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("een  twee\n\ndrie", 13, id="white space counts once"),
        pytest.param("**een** `twee`", 8, id="marks do not count"),
        pytest.param("> citaat\n\neens", 4, id="a quote does not count"),
        pytest.param("> citaat\neens", 4, id="nor right above an answer"),
        pytest.param("- > citaat\n- eens", 4, id="nor in a list"),
        pytest.param("Zie https://a.nl/een/lang/adres eens", 8, id="a bare address does not count"),
        pytest.param("Zie www.a.nl", 3, id="nor one without scheme"),
        pytest.param("[het besluit](https://a.nl)", 11, id="the words of a link count"),
        pytest.param("[https://a.nl](https://a.nl)", 0, id="unless they are an address"),
        pytest.param("[a.nl/x](https://a.nl/x)", 0, id="with or without scheme"),
        pytest.param("![de lift](https://a.nl/x.jpg)", 7, id="the words of an image count"),
        pytest.param("\u200b" * 50 + "a" + "\u3164" * 50, 1, id="what cannot be seen does not count"),
        pytest.param("e\u0301\u0301\u0301", 1, id="accents do not count"),
        pytest.param("a | b\n--|--\n1 | 2", 7, id="the cells of a table count"),
        pytest.param("<b>a</b>", 8, id="HTML is text and counts"),
    ],
)
def test_counted_chars(source: str, counted_chars: int) -> None:
    assert render(source).counted_chars == counted_chars


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("**a** en\n`b`\n\n\n\nc", "a en\nb\n\nc", id="paragraphs"),
        pytest.param("> a\n>\n> b\n\nc", "> a\n>\n> b\n\nc", id="a quote"),
        pytest.param("- a\n    1. b\n    2. c\n- d", "- a\n  1. b\n  2. c\n- d", id="lists"),
        pytest.param("3. c\n4. d", "3. c\n4. d", id="a list that begins at three"),
        pytest.param("a | b\n--|--\n1 | 2", "a | b\n1 | 2", id="a table"),
        pytest.param("```\nx\n  y\n```\nz", "x\n  y\n\nz", id="code"),
        pytest.param("[hier](https://a.nl) & <b>", "hier & <b>", id="links and marks"),
        pytest.param("# Kop\ntekst", "Kop\n\ntekst", id="a heading"),
    ],
)
def test_plain_text(source: str, text: str) -> None:
    assert plain_text(source) == text


def test_a_long_run_of_one_mark_is_text() -> None:
    for mark in "!\"#$%&'()*+,./:;<>?@[\\]^_`{|}~":
        assert read_page(render(f"a{mark * 60}b").html).text == f"a{mark * 60}b"


def test_a_table_with_too_many_columns_or_cells_is_text() -> None:
    wide = "a|" * 30 + "\n" + "-|" * 30 + "\n" + "b|" * 30
    long = "a|b\n-|-\n" + "c|d\n" * 600

    for source in (wide, long):
        assert "<table" not in render(source).html
        assert _letters(plain_text(source)) == _letters(source)


def test_quotes_and_lists_nest_five_deep_and_keep_their_words() -> None:
    for mark in ("> ", "- "):
        html = render(mark * 12 + "diep").html

        assert html.count("<blockquote>") + html.count("<ul>") == 5
        assert read_page(html).text.strip().endswith("diep")


def test_a_text_over_the_limit_becomes_plain_paragraphs() -> None:
    source = "**x** <b>\nregel\n\n" + "a" * LONGEST

    html = render(source).html

    assert html == f"<p>**x** &lt;b&gt;<br>\nregel</p>\n<p>{'a' * LONGEST}</p>"


def test_emphasis_that_nests_too_deep_becomes_plain_paragraphs() -> None:
    source = "*a " * 100 + "a*" * 1 + " a*" * 99

    assert render(source).html == f"<p>{source}</p>"


def test_a_library_that_fails_costs_nobody_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(_: str) -> str:
        raise RecursionError

    monkeypatch.setattr(markdown, "sanitise", overflow)

    assert render("*a* <b>").html == "<p>*a* &lt;b&gt;</p>"


MIXED = "1. **a** `b`\n2. c\n\n> d\n\n| e | f |\n|---|---|\n| g | https://h.nl |\n\n```\ni\n```"


def test_a_text_leaves_nothing_behind_for_the_next_one() -> None:
    alone = render(MIXED)

    for before in ("> - *open\n>   `", "*a " * 100 + "a*" + " a*" * 99, "x" * (LONGEST + 1), MIXED):
        render(before)
        assert render(MIXED) == alone


def test_texts_of_many_at_once_do_not_mix() -> None:
    texts = [f"{MIXED}\n\nnummer {number} *a{'*' * (number % 3)}" for number in range(200)]
    alone = [render(text) for text in texts]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(render, texts))

    assert together == alone


def test_the_version_of_the_renderer_fits_its_column() -> None:
    assert render("a") == Rendered(html="<p>a</p>", renderer=RENDERER, counted_chars=1)
    assert len(RENDERER) <= 20


def _compact(html: str) -> str:
    """Leave out the line ends that the library puts between blocks."""
    parts = re.split(r"(<pre>.*?</pre>)", html, flags=re.DOTALL)
    return "".join(part if part.startswith("<pre>") else part.replace("\n", "") for part in parts)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text)
