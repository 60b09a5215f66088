"""The pages on which texts are written, seen, sent to oneself, brought back, and handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging.models import Message
from blueprints.messaging.service.compose import compose
from blueprints.templates.models import TemplateApproval, TemplateVersion
from shopbell import runtime
from shopbell.settings import Settings
from shopbell.sms_providers import SmsProvider
from tests.messaging.outside import book, message
from tests.support.letters import letters
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
ADDRESS = "/hq/texts/confirmation/sms/en"
WORDS = "Hi {{ customer }}: {{ day_short }} {{ time }} {{ link }}"


@pytest.fixture
def office(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as("hq")


@pytest.fixture
def alibaba(settings: Settings) -> Iterator[None]:
    """The installation sends by an account without free text."""
    account = SmsProvider(key="alibaba", provider="alibaba", sender="明眸", prices=(("+", 45000),), currency="CNY")
    runtime.install(replace(settings, sms_account_sid="", sms_providers=(account,)))
    yield
    runtime.install(settings)


def seal(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def write(browser: FlaskClient, go: str, address: str = ADDRESS, **typed: str):
    seen = seal(browser.get(address).text)
    return browser.post(address, data={"sms": WORDS, "seen": seen, "go": go, **typed})


def test_every_text_is_listed_with_whose_words_hold(office: FlaskClient, shop: Shop) -> None:
    page = office.get("/hq/texts").text
    assert page.count("/hq/texts/") >= 3 * (13 * 2 + 3)
    assert ">own<" not in page
    assert write(office, "publish").status_code == 303
    assert office.get("/hq/texts").text.count(">own<") == 1
    assert office.get(f"/hq/texts?place=branch:{shop.branch_id}").text.count(">from above<") == 1


def test_a_text_is_written_and_customers_get_it(office: FlaskClient, session: Session, shop: Shop) -> None:
    made = book(session, shop, locale="en")
    page = office.get(ADDRESS).text
    assert "booked for {{ day_short }}" in page
    assert f"With the facts of appointment {made.ref}" in page
    assert "/m/" not in page.split('id="preview"')[1], "the link of a real customer is nobody's to try"
    assert write(office, "draft").status_code == 303
    assert "A draft: nobody gets it yet." in office.get(ADDRESS).text
    assert write(office, "publish").headers["Location"].endswith("saved=publish")
    compose(session, "confirmation", made.id, version=0)
    assert message(session, "sms").body.startswith("Hi ")


def test_what_was_typed_is_shown_without_being_kept(office: FlaskClient, session: Session, shop: Shop) -> None:
    book(session, shop)
    for answer in (write(office, "preview"), office.post(f"{ADDRESS}/preview", data={"sms": WORDS})):
        assert answer.status_code == 200
        assert re.search(r'class="bubble" lang="en">Hi [^{]+ Wed 4 Mar 10:00 http', answer.text)
        assert "1 part" in answer.text
    assert session.scalars(select(TemplateVersion)).all() == []


def test_a_wrong_text_keeps_what_was_typed_and_names_the_field(office: FlaskClient, session: Session) -> None:
    answer = write(office, "publish", sms="Hello {{ nobody }}")
    assert answer.status_code == 422
    assert "Hello {{ nobody }}" in answer.text
    assert "There is no variable nobody here." in answer.text
    assert session.scalars(select(TemplateVersion)).all() == []


def test_two_people_do_not_overwrite_each_other(office: FlaskClient) -> None:
    seen = seal(office.get(ADDRESS).text)
    write(office, "publish")
    typed = {"sms": WORDS.replace("Hi", "Ho"), "seen": seen, "go": "publish"}
    answer = office.post(ADDRESS, data=typed)
    assert answer.status_code == 409
    assert "Somebody else has changed this text meanwhile" in answer.text
    assert office.post(ADDRESS, data={**typed, "seen": seal(answer.text)}).status_code == 303


def test_an_email_is_seen_in_its_frame(office: FlaskClient) -> None:
    page = office.get("/hq/texts/reminder/email/en").text
    assert "See you soon" in page.split('id="preview"')[1]
    assert "When: " in page.split('id="preview"')[1]


def test_a_trial_goes_to_whoever_writes_and_into_nobodys_file(office: FlaskClient, session: Session) -> None:
    assert office.post(f"{ADDRESS}/trial", data={"to": "nobody"}).status_code == 422
    assert office.post(f"{ADDRESS}/trial", data={"to": "13812345678"}).status_code == 303
    mail = "/hq/texts/reminder/email/en"
    assert office.post(f"{mail}/trial", data={"to": "me@lumi.example"}).status_code == 303
    sms, letter = letters(session)
    assert (sms.recipient, sms.customer_id, sms.booking_id) == ("+8613812345678", None, None)
    assert (letter.recipient, letter.channel, letter.template) == ("me@lumi.example", "email", "reminder")
    for _ in range(8):
        office.post(f"{ADDRESS}/trial", data={"to": "13812345678"})
    assert office.post(f"{ADDRESS}/trial", data={"to": "13812345678"}).status_code == 429


def test_an_earlier_version_is_brought_back(office: FlaskClient, session: Session) -> None:
    write(office, "publish", sms="First " + WORDS)
    write(office, "publish", sms="Second " + WORDS)
    page = office.get(f"{ADDRESS}/versions").text
    assert page.index("Second") < page.index("First")
    first = session.scalars(select(TemplateVersion).order_by(TemplateVersion.id)).first()
    assert first is not None
    assert office.post(f"/hq/texts/versions/{first.id}/restoration").status_code == 303
    assert "First" in office.get(ADDRESS).text.split("</textarea>")[0]
    assert office.post(f"{ADDRESS}/inheritance").status_code == 303
    assert "booked for" in office.get(ADDRESS).text.split("</textarea>")[0]


def test_a_branch_is_written_for_by_whoever_looks_after_it(
    sign_in_as: SignIn, session: Session, shop: Shop, office: FlaskClient
) -> None:
    mine = f"{ADDRESS}?place=branch:{shop.branch_id}"
    assert write(office, "publish", mine, sms="Mine " + WORDS).status_code == 303
    assert "Mine" not in office.get(ADDRESS).text
    assert write(office, "publish", sms="All " + WORDS, locked="yes").status_code == 303
    assert "This text is locked above." in office.get(mine).text
    assert write(office, "publish", mine, sms="Mine again " + WORDS).status_code == 409


@pytest.mark.parametrize("role", ["frontdesk", "manager"])
def test_others_neither_read_nor_write_texts(sign_in_as: SignIn, session: Session, shop: Shop, role: str) -> None:
    browser = sign_in_as(role, [shop.branch_id])
    assert browser.get("/hq/texts").status_code == 403
    assert browser.post(ADDRESS, data={"sms": WORDS, "go": "publish"}).status_code == 403
    assert browser.get("/hq/texts/approvals").status_code == 403
    assert session.scalars(select(TemplateVersion)).all() == []


def test_nobody_gets_in_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/hq/texts").status_code == 303
    assert client.post(f"{ADDRESS}/trial", data={"to": "13812345678"}).status_code in {303, 401}


@pytest.mark.parametrize(
    "path", ["x/sms/en", "reminder/fax/en", "reminder/sms/de", "sign_up/email/en", "invitation/sms/en"]
)
def test_there_is_no_text_for_nothing(office: FlaskClient, path: str) -> None:
    assert office.get(f"/hq/texts/{path}").status_code == 404


@pytest.mark.parametrize("place", ["x", "branch:x", "region:", f"branch:{UUID(int=5)}", "chain:1"])
def test_there_is_no_text_for_nowhere(office: FlaskClient, place: str) -> None:
    assert office.get(f"/hq/texts?place={place}").status_code == 404


@pytest.mark.usefixtures("alibaba")
def test_a_provider_approves_a_text(office: FlaskClient, session: Session) -> None:
    write(office, "publish")
    page = office.get(f"{ADDRESS}/versions").text
    assert "Hi ${customer}: ${day_short} ${time} " in page
    version = session.scalars(select(TemplateVersion.id)).one()
    said = {"account": "alibaba", "version": str(version), "state": "submitted"}
    assert office.post(f"{ADDRESS}/approval", data=said).status_code == 303
    bad = office.post(f"{ADDRESS}/approval", data={**said, "state": "approved", "reason": "Typed"})
    assert (bad.status_code, "Enter something here." in bad.text) == (422, True)
    assert 'value="Typed"' in bad.text
    assert "The provider&#39;s code: Enter something here." in bad.text
    assert office.post(f"{ADDRESS}/approval", data={**said, "state": "approved", "code": "SMS_1"}).status_code == 303
    assert office.post(f"{ADDRESS}/approval", data={**said, "account": "x"}).status_code == 404
    row = session.scalars(select(TemplateApproval)).one()
    assert (row.state, row.code, row.variables) == ("approved", "SMS_1", ["customer", "day_short", "time", "link_code"])
    listed = office.get("/hq/texts/approvals").text
    assert "SMS_1" in listed
    assert office.post(f"/hq/texts/approvals/{row.id}/removal").status_code == 303
    assert session.scalars(select(Message)).all() == []


@pytest.mark.usefixtures("alibaba")
def test_what_a_thousand_text_messages_cost_is_said_before_one_is_sent(office: FlaskClient) -> None:
    assert "CN¥45.00 for a thousand" in office.get(ADDRESS).text
