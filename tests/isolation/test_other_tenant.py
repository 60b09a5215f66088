"""Every endpoint, called in one chain with the other chain's ids, finds nothing and changes nothing.

The endpoints are read from the application, so a new one is covered the day it appears: it only has to say, where its
body or query is checked before its ids are looked up, what a well-formed request looks like (FORMS, DOCUMENTS).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.isolation.furnished import Furnished, furnish
from tests.isolation.requests import DOCUMENTS, FORMS, QUERIES
from tests.isolation.walk import built, endpoints, everything


def test_every_endpoint_with_an_id_finds_nothing_of_the_other_chain(
    app, database, tenant, other_shop, sign_in_as, api_client, now: datetime
):
    foreign = furnish(database, other_shop)
    browser, program = sign_in_as("hq"), api_client()
    before = everything(database, other_shop.tenant)
    wrong = []
    for rule, method in endpoints(app):
        for caller in (browser, program) if rule.rule.startswith("/api/") else (browser,):
            status = call(app, caller, rule, method, foreign)
            if status != 404 and not (caller is program and status in {401, 403}):
                wrong.append(f"{method} {rule.rule} ({rule.endpoint}) answered {status}")
    assert wrong == []
    assert everything(database, other_shop.tenant) == before


def call(app, caller, rule: Rule, method: str, foreign: Furnished) -> int:
    name = f"{method} {rule.endpoint}"
    sent: dict[str, Any] = {"query_string": QUERIES.get(name)}
    if method != "GET":
        sent |= {"json": DOCUMENTS[name](foreign.values)} if name in DOCUMENTS else {"data": FORMS.get(name, {})}
    return caller.open(built(app, rule, foreign), method=method, **sent).status_code


@pytest.mark.parametrize("field", ["branch", "service", "staff"])
def test_ids_of_the_other_chain_inside_a_booking_are_unknown(api_client, shop, other_shop, database, session, field):
    foreign = {"branch": other_shop.branch_id, "service": other_shop.eye_test, "staff": other_shop.people[0]}
    document = {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": "2026-03-02T10:00:00+08:00",
        "customer": {"name": "A", "phone": "13812345678"},
    }
    before = everything(database, other_shop.tenant)
    answer = api_client().post("/api/v1/bookings", json={**document, field: str(foreign[field])})
    assert answer.status_code == 404, answer.text
    assert everything(database, other_shop.tenant) == before


@pytest.mark.parametrize("field", ["branch", "service", "staff"])
def test_ids_of_the_other_chain_in_a_query_are_unknown(api_client, shop, other_shop, field):
    query = {"branch": shop.branch_id, "service": shop.eye_test, "from": "2026-03-02"}
    foreign = {"branch": other_shop.branch_id, "service": other_shop.eye_test, "staff": other_shop.people[0]}
    answer = api_client().get("/api/v1/availability", query_string={**query, field: foreign[field]})
    assert answer.status_code == 404


def test_a_token_of_one_chain_is_worth_nothing_in_the_other(api_client, other_client, database, tenant):
    program = api_client()
    bearer = program.environ_base["HTTP_AUTHORIZATION"]
    assert other_client.get("/api/v1/branches", headers={"Authorization": bearer}).status_code == 401


def test_a_session_of_one_chain_is_worth_nothing_in_the_other(sign_in_as, other_client, tenant, other_tenant):
    browser = sign_in_as("hq")
    cookie = browser.get_cookie("session", domain=tenant.host)
    other_client.set_cookie("session", cookie.value, domain=other_tenant.host)
    assert other_client.get("/hq/").status_code in {302, 303}
