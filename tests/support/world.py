"""The two chains that are always in the room: an optical one and another that must never be touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.catalog.models import Branch, OpeningHours, Resource, Service, ServiceStep, Skill
from blueprints.registry import seeders
from blueprints.staff.models import Person, PersonSkill, RosterShift
from shopbell import due, housekeeping, ids
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from tenants import provisioning
from tenants.provisioning import NewTenant


@dataclass(frozen=True)
class Shop:
    """A chain with one branch in Shanghai: open 09:00-18:00 daily, two optometrists, two exam rooms, two phoropters.

    `eye_test` takes 10 minutes of anyone skilled and then 20 in an exam room with a phoropter; `fitting` takes 15
    minutes of a person only.
    """

    tenant: TenantContext
    branch_id: UUID
    second_branch_id: UUID
    eye_test: UUID
    fitting: UUID
    people: tuple[UUID, ...]
    skill_id: UUID


def build(database: Database, slug: str) -> Shop:
    """Create the chain and commit it."""
    new = NewTenant(slug, f"{slug.title()} Optik", "optical", "zh-CN")
    tenant = provisioning.create(database, new, base_domain="localhost", seeders=seeders())
    with database.transaction(tenant) as session:
        # Tests of due work begin with none.
        due.drop(session, housekeeping.KIND, housekeeping.KEY)
        return furnish(session, tenant)


def furnish(session: Session, tenant: TenantContext) -> Shop:
    skill = Skill(id=ids.uuid7(), key="test-refraction", name={"en": "Refraction"})
    session.add(skill)
    first, second = branch(session, "xintiandi", 0), branch(session, "jingan", 1)
    session.flush()
    people = tuple(person(session, name, first, skill.id) for name in ("王芳", "Trần Linh"))
    eye_test = service(session, "test-eye-test", skill.id, ((10, None, None), (20, "exam_room", "phoropter")))
    fitting = service(session, "test-fitting", skill.id, ((15, None, None),))
    for kind, type_ in (("room", "exam_room"), ("device", "phoropter")):
        for number in (1, 2):
            session.add(Resource(id=ids.uuid7(), branch_id=first, kind=kind, type=type_, name=f"{type_} {number}"))
    session.flush()
    return Shop(tenant, first, second, eye_test, fitting, people, skill.id)


def branch(session: Session, slug: str, position: int) -> UUID:
    row = Branch(
        id=ids.uuid7(),
        slug=slug,
        name={"en": slug.title(), "zh-CN": f"{slug}店", "vi": slug.title()},
        address={"en": "1 Test Road, Shanghai"},
        phone="+862150001234",
        time_zone="Asia/Shanghai",
        position=position,
    )
    session.add(row)
    session.flush()
    for weekday in range(7):
        session.add(OpeningHours(id=ids.uuid7(), branch_id=row.id, weekday=weekday, opens=540, closes=1080))
    return row.id


def person(session: Session, name: str, branch_id: UUID, skill_id: UUID) -> UUID:
    row = Person(id=ids.uuid7(), name=name, title={"en": "Optometrist"}, bio={}, languages=["zh-CN"])
    row.home_branch_id = branch_id
    session.add(row)
    session.flush()
    session.add(PersonSkill(person_id=row.id, skill_id=skill_id))
    for weekday in range(7):
        session.add(
            RosterShift(
                id=ids.uuid7(),
                person_id=row.id,
                branch_id=branch_id,
                weekday=weekday,
                starts=540,
                ends=1080,
                valid_from=date(2020, 1, 1),
            )
        )
    session.flush()
    return row.id


def service(session: Session, slug: str, skill_id: UUID, steps: tuple[tuple[int, str | None, str | None], ...]) -> UUID:
    row = Service(
        id=ids.uuid7(),
        slug=slug,
        name={"en": slug.replace("-", " ").title(), "zh-CN": "验光", "vi": "Đo mắt"},
        description={},
        category={"en": "Test"},
        price_minor=19900,
        currency="CNY",
    )
    session.add(row)
    session.flush()
    for position, (minutes, room, device) in enumerate(steps):
        session.add(
            ServiceStep(
                id=ids.uuid7(),
                service_id=row.id,
                position=position,
                name={"en": f"Step {position + 1}"},
                minutes=minutes,
                skill_id=skill_id,
                room_type=room,
                device_type=device,
            )
        )
    session.flush()
    return row.id


def empty(database: Database, shop: Shop) -> None:
    """Take away everything that happened in the chain, for tests whose work is really committed."""
    with database.transaction(shop.tenant) as session:
        for table in (
            "messages",
            "desk_ops",
            "walk_ins",
            "bookings",
            "series",
            "customers",
            "shared.outbox",
            "shared.due_work",
        ):
            session.execute(text(f"delete from {table}"))
        # No product does that: whatever remembers a book has to begin anew.
        session.execute(text("update config_version set version = gen_random_uuid()"))
