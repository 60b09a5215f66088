"""No other site can have a signed-in browser change anything."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.isolation.furnished import furnish
from tests.isolation.walk import built, endpoints, everything

ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
OTHERWISE = [
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://lumi-test.localhost:8000"},
]


@pytest.mark.proves("T8")
def test_nothing_that_can_be_sent_works_from_another_site(app, database, shop, tenant, sign_in_as):
    """Whatever is sent: it is refused before the body is read. Every form leads to one of these addresses."""
    own, browser = furnish(database, shop), sign_in_as("hq")
    before, wrong, others = everything(database, tenant), {}, cycle(OTHERWISE)
    sent = [(rule, method) for rule, method in endpoints(app, all_rules=True) if method != "GET"]
    for rule, method in sent:
        for headers in (ELSEWHERE, next(others)):
            status = browser.open(built(app, rule, own), method=method, headers=headers).status_code
            if status != 403:
                wrong[f"{method} {rule.rule} {headers}"] = status
    assert wrong == {}
    assert len(sent) > 100
    changed = {table for table, found in everything(database, tenant).items() if found != before[table]}
    assert changed == {"audit_entries"}, "and nothing but that somebody was refused"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}])
def test_the_own_pages_forms_work(sign_in_as, headers):
    assert sign_in_as("hq").post("/sign-out", headers=headers).status_code == 303


def test_another_chains_pages_are_another_site(sign_in_as, other_tenant):
    headers = {"Origin": f"http://{other_tenant.host}:8000"}
    assert sign_in_as("hq").post("/sign-out", headers=headers).status_code == 403
