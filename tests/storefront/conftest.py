"""Hands for the booking pages: reading a page's forms the way a browser does, and following them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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
