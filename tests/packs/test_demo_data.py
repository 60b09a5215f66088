"""The demonstration chains, as data: everything they sell can be given, and every day has somebody to give it."""

from __future__ import annotations

from itertools import product
from random import Random

import phonenumbers
import pytest

from shopbell.i18n import LOCALES
from tenants.demo import CHAINS, DemoBranch, DemoChain
from tenants.demo.customers import customers
from tenants.packs import PACKS, PackService

BRANCHES = [(chain, branch) for chain in CHAINS for branch in chain.branches]
branches = pytest.mark.parametrize(
    ("chain", "branch"), BRANCHES, ids=[f"{chain.slug}-{branch.slug}" for chain, branch in BRANCHES]
)


@branches
def test_every_service_can_be_given_at_every_branch(chain: DemoChain, branch: DemoBranch) -> None:
    types = {resource.type for resource in branch.resources}
    for service in PACKS[chain.pack].services:
        needs = {kind for step in service.steps for kind in (step.room_type, step.device_type) if kind}
        assert needs <= types, service.slug
        assert most_hands(branch, service) == len(service.roles), service.slug
        assert all(
            any(person.level >= step.level for person in branch.people if step.skill in person.skills)
            for step in service.steps
            if step.skill
        ), service.slug


def most_hands(branch: DemoBranch, service: PackService) -> int:
    """How many of the roles can be filled with different people."""
    able = [[p.name for p in branch.people if service.skills_of(role) <= set(p.skills)] for role in service.roles]
    return max(len(set(names)) for names in product(*able)) if all(able) else 0


@branches
def test_every_open_minute_has_somebody_at_work(chain: DemoChain, branch: DemoBranch) -> None:
    for weekday, spans in branch.hours.items():
        shifts = [shift for person in branch.people for shift in person.week.get(weekday, ())]
        idle = [
            minute
            for opens, closes in spans
            for minute in range(opens, closes, 15)
            if not any(starts <= minute < ends for starts, ends in shifts)
        ]
        # The last hour before closing may be left to whoever is still finishing.
        assert all(minute >= spans[-1][1] - 60 for minute in idle), (weekday, idle)


@branches
def test_people_work_only_while_their_branch_is_open(chain: DemoChain, branch: DemoBranch) -> None:
    for person in branch.people:
        for weekday, shifts in person.week.items():
            ((opens, closes),) = branch.hours[weekday]
            assert all(opens <= starts < ends <= closes for starts, ends in shifts), (person.name, weekday)


@branches
def test_people_are_described_in_every_language(chain: DemoChain, branch: DemoBranch) -> None:
    known = {skill.key for skill in PACKS[chain.pack].skills}
    assert set(branch.name) == set(branch.address) == set(LOCALES)
    for person in branch.people:
        assert set(person.title) == set(person.bio) == set(LOCALES), person.name
        assert all(set(found.name) == set(LOCALES) and found.issuer for found in person.learned), person.name
        assert person.level in {1, 2, 3}, person.name
        assert set(person.languages) <= set(LOCALES), person.name
        assert set(person.skills) <= known, person.name


@pytest.mark.parametrize("chain", CHAINS, ids=[chain.slug for chain in CHAINS])
def test_demand_names_services_of_the_pack(chain: DemoChain) -> None:
    assert set(chain.demand) == {service.slug for service in PACKS[chain.pack].services}


@pytest.mark.parametrize("chain", CHAINS, ids=[chain.slug for chain in CHAINS])
def test_a_logo_is_a_small_png(chain: DemoChain) -> None:
    assert chain.logo.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(chain.logo) < 8_000


def test_customers_have_numbers_that_pass_and_come_out_the_same_again() -> None:
    tongues = {"zh-CN": 6, "vi": 3, "en": 1}
    found = customers(Random(7), 120, tongues)
    assert found == customers(Random(7), 120, tongues)
    assert len({customer.phone for customer in found}) == 120
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(customer.phone)) for customer in found)
    assert {customer.locale for customer in found} == set(tongues)
    assert 20 < sum(customer.email is not None for customer in found) < 100
