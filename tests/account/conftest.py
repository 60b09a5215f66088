"""Hands for a customer's own place: asking for a code, and reading it where it was sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput
from blueprints.crm import api as crm
from tests.support.letters import Letter
from tests.support.letters import letters as written
from tests.support.world import Shop

PHONE, EMAIL = "+8613812345678", "fang@example.com"
SIGN_IN, CODE, WHO, HOME, DETAILS = "/my/sign-in", "/my/code", "/my/who", "/my", "/my/details"


@pytest.fixture
def fang(session: Session) -> UUID:
    """A customer with a number and an e-mail address."""
    return crm.remember(session, "Fang", PHONE, EMAIL, "en")


def letters(session: Session) -> list[Letter]:
    """The codes that were written, oldest first."""
    return written(session, template="sign_in_code")


@dataclass
class Caller:
    """Somebody at the sign-in, and the worker who sends what they ask for."""

    browser: FlaskClient
    session: Session
    run_jobs: Callable[[], int]

    def ask(self, address: str = PHONE, path: str = SIGN_IN) -> TestResponse:
        answer = self.browser.post(path, data={"address": address})
        self.run_jobs()
        return answer

    def code(self) -> str:
        """The one in the latest message."""
        found = re.search(r"(?<!\d)\d{6}(?!\d)", letters(self.session)[-1].body)
        assert found
        return found[0]

    def wrong(self) -> str:
        """A code that was not sent."""
        return f"{(int(self.code()) + 1) % 10**6:06}"

    def enter(self, code: str = "", path: str = CODE) -> TestResponse:
        return self.browser.post(path, data={"code": code or self.code()})

    def sign_in(self, address: str = PHONE) -> None:
        self.ask(address)
        assert self.enter().location == HOME

    def see(self, path: str) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.location
        return answer.text

    def is_in(self) -> bool:
        return self.browser.get(HOME).status_code == 200


@pytest.fixture
def caller_of(
    client_of: Callable[..., FlaskClient], session: Session, run_jobs: Callable[[], int]
) -> Callable[..., Caller]:
    """Somebody with a browser of their own at a chain."""
    return lambda tenant: Caller(client_of(tenant), session, run_jobs)


@pytest.fixture
def caller(client: FlaskClient, session: Session, run_jobs: Callable[[], int]) -> Caller:
    # Texts are compared in English.
    client.get("/?lang=en")
    return Caller(client, session, run_jobs)


def book(session: Session, shop: Shop, at: datetime, *, name: str = "Fang", phone: str = PHONE) -> BookingDetails:
    customer = CustomerInput(name=name, phone=phone, locale="en")
    return booking.reserve(session, BookingRequest(shop.branch_id, shop.fitting, at, customer))
