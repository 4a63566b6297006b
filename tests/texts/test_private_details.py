"""What a writer is warned about, and what looks like it and is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.texts.private_details import MOST_DETAILS, DetailKind, is_bsn, is_iban, list_details

IBAN, EMAIL, PHONE = DetailKind.IBAN, DetailKind.EMAIL, DetailKind.PHONE
ADDRESS, BSN, POSTCODE = DetailKind.ADDRESS, DetailKind.BSN, DetailKind.POSTCODE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Bel mij op 06-12345678.", (PHONE, "06-12345678"), id="mobile"),
        pytest.param("Bel 06 12 34 56 78 maar", (PHONE, "06 12 34 56 78"), id="mobile in pairs"),
        pytest.param("Bel (010) 123 45 67", (PHONE, "(010) 123 45 67"), id="area code in brackets"),
        pytest.param("+31 6 12345678", (PHONE, "+31 6 12345678"), id="from abroad"),
        pytest.param("+31 (0)6 12345678", (PHONE, "+31 (0)6 12345678"), id="from abroad with a nought"),
        pytest.param("0031612345678", (PHONE, "0031612345678"), id="from abroad without plus"),
        pytest.param("Mail ria.de-vries@voorbeeld.nl.", (EMAIL, "ria.de-vries@voorbeeld.nl"), id="e-mail"),
        pytest.param("NL91 ABNA 0417 1643 00", (IBAN, "NL91 ABNA 0417 1643 00"), id="account in fours"),
        pytest.param("nl91abna0417164300", (IBAN, "nl91abna0417164300"), id="account in small letters"),
        pytest.param("BE68 5390 0754 7034", (IBAN, "BE68 5390 0754 7034"), id="account in Belgium"),
        pytest.param("Mijn BSN is 111222333.", (BSN, "111222333"), id="citizen number"),
        pytest.param("BSN 1112.22.333", (BSN, "1112.22.333"), id="citizen number with points"),
        pytest.param("Ik woon op 1234 AB 12.", (ADDRESS, "1234 AB 12"), id="postcode and number"),
        pytest.param(
            "1234ab, huisnummer 12a", (ADDRESS, "1234ab, huisnummer 12a"), id="postcode in small letters"
        ),
        pytest.param("Bij 12, 1234 AB is lekkage", (ADDRESS, "12, 1234 AB"), id="number and postcode"),
        pytest.param("Op Lindelaan 14 is het vies", (ADDRESS, "Lindelaan 14"), id="street and number"),
        pytest.param("Kerkstraat 3-2 hoog", (ADDRESS, "Kerkstraat 3-2"), id="street with an addition"),
        pytest.param("Lindelaan 14, 1234 AB", (ADDRESS, "Lindelaan 14, 1234 AB"), id="whole address is one"),
        pytest.param("Ik woon in 1234 AB.", (POSTCODE, "1234 AB"), id="postcode alone"),
        pytest.param("Mijn postcode 1234 ab", (POSTCODE, "1234 ab"), id="a postcode that says so"),
        pytest.param("Bel 06 - 12 34 56 78", (PHONE, "06 - 12 34 56 78"), id="mobile with a dash"),
        pytest.param("In Reigerflat 33", (ADDRESS, "Reigerflat 33"), id="building and number"),
        pytest.param("De buren van nummer 12 roken", (ADDRESS, "buren van nummer 12"), id="neighbours"),
        pytest.param(
            "Mevrouw De Wit op nr. 8", (ADDRESS, "Mevrouw De Wit op nr. 8"), id="a neighbour by name"
        ),
        pytest.param("Op huisnummer 12 brandt licht", (ADDRESS, "huisnummer 12"), id="house number"),
    ],
)
def test_a_private_detail_is_found_in_its_own_words(text: str, found: tuple[DetailKind, str]) -> None:
    assert list_details(text) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("In 2025 en 2026 was het zo.", id="years"),
        pytest.param("VAN 2019 EN 2020 IN DE FLAT", id="years between capitals"),
        pytest.param("Van 2019 en 2020 de helft, 1500 kg", id="numbers and words of two letters"),
        pytest.param("Tussen 2019 en 12 maanden later", id="a year that looks like a postcode"),
        pytest.param("Het kost 1234,50 euro of € 1.234.567,89.", id="prices"),
        pytest.param("Er ging 111222333 euro naartoe.", id="a price that passes the eleven-test"),
        pytest.param("Het onderdeel 1234 AB is besteld.", id="article number"),
        pytest.param("Bestel artikel 1234 AB 12.", id="article number with an amount"),
        pytest.param("Zie artikel 7:220 lid 2 BW.", id="article of law"),
        pytest.param("Op 01-02-2026 10:30 uur kwam er iemand.", id="day and time"),
        pytest.param("Bel 0800-1234567 of 0900 1234567 of 088-1234567.", id="public numbers"),
        pytest.param("Bel 112 of 14 010.", id="short numbers"),
        pytest.param("Mail info@woningstichting.nl", id="address of an office"),
        pytest.param("Kijk op https://voorbeeld.nl/0612345678?x=a@b.nl", id="inside an address of a page"),
        pytest.param("Hallo @Ria de Vries, eens!", id="a mention"),
        pytest.param("NL91 ABNA 0417 1643 01", id="account with wrong check digits"),
        pytest.param("Nummer 123456789", id="nine digits that fail the eleven-test"),
        pytest.param("000000000", id="nine noughts"),
        pytest.param("Order 1112223334445", id="a longer number"),
        pytest.param("In de Lindelaan 3 keer per week", id="how often in a street"),
        pytest.param("De Lindelaan 2 t/m 40 is aan de beurt", id="a whole block"),
        pytest.param("Onderweg 3 uur gewacht", id="a word that ends like a street"),
        pytest.param("Op de Lindelaan staan 12 bomen", id="a street without a number"),
        pytest.param("Punt 3 van nummer 12 op de lijst", id="a number of a list"),
        pytest.param("De huurders betalen 12 euro", id="tenants and an amount"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_only_looks_like_a_detail_is_left_alone(text: str) -> None:
    assert list_details(text) == ()


def test_every_kind_is_named_once_and_no_more_than_a_handful() -> None:
    text = " ".join(f"Bel 06-1234567{number} of 06-12345671." for number in range(9))

    assert len(list_details(text)) == MOST_DETAILS
    assert len(set(list_details(text))) == MOST_DETAILS


@pytest.mark.parametrize("digits", ["111222333", "123456782", "999990019"])
def test_a_citizen_number_passes_the_eleven_test(digits: str) -> None:
    assert is_bsn(digits)
    assert not is_bsn(digits[:8] + str((int(digits[8]) + 1) % 10))


def test_an_account_number_with_two_digits_swapped_is_none() -> None:
    assert is_iban("NL91ABNA0417164300")
    assert not is_iban("NL91ABNA0471164300")


@given(st.text("0123456789 .-@+()NLabAB\n", max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    for detail in list_details(text):
        assert detail.words


@pytest.mark.parametrize(
    "piece", ["a", "0", "0 ", "a.", "A", "1234 AB ", "NL91 ", "Buren ", "Aweg", "@a", "06-"]
)
def test_a_text_full_of_almost_details_is_searched_in_time(piece: str) -> None:
    list_details((piece * 10_000)[:10_000])
