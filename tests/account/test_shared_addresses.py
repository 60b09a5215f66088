"""Several people with one number, and e-mail addresses that anybody could have written beside a number."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.account import api as account
from blueprints.account.models import ConfirmedEmail, CustomerSession
from blueprints.crm import api as crm
from shopbell.settings import Settings
from tests.account.conftest import CODE, DETAILS, EMAIL, HOME, PHONE, SIGN_IN, WHO, Caller, letters
from tests.support.secret_keys import secret_keys

OTHER = "+8613899990000"


@pytest.fixture
def ming(session: Session, fang: UUID) -> UUID:
    """Fang's child, with her number."""
    return crm.remember(session, "Ming", PHONE, None, "en")


def test_people_who_share_a_number_say_who_they_are(caller: Caller, fang: UUID, ming: UUID, session: Session) -> None:
    caller.ask()
    (letter,) = letters(session)
    assert (letter.recipient_name, letter.customer_id) == ("", None)
    assert caller.browser.get(WHO).location == CODE
    assert caller.enter().location == WHO
    page = caller.see(WHO)
    assert "Fang" in page
    assert "Ming" in page
    assert not caller.is_in()
    assert caller.browser.post(WHO, data={"person": str(ming)}).location == HOME
    assert "Ming" in caller.see(HOME)


def test_nobody_else_can_be_chosen(caller: Caller, fang: UUID, ming: UUID, session: Session) -> None:
    stranger = crm.remember(session, "Linh", OTHER, None, "en")
    caller.ask()
    assert caller.browser.post(WHO, data={"person": str(fang)}).location == CODE, "not before the code"
    caller.enter()
    for person in (str(stranger), "", "x"):
        assert caller.browser.post(WHO, data={"person": person}).location == WHO
    assert session.scalars(select(CustomerSession)).all() == []


def test_somebody_goes_on_as_another_one_of_their_number_and_as_nobody_else(
    caller: Caller, fang: UUID, ming: UUID, session: Session
) -> None:
    stranger = crm.remember(session, "Linh", OTHER, None, "en")
    caller.ask()
    caller.enter()
    caller.browser.post(WHO, data={"person": str(fang)})
    assert "Ming" in caller.see(DETAILS)
    assert caller.browser.post("/my/switch", data={"person": str(stranger)}).location == DETAILS
    assert "Fang" in caller.see(HOME)
    assert caller.browser.post("/my/switch", data={"person": str(ming)}).location == HOME
    assert "Ming" in caller.see(HOME)
    assert session.scalars(select(CustomerSession.customer_id)).all() == [ming]


@pytest.mark.proves("T4")
def test_an_e_mail_address_is_confirmed_once_by_a_code_to_the_number(
    caller: Caller, fang: UUID, session: Session
) -> None:
    caller.ask(" FANG@example.com ")
    (mail,) = letters(session)
    assert (mail.channel, mail.recipient) == ("email", EMAIL)
    assert caller.enter().location == CODE
    caller.run_jobs()
    page = caller.see(CODE)
    assert "new here" in page
    assert "5678" in page
    assert "12345678" not in page
    assert [letter.channel for letter in letters(session)] == ["email", "sms"]
    assert caller.enter().location == HOME
    assert session.scalars(select(ConfirmedEmail.customer_id)).all() == [fang]
    caller.browser.post("/my/sign-out")
    caller.sign_in(EMAIL)
    assert len(letters(session)) == 3, "from then on the one to the address is enough"


def test_an_address_that_was_shown_outlives_the_secret_key(
    caller: Caller, fang: UUID, session: Session, settings: Settings
) -> None:
    caller.ask(EMAIL)
    with secret_keys(settings, "a new secret", settings.secret_key):
        assert caller.enter().location == CODE, "a code that is on its way is right as well"
        caller.run_jobs()
    assert caller.enter().status_code == 422, "and no key of later is known before"
    with secret_keys(settings, "a new secret", settings.secret_key):
        assert caller.enter().location == HOME
        assert account.reseal(session) == 0
    with secret_keys(settings, "a third", "a new secret"):
        caller.browser.post("/my/sign-out")
        caller.sign_in(EMAIL)
        assert account.reseal(session) == 1
        assert account.reseal(session) == 0
    with secret_keys(settings, "a third"):
        caller.browser.post("/my/sign-out")
        caller.sign_in(EMAIL)
    with secret_keys(settings, "a fourth"):
        caller.browser.post("/my/sign-out")
        caller.ask(EMAIL)
        assert caller.enter().location == CODE, "whose key has leaked shows the number once more"


def test_whoever_wrote_their_own_address_beside_somebodys_number_gets_nowhere(caller: Caller, session: Session) -> None:
    victim = crm.remember(session, "Fang", PHONE, None, "en")
    crm.remember(session, "Fang", PHONE, "mallory@example.com", "en")
    caller.ask("mallory@example.com")
    mailed = caller.code()
    assert caller.enter().location == CODE
    caller.run_jobs()
    assert caller.enter(mailed).status_code == 422, "the first code is over"
    assert not caller.is_in()
    assert session.scalars(select(CustomerSession)).all() == []
    assert letters(session)[-1].customer_id == victim


def test_another_address_is_confirmed_anew(caller: Caller, fang: UUID, session: Session) -> None:
    caller.ask(EMAIL)
    caller.enter()
    caller.run_jobs()
    caller.enter()
    caller.browser.post("/my/sign-out")
    crm.remember(session, "Fang", PHONE, "new@example.com", in_person=True)
    caller.ask("new@example.com")
    assert caller.enter().location == CODE
    caller.ask(EMAIL)
    assert letters(session)[-1].recipient != EMAIL or not caller.is_in()


def test_of_two_records_with_one_address_each_is_confirmed_by_its_own_number(
    caller: Caller, fang: UUID, session: Session
) -> None:
    linh = crm.remember(session, "Linh", OTHER, EMAIL, "en")
    caller.ask(EMAIL)
    assert caller.enter().location == WHO
    assert caller.browser.post(WHO, data={"person": str(linh)}).location == CODE
    caller.run_jobs()
    assert letters(session)[-1].recipient == OTHER
    assert caller.enter().location == HOME
    assert "Linh" in caller.see(HOME)
    caller.browser.post("/my/sign-out")
    caller.ask(EMAIL)
    caller.enter()
    assert caller.browser.post(WHO, data={"person": str(linh)}).location == HOME
    caller.browser.post("/my/sign-out")
    caller.ask(EMAIL)
    caller.enter()
    assert caller.browser.post(WHO, data={"person": str(fang)}).location == CODE
    assert caller.browser.get(SIGN_IN).status_code == 200
