"""Signing in by a code: who gets one, what it is worth, and what nobody learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from blueprints.account import rules
from blueprints.account.feature import FEATURE
from blueprints.account.models import CustomerSession, Proof
from blueprints.account.service import proving
from blueprints.crm import api as crm
from shopbell import clock
from shopbell.due import DueWork
from tests.account.conftest import CODE, DETAILS, EMAIL, HOME, PHONE, SIGN_IN, Caller, letters

STRANGER = "+8613899990000"
Callers = Callable[..., Caller]


@pytest.mark.proves("T4")
def test_somebody_asks_for_a_code_enters_it_and_is_signed_in(caller: Caller, fang, session: Session) -> None:
    assert "one-time-code" not in caller.see(SIGN_IN)
    assert caller.ask("138 1234 5678").location == CODE
    page = caller.see(CODE)
    assert "one-time-code" in page
    assert "12345678" not in page
    (letter,) = letters(session)
    assert (letter.channel, letter.recipient, letter.customer_id, letter.locale) == ("sms", PHONE, fang, "en")
    assert caller.enter(f"{caller.code()[:3]} {caller.code()[3:]}").location == HOME
    assert "Fang" in caller.see(HOME)
    assert session.scalars(select(Proof)).all() == []
    assert caller.browser.get(SIGN_IN).location == HOME


def test_after_signing_in_one_goes_on_to_where_one_wanted_to_go(caller: Caller, fang) -> None:
    assert caller.browser.get(DETAILS).location == f"{SIGN_IN}?next=/my/details"
    asked = caller.ask(path=f"{SIGN_IN}?next=/my/details")
    assert asked.location == f"{CODE}?next=/my/details"
    assert caller.enter(path=asked.location).location == DETAILS
    elsewhere = caller.browser.get(f"{SIGN_IN}?next=//evil.example/")
    assert elsewhere.location == HOME


def test_what_one_sees_does_not_tell_whether_an_address_is_known(caller: Caller, fang, session: Session) -> None:
    def asked(address: str) -> tuple[list[str], list[str]]:
        seen: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", listener := lambda *a: seen.append(a[2]))
        answer = caller.browser.post(SIGN_IN, data={"address": address})
        pages = [answer.text, answer.location, caller.see(CODE)]
        for _ in range(rules.MOST_TRIES):
            wrong = caller.enter("000000")
            pages.append(wrong.text + str(wrong.location))
        event.remove(session.get_bind(), "before_cursor_execute", listener)
        return [statement for statement in seen if "SAVEPOINT" not in statement], pages

    (known_work, known), (unknown_work, unknown) = asked(PHONE), asked("+8613800005678")
    assert known == unknown
    assert known_work == unknown_work
    assert letters(session) == []
    caller.run_jobs()
    assert len(letters(session)) <= 1


def test_nobody_unknown_is_written_to_and_no_code_is_theirs(caller: Caller, fang, session: Session) -> None:
    caller.ask(STRANGER)
    assert letters(session) == []
    assert [proof.code_hash for proof in session.scalars(select(Proof))] == [None]
    assert caller.enter("123456").status_code == 422


def test_five_wrong_tries_end_a_code(caller: Caller, fang) -> None:
    caller.ask()
    code, wrong = caller.code(), caller.wrong()
    answers = [caller.enter(wrong) for _ in range(rules.MOST_TRIES)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 303]
    assert "You have 1 more try." in answers[3].text
    assert answers[4].location == f"{SIGN_IN}?again=1"
    assert caller.enter(code).location == f"{SIGN_IN}?again=1"
    assert "Ask for a new one" in caller.see(f"{SIGN_IN}?again=1")


def test_what_is_no_code_is_no_try(caller: Caller, fang, session: Session) -> None:
    caller.ask()
    for typed in ("", "12345", "1234567", "abcdef", "\x00"):
        answer = caller.browser.post(CODE, data={"code": typed})
        assert (answer.status_code, "six digits" in answer.text) == (422, True)
    assert session.scalars(select(Proof.tries)).all() == [0]
    fullwidth = "".join(chr(ord(digit) + 0xFEE0) for digit in caller.code())
    assert caller.enter(fullwidth).location == HOME


def test_a_code_works_for_ten_minutes_once_and_in_the_browser_that_asked(
    caller: Caller, caller_of: Callers, tenant, fang, session: Session
) -> None:
    caller.ask()
    other = caller_of(tenant)
    assert other.enter(caller.code()).location == f"{SIGN_IN}?again=1"
    other.ask(STRANGER)
    assert other.enter(caller.code()).status_code == 422
    with clock.frozen(clock.now() + rules.CODE_LIFE):
        assert caller.enter(caller.code()).location == f"{SIGN_IN}?again=1"
    assert caller.enter().location == HOME
    caller.browser.post("/my/sign-out")
    assert caller.enter().location == f"{SIGN_IN}?again=1"


def test_a_code_is_only_kept_as_a_keyed_hash_and_the_address_only_sealed(caller: Caller, fang, session) -> None:
    caller.browser.post(SIGN_IN, data={"address": PHONE})
    (payload,) = session.scalars(select(DueWork.payload).where(DueWork.kind == proving.SEND)).all()
    assert "138" not in str(payload)
    caller.run_jobs()
    assert session.scalars(select(DueWork).where(DueWork.kind == proving.SEND)).all() == []
    row = session.execute(text("select customer_proofs::text from customer_proofs")).scalar_one()
    assert caller.code() not in row
    assert "12345678" not in row


def test_the_work_repeated_sends_nothing_more(caller: Caller, fang, session: Session) -> None:
    caller.browser.post(SIGN_IN, data={"address": PHONE})
    (work,) = session.scalars(select(DueWork).where(DueWork.kind == proving.SEND)).all()
    key, payload = work.key, work.payload
    caller.run_jobs()
    code = caller.code()
    proving.send(session, session.scalars(select(Proof.id)).one(), payload, at=clock.now())
    assert key
    assert len(letters(session)) == 1
    assert caller.enter(code).location == HOME


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Enter the mobile number"), ("fang@", "e-mail address"), ("Fang", "e-mail address"), ("12", "12")],
)
def test_what_is_no_address_is_said_and_kept(caller: Caller, session: Session, typed: str, sentence: str) -> None:
    answer = caller.browser.post(SIGN_IN, data={"address": typed})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert f'value="{typed}"' in answer.text
    assert session.scalars(select(Proof)).all() == []


def test_codes_for_one_address_and_from_one_network_have_an_end(
    caller: Caller, caller_of: Callers, tenant, fang, session: Session
) -> None:
    answers = [caller.browser.post(SIGN_IN, data={"address": PHONE}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "Too many codes were asked for" in answers[5].text
    assert int(answers[5].headers["Retry-After"]) <= 3600
    unknown = [caller.browser.post(SIGN_IN, data={"address": STRANGER}).status_code for _ in range(6)]
    assert unknown == [303] * 5 + [429], "whether somebody is known makes no difference"
    elsewhere = caller_of(tenant)
    elsewhere.browser.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert elsewhere.browser.post(SIGN_IN, data={"address": PHONE}).status_code == 303


def test_a_chains_codes_and_sessions_are_worthless_at_another(
    caller: Caller, caller_of: Callers, tenant, other_tenant, fang, database
) -> None:
    with database.transaction(other_tenant) as there:
        crm.remember(there, "Fang", PHONE, EMAIL, "en")
    caller.ask()
    other = caller_of(other_tenant)
    other.browser.post(SIGN_IN, data={"address": PHONE})
    for name in ("customer-code", "customer"):
        cookie = caller.browser.get_cookie(name, domain=tenant.host)
        if cookie:
            other.browser.set_cookie(name, cookie.value, domain=other_tenant.host)
    assert other.enter(caller.code()).location == f"{SIGN_IN}?again=1"
    caller.enter()
    session_cookie = caller.browser.get_cookie("customer", domain=tenant.host)
    assert session_cookie
    other.browser.set_cookie("customer", session_cookie.value, domain=other_tenant.host)
    assert caller.is_in()
    assert not other.is_in()


def test_the_cookie_is_this_hosts_alone_and_out_of_reach_of_scripts(
    caller: Caller, fang, app, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.ask()
    (given,) = [found for found in caller.enter().headers.getlist("Set-Cookie") if found.startswith("customer=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(given.split("; "))
    assert "Domain" not in given
    monkeypatch.setattr(app, "settings", replace(app.settings, public_scheme="https"))
    given = caller.ask().headers["Set-Cookie"]
    assert given.startswith("__Host-customer-code=")
    assert "Secure" in given.split("; ")


def test_whoever_is_gone_by_the_time_they_enter_the_code_is_not_let_in(caller: Caller, fang, session: Session) -> None:
    caller.ask()
    code = caller.code()
    session.execute(text("delete from customers"))
    assert caller.enter(code).location == f"{SIGN_IN}?again=1"
    assert session.scalars(select(CustomerSession)).all() == []


def test_staff_and_customers_are_signed_in_apart(caller: Caller, sign_in_as, fang) -> None:
    caller.sign_in()
    assert caller.browser.get("/hq/").status_code == 303
    assert sign_in_as("hq").get(HOME).location == f"{SIGN_IN}?next=/my"


def test_a_number_is_read_as_one_of_each_country_in_which_the_chain_is() -> None:
    assert rules.readings("0912345678", ["CN", "VN"]) == ("+84912345678",)
    assert rules.readings("+8613812345678", ["CN", "VN"]) == (PHONE,)
    found = rules.read_address(" Fang@Example.COM ", ["CN"])
    assert found
    assert (found.channel, found.readings, found.shown) == ("email", (EMAIL,), "fa…@example.com")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_network_is_what_one_subscriber_has(address: str, network: str) -> None:
    assert rules.network(address) == network


def test_old_proofs_and_sessions_are_removed(caller: Caller, fang, session: Session) -> None:
    caller.sign_in()
    caller.ask(STRANGER)
    with clock.frozen(clock.now() + timedelta(days=91)):
        caller.run_jobs()
        for sweep in FEATURE.housekeeping:
            sweep(session)
    assert session.scalars(select(Proof)).all() == []
    assert session.scalars(select(CustomerSession)).all() == []
