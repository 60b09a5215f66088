"""What the desk sees of customers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shopbell import clock
from tests.frontdesk.conftest import DAY, ELEVEN, TEN


def find(device, q):
    return device.browser.get(f"{device.api}/customers", query_string={"q": q})


@pytest.mark.parametrize("path", ["customers?q=li", "customers/00000000-0000-7000-8000-000000000000"])
def test_nobody_finds_customers_without_signing_in(client, shop, path):
    assert client.get(f"/api/v1/branches/{shop.branch_id}/{path}").status_code == 401


@pytest.mark.parametrize("path", ["customers?q=li", "customers/00000000-0000-7000-8000-000000000000"])
def test_a_branch_of_others_is_not_there(stranger, shop, path):
    assert stranger.get(f"/api/v1/branches/{shop.branch_id}/{path}").status_code == 404


def test_another_chains_customer_is_not_there(device, sign_in_as, other_shop, other_tenant):
    theirs = type(device)(sign_in_as("hq", at=other_tenant), other_shop)
    customer = theirs.booking(theirs.book())["customer"]["id"]
    answer = device.browser.get(f"{device.api}/customers/{customer}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_customer")


@pytest.mark.parametrize("q", ["345678", "李明", "138 1234 5678"])
def test_customers_are_found_while_typing(device, q):
    made = device.book()
    device.do("booking.status", {"id": made, "status": "done"})
    answer = find(device, q)
    (found,) = answer.get_json()["items"]
    assert found.pop("id")
    assert found == {
        "name": "李明",
        "phone": "+8613812345678",
        "phone_text": "138 1234 5678",
        "email": None,
        "visits": 1,
    }


def test_a_customer_is_shown_with_visits_in_names_and_local_days(device, shop, now):
    first, second = device.book(TEN), device.book(ELEVEN, shop.people[1], service=str(shop.fitting))
    customer = device.booking(first)["customer"]["id"]
    assert device.browser.get(f"{device.api}/customers/{customer}").get_json()["visits"] == []
    with clock.frozen(now + timedelta(hours=4)):
        card = device.browser.get(f"{device.api}/customers/{customer}").get_json()
    assert (card["name"], card["notes"]) == ("李明", "")
    assert card["visits"] == [
        {"booking": second, "day": DAY, "service": "Test Fitting", "person": "Trần Linh", "status": "booked"},
        {"booking": first, "day": DAY, "service": "Test Eye Test", "person": "王芳", "status": "booked"},
    ]
