"""Several hands at once, on a database that really commits: exactly one person has the time, and nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from blueprints.booking.api import CustomerInput
from blueprints.booking.models import Allocation, Booking
from blueprints.registry import handlers
from blueprints.waitlist import service
from blueprints.waitlist.errors import OfferOver
from blueprints.waitlist.models import Offer
from blueprints.waitlist.rules import Freed
from shopbell import clock, outbox
from shopbell.db import Database
from shopbell.errors import DomainError
from tests.support import world
from tests.support.world import Shop
from tests.waitlist.people import HALF_AN_HOUR, TEN, free, wish
from workers.drain import Drain

pytestmark = pytest.mark.proves("B11")


def clear(database: Database, shop: Shop) -> None:
    with database.transaction(shop.tenant) as session:
        session.execute(text("delete from offers"))
        session.execute(text("delete from wishes"))
    world.empty(database, shop)


@pytest.fixture
def emptied(committed: Database, shops: tuple[Shop, Shop], now: Any) -> Iterator[Shop]:
    clear(committed, shops[0])
    yield shops[0]
    clear(committed, shops[0])


def waiting(database: Database, shop: Shop, number: int) -> None:
    for each in range(number):
        with database.transaction(shop.tenant) as session:
            service.join(session, wish(shop, CustomerInput(f"N{each}", f"+86138001381{each:02}")))


def at_once(database: Database, shop: Shop, work: list[Callable[[Session], Any]]) -> list[Any]:
    """Every piece of work in a transaction of its own, begun together; a refusal is returned as what it is."""
    together = Barrier(len(work))

    def one(piece: Callable[[Session], Any]) -> Any:
        together.wait(20)
        try:
            with database.transaction(shop.tenant) as session:
                return piece(session)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(work)) as pool:
        return [done.result(60) for done in [pool.submit(one, piece) for piece in work]]


def offers(database: Database, shop: Shop, **having: Any) -> list[Offer]:
    with database.transaction(shop.tenant) as session:
        return list(session.scalars(select(Offer).filter_by(**having).order_by(Offer.created_at, Offer.id)))


def an_offer(database: Database, shop: Shop) -> Offer:
    with database.transaction(shop.tenant) as session:
        service.fill(session, Freed(shop.branch_id, TEN, TEN + HALF_AN_HOUR))
    (found,) = offers(database, shop)
    return found


def work_off(database: Database, shop: Shop, threads: int = 4) -> None:
    """Relay facts and do what is due, by two workers with several threads each, until nothing is left."""
    found = handlers()
    drains = [Drain(database, {shop.tenant.id: shop.tenant}.get, found, threads=threads) for _ in range(2)]
    while True:
        with database.transaction(None) as session:
            facts = outbox.relay(session, found.reactions_of)
        with ThreadPoolExecutor(2) as pool:
            rows = sum(pool.map(lambda drain: drain.tenant(shop.tenant.id), drains))
        if not facts and not rows:
            return


def held_or_booked(database: Database, shop: Shop) -> int:
    """How many appointments and holds take somebody's time."""
    with database.transaction(shop.tenant) as session:
        statement = select(func.count(Booking.id.distinct())).join(Allocation, Allocation.booking_id == Booking.id)
        return session.scalar(statement) or 0


def test_workers_that_fill_the_same_time_make_one_offer(committed: Database, emptied: Shop) -> None:
    waiting(committed, emptied, 3)
    span = Freed(emptied.branch_id, TEN, TEN + HALF_AN_HOUR)
    at_once(committed, emptied, [lambda session: service.fill(session, span)] * 4)
    assert [offer.status for offer in offers(committed, emptied)] == ["open"]
    assert held_or_booked(committed, emptied) == 1


def test_two_freed_times_and_two_workers_ask_each_person_once(committed: Database, emptied: Shop) -> None:
    waiting(committed, emptied, 2)
    with committed.transaction(emptied.tenant) as session:
        free(session, emptied, TEN)
        free(session, emptied, TEN + HALF_AN_HOUR)
    work_off(committed, emptied)
    made = offers(committed, emptied, status="open")
    assert len(made) == len({offer.wish_id for offer in made}) == 2
    assert held_or_booked(committed, emptied) == 2


def test_accepting_twice_at_once_makes_one_appointment(committed: Database, emptied: Shop) -> None:
    waiting(committed, emptied, 1)
    offer = an_offer(committed, emptied)
    made = at_once(committed, emptied, [lambda session: service.accept(session, offer.id)] * 4)
    assert {found.id for found in made} == {offer.hold_id}
    assert held_or_booked(committed, emptied) == 1


@pytest.mark.parametrize("round_number", range(4))
def test_yes_and_no_at_once_come_to_one_of_them(committed: Database, emptied: Shop, round_number: int) -> None:
    waiting(committed, emptied, 2)
    offer = an_offer(committed, emptied)
    work: list[Callable[[Session], Any]] = [
        lambda session: service.accept(session, offer.id),
        lambda session: service.decline(session, offer.id),
        lambda session: service.leave(session, offer.wish_id),
        lambda session: service.settle(session, offer.id),
    ]
    results = at_once(committed, emptied, work[round_number:] + work[:round_number])
    work_off(committed, emptied)
    mine, *others = offers(committed, emptied)
    if mine.status == "accepted":
        assert others == []
    else:
        assert any(isinstance(result, OfferOver) for result in results)
        assert [other.status for other in others] == ["open"]
    assert held_or_booked(committed, emptied) == 1


@pytest.mark.parametrize("seconds", [0, 1])
def test_yes_in_the_moment_in_which_time_runs_out(committed: Database, emptied: Shop, seconds: int) -> None:
    waiting(committed, emptied, 2)
    offer = an_offer(committed, emptied)
    last = offer.expires_at if seconds == 0 else offer.expires_at.replace(microsecond=0) - HALF_AN_HOUR / 1800
    with clock.frozen(last):
        at_once(
            committed,
            emptied,
            [lambda session: service.accept(session, offer.id), lambda session: service.settle(session, offer.id)] * 2,
        )
        work_off(committed, emptied)
    mine, *others = offers(committed, emptied)
    assert (mine.status, len(others)) == (("expired", 1) if seconds == 0 else ("accepted", 0))
    assert held_or_booked(committed, emptied) == 1


def test_a_worker_that_dies_loses_nothing(committed: Database, emptied: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(committed, emptied, 2)
    offer = an_offer(committed, emptied)

    def die(*_: Any) -> None:
        raise SystemExit

    with clock.frozen(offer.expires_at):
        with monkeypatch.context() as broken:
            broken.setattr("blueprints.waitlist.service.offers.fill", die)
            with pytest.raises(SystemExit):
                work_off(committed, emptied, threads=1)
        assert offers(committed, emptied)[0].status == "open", "nothing of it was kept"
    with clock.frozen(offer.expires_at + HALF_AN_HOUR / 10):
        work_off(committed, emptied)
        assert [found.status for found in offers(committed, emptied)] == ["expired", "open"]
