"""What somebody who is signed in sees and can do: their appointments, wishes, details and sessions."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from blueprints.account.models import CustomerSession
from blueprints.booking import api as booking
from blueprints.booking.api import CustomerInput
from blueprints.booking.models import Booking
from blueprints.brand import service as brand
from blueprints.brand.models import LegalAgreement
from blueprints.brand.service import LegalInput
from blueprints.catalog.models import Branch
from blueprints.crm import api as crm
from blueprints.crm import service as members
from blueprints.waitlist import api as waitlist
from shopbell import clock
from tests.account.conftest import DETAILS, EMAIL, HOME, PHONE, SIGN_IN, Caller, book
from tests.support.world import Shop

MORNING = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
"""Tuesday, 09:00 in Shanghai."""


@pytest.fixture
def inside(caller: Caller, fang: UUID) -> Caller:
    caller.sign_in()
    return caller


def listed(page: str) -> list[str]:
    """Where the appointments on the page lead."""
    return re.findall(r'href="(/m/[^"]+)"', page)


@pytest.mark.proves("T4")
def test_one_sees_what_is_ahead_and_what_was_and_can_change_it(
    inside: Caller, session: Session, shop: Shop, other_shop: Shop, database
) -> None:
    later, sooner = book(session, shop, MORNING + timedelta(hours=2)), book(session, shop, MORNING)
    gone = book(session, shop, MORNING + timedelta(hours=1))
    booking.cancel(session, gone.id, reason="customer", by="customer")
    book(session, shop, MORNING, name="Ming")
    page = inside.see(HOME)
    ahead, past = page.split('id="h-past"')
    links = listed(ahead)
    assert len(links) == 2
    assert len(listed(past)) == 1
    assert "Cancelled" in past
    assert later.ref in inside.see(links[1])
    first = inside.see(links[0])
    assert sooner.ref in first
    assert "Cancel the appointment" in first
    with clock.frozen(MORNING + timedelta(hours=1)):
        page = inside.see(HOME)
        assert [len(listed(part)) for part in page.split('id="h-past"')] == [1, 2]


def test_a_visit_of_several_services_is_one_entry_until_the_last_of_it_is_over(
    inside: Caller, session: Session, shop: Shop
) -> None:
    wanted = booking.BookingRequest(
        shop.branch_id,
        None,
        MORNING,
        CustomerInput("Fang", PHONE),
        guests=(booking.Guest((booking.Item(shop.fitting), booking.Item(shop.eye_test))),),
    )
    booking.reserve(session, wanted)
    assert len(listed(inside.see(HOME))) == 1
    with clock.frozen(MORNING + timedelta(minutes=30)):
        assert 'id="h-past"' not in inside.see(HOME)
    with clock.frozen(MORNING + timedelta(hours=3)):
        assert 'id="h-past"' in inside.see(HOME)


def test_long_lists_come_in_pages_and_cost_no_more_questions(inside: Caller, session: Session, shop: Shop) -> None:
    def asked() -> int:
        seen: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", listener := lambda *a: seen.append(a[2]))
        inside.see(HOME)
        event.remove(session.get_bind(), "before_cursor_execute", listener)
        return len(seen)

    book(session, shop, MORNING)
    inside.see(HOME)
    one = asked()
    for number in range(1, 12):
        book(session, shop, MORNING + timedelta(days=number))
    assert asked() == one
    assert len(listed(inside.see(HOME))) == 10
    assert "Page 1 of 2" in inside.see(HOME)
    assert len(listed(inside.see(f"{HOME}?ahead=2"))) == 2
    page = inside.see(HOME).encode()
    assert len(gzip.compress(page, 9)) <= 5 * 1024
    assert b"<script" not in page


def test_wishes_and_the_time_that_is_kept_are_shown(inside: Caller, session: Session, shop: Shop, run_jobs) -> None:
    full = [book(session, shop, MORNING + timedelta(minutes=15 * n), name=f"Other {n}") for n in range(4)]
    wanted = waitlist.JoinRequest(
        shop.fitting, (shop.branch_id,), MORNING.date(), MORNING.date(), CustomerInput("Fang", PHONE), latest=570
    )
    waitlist.join(session, wanted)
    assert "On the waiting list" in inside.see(HOME)
    assert full
    assert "/w/" in inside.see(HOME)


def test_a_name_and_a_language_are_corrected(inside: Caller, session: Session, fang: UUID) -> None:
    answer = inside.browser.post(DETAILS, data={"name": "Wang Fang", "locale": "vi"})
    assert answer.location == f"{DETAILS}?saved=details"
    assert any(cookie.startswith("lang=vi") for cookie in answer.headers.getlist("Set-Cookie"))
    contact = crm.contact(session, fang)
    assert (contact.name, contact.locale, contact.phone) == ("Wang Fang", "vi", PHONE)
    crm.remember(session, "Ming", PHONE)
    inside.browser.get("/?lang=en")
    refused = inside.browser.post(DETAILS, data={"name": "ming", "locale": "en"})
    assert (refused.status_code, "already" in refused.text, 'value="ming"' in refused.text) == (409, True, True)
    assert inside.browser.post(DETAILS, data={"name": " "}).status_code == 422
    assert crm.contact(session, fang).name == "Wang Fang"


def test_what_is_new_in_the_terms_is_agreed_to_with_the_details(inside: Caller, session: Session, fang: UUID) -> None:
    brand.publish_legal(session, "terms", LegalInput({"en": "Terms"}, clock.now().date(), asks=True), "", 1)
    found = re.search(r'name="agree_terms" value="([^"]+)"', inside.see(DETAILS))
    assert found
    form = {"name": "Wang Fang", "locale": "en"}
    before = crm.contact(session, fang).name
    assert inside.browser.post(DETAILS, data=form).status_code == 422
    assert crm.contact(session, fang).name == before != "Wang Fang"
    assert inside.browser.post(DETAILS, data={**form, "agree_terms": found[1]}).status_code == 303
    kept = session.scalars(select(LegalAgreement)).one()
    assert (kept.occasion, kept.subject_id, kept.customer_id) == ("account", fang, fang)
    assert "agree_terms" not in inside.see(DETAILS)


def test_one_signs_out_here_elsewhere_and_everywhere(
    inside: Caller, caller_of, tenant, session: Session, fang: UUID
) -> None:
    phone, tablet = caller_of(tenant), caller_of(tenant)
    for other in (phone, tablet):
        other.sign_in()
    page = inside.see(DETAILS)
    others = re.findall(r'action="(/my/sessions/[0-9a-f-]+/end)"', page)
    assert len(others) == 2
    assert inside.browser.post(others[0]).location == f"{DETAILS}?saved=session"
    assert sorted([phone.is_in(), tablet.is_in()]) == [False, True]
    assert inside.browser.post(others[0]).status_code == 404
    assert inside.browser.post("/my/sign-out").location == "/"
    assert not inside.is_in()
    left = phone if phone.is_in() else tablet
    inside.sign_in()
    assert left.browser.post("/my/sessions/end").status_code == 303
    assert not left.is_in()
    assert not inside.is_in()
    assert session.scalars(select(CustomerSession)).all() == []


def test_a_session_ends_when_it_is_not_used_and_in_any_case(inside: Caller) -> None:
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert inside.is_in()
    with clock.frozen(clock.now() + timedelta(days=58)):
        assert inside.is_in()
    with clock.frozen(clock.now() + timedelta(days=89)):
        assert not inside.is_in()


def test_somebody_elses_session_is_not_there_to_be_ended(inside: Caller, caller_of, tenant, session: Session) -> None:
    linh = crm.remember(session, "Linh", "+8613899990000", None, "en")
    other = caller_of(tenant)
    other.sign_in("+8613899990000")
    theirs = session.scalars(select(CustomerSession.id).where(CustomerSession.customer_id == linh)).one()
    assert inside.browser.post(f"/my/sessions/{theirs}/end").status_code == 404
    assert other.is_in()


def test_a_calendar_of_all_appointments_is_one_press_away(inside: Caller) -> None:
    answer = inside.browser.post("/my/calendar")
    assert answer.status_code == 303
    assert "/calendar/" in answer.location


def test_whoever_is_signed_in_finds_their_name_and_number_where_they_book(
    inside: Caller, session: Session, shop: Shop, fang: UUID
) -> None:
    times = "/book/xintiandi/test-fitting"
    pressed = inside.browser.post(times, data={"start": "2026-03-03T01:00:00Z"})
    page = inside.browser.get(pressed.location).text
    typed = dict(re.findall(r'name="(name|phone|email)"[^>]*value="([^"]*)"', page))
    assert typed == {"name": "Fang", "phone": "138 1234 5678", "email": EMAIL}
    assert "Signed in as Fang" in page
    assert inside.browser.post(pressed.location, data=typed).status_code == 303
    assert session.scalars(select(Booking.customer_id).where(Booking.status != "held")).all() == [fang]
    wish = inside.see("/waitlist/xintiandi/test-fitting")
    assert 'value="Fang"' in wish
    inside.browser.post("/my/sign-out")
    pressed = inside.browser.post(times, data={"start": "2026-03-03T02:00:00Z"})
    page = inside.browser.get(pressed.location).text
    assert f'href="{SIGN_IN}?next=/book/' in page
    assert 'value="Fang"' not in page


def test_a_member_who_is_signed_in_is_known_as_one_and_in_a_frame_nobody_is(
    inside: Caller, session: Session, shop: Shop, fang: UUID
) -> None:
    session.get_one(Branch, shop.branch_id).vip_phone = "+862150009999"
    assert "Your direct line" not in inside.see("/book/xintiandi")
    members.set_tier(session, fang, 2)
    assert "Your direct line" in inside.see("/book/xintiandi")
    framed = inside.see("/embed/en/book/xintiandi")
    assert "Your direct line" not in framed
    assert "My appointments" not in framed
