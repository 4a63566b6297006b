"""What is true of passwords, codes and sign-ins, without a database."""

import re
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.guessed_passwords import guessed_passwords
from forum.accounts.passwords import hash_password, hasher, is_password
from forum.accounts.rules import (
    CODE_ALPHABET,
    CODE_LENGTH,
    PASSWORD_SHORTEST,
    password_fault,
    plain_code,
    plain_email,
    plain_postcode,
    session_length,
    shown_code,
    token_hash,
)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        pytest.param("drie gele fietsen", None, id="three words"),
        pytest.param("gele fiets", None, id="just long enough"),
        pytest.param("ééééèèèèêê1", None, id="accents count as one"),
        pytest.param("kort", "password-too-short", id="too short"),
        pytest.param("", "password-too-short", id="empty"),
        pytest.param("a" * 9, "password-too-short", id="one too short"),
        pytest.param("drie gele fietsen " * 12, "password-too-long", id="too long"),
        pytest.param("Wachtwoord123", "password-too-common", id="common, whatever the case"),
        pytest.param("Zomer2026!", "password-too-common", id="a season, a year and a mark"),
        pytest.param("q1w2e3r4t5y6", "password-too-common", id="out of a leak"),
        pytest.param("abababababab", "password-too-common", id="two letters only"),
        pytest.param("Anja@Voorbeeld.nl", "password-too-common", id="own e-mail address"),
        pytest.param("h000001-h000001", "password-too-common", id="own number twice, as it was given"),
    ],
)
def test_a_password_is_refused_for_one_reason(password: str, fault: str | None) -> None:
    assert password_fault(password, names=["anja@voorbeeld.nl", "H000001-H000001"]) == fault


def test_three_thousand_common_passwords_that_are_long_enough_are_refused() -> None:
    """As ASVS 6.2.4 asks; a word on the list that is too short is refused for that."""
    long_enough = [word for word in guessed_passwords() if len(word) >= PASSWORD_SHORTEST]

    assert len(long_enough) >= 3000
    assert all(password_fault(word.title()) == "password-too-common" for word in long_enough)


@pytest.mark.parametrize(
    ("is_staff", "length"),
    [
        pytest.param(False, timedelta(days=14), id="tenant"),
        pytest.param(True, timedelta(hours=12), id="staff"),
    ],
)
def test_a_sign_in_of_staff_is_short(is_staff: bool, length: timedelta) -> None:
    assert session_length(is_staff=is_staff) == length


@given(st.text(CODE_ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_code_reads_back_as_it_is_printed_however_it_is_typed(code: str) -> None:
    printed = shown_code(code)

    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", printed)
    for typed in (printed, printed.lower(), printed.replace("-", " "), f"  {code.lower()} \n", code):
        assert plain_code(typed) == code


def test_codes_have_no_marks_that_people_misread_and_enough_of_the_rest() -> None:
    assert not set(CODE_ALPHABET) & set("0O1IYAEU")
    assert len(set(CODE_ALPHABET)) ** CODE_LENGTH > 2**56


@pytest.mark.parametrize("typed", ["5501AB", "5501 ab", " 5501  AB ", "5501\tab"])
def test_a_postcode_is_compared_without_spaces_and_case(typed: str) -> None:
    assert plain_postcode(typed) == "5501AB"


def test_an_email_address_is_compared_without_case_and_outer_spaces() -> None:
    assert plain_email("  Anja@Voorbeeld.NL\n") == "anja@voorbeeld.nl"


def test_what_is_stored_of_a_token_is_not_the_token() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", token_hash("geheim"))


def test_a_password_has_its_own_salt_and_reads_back() -> None:
    first, second = hash_password("drie gele fietsen"), hash_password("drie gele fietsen")

    assert first != second
    assert first.startswith("$argon2id$")
    assert is_password(first, "drie gele fietsen")
    assert not is_password(first, "drie gele fiets")


@pytest.mark.parametrize("stored", [None, "", "geen hash", "$argon2id$v=19$m=8,t=1,p=1$stuk"])
def test_without_a_good_hash_every_password_is_wrong(stored: str | None) -> None:
    assert not is_password(stored, "drie gele fietsen")


def test_an_accent_of_a_phone_and_of_a_computer_is_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "drie blauwe cafés")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed

    assert is_password(hash_password(composed), decomposed)


def test_the_real_profile_is_the_one_that_owasp_advises() -> None:
    assert (hasher.type.name, hasher.memory_cost, hasher.time_cost) == ("ID", 19 * 1024, 2)
