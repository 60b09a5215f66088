"""Hands for the booking pages: reading a page's forms the way a browser does, and following them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from blueprints.booking.models import Booking
from blueprints.catalog.models import ServiceOption
from blueprints.storefront import visits
from shopbell import ids
from tests.support.world import Shop

TIMES = "/book/xintiandi/test-eye-test"
CUSTOMER = {"name": "Linh Trần", "phone": "131 2345 6789", "email": "linh@example.com", "note": "window seat"}


@dataclass
class Customer:
    """Somebody with a browser and no account."""

    browser: FlaskClient

    def see(self, address: str) -> TestResponse:
        return self.browser.get(address, query_string=None)

    def choose(self, start: str, address: str = TIMES) -> TestResponse:
        """Press a time on the time page, with everything its form sends."""
        return self.browser.post(address, data={"start": start, "visit": visit_of(self.see(address).text)})

    def hold(self, start: str, address: str = TIMES) -> str:
        """Press a time; the address of the details page."""
        answer = self.choose(start, address)
        assert answer.status_code == 303, answer.text
        return local(answer.location)

    def confirm(self, details: str, **typed: str) -> TestResponse:
        return self.browser.post(details, data={**CUSTOMER, **typed})

    def book(self, start: str, **typed: str) -> str:
        """Book; the token of the link that manages the appointment."""
        answer = self.confirm(self.hold(start), **typed)
        assert answer.status_code == 303, answer.text
        return local(answer.location).removeprefix("/done/")


@pytest.fixture
def customer(client: FlaskClient) -> Customer:
    return Customer(client)


@pytest.fixture
def customer_of(client_of: Callable[..., FlaskClient]) -> Callable[..., Customer]:
    return lambda tenant: Customer(client_of(tenant))


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def starts(page: str) -> list[str]:
    """The values of the time buttons."""
    return [html.unescape(found) for found in re.findall(r'<button name="start" value="([^"]+)"', page)]


def visit_of(page: str) -> str:
    found = re.search(r'name="visit" value="([^"]+)"', page)
    return found[1] if found else ""


def words(page: str) -> str:
    """What the page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def option(
    session: Session, service_id: UUID, kind: str, name: str, price: int, minutes: dict[str, int], position: int
) -> str:
    row = ServiceOption(id=ids.uuid7(), service_id=service_id, kind=kind, name={"en": name}, price_minor=price)
    row.step_minutes, row.position, row.active = minutes, position, True
    session.add(row)
    session.flush()
    return visits.short(row.id)


@pytest.fixture
def options(session: Session, shop: Shop) -> tuple[str, str, str]:
    """Short and long, and drops with it: the short ids as addresses spell them."""
    return (
        option(session, shop.eye_test, "variant", "Single vision", 0, {}, 0),
        option(session, shop.eye_test, "variant", "Progressive", 10000, {"1": 15}, 1),
        option(session, shop.eye_test, "addon", "Eye drops", 3000, {"1": 5}, 2),
    )


def bookings(session: Session) -> list[Booking]:
    session.expire_all()
    return list(session.scalars(select(Booking).order_by(Booking.id)))


def hrefs(page: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'href="([^"]+)"', page)]


def follow(customer: Customer, page: TestResponse, part: str) -> TestResponse:
    """Open the first link of the page whose address has this part, on through redirects."""
    address = next(href for href in hrefs(page.text) if part in href)
    return went(customer, customer.see(address))


def went(customer: Customer, answer: TestResponse) -> TestResponse:
    while answer.status_code in {302, 303}:
        answer = customer.see(local(answer.location))
    return answer


def hold(customer: Customer, address: str, start: str) -> str:
    """Press a time of a visit; the address of its details page."""
    answer = customer.choose(start, address)
    assert answer.status_code == 303, answer.text
    return local(answer.location)
