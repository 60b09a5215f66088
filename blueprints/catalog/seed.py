"""A new chain's first catalogue, from its trade pack."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from blueprints.catalog.models import Service, ServiceOption, ServiceStep, Skill
from shopbell import ids
from shopbell.tenancy import current_tenant
from tenants.packs import Pack


def seed(session: Session, pack: Pack) -> None:
    """Write the pack's skills, services, options and steps in four statements; for a chain that has none yet.

    Prices are in the current tenant's currency, in minor units. A service for which the pack knows no price in it is
    written without one and inactive: the chain names its price before anybody can book.
    """
    currency = current_tenant().currency
    skill_ids = {skill.key: ids.uuid7() for skill in pack.skills}
    service_ids = {service.slug: ids.uuid7() for service in pack.services}
    option_ids = {(service.slug, option.key): ids.uuid7() for service in pack.services for option in service.options}
    session.execute(
        insert(Skill),
        [{"id": skill_ids[skill.key], "key": skill.key, "name": dict(skill.name)} for skill in pack.skills],
    )
    session.execute(
        insert(Service),
        [
            {
                "id": service_ids[service.slug],
                "slug": service.slug,
                "name": dict(service.name),
                "description": dict(service.description),
                "category": dict(service.category),
                "price_minor": service.price_minor.get(currency, 0),
                "currency": currency,
                "position": position,
                "active": currency in service.price_minor,
                "buffer_after_minutes": service.buffer_after,
                "needs_approval": service.needs_approval,
            }
            for position, service in enumerate(pack.services)
        ],
    )
    _seed_options(session, pack, service_ids, option_ids)
    session.execute(
        insert(ServiceStep),
        [
            {
                "id": ids.uuid7(),
                "service_id": service_ids[service.slug],
                "position": position,
                "name": dict(step.name),
                "minutes": step.minutes,
                "skill_id": skill_ids[step.skill] if step.skill else None,
                "room_type": step.room_type,
                "device_type": step.device_type,
                "role": step.role,
                "level": step.level,
                "wait_minutes": step.wait,
                "option_id": option_ids[service.slug, step.option] if step.option else None,
            }
            for service in pack.services
            for position, step in enumerate(service.steps)
        ],
    )


def _seed_options(
    session: Session, pack: Pack, service_ids: dict[str, UUID], option_ids: dict[tuple[str, str], UUID]
) -> None:
    currency = current_tenant().currency
    rows = [
        {
            "id": option_ids[service.slug, option.key],
            "service_id": service_ids[service.slug],
            "kind": option.kind,
            "name": dict(option.name),
            "price_minor": option.price_minor.get(currency, 0),
            "step_minutes": {str(number): more for number, more in option.minutes.items()},
            "position": position,
        }
        for service in pack.services
        for position, option in enumerate(service.options)
    ]
    if rows:
        session.execute(insert(ServiceOption), rows)
