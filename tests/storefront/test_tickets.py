"""The signed ticket of a kept time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from blueprints.booking.api import Guest, Item
from blueprints.storefront import tickets
from blueprints.storefront.tickets import TICKET_LIFE, Ticket
from blueprints.storefront.visits import MOST_GUESTS
from shopbell import clock, runtime
from shopbell.crypto import BadToken, ExpiredToken
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext, entered

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HERE = TenantContext(
    UUID(int=7), "lumi", "t_lumi", "Lumi", "optical", "en", "Asia/Shanghai", "CNY", "CN", "lumi.localhost"
)
TICKET = Ticket(
    hold_id=UUID(int=1),
    branch_id=UUID(int=2),
    guests=(
        Guest((Item(UUID(int=3), (UUID(int=5), UUID(int=6)), UUID(int=4)), Item(UUID(int=7)))),
        Guest((Item(UUID(int=7)),)),
    ),
    starts_at=NOW + timedelta(hours=5),
    until=NOW + timedelta(minutes=10),
)


@pytest.fixture(autouse=True)
def chain(monkeypatch):
    settings = Settings.load({"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://x", "SHOPBELL_SECRET_KEY": "k"})
    monkeypatch.setattr(runtime, "_settings", settings)
    with entered(HERE), clock.frozen(NOW):
        yield


def test_a_ticket_comes_back_as_it_was():
    assert tickets.read(TICKET.signed()) == TICKET


def test_an_altered_ticket_is_none_of_ours():
    token = TICKET.signed()
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(BadToken):
            tickets.read(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", ".", "a.b", "ü.ü", "%00", "=" * 99])
def test_anything_else_is_refused_without_a_fuss(token):
    with pytest.raises(BadToken):
        tickets.read(token)
    assert tickets.read_or_none(token) is None


def test_another_chains_ticket_opens_nothing():
    token = TICKET.signed()
    with entered(replace(HERE, id=UUID(int=8))), pytest.raises(BadToken):
        tickets.read(token)


def test_a_ticket_outlives_its_hold_but_not_the_day():
    token = TICKET.signed()
    with clock.frozen(NOW + timedelta(hours=1)):
        assert tickets.read(token).is_over()
    with clock.frozen(NOW + TICKET_LIFE), pytest.raises(ExpiredToken):
        tickets.read(token)


def test_a_ticket_is_for_the_same_services_whoever_gives_them():
    by_anyone = tuple(Guest(tuple(Item(item.service_id) for item in guest.items)) for guest in TICKET.guests)
    assert TICKET.is_for(TICKET.branch_id, by_anyone)
    assert not TICKET.is_for(UUID(int=9), by_anyone)
    assert not TICKET.is_for(TICKET.branch_id, by_anyone[::-1])


def test_the_ticket_of_the_longest_visit_fits_into_an_address():
    item = Item(UUID(int=3), tuple(UUID(int=number) for number in range(4)), UUID(int=4))
    crowd = tuple(Guest((item, item)) for _ in range(MOST_GUESTS))
    assert len(replace(TICKET, guests=crowd).signed()) < 3000
