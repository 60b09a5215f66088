"""A demonstration chain's branches, rooms, people, rosters, look and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.brand import service as brand
from blueprints.catalog import api as catalog
from blueprints.catalog import service as catalog_service
from blueprints.catalog.api import ServiceView, TermsView
from blueprints.staff import service as staff
from infra.demo import agreed, regions
from shopbell import clock, money
from shopbell.tenancy import current_tenant
from tenants.demo import DemoBranch, DemoChain, DemoPerson

PASSWORD = "shopbell-demo"  # noqa: S105 - refused in production # pragma: allowlist secret
OPENED = timedelta(days=90)
"""How long the chain has been using the product."""


def build(session: Session, chain: DemoChain, now: datetime) -> None:
    """Write a new chain's structure as it was set up `OPENED` ago."""
    skill_ids = {skill.key: skill.id for skill in catalog.skills(session)}
    with clock.frozen(now - OPENED):
        brand.set_brand(session, display_name=chain.name, colour=chain.colour, logo=chain.logo)
        access.create_user(session, address("hq", chain), PASSWORD, chain.head, "hq")
        country = regions.open_regions(session, chain)
        there = {
            branch.slug: open_branch(session, branch, today_at(branch, now), country[branch.time_zone])
            for branch in chain.branches
        }
        agreed.set_rules(session, chain, there)
        for branch in chain.branches:
            for person in branch.people:
                employ(session, person, branch, there, skill_ids, today_at(branch, now))
            open_accounts(session, chain, branch, there[branch.slug])
        for branch in chain.branches:
            ways = {there[slug]: minutes for slug, minutes in branch.travel.items() if slug in there}
            staff.set_travel(session, there[branch.slug], ways)


def today_at(branch: DemoBranch, now: datetime) -> date:
    return clock.local_minutes(now, clock.zone(branch.time_zone))[0]


def open_branch(session: Session, branch: DemoBranch, today: date, region_id: UUID) -> UUID:
    """The branch with its hours, the days that differ, its prices, rooms and devices."""
    described = catalog_service.BranchInput(
        name=branch.name,
        address=branch.address,
        phone=branch.phone,
        time_zone=branch.time_zone,
        latitude=branch.latitude,
        longitude=branch.longitude,
    )
    branch_id = catalog_service.add_branch(session, branch.slug, described)
    catalog_service.place_branches(session, region_id, inside={branch_id}, outside=())
    catalog_service.set_hours(session, branch_id, branch.hours)
    if branch.dearer and catalog.branch(session, branch_id).currency == current_tenant().currency:
        prices = {service.id: priced(service, branch.dearer) for service in catalog.services(session)}
        catalog_service.set_branch_terms(session, branch_id, prices)
    for exception in branch.exceptions:
        spans = [(exception.opens, exception.closes)] if exception.opens and exception.closes else []
        day = today + timedelta(days=exception.day)
        catalog_service.set_exception(session, branch_id, day, spans, reason=exception.reason)
    for resource in branch.resources:
        for number in range(1, resource.count + 1):
            name = f"{resource.name} {number}" if resource.count > 1 else resource.name
            catalog_service.add_resource(session, branch_id, kind=resource.kind, type=resource.type, name=name)
    return branch_id


def employ(
    session: Session,
    person: DemoPerson,
    branch: DemoBranch,
    there: Mapping[str, UUID],
    skill_ids: dict[str, UUID],
    today: date,
) -> None:
    """The person with skills, weekly rosters and days off."""
    branch_id = there[branch.slug]
    described = staff.PersonInput(
        name=person.name,
        title=person.title,
        bio=person.bio,
        languages=person.languages,
        home_branch_id=branch_id,
        qualifications=[staff.Qualification(found.name, found.issuer, found.year) for found in person.learned],
    )
    levels = {skill_ids[key]: person.level for key in person.skills}
    person_id = staff.add_person(session, described, levels)
    if person.dearer:
        given = [service for service in catalog.services(session) if service.fits(levels)]
        prices = {service.id: priced(service, branch.dearer + person.dearer) for service in given}
        staff.set_person_terms(session, person_id, prices)
    weeks = {branch_id: person.week, **{there[slug]: week for slug, week in person.elsewhere.items() if slug in there}}
    for at_branch, week in weeks.items():
        staff.set_weekly_roster(session, person_id, at_branch, week, valid_from=today - OPENED)
    for leave in person.leave:
        span = (leave.starts, leave.ends) if leave.starts and leave.ends else None
        staff.add_leave(session, person_id, today + timedelta(days=leave.day), span=span, reason=leave.reason)


def priced(service: ServiceView, percent: int) -> TermsView:
    """The usual time, and the price with so many percent on it, in whole tens of the currency."""
    tens = 10 * 10 ** money.minor_digits(service.currency)
    return TermsView(True, 100, round(service.price_minor * (100 + percent) / 100 / tens) * tens)


def open_accounts(session: Session, chain: DemoChain, branch: DemoBranch, branch_id: UUID) -> None:
    """The branch's manager and front desk. The first branch follows the browser's language, others speak their own."""
    first = branch is chain.branches[0]
    locale = None if first else branch.tongue
    for short, role, name in (("manager", "manager", branch.manager), ("desk", "frontdesk", branch.host)):
        access.create_user(session, address(short, chain, branch), PASSWORD, name, role, [branch_id], locale)


def address(short: str, chain: DemoChain, branch: DemoBranch | None = None) -> str:
    """The e-mail address somebody signs in with, at a domain that can never exist."""
    return f"{short}.{branch.slug}@{chain.slug}.example" if branch else f"{short}@{chain.slug}.example"
