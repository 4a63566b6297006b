import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.mail.reply_text import own_words, words_of_html

MARKER = "--- Typ uw antwoord boven deze regel ---"
MINE = "Ik ben het er mee eens.\n\nDe lift is ook bij ons stuk."


@pytest.mark.parametrize(
    "below",
    [
        pytest.param("", id="nothing"),
        pytest.param(f"\n> {MARKER}\n> Dag", id="our own line, quoted"),
        pytest.param(f"\n{MARKER}\nDag", id="our own line, as Outlook leaves it"),
        pytest.param("\nOp ma 2 mrt 2026 om 10:00 schreef Huurdersforum <f@x.nl>:\n> Dag", id="Gmail, Dutch"),
        pytest.param(
            "\nOp ma 2 mrt 2026 om 10:00 schreef Huurdersforum <forum@huurders.example.nl\n>:\n\n> Dag",
            id="Gmail, broken in two",
        ),
        pytest.param("\nOn Mon, 2 Mar 2026 at 10:00, Forum <f@x.nl> wrote:\n> Dag", id="Apple, English"),
        pytest.param("\nForum <f@x.nl> schreef op 2 maart 2026 10:00:\n> Dag", id="Thunderbird"),
        pytest.param(
            "\nVan: Huurdersforum <f@x.nl>\nVerzonden: maandag 2 maart 2026\nAan: Anja\n\nDag", id="Outlook"
        ),
        pytest.param("\n*Van:* Huurdersforum\n*Datum:* maandag\n\nDag", id="Outlook with stars"),
        pytest.param("\n-----Oorspronkelijk bericht-----\nDag", id="old Outlook"),
        pytest.param("\n________________________________\nVan: Forum\nDag", id="a line"),
        pytest.param("\n> Dag\n> daar", id="only marks"),
        pytest.param("\n-- \nAnja Jansen\n06 12345678", id="signature"),
        pytest.param("\nVerzonden vanaf mijn iPhone", id="iPhone, Dutch"),
        pytest.param("\nVerstuurd vanaf mijn Samsung Galaxy", id="Samsung"),
        pytest.param("\nSent from my iPad", id="iPad"),
        pytest.param("\nOutlook voor Android downloaden", id="Outlook on a phone"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_a_mail_program_adds_goes(below: str, line_end: str) -> None:
    assert own_words((MINE + "\n" + below).replace("\n", line_end), [MARKER]) == MINE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Van: de hal tot aan de lift is het glad.", id="a line that begins like a header"),
        pytest.param("Mijn buurvrouw schreef hierover: het is koud.", id="somebody wrote something"),
        pytest.param("Op de trap ligt zeil -- al jaren.", id="a dash in a line"),
        pytest.param("Verzonden heb ik niets.", id="sent nothing"),
        pytest.param("a > b", id="a mark in a line"),
        pytest.param("op " + "x" * 600 + " schreef hij:", id="a very long line"),
    ],
)
def test_what_a_person_typed_stays(text: str) -> None:
    assert own_words(text, [MARKER]) == text


def test_answers_between_quoted_lines_stay() -> None:
    assert own_words("> Hoe laat?\nOm acht uur.\n> Waar?\nIn de hal.", [MARKER]) == "Om acht uur.\nIn de hal."


@given(st.text(max_size=2000))
def test_any_text_is_read_and_reading_it_again_adds_nothing(text: str) -> None:
    words = own_words(text, [MARKER])

    assert len(words) <= len(text)
    assert MARKER not in words


@pytest.mark.parametrize(
    ("html", "words"),
    [
        pytest.param("<p>Een</p><p>twee</p>", "Een\n\ntwee", id="paragraphs"),
        pytest.param("een<br>twee", "een\ntwee", id="a break"),
        pytest.param("<div>Ja &amp; nee</div><blockquote>Dag</blockquote>", "Ja & nee", id="a quote"),
        pytest.param("<style>p {}</style><script>x()</script><b>Ja</b>", "Ja", id="no text"),
        pytest.param("<p>onaf", "onaf", id="broken"),
    ],
)
def test_an_html_message_is_read_as_words(html: str, words: str) -> None:
    assert words_of_html(html) == words
