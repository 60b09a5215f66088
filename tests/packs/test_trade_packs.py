"""Every trade pack is complete: a new chain must be able to sell, staff and translate all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from shopbell.i18n import LOCALES
from tenants.packs import PACKS, Pack

packs = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS.keys())


def texts(pack: Pack) -> Iterator[tuple[str, Mapping[str, str]]]:
    for skill in pack.skills:
        yield skill.key, skill.name
    for service in pack.services:
        yield f"{service.slug} name", service.name
        yield f"{service.slug} description", service.description
        yield f"{service.slug} category", service.category
        for number, step in enumerate(service.steps):
            yield f"{service.slug} step {number}", step.name


@packs
def test_every_text_is_written_in_every_language(pack: Pack) -> None:
    for what, text in texts(pack):
        assert set(text) == set(LOCALES), what
        assert all(words and words == words.strip() for words in text.values()), what


@packs
def test_the_languages_differ_from_each_other(pack: Pack) -> None:
    for what, text in texts(pack):
        assert len(set(text.values())) == len(LOCALES), what


@packs
def test_every_price_is_above_zero_in_both_home_currencies(pack: Pack) -> None:
    for service in pack.services:
        assert {"CNY", "VND"} <= set(service.price_minor), service.slug
        assert all(price > 0 for price in service.price_minor.values()), service.slug
        assert service.price_minor["VND"] % 1000 == 0, service.slug


@packs
def test_steps_ask_only_for_skills_the_pack_has(pack: Pack) -> None:
    known = {skill.key for skill in pack.skills}
    assert {skill for service in pack.services for skill in service.skills} == known


@packs
def test_steps_last_multiples_of_five_minutes_and_somebody_is_needed(pack: Pack) -> None:
    for service in pack.services:
        assert all(5 <= step.minutes <= 720 and step.minutes % 5 == 0 for step in service.steps), service.slug
        assert service.skills, service.slug


@packs
def test_names_in_addresses_are_used_once(pack: Pack) -> None:
    slugs = [service.slug for service in pack.services]
    keys = [skill.key for skill in pack.skills]
    assert len(set(slugs)) == len(slugs)
    assert len(set(keys)) == len(keys)


def test_nobody_is_kept_while_colour_processes() -> None:
    (root_colour,) = [service for service in PACKS["salon"].services if service.slug == "root-colour"]
    assert [(step.minutes, step.skill) for step in root_colour.steps] == [(30, "colour"), (35, None), (25, "colour")]
