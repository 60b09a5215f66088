"""A new chain's catalogue is its trade pack's, in the chain's own currency."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.seed import seed
from shopbell.tenancy import TenantContext, entered
from tenants.packs import PACKS, Pack


def renamed(pack: Pack) -> Pack:
    """The pack under other short names, beside the one the chain was made with."""
    skills = tuple(replace(skill, key=f"new_{skill.key}") for skill in pack.skills)
    services = tuple(
        replace(
            service,
            slug=f"new-{service.slug}",
            steps=tuple(replace(step, skill=step.skill and f"new_{step.skill}") for step in service.steps),
        )
        for service in pack.services
    )
    return replace(pack, skills=skills, services=services)


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS.keys())
def test_services_come_with_their_steps_in_the_packs_order(session: Session, pack: Pack) -> None:
    new = renamed(pack)
    seed(session, new)
    found = [service for service in catalog.services(session) if service.slug.startswith("new-")]
    keys = {skill.id: skill.key for skill in catalog.skills(session)}
    assert [service.slug for service in found] == [service.slug for service in new.services]
    for service, wanted in zip(found, new.services, strict=True):
        assert [(step.minutes, step.skill_id and keys[step.skill_id], step.room_type) for step in service.steps] == [
            (step.minutes, step.skill, step.room_type) for step in wanted.steps
        ]
        assert [(step.role, step.level, step.wait_minutes) for step in service.steps] == [
            (step.role, step.level, step.wait) for step in wanted.steps
        ]
        assert (service.price_minor, service.currency) == (wanted.price_minor["CNY"], "CNY")
        assert service.minutes == wanted.minutes
        for option, told in zip(service.options, wanted.options, strict=True):
            assert (option.name, option.price_minor) == (told.name, told.price_minor["CNY"])
            own = {step.position for step in service.steps if step.option_id == option.id}
            assert own == {number for number, step in enumerate(wanted.steps) if step.option == told.key}


@pytest.mark.parametrize(("currency", "bookable"), [("VND", True), ("EUR", False)])
def test_a_currency_without_prices_waits_for_the_chain_to_name_them(
    session: Session, tenant: TenantContext, currency: str, bookable: bool
) -> None:
    new = renamed(PACKS["salon"])
    with entered(replace(tenant, currency=currency)):
        seed(session, new)
    found = [found for found in catalog.services(session, active_only=False) if found.slug.startswith("new-")]
    assert {service.currency for service in found} == {currency}
    assert {service.active for service in found} == {bookable}
    assert [service.price_minor > 0 for service in found] == [bookable] * len(new.services)
