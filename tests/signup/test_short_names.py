"""Which short names strangers can have."""

import pytest

from blueprints.signup import rules


@pytest.mark.parametrize("slug", ["nova", "nova-eyes", "a1b", "n" + "o" * 39])
def test_an_ordinary_name_can_be_had(slug: str) -> None:
    assert (rules.is_short_name(slug), rules.is_kept(slug), rules.is_rude(slug)) == (True, False, False)


@pytest.mark.parametrize(
    "slug", ["", "ab", "1abc", "Nova", "nova eyes", "-nova", "nova-", "xn--nov-8ma", "n" * 41, "明眸"]
)
def test_what_can_be_no_part_of_an_address_is_no_short_name(slug: str) -> None:
    assert not rules.is_short_name(slug)


@pytest.mark.parametrize(
    "slug", ["admin", "start", "www", "api", "login", "wpad", "autoconfig", "shopbell", "shopbell-pay"]
)
def test_names_that_would_look_like_the_services_own_are_kept(slug: str) -> None:
    assert rules.is_kept(slug)


@pytest.mark.parametrize(
    "slug", ["shit", "sh1t", "big-dick-optics", "fuckery", "xfuckx", "f-u-c-k", "caonima", "cao-ni-ma", "dit-me", "vcl"]
)
def test_rude_names_are_refused_in_three_languages_and_however_they_are_spelled(slug: str) -> None:
    assert rules.is_rude(slug)


@pytest.mark.parametrize(
    "slug",
    ["matsushita", "scunthorpe", "essex-optik", "classic-cuts", "analog", "peacock", "cat-toc-nam", "da-nang-4u"],
)
def test_nobody_is_refused_for_a_part_of_a_word(slug: str) -> None:
    assert not rules.is_rude(slug)
