"""The direct channel of members: their link, their cookie, their telephone line, and the times kept for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from blueprints.booking.models import PriorityWindow
from blueprints.catalog.models import Branch
from blueprints.crm import service as crm
from blueprints.crm.models import Customer
from blueprints.storefront.tier import vip_link, vip_token
from shopbell import clock, ids
from tests.storefront.conftest import TIMES, local, starts, words

TOMORROW = "2026-03-03T01:00:00Z"


@pytest.fixture
def member(session, tenant):
    found = crm.remember(session, "Vy Phạm", "13900001111", None, "en")
    crm.set_tier(session, found, 2)
    session.flush()
    return found


@pytest.fixture
def kept_morning(session, shop):
    """Every time of the shop is kept for tier 2 until an hour before."""
    window = PriorityWindow(id=ids.uuid7(), branch_id=shop.branch_id, starts=0, ends=1440, tier=2, until_hours=1)
    session.add(window)
    session.get_one(Branch, shop.branch_id).vip_phone = "+862150009999"
    session.flush()


def enter(customer, member, days=30):
    return customer.see(f"/vip/{vip_token(member, clock.now() + timedelta(days=days))}?lang=en")


@pytest.mark.proves("B4")
def test_a_member_books_the_times_kept_for_their_tier(customer, customer_of, tenant, member, kept_morning):
    stranger = customer_of(tenant)
    assert TOMORROW not in starts(stranger.see(f"{TIMES}?day=2026-03-03").text)
    opened = enter(customer, member)
    assert "Welcome, Vy Phạm" in words(opened.text)
    assert TOMORROW in starts(customer.see(f"{TIMES}?day=2026-03-03").text)
    answer = customer.confirm(customer.hold(TOMORROW), name="Vy Phạm", phone="13900001111")
    assert local(answer.location).startswith("/done/")


@pytest.mark.proves("B4")
def test_a_member_is_given_the_direct_line_on_every_page_of_the_branch(customer, member, kept_morning):
    assert "+862150009999" not in customer.see(TIMES).text
    assert "+862150009999" in enter(customer, member).text
    assert "+862150009999" in customer.see(TIMES).text


@pytest.mark.proves("B4")
def test_a_tier_that_is_taken_away_counts_at_once(customer, session, member, kept_morning):
    enter(customer, member)
    crm.set_tier(session, member, 1)
    assert TOMORROW not in starts(customer.see(f"{TIMES}?day=2026-03-03").text)
    crm.set_tier(session, member, 0)
    assert "+862150009999" not in customer.see(TIMES).text
    assert enter(customer, member).status_code == 404


@pytest.mark.proves("B4")
def test_a_link_ends_by_itself_and_so_does_what_it_opened(customer, member, kept_morning):
    enter(customer, member, days=30)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert "+862150009999" not in customer.see(TIMES).text
        assert customer.see(f"/vip/{vip_token(member, clock.now() - timedelta(days=1))}").status_code == 404


def test_the_cookie_cannot_be_read_by_scripts_and_can_be_given_back(customer, member, kept_morning):
    opened = enter(customer, member)
    cookie = next(line for line in opened.headers.getlist("Set-Cookie") if line.startswith("vip="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert local(customer.browser.post("/vip").location) == "/"
    assert "+862150009999" not in customer.see(TIMES).text


def test_a_cookie_that_we_did_not_make_is_worth_nothing(client, member, kept_morning, tenant):
    client.set_cookie("vip", "A" * 43, domain=tenant.host)
    assert client.get(TIMES).status_code == 200
    assert "+862150009999" not in client.get(TIMES).text


def test_a_link_of_another_chain_or_of_nobody_is_explained(customer, customer_of, session, other_tenant, member):
    token = vip_token(member, clock.now() + timedelta(days=30))
    assert customer_of(other_tenant).see(f"/vip/{token}").status_code == 404
    session.execute(delete(Customer).where(Customer.id == member))
    page = customer.see(f"/vip/{token}?lang=en")
    assert page.status_code == 404
    assert "tel:+862150001234" in page.text


@pytest.mark.proves("B4")
def test_managers_make_a_link_for_as_long_as_they_choose(sign_in_as, shop, session, member, customer):
    browser = sign_in_as("manager", [shop.branch_id])
    address = f"/hq/members/{member}/link"
    assert "/vip/" not in browser.get(address).text
    page = browser.post(f"{address}?lang=en", data={"days": "365"})
    assert vip_link(member, clock.now() + timedelta(days=365)) in page.text
    assert "March 2, 2027" in words(page.text)
    crm.set_tier(session, member, 0)
    assert "/vip/" not in browser.post(address, data={"days": "365"}).text


def test_nobody_else_makes_links(client, sign_in_as, member):
    address = f"/hq/members/{member}/link"
    assert client.post(address).status_code in {302, 303, 401}
    desk = sign_in_as("frontdesk")
    assert desk.get(address).status_code == 403
    assert desk.post(address).status_code == 403
    assert sign_in_as("hq").get(f"/hq/members/{ids.uuid7()}/link").status_code == 404
