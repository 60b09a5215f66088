"""Reviews over the API."""

import pytest

from blueprints.reviews import service
from shopbell import ids


@pytest.mark.proves("B5")
def test_programs_read_what_everybody_may_read(api_client, session, shop, reviewed):
    person = shop.people[0]
    first = reviewed(5, "Very kind", {"service": 4}, person_id=person)
    service.answer(session, first.id, "Thank you!", by=None)
    second = reviewed(2, "Slow", person_id=person, hours=5)
    reviewed(1, "Call 138 1234 5678", person_id=person, hours=7)
    program = api_client()
    page = program.get(f"/api/v1/people/{person}/reviews?limit=1").get_json()
    assert (page["mean"], page["count"], page["next"]) == (3.5, 2, str(second.id))
    rest = program.get(f"/api/v1/people/{person}/reviews?before={page['next']}").get_json()
    (found,) = rest["items"]
    assert (found["words"], found["answer"], found["who"]) == ("Very kind", "Thank you!", "L. T.")
    assert (found["stages"], rest["next"]) == ({"service": 4}, None)
    assert "customer" not in str(found)
    branch = program.get(f"/api/v1/branches/{shop.branch_id}/reviews").get_json()
    assert [one["words"] for one in branch["items"]] == ["Slow", "Very kind"]


def test_who_is_unknown_has_no_reviews(api_client, shop, other_shop):
    program = api_client()
    for address in (f"people/{ids.uuid7()}", f"people/{other_shop.people[0]}", f"branches/{other_shop.branch_id}"):
        assert program.get(f"/api/v1/{address}/reviews").status_code == 404
    empty = program.get(f"/api/v1/people/{shop.people[1]}/reviews").get_json()
    assert empty == {"mean": None, "count": 0, "items": [], "next": None}


def test_nobody_reads_without_a_token_and_a_wrong_page_is_refused_by_name(client, api_client, shop):
    address = f"/api/v1/people/{shop.people[0]}/reviews"
    assert client.get(address).status_code == 401
    refused = api_client().get(f"{address}?limit=0")
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["limit"])
