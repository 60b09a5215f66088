"""The development mailbox and telephone network, on free ports, for one test."""

from collections.abc import Callable, Iterator
from threading import Event
from time import monotonic
from typing import TypeVar

import pytest

from blueprints.messaging.channels.sms.twilio import TwilioSms
from blueprints.messaging.channels.smtp import Mailer, MailServer
from infra.devtools.accounts import Account
from infra.devtools.tools import DevTools
from shopbell.settings import Settings
from shopbell.sms_providers import SmsProvider
from tests.messaging.outside import installed, reach

ACCOUNT = Account()
SENDER = "+15005550006"
T = TypeVar("T")


def until(found: Callable[[], T], *, seconds: float = 8.0) -> T:
    """Ask until the answer is true; the last answer is returned when time is over."""
    end = monotonic() + seconds
    while True:
        answer = found()
        if answer or monotonic() > end:
            return answer
        Event().wait(0.02)


def twilio(base: str, *, token: str = ACCOUNT.token, step_seconds: float = 1) -> TwilioSms:
    """The simulator's account with Twilio."""
    return TwilioSms(SmsProvider("twilio", "twilio", ACCOUNT.sid, token, SENDER, base), step_seconds=step_seconds)


@pytest.fixture
def devtools() -> Iterator[DevTools]:
    tools = DevTools()
    tools.start()
    yield tools
    tools.close()


@pytest.fixture
def outside(settings: Settings, devtools: DevTools) -> Iterator[DevTools]:
    """The servers, as the providers that the product's settings name."""
    with installed(reach(settings, devtools)):
        yield devtools


@pytest.fixture
def mailer(devtools: DevTools) -> Iterator[Mailer]:
    mailer = Mailer(MailServer.from_url(f"smtp://127.0.0.1:{devtools.ports['SMTP']}"), step_seconds=3)
    yield mailer
    mailer.close()


@pytest.fixture
def sms(devtools: DevTools) -> Iterator[TwilioSms]:
    base = f"http://127.0.0.1:{devtools.ports['telco simulator']}"
    client = twilio(base, step_seconds=3)
    yield client
    client.close()
