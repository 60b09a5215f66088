"""Names as people type them, and the keys they are found by."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.text import N_, clean_name, search_key

ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Lan \t\u00a0Anh\u3000\r\n", "Lan Anh"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("admin\u202enimda", "adminnimda"),
        ("\u2067Lena\u2069\u200f", "Lena"),
        ("Zero\u200bWidth\ufeff", "ZeroWidth"),
        ("Bell\x07 \x00 Null", "Bell Null"),
        ("broken\ud83d", "broken"),
        ("First\u2028Second\x85Third", "First Second Third"),
    ],
)
def test_a_name_is_put_on_one_clean_line(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        "欧阳娜娜",
        "𠮷野家",
        "Đặng Thị Ánh",
        "אבי כהן",
        "محمد",
        "می\u200cخواهم",
        "👩\u200d👧\u200d👦",
        "❤️",
        "O’Brien-Łącki",
        "สมชาย",
        "नमस्ते",
        "김철수",
        "X Æ A-12",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_every_script_and_emoji_is_kept(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("typed", ["", " \t ", "\u3164", "\u2800 \u200d", "\u202e\u200b", "\x00\x1f", "\u0301"])
def test_a_name_of_which_nothing_shows_is_empty(typed: str) -> None:
    assert clean_name(typed) == ""


@given(ANY_TEXT)
def test_a_clean_name_stays_as_it_is(typed: str) -> None:
    name = clean_name(typed)
    assert clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cs", "Zl", "Zp"}
    assert "  " not in name
    name.encode()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Nguyễn Đức", "nguyen duc"),
        ("Søren Müller", "SOREN MULLER"),
        ("Straße", "STRASSE"),
        ("ＡＢＣ　１２", "abc 12"),
        ("Łukasz Œuvre", "lukasz oeuvre"),
        ("İpek Işık", "ipek isik"),
        ("Αθήνα", "αθηνα"),
        ("مُحَمَّد", "محمد"),
        ("❤️", "❤"),
    ],
)
def test_names_written_with_and_without_accents_meet(left: str, right: str) -> None:
    assert search_key(left) == search_key(right)


@pytest.mark.parametrize(
    ("left", "right"), [("かき", "がぎ"), ("कि", "क"), ("김", "감"), ("李", "林"), ("Anna", "Anne")]
)
def test_different_names_do_not_meet(left: str, right: str) -> None:
    assert search_key(left) != search_key(right)


@given(ANY_TEXT)
def test_the_key_of_a_key_is_the_key(typed: str) -> None:
    assert search_key(search_key(typed)) == search_key(typed)


def test_marking_a_message_for_translation_changes_nothing() -> None:
    assert N_("Thank you") == "Thank you"
