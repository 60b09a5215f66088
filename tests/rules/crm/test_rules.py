"""Names, addresses and notes as they are kept, and what a search means."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.crm import errors, rules


def test_a_name_is_found_by_its_beginning_and_by_its_last_word() -> None:
    names = rules.names("  Trần   Thị Linh ")
    assert names == rules.Names("Trần Thị Linh", "tranthilinh", "linhtranthi")


@pytest.mark.parametrize("name", ["王小明", "עלמה", "🦊", "O'Neil-Đặng"])
def test_every_script_has_a_key(name: str) -> None:
    assert rules.names(name).name == name
    assert rules.names(name).key


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "\0", "x" * 101])
def test_a_name_nobody_can_read_is_refused(name: str) -> None:
    with pytest.raises(errors.BadName) as refused:
        rules.names(name)
    assert set(refused.value.fields) == {"name"}


@pytest.mark.parametrize(
    ("typed", "kept"), [(None, None), ("  ", None), (" An@Example.com ", "An@Example.com"), ("a@b", "a@b")]
)
def test_an_address_is_kept_as_it_was_written(typed: str | None, kept: str | None) -> None:
    assert rules.email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["an", "@b", "a@", "a@.", "a@@b", "a b@c", "a@b\nBcc: c@d", "a@b\0", "a" * 254 + "@b"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(errors.BadEmail) as refused:
        rules.email(typed)
    assert set(refused.value.fields) == {"email"}


def test_notes_keep_their_lines_and_lose_control_characters() -> None:
    assert rules.notes(" likes tea\r\nno sugar\0\r") == "likes tea\nno sugar"
    with pytest.raises(errors.BadNotes):
        rules.notes("x" * 4001)


@pytest.mark.parametrize(
    ("typed", "country", "wanted"),
    [
        ("", "CN", rules.Search()),
        ("Nguyễn Đ", "VN", rules.Search(name_prefix="nguyend")),
        ("50%_", "VN", rules.Search(name_prefix=r"50\%\_")),
        ("139 1234", "CN", rules.Search(phones=("+1391234", "+861391234"), phone_ending="1391234")),
        ("0903-112", "VN", rules.Search(phones=("+0903112", "+84903112"), phone_ending="0903112")),
        ("+84 901", "CN", rules.Search(phones=("+84901",))),
        ("１３９1", "CN", rules.Search(phones=("+1391", "+861391"), phone_ending="1391")),
        ("6789", "CN", rules.Search(phones=("+6789", "+866789"), phone_ending="6789")),
    ],
)
def test_a_search_means(typed: str, country: str, wanted: rules.Search) -> None:
    assert rules.search(typed, country) == wanted


@pytest.mark.parametrize("typed", ["12", "-", "(0)", "x" * 101, "\u202e\u0301"])
def test_a_search_that_says_too_little_or_too_much_is_refused(typed: str) -> None:
    with pytest.raises(errors.BadSearch) as refused:
        rules.search(typed, "CN")
    assert set(refused.value.fields) == {"q"}


@given(st.text(max_size=120))
def test_a_search_is_understood_or_refused(typed: str) -> None:
    with suppress(errors.BadSearch):
        rules.search(typed, "VN")
