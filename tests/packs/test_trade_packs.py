"""Every trade pack is complete: a new chain must be able to sell, staff and translate all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from blueprints.catalog.process import ROLES, phases
from blueprints.catalog.service.options import KINDS
from shopbell.i18n import LOCALES
from tenants.packs import PACKS, Pack, PackService

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
        for option in service.options:
            yield f"{service.slug} {option.key}", option.name


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
    assert {step.skill for service in pack.services for step in service.steps if step.skill} == known


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


@packs
def test_choices_and_roles_are_those_the_catalogue_knows(pack: Pack) -> None:
    for service in pack.services:
        keys = [option.key for option in service.options]
        assert len(set(keys)) == len(keys), service.slug
        assert {option.kind for option in service.options} <= set(KINDS), service.slug
        assert service.roles <= set(ROLES), service.slug
        assert {step.option for step in service.steps if step.option} <= set(keys), service.slug
        assert service.steps[0].wait == 0, service.slug
        assert any(step.skill for step in service.steps if step.option is None), service.slug
        for option in service.options:
            assert {"CNY", "VND"} <= set(option.price_minor), (service.slug, option.key)
            for number, more in option.minutes.items():
                step = service.steps[number]
                assert more % 5 == 0, (service.slug, option.key)
                assert step.option is None, (service.slug, option.key)
                assert 5 <= step.minutes + more <= 720, (service.slug, option.key)


@packs
def test_the_first_variant_is_the_service_as_it_is_priced(pack: Pack) -> None:
    for service in pack.services:
        variants = [option for option in service.options if option.kind == "variant"]
        if variants:
            assert not any(variants[0].price_minor.values()), service.slug
            assert not variants[0].minutes, service.slug


def service_of(pack: str, slug: str) -> PackService:
    (found,) = [service for service in PACKS[pack].services if service.slug == slug]
    return found


@pytest.mark.proves("B7")
def test_nobody_is_kept_while_colour_processes() -> None:
    found = service_of("salon", "root-colour")
    steps = [(step.minutes, step.skill) for step in found.steps if step.option is None]
    assert steps == [(30, "colour"), (35, None), (10, "colour"), (20, "colour")]
    assert phases([StepLike(step.skill) for step in found.steps if step.option is None]) == [
        "active",
        "processing",
        "finishing",
        "finishing",
    ]


@dataclass(frozen=True)
class StepLike:
    skill_id: str | None


@pytest.mark.proves("B7")
def test_an_eye_exam_goes_through_three_pairs_of_hands() -> None:
    found = service_of("optical", "eye-exam")
    steps = [(step.role, step.skill, step.device_type, step.wait) for step in found.steps if step.option is None]
    assert steps == [
        ("assistant", "pretest", "autorefractor", 0),
        ("main", "refraction", "phoropter", 15),
        ("dispensing", "dispensing", None, 15),
    ]
