"""A message that one account certainly does not have goes by the next one, and what comes back finds its chain."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.contract import Heard, Receipt, Reply
from blueprints.messaging.models import InboundMessage, MessageEvent
from blueprints.messaging.service import intake, routes
from infra.devtools.tools import DevTools
from shopbell import runtime
from shopbell.sms_providers import SmsProvider
from tests.messaging.conftest import ACCOUNT, SENDER
from tests.messaging.outside import PHONE, book, later, message
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop

HOOK = "a-hook-that-nobody-can-guess"


@pytest.fixture
def two_accounts(outside: DevTools) -> Iterator[None]:
    """The first account's token is wrong; the second one works."""
    before = runtime.settings()
    good = SmsProvider("second", "twilio", ACCOUNT.sid, ACCOUNT.token, SENDER, before.sms_api_base, HOOK, position=1)
    bad = replace(good, key="first", secret="wrong", hook="", position=0)
    runtime.install(replace(before, sms_account_sid="", sms_providers=(bad, good)))
    routes.forget()
    yield
    routes.forget()
    runtime.install(before)


def steps(session: Session, message_id: UUID) -> list[tuple[str, str | None]]:
    """What happened to a message, in order, and by which account."""
    found = select(MessageEvent.kind, MessageEvent.account).where(MessageEvent.message_id == message_id)
    rows = session.execute(found.order_by(MessageEvent.id))
    return [(row.kind, row.account) for row in rows if row.kind != "decided"]


@pytest.mark.proves("B2")
@pytest.mark.usefixtures("two_accounts")
def test_what_the_first_account_certainly_has_not_taken_goes_by_the_second(
    session: Session, shop: Shop, run_jobs: Callable[[], int]
) -> None:
    book(session, shop, email=None)
    run_jobs()
    sent = message(session, "sms")
    assert (sent.state, sent.account) == ("sent", "second")
    assert steps(session, sent.id) == [
        ("attempt", "first"),
        ("failed_over", "first"),
        ("attempt", "second"),
        ("accepted", "second"),
    ]


@pytest.mark.usefixtures("two_accounts")
def test_a_doubt_is_never_taken_elsewhere(
    session: Session, shop: Shop, run_jobs: Callable[[], int], outside: DevTools
) -> None:
    runtime.install(replace(runtime.settings(), sms_providers=runtime.settings().sms_providers[::-1]))
    second = runtime.settings().sms_providers[0]
    runtime.install(
        replace(runtime.settings(), sms_providers=(replace(second, position=-1), runtime.settings().sms_providers[1]))
    )
    book(session, shop, email=None, phone="+8613805550060")
    run_jobs()
    doubtful = message(session, "sms")
    assert (doubtful.state, doubtful.account) == ("unknown", "second")
    with later(10):
        run_jobs()
    assert message(session, "sms").state in ("sent", "delivered")
    assert len(outside.telco.messages()) == 1


@pytest.mark.usefixtures("two_accounts")
def test_what_the_installations_account_tells_finds_the_chain_that_wrote(
    session: Session, shops: tuple[Shop, Shop], database: RolledBackDatabase, run_jobs: Callable[[], int]
) -> None:
    book(session, shops[0], email=None)
    run_jobs()
    sent, tenants = message(session, "sms"), {shop.tenant.id: shop.tenant for shop in shops}
    account = runtime.settings().sms_accounts[1]
    told = Heard([Receipt(str(sent.provider_ref), "delivered")], [Reply("r1", PHONE, SENDER, "1")])
    for _ in range(2):
        intake.take_for_all(database, tenants.get, account, told)
    assert message(session, "sms").state == "delivered"
    (reply,) = session.scalars(select(InboundMessage))
    assert (reply.message_id, reply.keyword, reply.booking_id) == (sent.id, "confirm", sent.booking_id)
    stranger = Heard([], [Reply("r2", "+8613900139000", SENDER, "Hello")])
    intake.take_for_all(database, tenants.get, account, stranger)
    assert len(session.scalars(select(InboundMessage.id)).all()) == 1


@pytest.mark.usefixtures("two_accounts", "shop")
def test_the_installations_door_wants_a_signature_where_the_provider_signs(client: FlaskClient) -> None:
    base = "http://start.localhost:8000"
    unsigned = client.post(f"/hooks/sms/{HOOK}", data={"From": PHONE, "Body": "1"}, base_url=base)
    assert (unsigned.status_code, unsigned.get_json()["code"]) == (403, "bad_signature")
    assert client.post("/hooks/sms/guess", data={}, base_url=base).status_code == 404
