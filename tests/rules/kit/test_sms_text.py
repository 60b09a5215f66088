"""A text message is charged by the parts it is sent in."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.sms_text import SmsLength, count


@pytest.mark.parametrize(
    ("text", "encoding", "segments", "units"),
    [
        ("", "GSM-7", 0, 0),
        ("Hi", "GSM-7", 1, 2),
        ("a" * 160, "GSM-7", 1, 160),
        ("a" * 161, "GSM-7", 2, 161),
        ("a" * 306, "GSM-7", 2, 306),
        ("a" * 307, "GSM-7", 3, 307),
        ("€" * 80, "GSM-7", 1, 160),
        ("€" * 80 + "a", "GSM-7", 2, 161),
        ("Ünsere Öffnungszeiten: ¿qué? @£ΔΩ", "GSM-7", 1, 33),
        ("ê", "UCS-2", 1, 1),
        ("您" * 70, "UCS-2", 1, 70),
        ("您" * 71, "UCS-2", 2, 71),
        ("您" * 134, "UCS-2", 2, 134),
        ("您" * 135, "UCS-2", 3, 135),
        ("a" * 68 + "😀", "UCS-2", 1, 70),
        ("a" * 69 + "😀", "UCS-2", 2, 71),
        ("Lịch hẹn của bạn", "UCS-2", 1, 16),
        ("smart ’quote’", "UCS-2", 1, 13),
        ("tab\there", "UCS-2", 1, 8),
        ("`", "UCS-2", 1, 1),
        ("ç", "UCS-2", 1, 1),
    ],
)
def test_a_text_is_counted(text: str, encoding: Literal["GSM-7", "UCS-2"], segments: int, units: int) -> None:
    assert count(text) == SmsLength(encoding, segments, units)


@pytest.mark.parametrize("character", list("^{}\\[~]|€\f"))
def test_an_extended_character_takes_two_septets(character: str) -> None:
    assert count(character) == SmsLength("GSM-7", 1, 2)


def test_the_gsm_alphabet_has_128_places_with_the_escape() -> None:
    alphabet = [
        chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000 and count(chr(code)).encoding == "GSM-7"
    ]
    assert len(alphabet) == 127 + 10


def test_an_escape_and_its_character_stay_in_one_part() -> None:
    # 306 septets fill two parts exactly, unless an escape would fall on the seam.
    assert count("a" * 151 + "€" + "a" * 153).segments == 2
    assert count("a" * 152 + "€" + "a" * 152) == SmsLength("GSM-7", 3, 306)


def test_the_halves_of_a_surrogate_pair_stay_in_one_part() -> None:
    assert count("您" * 65 + "😀" + "您" * 67).segments == 2
    assert count("您" * 66 + "😀" + "您" * 66) == SmsLength("UCS-2", 3, 134)


@given(st.text(st.sampled_from("ab€[您😀ệ\n"), max_size=500))
def test_parts_are_never_fewer_than_the_units_need(text: str) -> None:
    length = count(text)
    alone, part = (160, 153) if length.encoding == "GSM-7" else (70, 67)
    if length.encoding == "UCS-2":
        assert length.units == len(text.encode("utf-16-le")) // 2
    if length.units <= alone:
        assert length.segments == (1 if text else 0)
    else:
        assert -(-length.units // part) <= length.segments <= -(-length.units // (part - 1))
