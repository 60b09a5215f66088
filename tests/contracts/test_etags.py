"""Who has read something is told that it is the same, and can have a change made only if it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blueprints.booking import api as booking
from blueprints.booking.values import BookingRequest, CustomerInput
from tests.conftest import MORNING

NINE, ELEVEN = "2026-03-03T09:00:00+08:00", "2026-03-03T11:00:00+08:00"


@pytest.fixture
def address(session, shop) -> str:
    """An appointment's."""
    customer = CustomerInput("王小明", "13812345678", "wang@example.com")
    start = MORNING + timedelta(days=1, hours=2)
    made = booking.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, start, customer))
    session.flush()
    return f"/api/v1/bookings/{made.id}"


@pytest.fixture
def program(api_client):
    return api_client("booking")


@pytest.mark.proves("T5")
def test_what_is_still_the_same_is_not_sent_again(program, address):
    first = program.get(address)
    again = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    packed = program.get(address, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert packed.status_code == 304
    assert program.post(f"{address}/move", json={"start": NINE}).status_code == 200
    changed = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)


@pytest.mark.proves("T5")
def test_a_change_meant_for_an_earlier_state_is_refused_and_changes_nothing(program, address):
    before = program.get(address).headers["ETag"]
    moved = program.post(f"{address}/move", json={"start": NINE}, headers={"If-Match": before})
    assert moved.status_code == 200
    now = program.get(address)
    assert moved.headers["ETag"] == now.headers["ETag"]
    for name, document in (("move", {"start": ELEVEN}), ("cancellation", {"reason": "ill"})):
        late = program.post(f"{address}/{name}", json=document, headers={"If-Match": before})
        assert (late.status_code, late.get_json()["code"]) == (412, "changed_meanwhile")
        assert late.get_json()["etag"] == now.headers["ETag"]
    assert program.get(address).data == now.data


@pytest.mark.parametrize("given", ["*", "W/{}", '"another", {}'])
def test_a_tag_may_be_one_of_several_a_weak_one_or_any(program, address, given):
    headers = {"If-Match": given.format(program.get(address).headers["ETag"])}
    assert program.post(f"{address}/move", json={"start": NINE}, headers=headers).status_code == 200


@pytest.mark.parametrize("given", ["", "nonsense", '"', "W/"])
def test_a_header_that_names_no_state_is_no_permission(program, address, given):
    answer = program.post(f"{address}/move", json={"start": NINE}, headers={"If-Match": given})
    assert answer.status_code == 412


def test_nobody_has_to_say_what_a_change_is_meant_for(program, address):
    assert program.post(f"{address}/cancellation", json={"reason": "ill"}).status_code == 200


def test_a_tag_tells_nothing_of_what_somebody_may_not_see(api_client, other_tenant, address, client):
    stranger = api_client("booking", at=other_tenant)
    headers = {"If-Match": "*"}
    assert stranger.post(f"{address}/move", json={"start": NINE}, headers=headers).status_code == 404
    assert client.post(f"{address}/move", json={"start": NINE}, headers=headers).status_code == 401


def test_customers_notes_are_not_written_over_unseen(sign_in_as, api_client, address):
    desk, program = sign_in_as("hq"), api_client("customers")
    customer = f"/api/v1/customers/{desk.get(address).get_json()['customer']}"
    seen = program.get(customer).headers["ETag"]
    theirs = desk.patch(customer, json={"notes": "prefers mornings"}, headers={"If-Match": seen})
    assert theirs.status_code == 200
    late = program.patch(customer, json={"notes": "prefers evenings"}, headers={"If-Match": seen})
    assert late.status_code == 412
    assert program.get(customer).get_json()["notes"] == "prefers mornings"


def test_free_times_and_the_board_have_no_tag(program, sign_in_as, shop):
    query = {"branch": shop.branch_id, "service": shop.eye_test, "from": "2026-03-03"}
    assert "ETag" not in program.get("/api/v1/availability", query_string=query).headers
    board = sign_in_as("hq").get(f"/api/v1/branches/{shop.branch_id}/board")
    assert (board.status_code, "ETag" in board.headers) == (200, False)


def test_the_document_says_where_tags_are_and_what_comes_of_them(client):
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    headers = {
        name for found in paths["/api/v1/bookings/{booking_id}"]["get"]["parameters"] for name in [found["name"]]
    }
    assert "If-None-Match" in headers
    assert "ETag" in paths["/api/v1/bookings/{booking_id}"]["get"]["responses"]["200"]["headers"]
    taking = {
        path
        for path, found in paths.items()
        for method in ("post", "put", "patch")
        if "412" in found.get(method, {}).get("responses", {})
    }
    assert taking == {
        "/api/v1/bookings/{booking_id}/approval",
        "/api/v1/bookings/{booking_id}/cancellation",
        "/api/v1/bookings/{booking_id}/length",
        "/api/v1/bookings/{booking_id}/move",
        "/api/v1/customers/{customer_id}",
        "/api/v1/waitlist/{wish_id}/removal",
    }
    assert "304" not in paths["/api/v1/availability"]["get"]["responses"]
