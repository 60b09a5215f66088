"""The page of what one customer is told, for staff, and the same over the API."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.crm import consents
from blueprints.crm.api import Choice, Evidence
from blueprints.messaging.models import MessageEvent
from blueprints.messaging.service import suppressions
from blueprints.messaging.service.gate import Envelope, decide
from blueprints.messaging.service.why import why
from shopbell import clock, ids
from shopbell.tenancy import TenantContext
from tests.support.database import RolledBackDatabase
from tests.support.letters import new_message
from tests.support.world import Shop

PHONE, ADDRESS = "+8613800138000", "ming@example.com"
SignIn = Callable[..., FlaskClient]
OFFERS = Choice("marketing", "sms", given=True)


@pytest.fixture
def customer(session: Session) -> UUID:
    return crm.remember(session, "王小明", PHONE, ADDRESS, "en")


@pytest.fixture
def stranger(database: RolledBackDatabase, other_tenant: TenantContext) -> UUID:
    with database.transaction(other_tenant) as session:
        return crm.remember(session, "Stranger", PHONE)


def holds(session: Session, customer: UUID) -> set[tuple[str, str]]:
    return {(one.purpose, one.channel) for one in crm.choices(session, customer) if one.given}


def test_staff_write_down_what_they_heard_and_where(sign_in_as: SignIn, session: Session, customer: UUID) -> None:
    browser, page = sign_in_as("frontdesk"), f"/hq/customers/{customer}/told"
    assert "What 王小明 is told" in browser.get(page).text
    ticked = dict.fromkeys(("marketing.sms", "reminder.sms", "transactional.sms", "transactional.email"), "yes")
    answer = browser.post(page, data={**ticked, "source": "counter"})
    assert answer.status_code == 303
    session.expire_all()
    assert holds(session, customer) == {
        ("marketing", "sms"),
        ("reminder", "sms"),
        ("transactional", "sms"),
        ("transactional", "email"),
    }
    assert {(one.source, one.user_id is not None) for one in consents.history(session, customer)} == {("counter", True)}
    assert "at the branch" in browser.get(page).text


@pytest.mark.parametrize("source", ["", "preferences", "x"])
def test_without_where_it_was_said_nothing_is_changed(
    sign_in_as: SignIn, session: Session, customer: UUID, source: str
) -> None:
    answer = sign_in_as("hq").post(f"/hq/customers/{customer}/told", data={"marketing.sms": "yes", "source": source})
    assert answer.status_code == 422
    assert 'name="marketing.sms" value="yes" checked' in answer.text
    session.expire_all()
    assert consents.history(session, customer) == []


def test_an_address_that_works_again_is_written_to_again(sign_in_as: SignIn, session: Session, customer: UUID) -> None:
    suppressions.suppress(session, "email", ADDRESS, "bounce", "550 5.1.1")
    browser = sign_in_as("manager")
    assert "The mailbox does not exist or takes nothing." in browser.get(f"/hq/customers/{customer}/told").text
    answer = browser.post(f"/hq/customers/{customer}/told/lifting", data={"channel": "email"})
    assert answer.status_code == 303
    assert suppressions.of_address(session, "email", ADDRESS) == []


def test_why_she_got_this_or_not_is_told_message_by_message(
    sign_in_as: SignIn, session: Session, customer: UUID, shop: Shop
) -> None:
    message = new_message(session, customer_id=customer, recipient=PHONE, body="", template="reminder", state="dropped")
    crm.say(session, customer, [Choice("reminder", "sms", given=False)], Evidence("preferences"))
    envelope = Envelope(
        message.id, "sms", "reminder", "reminder", PHONE, customer, shop.branch_id, "en", 1, 0, None, clock.now()
    )
    detail = decide(session, [envelope], clock.now())[message.id].as_detail()
    step = {"id": ids.uuid7(), "message_id": message.id, "at": clock.now(), "kind": "decided", "detail": detail}
    session.execute(insert(MessageEvent).values(**step))
    new_message(session, customer_id=customer, recipient=PHONE, body="", template="change", state="queued")
    found = why(session, customer, clock.zone(shop.tenant.time_zone))
    assert [one.sentences[:2] for one in found] == [
        [],
        [
            "It is not sent.",
            "The customer said no to reminders by SMS on March 2, 2026, on the page of their wishes.",
        ],
    ]
    text = sign_in_as("frontdesk").get(f"/hq/customers/{customer}/told").text
    assert "The customer said no to reminders by SMS on March 2, 2026" in text


def test_other_chains_customers_are_nobodys_here(
    sign_in_as: SignIn, api_client: Callable[..., FlaskClient], stranger: UUID
) -> None:
    browser, program = sign_in_as("hq"), api_client("customers")
    assert browser.get(f"/hq/customers/{stranger}/told").status_code == 404
    assert browser.post(f"/hq/customers/{stranger}/told", data={"source": "counter"}).status_code == 404
    assert browser.post(f"/hq/customers/{stranger}/told/lifting", data={"channel": "sms"}).status_code == 404
    assert program.get(f"/api/v1/customers/{stranger}/consents").status_code == 404


def test_nobody_without_the_right_sees_or_changes_it(
    client: FlaskClient, api_client: Callable[..., FlaskClient], customer: UUID
) -> None:
    page = f"/hq/customers/{customer}/told"
    assert client.get(page).status_code in (302, 303)
    assert client.get(f"/api/v1/customers/{customer}/consents").status_code == 401
    reader = api_client("customers.read")
    assert reader.get(f"/api/v1/customers/{customer}/consents").status_code == 200
    said = {"purpose": "marketing", "channel": "sms", "given": True}
    assert reader.post(f"/api/v1/customers/{customer}/consents", json=said).status_code == 403


def test_programs_write_consents_down_with_their_evidence(
    api_client: Callable[..., FlaskClient], session: Session, customer: UUID
) -> None:
    program, address = api_client("customers"), f"/api/v1/customers/{customer}/consents"
    said = {"purpose": "marketing", "channel": "sms", "given": True, "source": "paper"}
    answer = program.post(address, json=said)
    assert answer.status_code == 200
    kept = answer.get_json()
    assert {**said, "at": "2026-03-02T00:00:00+00:00"}.items() <= kept["history"][0].items()
    assert {"purpose": "marketing", "channel": "sms", "given": True} in kept["choices"]
    refused = program.post(address, json={**said, "purpose": "code"})
    assert refused.status_code == 422
    assert "purpose" in refused.text
