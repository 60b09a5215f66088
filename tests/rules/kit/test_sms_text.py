"""A text message is charged by the parts it is sent in."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.sms_text import SmsLength, count, decoded, encoded, split, without_accents


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


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        *(("à" * letters, parts) for letters, parts in [(71, 1), (160, 1), (161, 2), (306, 2), (307, 3), (612, 4)]),
        *(("à" * letters, parts) for letters, parts in [(613, 5), (765, 5), (766, 6), (918, 6), (919, 7)]),
        *(("ÿ" * letters, parts) for letters, parts in [(70, 1), (71, 2), (134, 2), (135, 3), (268, 4), (269, 5)]),
        *(("ÿ" * letters, parts) for letters, parts in [(402, 6), (403, 7)]),
        ("à" * 70 + "ÿ", 2),
    ],
)
def test_the_numbers_are_those_that_gov_uk_notify_holds_itself_to(text: str, segments: int) -> None:
    assert count(text).segments == segments


@pytest.mark.parametrize(
    ("text", "segments"),
    [("{" * 76 + "a" + "{" * 76, 2), ("{" * 153, 3), ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 66, 2), ("😀" * 67, 3)],
)
def test_what_belongs_together_is_never_cut_and_costs_a_part_when_it_does_not_fit(text: str, segments: int) -> None:
    assert count(text).segments == segments


@given(st.text(max_size=700))
def test_the_parts_make_up_the_text_and_each_fits(text: str) -> None:
    pieces = split(text)
    assert "".join(pieces.parts) == text
    assert len(pieces.parts) == count(text).segments
    room = {("GSM-7", 1): 160, ("UCS-2", 1): 140}.get((pieces.encoding, len(pieces.parts)))
    room = room or {"GSM-7": 153, "UCS-2": 134}[pieces.encoding]
    for piece in pieces.parts:
        assert len(encoded(piece, pieces.encoding)) <= room
        assert decoded(encoded(piece, pieces.encoding), 0 if pieces.encoding == "GSM-7" else 8) == piece


def test_a_back_tick_is_no_letter_of_the_alphabet_and_a_paragraph_sign_is_one() -> None:
    assert count("`").encoding == "UCS-2"
    assert encoded("§_$@", "GSM-7") == bytes((0x5F, 0x11, 0x02, 0x00))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Hẹn gặp bạn lúc 14:30, đúng giờ nhé!", "Hen gap ban luc 14:30, dung gio nhe!"),
        ("Đặng Thị Ước", "Dang Thi Uoc"),
        ("您好，Nguyễn", "您好，Nguyen"),
        ("がんばって", "がんばって"),
    ],
)
def test_vietnamese_is_written_without_accents_and_other_scripts_stay(text: str, plain: str) -> None:
    assert without_accents(text) == plain


def test_a_reminder_without_accents_takes_one_part_instead_of_two() -> None:
    reminder = (
        "Mane Salon: nhắc lịch hẹn của bạn ngày thứ Ba 10/3 lúc 14:30, Cắt tóc, tại chi nhánh Nguyễn Huệ. "
        "Đổi hoặc hủy: mane.vn/s/a1B2c3"
    )
    assert (count(reminder).segments, count(without_accents(reminder)).segments) == (2, 1)
