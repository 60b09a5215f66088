"""What comes back about e-mails changes what becomes of them, and of their addresses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from blueprints.crm import api as crm
from blueprints.messaging.channels.returned.values import Report
from blueprints.messaging.models import Message, MessageEvent, Suppression
from blueprints.messaging.service import returned, told
from blueprints.messaging.service.compose import compose
from shopbell import clock, crypto, return_path, runtime
from shopbell.errors import DomainError
from tests.messaging.mail_corpus import mail
from tests.messaging.outside import book

HARD, FULL = Report("bounce", "no_such_address", dead=True, said="550 5.1.1 no"), Report("bounce", "mailbox_full")
DOMAIN = "bounce.shopbell.example"


@pytest.fixture
def written(session, shop) -> Message:
    """A confirmation that was sent."""
    compose(session, "confirmation", book(session, shop).id, version=0)
    found = session.scalars(select(Message).where(Message.channel == "email")).one()
    found.state = "sent"
    session.flush()
    return found


@pytest.fixture
def verp(tenant, written) -> str:
    signer = crypto.Signer(runtime.settings().secret_key)
    return return_path.address(signer, "b", tenant.id, written.id, DOMAIN)


def suppressed(session) -> list[tuple[str, str]]:
    return [tuple(row) for row in session.execute(select(Suppression.cause, Suppression.purpose))]


def now(session, message: Message) -> Message:
    session.flush()
    session.refresh(message)
    return message


def find(tenant):
    return lambda tenant_id: tenant if tenant_id == tenant.id else None


@pytest.mark.proves("B2")
def test_a_bounce_fails_the_message_and_nothing_more_goes_to_the_address(session, database, tenant, written, verp):
    for _ in range(2):
        assert returned.take_mail(database, find(tenant), verp, mail("postfix", verp)) == "bounce"
    message = now(session, written)
    assert (message.state, message.reason) == ("failed", "no_such_address")
    assert "lan@example.com" not in (message.provider_error or "")
    assert suppressed(session) == [("bounce", "all")]
    events = session.scalars(select(MessageEvent.detail).where(MessageEvent.kind == "receipt")).all()
    assert [event["reason"] for event in events] == ["no_such_address"] * 2


def test_a_mailbox_that_is_full_again_and_again_is_left_alone(session, shop, written):
    returned.take(session, written.id, FULL)
    assert now(session, written).state == "failed"
    assert suppressed(session) == []
    for day in range(returned.SOFT_MOST - 1):
        booking = book(session, shop, starts_at=clock.now() + timedelta(days=3 + day, hours=2))
        compose(session, "confirmation", booking.id, version=0)
        newest = session.scalars(
            select(Message).where(Message.channel == "email", Message.booking_id == booking.id)
        ).one()
        newest.state = "sent"
        session.flush()
        assert suppressed(session) == []
        returned.take(session, newest.id, FULL)
    assert suppressed(session) == [("unreachable", "all")]


def test_a_complaint_ends_advertising_and_nothing_else(session, database, tenant, written, verp):
    assert returned.take_mail(database, find(tenant), "fbl@shopbell.example", mail("complaint", verp)) == "complaint"
    assert suppressed(session) == [("complaint", "marketing")]
    assert now(session, written).state == "sent"


def test_who_writes_to_the_address_in_the_header_leaves_the_list(session, database, tenant, written, verp):
    signer = crypto.Signer(runtime.settings().secret_key)
    leave = return_path.address(signer, "u", tenant.id, written.id, DOMAIN)
    returned.take_mail(database, find(tenant), leave, b"Subject: unsubscribe\r\n\r\n")
    assert suppressed(session) == [("one_click", "marketing")]
    (person,) = crm.by_email(session, "lan@example.com")
    assert person


def test_who_only_quotes_that_address_does_not(session, database, tenant, written, verp):
    signer = crypto.Signer(runtime.settings().secret_key)
    leave = return_path.address(signer, "u", tenant.id, written.id, DOMAIN)
    raw = f"Subject: Re: Booked\r\n\r\nsee you! > List-Unsubscribe: <mailto:{leave}>".encode()
    assert returned.take_mail(database, find(tenant), "shop@shopbell.example", raw) == "answer"
    assert suppressed(session) == []


@pytest.mark.parametrize(("name", "state"), [("late", "sent"), ("holiday", "sent"), ("arrived", "delivered")])
def test_other_reports_are_written_down(session, database, tenant, written, verp, name, state):
    returned.take_mail(database, find(tenant), verp, mail(name, verp))
    assert now(session, written).state == state
    assert suppressed(session) == []


def test_a_message_that_was_given_up_or_taken_back_stays_so(session, written):
    written.state = "cancelled"
    session.flush()
    returned.take(session, written.id, Report("delivered"))
    returned.take(session, written.id, HARD)
    assert now(session, written).state == "cancelled"
    returned.take(session, uuid4(), HARD)


def test_mail_that_is_none_of_ours_is_nobodys(database, tenant, verp):
    other = return_path.address(crypto.Signer("another"), "b", tenant.id, UUID(int=1), DOMAIN)
    for recipient in (other, "", "postmaster@shopbell.example"):
        with pytest.raises(returned.NotOurs):
            returned.take_mail(database, find(tenant), recipient, b"Subject: hello\r\n\r\n")
    with pytest.raises(returned.NotOurs):
        returned.take_mail(database, lambda tenant_id: None, verp, mail("postfix", verp))


def signed(body: bytes, secret: str = "development-only", at=None) -> dict[str, str]:
    seconds = str(int((at or clock.now()).timestamp()))
    mac = hmac.digest(secret.encode(), f"m1.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": "m1",
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        "content-type": "application/json",
    }


def test_a_signed_report_is_taken(session, database, tenant, written, verp):
    body = json.dumps({"kind": "bounce", "sender": verp, "status": "5.1.1", "said": "no lan@example.com here"}).encode()
    told.take_signed(database, find(tenant), signed(body), body, "")
    message = now(session, written)
    assert (message.state, message.reason) == ("failed", "no_such_address")
    assert "lan@" not in (message.provider_error or "")


def test_a_signed_mail_is_read_as_one(session, database, tenant, written, verp):
    raw = mail("full", verp)
    told.take_signed(database, find(tenant), signed(raw) | {"content-type": "message/rfc822"}, raw, verp)
    assert now(session, written).reason == "mailbox_full"


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"{}", {}, "bad_signature"),
        (b"{}", {"webhook-timestamp": "1"}, "bad_signature"),
        (b"{}", {"webhook-signature": "v1,\udcff v2,x"}, "bad_signature"),
        (b"{", None, "bad_report"),
        (b"[]", None, "bad_report"),
        (b'{"kind": "rumour"}', None, "bad_report"),
        (b'{"kind": "bounce", "status": 5}', None, "bad_report"),
    ],
)
def test_what_is_not_signed_or_not_a_report_is_refused(database, tenant, body, headers, code):
    given = signed(body) if headers is None else (signed(body, "guessed") | headers)
    with pytest.raises(DomainError) as refused:
        told.take_signed(database, find(tenant), given, body, "")
    assert refused.value.code == code


def test_without_a_topic_nobody_is_amazon(database, tenant):
    with pytest.raises(DomainError) as refused:
        told.take_notification(database, find(tenant), b'{"Type": "Notification", "TopicArn": "arn"}')
    assert refused.value.code == "bad_signature"
