"""GET /api/v1/search: branch, person and time over the whole chain, in the order that was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput
from blueprints.finder.models import Place
from shopbell import ids
from tests.finder.conftest import JINGAN, XINTIANDI
from tests.support import world

pytestmark = pytest.mark.proves("B13")
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
URL = "/api/v1/search"


def near(position) -> str:
    return f"{position[0]},{position[1]}"


def names(answer) -> list[str]:
    return [found["name"]["en"] for found in answer.json["found"]]


@pytest.fixture
def full_first_hours(session, shop) -> None:
    """Nobody at the first branch is free before eleven."""
    for quarter in range(8):
        for person in shop.people:
            at = NINE + timedelta(minutes=15 * quarter)
            booking.reserve(session, BookingRequest(shop.branch_id, shop.fitting, at, LI, person_id=person))


LI = CustomerInput("李明", "13812345678")


def test_it_answers_with_branch_person_and_time(api_client, shop):
    answer = api_client().get(URL, query_string={"service": shop.fitting, "near": near(XINTIANDI)})
    assert answer.status_code == 200
    first = answer.json["found"][0]
    assert first["branch"] == str(shop.branch_id)
    assert first["times"][0]["start"] == "2026-03-02T09:00:00+08:00"
    assert {one["name"] for one in first["times"][0]["staff"]} == {"王芳", "Trần Linh"}
    assert (first["minutes"], first["km"]) == (10, 0.0)
    second = answer.json["found"][1]
    assert (second["minutes"], second["km"]) == (20, 2.9)
    assert answer.json["spot"] == {
        "kind": "position",
        "id": None,
        "name": {},
        "latitude": XINTIANDI[0],
        "longitude": XINTIANDI[1],
    }


@pytest.mark.usefixtures("full_first_hours")
def test_best_weighs_the_way_against_the_wait_and_each_order_can_be_chosen(api_client, shop):
    # Two hours sooner is worth more than ten minutes on the way.
    for order, begins in (("best", "Jingan"), ("soonest", "Jingan"), ("nearest", "Xintiandi")):
        query = {"service": shop.fitting, "near": near(XINTIANDI), "order": order}
        assert names(api_client().get(URL, query_string=query))[0] == begins, order


def test_a_place_may_be_a_branch_its_street_or_a_name_of_head_offices(api_client, session, shop):
    session.add(
        Place(id=ids.uuid7(), name={"zh-CN": "静安寺", "vi": "Chùa Tĩnh An"}, latitude=31.2240, longitude=121.4450)
    )
    session.flush()
    for query in (
        {"place": "静安寺"},
        {"place": "chua tinh an"},
        {"place": "jingan"},
        {"branch": shop.second_branch_id},
    ):
        answer = api_client().get(URL, query_string={"service": shop.fitting, **query})
        assert names(answer)[0] == "Jingan", query
    answer = api_client().get(URL, query_string={"service": shop.fitting, "place": "Test Road"})
    assert [one["name"]["en"] for one in [answer.json["spot"], *answer.json["also"]]] == ["Xintiandi", "Jingan"]


def test_days_hours_and_guests_are_kept_to(api_client, shop):
    query = {"service": shop.fitting, "from": "2026-03-05", "earliest": 840, "latest": 900}
    for found in api_client().get(URL, query_string=query).json["found"]:
        assert [one["start"][:16] for one in found["times"]] == [f"2026-03-05T14:{m}" for m in ("00", "15", "30")]
        assert (found["minutes"], found["km"]) == (None, None)
    # Mai is alone at the second branch: two guests can only come to the first.
    assert names(api_client().get(URL, query_string={"service": shop.fitting, "guests": 2})) == ["Xintiandi"]


def test_what_is_shown_can_be_booked(api_client, shop):
    found = api_client().get(URL, query_string={"service": shop.fitting}).json["found"]
    for one in found:
        for time in one["times"]:
            body = {"branch": one["branch"], "service": str(shop.fitting), "start": time["start"]}
            body |= {"staff": time["staff"][0]["id"], "customer": {"name": "Lan", "phone": "13812345678"}}
            assert api_client().post("/api/v1/bookings", json=body).status_code == 201


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"near": "91,0"}, "bad_search", "near"),
        ({"near": "nowhere"}, "bad_search", "near"),
        ({"place": "Atlantis"}, "place_not_found", "place"),
        ({"place": "Jingan", "near": "1,1"}, "bad_search", "place"),
        ({"from": "2027-03-02"}, "bad_search", "from"),
        ({"from": "soon"}, "invalid", "from"),
        ({"order": "cheapest"}, "invalid", "order"),
        ({"guests": 9}, "invalid", "guests"),
        ({"earliest": 600, "latest": 600}, "invalid", "latest"),
        ({"service": "x"}, "invalid", "service"),
    ],
)
def test_a_wrong_question_is_refused_by_its_field(api_client, shop, query, code, field):
    answer = api_client().get(URL, query_string={"service": shop.fitting, **query})
    assert answer.status_code == 422, answer.json
    assert answer.json["code"] == code
    assert field in str(answer.json)


def test_it_is_for_programs_and_staff_of_this_chain(api_client, client, sign_in_as, shop, other_shop):
    assert client.get(URL, query_string={"service": shop.fitting}).status_code == 401
    assert api_client("catalog").get(URL, query_string={"service": shop.fitting}).status_code == 403
    missing = api_client().get(URL, query_string={"service": other_shop.fitting})
    assert (missing.status_code, missing.json["code"]) == (404, "unknown_service")
    theirs = api_client().get(URL, query_string={"service": shop.fitting, "branch": other_shop.branch_id})
    assert (theirs.status_code, theirs.json["code"]) == (404, "unknown_branch")
    manager = sign_in_as("manager", [shop.second_branch_id])
    assert names(manager.get(URL, query_string={"service": shop.fitting})) == ["Jingan"]
    hidden = manager.get(URL, query_string={"service": shop.fitting, "branch": shop.branch_id})
    assert hidden.status_code == 404


def test_queries_do_not_grow_with_branches(api_client, session, shop):
    program = api_client()

    def asked() -> int:
        query = {"service": shop.fitting, "near": near(JINGAN)}
        program.get(URL, query_string=query)
        statements: list[str] = []
        event.listen(session.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert program.get(URL, query_string=query).status_code == 200
        return len(statements)

    before = asked()
    for number in range(5):
        branch = world.branch(session, f"b{number}", 5 + number)
        world.person(session, f"P{number}", branch, shop.skill_id)
    assert asked() <= before
