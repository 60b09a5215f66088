"""What customers want to be told, on a page of their own: as easy to take back as to give."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.crm import consents, links
from blueprints.crm.api import Choice, Evidence
from blueprints.messaging.gate import laws
from blueprints.messaging.service import suppressions
from shopbell import clock, i18n
from shopbell.tenancy import TenantContext
from tests.support.database import RolledBackDatabase

ADDRESS = "ming@example.com"
OFFERS = [Choice("marketing", channel, given=True) for channel in ("sms", "email")]
Wishes = Callable[[], dict[tuple[str, str], bool]]


@pytest.fixture
def customer(database: RolledBackDatabase, tenant: TenantContext) -> UUID:
    with database.transaction(tenant) as session:
        return crm.remember(session, "王小明", "+8613800138000", ADDRESS, "en")


@pytest.fixture
def wishes(database: RolledBackDatabase, tenant: TenantContext, customer: UUID) -> Wishes:
    def read() -> dict[tuple[str, str], bool]:
        with database.transaction(tenant) as session:
            return {(one.purpose, one.channel): one.given for one in crm.choices(session, customer)}

    return read


@pytest.fixture
def address(session: Session, customer: UUID) -> str:
    return urlsplit(crm.preferences_link(customer)).path


@pytest.fixture
def one_click(session: Session, customer: UUID) -> str:
    return urlsplit(crm.unsubscribe_link(customer)).path


def agree(session: Session, customer: UUID) -> None:
    crm.say(session, customer, OFFERS, Evidence("counter"))


def test_nothing_is_ticked_that_nobody_ticked(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'name="marketing.sms">' in answer.text
    assert 'name="reminder.email" checked>' in answer.text


def test_the_sentence_that_was_read_is_kept_as_evidence(
    client: FlaskClient, address: str, session: Session, customer: UUID, wishes: Wishes
) -> None:
    answer = client.post(address, data={"marketing.sms": "on", "transactional.sms": "on", "reminder.sms": "on"})
    assert answer.status_code == 303
    assert wishes() == {
        ("transactional", "sms"): True,
        ("transactional", "email"): False,
        ("reminder", "sms"): True,
        ("reminder", "email"): False,
        ("marketing", "sms"): True,
        ("marketing", "email"): False,
    }
    said = next(one for one in consents.history(session, customer) if one.purpose == "marketing")
    assert (said.source, said.version, said.locale) == ("preferences", consents.VERSION, "zh-CN")
    with i18n.speaking("zh-CN"):
        assert said.words == crm.consent_words(OFFERS[0], "Lumi-Test Optik")


def test_all_offers_end_by_one_button_and_nothing_else(
    client: FlaskClient, address: str, session: Session, customer: UUID, wishes: Wishes
) -> None:
    agree(session, customer)
    client.post(address, data={"all": "none"})
    assert [about for about, given in wishes().items() if not given] == [("marketing", "sms"), ("marketing", "email")]


def test_saying_it_twice_is_kept_once(client: FlaskClient, address: str, session: Session, customer: UUID) -> None:
    for _ in range(2):
        client.post(address, data={"marketing.sms": "on"})
    assert len([one for one in consents.history(session, customer) if one.purpose == "marketing"]) == 1


def test_opening_the_link_of_a_mail_changes_nothing(
    client: FlaskClient, one_click: str, session: Session, customer: UUID, wishes: Wishes
) -> None:
    agree(session, customer)
    assert client.get(one_click).status_code == 200
    assert wishes()["marketing", "email"]


def test_a_mail_program_ends_offers_by_one_post(
    client: FlaskClient, one_click: str, session: Session, customer: UUID, wishes: Wishes
) -> None:
    agree(session, customer)
    for _ in range(2):
        answer = client.post(one_click, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers or "session" not in answer.headers["Set-Cookie"]
    assert not wishes()["marketing", "email"]
    assert wishes()["marketing", "sms"]
    assert [one.cause for one in suppressions.of_address(session, "email", ADDRESS)] == ["one_click"]


def test_who_wants_offers_again_gets_them_again(
    client: FlaskClient, one_click: str, address: str, session: Session, run_jobs: Callable[[], int], wishes: Wishes
) -> None:
    client.post(one_click, data={"List-Unsubscribe": "One-Click"})
    client.post(address, data={"marketing.email": "on"})
    run_jobs()
    assert wishes()["marketing", "email"]
    assert suppressions.of_address(session, "email", ADDRESS) == []


def test_links_are_good_for_one_thing_one_chain_and_a_year(
    client: FlaskClient, other_client: FlaskClient, address: str, one_click: str
) -> None:
    token = address.rpartition("/")[2]
    assert client.get(f"/unsubscribe/{token}").status_code == 404
    assert client.post(f"/unsubscribe/{token}").status_code == 404
    assert other_client.get(address).status_code == 404
    assert other_client.post(one_click).status_code == 404
    with clock.frozen(clock.now() + timedelta(days=399)):
        assert client.get(address).status_code == 200
    with clock.frozen(clock.now() + timedelta(days=401)):
        assert client.get(address).status_code == 404


def test_the_gate_knows_these_addresses() -> None:
    assert (links.PREFERENCES, links.UNSUBSCRIBE) == (laws.PREFERENCES, laws.UNSUBSCRIBE)
