"""A salon among the tests: two stylists, an assistant, two chairs, a basin; colour that processes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from blueprints.catalog.models import Resource, Service, ServiceOption, ServiceStep, Skill
from blueprints.staff.models import PersonSkill
from shopbell import ids
from shopbell.db import Database
from tests.support import world
from tests.support.world import Shop


@dataclass(frozen=True)
class Salon:
    """`cut` takes 30 minutes of a stylist in a chair, 20 more with long hair; `colour` 20 in a chair, 30 alone, then 15
    at the basin by an assistant after waiting at most 10, in all 65 to 75; `talk` takes 15 minutes of a person."""

    branch_id: UUID
    cut: UUID
    short: UUID
    long: UUID
    massage: UUID
    colour: UUID
    talk: UUID
    stylists: tuple[UUID, UUID]
    assistant: UUID


def step(session: Session, service_id: UUID, position: int, minutes: int, skill: UUID | None, **more: object) -> None:
    session.add(
        ServiceStep(
            id=ids.uuid7(),
            service_id=service_id,
            position=position,
            name={"en": f"Step {position}"},
            minutes=minutes,
            skill_id=skill,
            **more,
        )
    )


def service(session: Session, slug: str, price: int = 10000) -> UUID:
    row = Service(id=ids.uuid7(), slug=slug, name={"en": slug}, description={}, category={"en": "Hair"})
    row.price_minor, row.currency = price, "CNY"
    session.add(row)
    session.flush()
    return row.id


def option(session: Session, service_id: UUID, kind: str, price: int, minutes: dict[str, int], position: int) -> UUID:
    row = ServiceOption(id=ids.uuid7(), service_id=service_id, kind=kind, name={"en": f"{kind} {position}"})
    row.price_minor, row.step_minutes, row.position = price, minutes, position
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def salon(session: Session, shop: Shop) -> Salon:
    return furnish(session, shop)


def furnish(session: Session, shop: Shop) -> Salon:
    style, wash = (Skill(id=ids.uuid7(), key=f"t-{key}", name={"en": key}) for key in ("style", "wash"))
    session.add_all([style, wash])
    session.flush()
    stylists = tuple(world.person(session, name, shop.branch_id, style.id) for name in ("Anna", "Bình"))
    assistant = world.person(session, "小陈", shop.branch_id, wash.id)
    session.add(PersonSkill(person_id=stylists[1], skill_id=wash.id))
    for kind, number in (("chair", 2), ("basin", 1)):
        for count in range(number):
            session.add(
                Resource(id=ids.uuid7(), branch_id=shop.branch_id, kind="room", type=kind, name=f"{kind} {count}")
            )
    cut, colour, talk = service(session, "t-cut"), service(session, "t-colour", 30000), service(session, "t-talk", 0)
    step(session, cut, 0, 30, style.id, room_type="chair")
    step(session, colour, 0, 20, style.id, room_type="chair")
    step(session, colour, 1, 30, None, room_type="chair")
    step(session, colour, 2, 15, wash.id, room_type="basin", role="assistant", wait_minutes=10)
    step(session, talk, 0, 15, style.id)
    short = option(session, cut, "variant", 0, {}, 0)
    long = option(session, cut, "variant", 4000, {"0": 20}, 1)
    massage = option(session, cut, "addon", 2000, {}, 2)
    step(session, cut, 1, 10, style.id, option_id=massage)
    session.flush()
    return Salon(shop.branch_id, cut, short, long, massage, colour, talk, (stylists[0], stylists[1]), assistant)


@pytest.fixture
def emptied(committed: Database, shops: tuple[Shop, Shop], now: object) -> Iterator[Shop]:
    """The first chain's book, really committed, empty before and after."""
    world.empty(committed, shops[0])
    yield shops[0]
    world.empty(committed, shops[0])
