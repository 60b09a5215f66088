"""Amounts in minor units, as people read and write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.money import BadAmount, Money, format_money, major_text, minor_digits, parse_major


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "written"),
    [
        (26800, "CNY", "zh-CN", "¥268.00"),
        (268000, "VND", "vi", "268.000\u00a0₫"),
        (268000, "VND", "en", "₫268,000"),
        (123456, "USD", "en", "$1,234.56"),
        (123456, "EUR", "vi", "1.234,56\u00a0€"),
        (5, "CNY", "zh-CN", "¥0.05"),
        (-26800, "CNY", "zh-CN", "-¥268.00"),
    ],
)
def test_an_amount_is_written_for_the_reader(minor: int, currency: str, locale: str, written: str) -> None:
    assert format_money(minor, currency, locale) == written


def test_a_currency_has_its_own_decimals() -> None:
    assert [minor_digits(code) for code in ("CNY", "VND", "JPY", "KWD")] == [2, 0, 0, 3]


@pytest.mark.parametrize("code", ["", "cny", "XYZ", "¥"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a currency"):
        Money(1, code)


def test_amounts_of_one_currency_add_up() -> None:
    assert Money(100, "CNY") + Money(250, "CNY") == Money(350, "CNY")
    assert Money(100, "CNY") - Money(250, "CNY") == Money(-150, "CNY")


def test_amounts_of_two_currencies_do_not() -> None:
    with pytest.raises(ValueError, match="CNY and VND"):
        Money(100, "CNY") + Money(100, "VND")


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("268", "CNY", 26800),
        (" 268.5 ", "CNY", 26850),
        ("0.05", "CNY", 5),
        ("007", "VND", 7),
        ("150000", "VND", 150000),
    ],
)
def test_a_plain_number_is_read(typed: str, currency: str, minor: int) -> None:
    assert parse_major(typed, currency) == minor


@pytest.mark.parametrize(
    "typed", ["", "-1", "1,000", "1.005", ".5", "1.", "1e3", "NaN", "¥268", "１２", "9" * 14, "9" * 5000, "1 000"]
)
def test_any_other_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadAmount, match=r"Write the amount like 12\.00\."):
        parse_major(typed, "CNY")


def test_the_example_has_the_decimals_of_the_currency() -> None:
    with pytest.raises(BadAmount) as refused:
        parse_major("1.5", "VND")
    assert refused.value.example == "12"
    assert refused.value.message_id % {"example": "12"} == str(refused.value)


@given(st.integers(0, 10**15), st.sampled_from(["CNY", "VND", "KWD"]))
def test_what_a_form_shows_is_what_it_reads(minor: int, currency: str) -> None:
    assert parse_major(major_text(minor, currency), currency) == minor
