"""The installation's door for reports about mail: at its own host, open to who signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from sqlalchemy import select

from blueprints.messaging.models import Message
from blueprints.messaging.service.compose import compose
from shopbell import clock, return_path, runtime
from tests.messaging.outside import book

DOOR, AT = "/hooks/mail", "http://start.localhost:8000"


def signed(body: bytes, secret: str) -> dict[str, str]:
    seconds = str(int(clock.now().timestamp()))
    mac = hmac.digest(secret.encode(), f"m1.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": "m1",
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def test_a_signed_report_reaches_its_chain(client, session, shop, tenant):
    compose(session, "confirmation", book(session, shop).id, version=0)
    written = session.scalars(select(Message).where(Message.channel == "email")).one()
    written.state = "sent"
    session.flush()
    back = return_path.address(runtime.signer(), "b", tenant.id, written.id, "bounce.shopbell.localhost")
    body = json.dumps({"kind": "bounce", "sender": back, "status": "5.1.1"}).encode()
    answer = client.post(DOOR, base_url=AT, data=body, headers=signed(body, runtime.settings().own_mail.hook_secret))
    assert answer.status_code == 204
    session.refresh(written)
    assert (written.state, written.reason) == ("failed", "no_such_address")


def test_a_report_about_nothing_of_ours_is_taken_and_forgotten(client):
    body = json.dumps({"kind": "bounce", "sender": "x@y.example"}).encode()
    secret = runtime.settings().own_mail.hook_secret
    assert client.post(DOOR, base_url=AT, data=body, headers=signed(body, secret)).status_code == 204


@pytest.mark.parametrize(
    ("address", "body"),
    [(DOOR, b"{}"), (DOOR, b""), ("/hooks/ses", b'{"Type": "Notification"}')],
)
def test_who_does_not_sign_is_refused(client, address, body):
    answer = client.post(address, base_url=AT, data=body, headers=signed(body, "guessed"))
    assert answer.status_code == 403
    assert answer.json["code"] == "bad_signature"


def test_a_signed_report_that_is_none_is_named(client):
    body = b'{"kind": "rumour"}'
    answer = client.post(DOOR, base_url=AT, data=body, headers=signed(body, runtime.settings().own_mail.hook_secret))
    assert answer.status_code == 422
    assert "kind" in answer.text


def test_the_door_is_at_no_chains_host(client):
    assert client.post("/hooks/mail", data=b"{}").status_code == 404
