"""No other site can have a signed-in browser change anything."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.isolation.furnished import furnish
from tests.isolation.walk import built, everything, everywhere

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
    sent = [found for found in everywhere(app, tenant) if found[1] != "GET"]
    for rule, method, host in sent:
        address = built(app, rule, own) if rule.arguments <= own.values.keys() else "/"
        for headers in (ELSEWHERE, next(others)):
            answer = browser.open(address, method=method, headers=headers, base_url=f"http://{host}:8000")
            if answer.status_code != 403:
                wrong[f"{method} {host}{rule.rule} {headers}"] = answer.status_code
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
