"""Head office's pages of its own accounts with providers of text messages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging.models import OwnSmsAccount
from blueprints.messaging.service import own_accounts
from tests.support.world import Shop

FILLED = {
    "label": "Twilio Vietnam",
    "identity": "AC1",
    "secret": "the-token",
    "sender": "+84901234567",
    "prefixes": "+84, +855",
    "purposes": ["reminder", "transactional"],
    "prices": "+84 0.0215\n+855 0,06",
    "currency": "usd",
    "rate": "10",
    "position": "1",
    "enabled": "yes",
}
Signs = Callable[..., FlaskClient]


@pytest.fixture
def hq(sign_in_as: Signs, shop: Shop) -> FlaskClient:
    return sign_in_as("hq")


def test_an_account_is_added_used_and_its_secret_never_shown(hq: FlaskClient, session: Session) -> None:
    answer = hq.post("/hq/messages/providers/new/twilio", data=FILLED)
    assert answer.status_code == 303
    page = hq.get(answer.location).get_data(as_text=True)
    assert "Twilio Vietnam" in page
    assert "the-token" not in page
    (known,) = own_accounts.described(session)
    assert (known.secret, known.prefixes, known.prices) == (
        "the-token",
        ("+84", "+855"),
        (("+84", 21_500), ("+855", 60_000)),
    )
    row = session.scalars(select(OwnSmsAccount)).one()
    assert b"the-token" not in (row.secret_sealed or b"")
    assert f"/hooks/sms/{row.hook}" in page


def test_a_change_without_a_secret_keeps_the_one_there_is(hq: FlaskClient, session: Session) -> None:
    where = hq.post("/hq/messages/providers/new/twilio", data=FILLED).location.partition("?")[0]
    assert hq.post(where, data={**FILLED, "secret": "", "label": "Another"}).status_code == 303
    (known,) = own_accounts.described(session)
    assert known.secret == "the-token"
    assert hq.post(where, data={**FILLED, "secret": "", "enabled": ""}).status_code == 303
    assert own_accounts.described(session) == []


@pytest.mark.parametrize(
    ("provider", "changed", "wrong"),
    [
        ("twilio", {"secret": ""}, "Enter the secret."),
        ("twilio", {"prefixes": "84"}, "The beginnings of numbers"),
        ("twilio", {"prices": "+84 cheap"}, "A beginning of numbers and the price"),
        ("twilio", {"currency": "dong"}, "Three capital letters"),
        ("twilio", {"rate": "-1"}, "A whole number"),
        ("tencent", {"option.app": ""}, "This provider needs it."),
        ("smpp", {"base": "smsc.example", "secret": "short"}, "host:port"),
        ("smpp", {"base": "smsc.example:2775", "secret": "much-too-long"}, "at most 8 characters"),
        ("alibaba", {"addresses": "everywhere"}, "Addresses or networks"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    hq: FlaskClient, session: Session, provider: str, changed: dict[str, str], wrong: str
) -> None:
    answer = hq.post(f"/hq/messages/providers/new/{provider}", data={**FILLED, **changed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert wrong in page
    assert "Twilio Vietnam" in page
    assert "the-token" not in page
    assert session.scalars(select(OwnSmsAccount.id)).all() == []


def test_an_account_is_removed(hq: FlaskClient, session: Session) -> None:
    where = hq.post("/hq/messages/providers/new/sns", data={**FILLED, "option.region": "ap-southeast-1"}).location
    assert hq.post(where.partition("?")[0] + "/removal").status_code == 303
    assert session.scalars(select(OwnSmsAccount.id)).all() == []
    assert hq.get(where).status_code == 404
    assert hq.get("/hq/messages/providers/new/pigeon").status_code == 404


def test_only_head_office_decides_about_providers(sign_in_as: Signs, client: FlaskClient, shop: Shop) -> None:
    assert client.get("/hq/messages/providers").status_code in (302, 303, 401)
    manager = sign_in_as("manager", [shop.branch_id])
    assert manager.get("/hq/messages/providers").status_code == 403
    assert "/hq/messages/providers" not in manager.get("/hq/messages").get_data(as_text=True)
