"""Phone numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell import phone


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("137 0011 2233", "CN", "+8613700112233"),
        ("１３７００１１２２３３", "CN", "+8613700112233"),
        ("0086-137-0011-2233", "CN", "+8613700112233"),
        ("86 13700112233", "CN", "+8613700112233"),
        ("＋８６（137）0011－2233", "CN", "+8613700112233"),
        ("\u202a137\u00a00011–2233\u202c", "CN", "+8613700112233"),
        ("(010) 6123 4567", "CN", "+861061234567"),
        ("0903 111 222", "VN", "+84903111222"),
        ("+84 (0) 903.111.222", "VN", "+84903111222"),
        ("٠٩٠٣١١١٢٢٢", "VN", "+84903111222"),
        ("+84903111222", "CN", "+84903111222"),
        ("(212) 555-2368", "US", "+12125552368"),
        ("9123 4567", "SG", "+6591234567"),
        ("0151 23456789", "DE", "+4915123456789"),
    ],
)
def test_a_number_is_understood_as_written_in_the_country(typed: str, country: str, stored: str) -> None:
    assert phone.normalise(typed, country) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "12",
        "0903",
        "1" * 40,
        "1" * 4000,
        "10086",
        "137-0011-2233 #4",
        "137_0011_2233",
        "+",
        "+86",
        "++",
        "---",
        "+999 12345678",
        "137001122334",
        "13700112233;4",
        "💈💈💈",
        "137+00112233",
        "00000000000",
        "②",
    ],
)
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(phone.BadPhone, match=r"not a phone number we can reach\. Write it like 131 2345 6789\."):
        phone.normalise(typed, "CN")


@pytest.mark.parametrize(
    "typed", ["1-800-FLOWERS", "137 0011 223O", "137 0011 2233 ext 4", "电话13700112233", "tel:13700112233"]
)
def test_letters_are_refused_rather_than_read_as_keys(typed: str) -> None:
    with pytest.raises(phone.BadPhone, match="digits only, for example 131 2345 6789"):
        phone.normalise(typed, "CN")


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\u3000"])
def test_a_missing_number_is_asked_for(typed: str) -> None:
    with pytest.raises(phone.BadPhone, match="Enter a phone number, for example 0912 345 678"):
        phone.normalise(typed, "VN")


def test_a_refusal_can_be_said_in_another_language() -> None:
    with pytest.raises(phone.BadPhone) as refused:
        phone.normalise("12", "VN")
    assert "%(example)s" in refused.value.message_id
    assert refused.value.message_id % {"example": refused.value.example} == str(refused.value)


@pytest.mark.parametrize("country", ["CN", "VN", "HK", "MO", "TW", "SG", "TH", "US", "GB", "DE", "FR", "JP"])
def test_the_example_of_every_country_is_accepted_there(country: str) -> None:
    assert phone.normalise(phone.example(country), country).startswith("+")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_number_in_the_shape_of_a_chinese_mobile_is_accepted(digits: str) -> None:
    assert phone.normalise(digits, "CN") == "+86" + digits


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_every_number_in_the_shape_of_a_vietnamese_mobile_is_accepted(digits: str) -> None:
    assert phone.normalise(digits, "VN") == "+84" + digits[1:]


@given(st.text(max_size=50), st.sampled_from(["CN", "VN", "US"]))
def test_any_text_is_a_number_or_refused(typed: str, country: str) -> None:
    try:
        stored = phone.normalise(typed, country)
    except phone.BadPhone:
        return
    assert phone.normalise(stored, country) == stored
    assert phone.normalise(phone.display(stored, country), country) == stored


@pytest.mark.parametrize("country", ["", "XX", "China", "001", "cn"])
def test_a_country_without_numbers_is_a_mistake_of_the_caller(country: str) -> None:
    with pytest.raises(ValueError, match="not a country"):
        phone.normalise("13700112233", country)


def test_a_number_is_shown_in_the_national_form_at_home_and_in_full_abroad() -> None:
    assert phone.display("+8613700112233", "CN") == "137 0011 2233"
    assert phone.display("+8613700112233", "VN") == "+86 137 0011 2233"
    assert phone.display("walk-in", "CN") == "walk-in"


def test_a_masked_number_shows_its_end_only() -> None:
    assert phone.masked("+8613700112233") == "+86 •••••••2233"
    assert phone.masked("+84903111222") == "+84 •••••1222"
    assert phone.masked("+6591234567") == "+65 ••••••67"
    assert phone.masked("12345") == "•••45"
    assert phone.masked("1") == "•"
    assert phone.masked("") == ""
