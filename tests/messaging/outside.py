"""What tests of sending share: providers that are real servers, and a process that dies at a chosen moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput
from blueprints.messaging.channels.providers import providers
from blueprints.messaging.channels.sms.twilio import TwilioSms
from blueprints.messaging.channels.smtp import Mailer
from infra.devtools.tools import DevTools
from shopbell import clock, runtime
from shopbell.settings import Settings
from tests.support.letters import Letter
from tests.support.letters import letters as messages
from tests.support.world import Shop

PHONE = "+8613800138000"
EMAIL = "lan@example.com"
IN_TWO_DAYS = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
"""10:00 on Wednesday in Shanghai."""


class Killed(BaseException):
    """The process stops here, as with kill -9: nothing after it runs."""


def reach(settings: Settings, devtools: DevTools) -> Settings:
    """Settings whose providers are these servers."""
    ports = devtools.ports
    return replace(
        settings,
        smtp_url=f"smtp://127.0.0.1:{ports['SMTP']}",
        sms_api_base=f"http://127.0.0.1:{ports['telco simulator']}",
        lease_seconds=30,
    )


@contextmanager
def installed(settings: Settings) -> Iterator[None]:
    before = runtime.settings()
    runtime.install(settings)
    yield
    providers().close()
    runtime.install(before)


def book(
    session: Session,
    shop: Shop,
    *,
    starts_at: datetime = IN_TWO_DAYS,
    phone: str = PHONE,
    email: str | None = EMAIL,
    locale: str = "en",
    name: str = "Nguyễn Lan",
) -> BookingDetails:
    """An appointment for a customer."""
    customer = CustomerInput(name=name, phone=phone, email=email, locale=locale)
    return booking.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, starts_at, customer))


def message(session: Session, channel: str, template: str = "confirmation") -> Letter:
    (found,) = messages(session, channel=channel, template=template)
    return found


@contextmanager
def later(seconds: float = 0.0, **more: float) -> Iterator[None]:
    """Move the still clock on for a block."""
    with clock.frozen(clock.now() + timedelta(seconds=seconds, **more)):
        yield


def die(monkeypatch: pytest.MonkeyPatch, channel: str, *, after: bool) -> None:
    """Let the process die just after its provider took a message, or just before it is handed over."""
    client: Any = TwilioSms if channel == "sms" else Mailer
    send = client.send

    def dying(self: Any, *args: Any) -> str:
        if after:
            send(self, *args)
        raise Killed

    monkeypatch.setattr(client, "send", dying)
