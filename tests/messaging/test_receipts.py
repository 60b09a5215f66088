"""The provider's callbacks at the product's own door."""

import random
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.twilio import signature
from blueprints.messaging.links import receipt_link
from shopbell import runtime
from shopbell.tenancy import TenantContext, entered
from tests.messaging.outside import book, message
from tests.support.letters import Letter
from tests.support.world import Shop

pytestmark = pytest.mark.usefixtures("outside")


@pytest.fixture
def sms(session: Session, shop: Shop, run_jobs: Callable[[], int]) -> Letter:
    """A message that its provider has taken."""
    book(session, shop, email=None)
    run_jobs()
    return message(session, "sms")


def tell(client: FlaskClient, sms: Letter, status: str, *, token: str | None = None, **more: str) -> int:
    """Send a receipt as the provider would; returns the status of the answer."""
    form = {"MessageSid": str(sms.provider_ref), "MessageStatus": status, "To": sms.recipient, **more}
    url = receipt_link(sms.id)
    key = runtime.settings().sms_auth_token if token is None else token
    signed = signature(key, url, {name: [value] for name, value in form.items()})
    path = f"/hooks/twilio/{sms.id}"
    return client.post(path, data=form, headers={"X-Twilio-Signature": signed}).status_code


def test_a_receipt_marks_a_message_as_delivered(client: FlaskClient, session: Session, sms: Letter) -> None:
    assert tell(client, sms, "sent") == 204
    assert message(session, "sms").state == "sent"
    assert tell(client, sms, "delivered", RawDlrDoneDate="2603020100") == 204
    assert message(session, "sms").state == "delivered"
    assert message(session, "sms").delivered_at is not None


def test_an_undelivered_message_fails_with_the_code(client: FlaskClient, session: Session, sms: Letter) -> None:
    tell(client, sms, "undelivered", ErrorCode="30003")
    failed = message(session, "sms")
    assert (failed.state, failed.provider_error, failed.delivered_at) == ("failed", "30003 undelivered", None)


def test_repeated_shuffled_and_unknown_receipts_end_the_same(
    client: FlaskClient, session: Session, sms: Letter
) -> None:
    statuses = ["queued", "sending", "sent", "delivered", "a_word_from_the_future"] * 3
    random.Random(7).shuffle(statuses)
    assert {tell(client, sms, status) for status in statuses} == {204}
    assert message(session, "sms").state == "delivered"
    tell(client, sms, "failed", ErrorCode="30008")
    assert message(session, "sms").state == "delivered"


def test_a_receipt_settles_a_doubt_before_anybody_asks(client: FlaskClient, session: Session, sms: Letter) -> None:
    ref, sms.row.state, sms.row.provider_ref = sms.provider_ref, "unknown", None
    session.flush()
    assert tell(client, sms, "queued", MessageSid=str(ref)) == 204
    assert (message(session, "sms").state, message(session, "sms").provider_ref) == ("sent", ref)


def test_a_receipt_under_another_reference_changes_nothing(client: FlaskClient, session: Session, sms: Letter) -> None:
    assert tell(client, sms, "delivered", MessageSid="SMother") == 204
    assert message(session, "sms").state == "sent"


def test_a_forged_receipt_is_refused_and_changes_nothing(client: FlaskClient, session: Session, sms: Letter) -> None:
    assert tell(client, sms, "delivered", token="guess") == 403
    unsigned = client.post(f"/hooks/twilio/{sms.id}", data={"MessageStatus": "delivered"})
    assert unsigned.status_code == 403
    assert unsigned.get_json()["code"] == "bad_signature"
    assert message(session, "sms").state == "sent"


def test_a_message_of_the_other_chain_is_not_found(
    other_client: FlaskClient, session: Session, sms: Letter, other_tenant: TenantContext
) -> None:
    with entered(other_tenant):
        assert tell(other_client, sms, "delivered") == 404
    assert message(session, "sms").state == "sent"


@pytest.mark.parametrize("path", ["/hooks/twilio/1", "/hooks/twilio/01a20000-0000-7000-8000-000000000000"])
def test_a_message_that_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.post(path).status_code == 404
