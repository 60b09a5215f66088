"""Every HQ page, as the application lists them: who may see it, and what is wrong with its markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from shopbell.http.app import ShopbellApp
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]


def pages(app: ShopbellApp, shop: Shop) -> Iterator[str]:
    """The address of every page under /hq that can be read, with ids of this chain."""
    ids = {
        "branch_id": str(shop.branch_id),
        "service_id": str(shop.eye_test),
        "person_id": str(shop.people[0]),
        "skill_id": str(shop.skill_id),
    }
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/hq/") and "GET" in (rule.methods or ()) and rule.arguments <= set(ids):
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], rule.rule)


def test_there_are_pages_to_look_at(app: ShopbellApp, shop: Shop) -> None:
    assert len(list(pages(app, shop))) >= 15


def test_every_page_opens_for_head_office_without_inline_styles(
    app: ShopbellApp, shop: Shop, sign_in_as: SignIn
) -> None:
    browser = sign_in_as("hq")
    for address in pages(app, shop):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert " style=" not in answer.text, address
        assert not re.search(r"\son[a-z]+=", answer.text), address
        assert not re.search(r"<script(?![^>]*src=)", answer.text), address
        found = re.findall(r'\sid="([^"]+)"', answer.text)
        assert len(found) == len(set(found)), (address, sorted(name for name in found if found.count(name) > 1))


def test_no_page_opens_without_a_sign_in(app: ShopbellApp, shop: Shop, client: FlaskClient) -> None:
    for address in pages(app, shop):
        assert client.get(address).status_code == 303, address


AT_THE_DESK = {"/hq/inbox"}
MANAGERS = AT_THE_DESK | {
    *("/hq/", "/hq/charges", "/hq/devices", "/hq/members", "/hq/reviews", "/hq/waitlist", "/hq/waits"),
    *("/hq/messages", "/hq/messages/deliveries", "/hq/messages/undelivered", "/hq/alerts", "/hq/alerts/new"),
}
KEPT_FROM_THEM = ("/change", "/drafts")
READ_BY_MANAGERS = ("/hq/settings", "/hq/settings/services")


@pytest.mark.parametrize(("role", "may"), [("manager", MANAGERS), ("frontdesk", AT_THE_DESK)])
def test_no_page_opens_for_the_wrong_role(
    app: ShopbellApp, shop: Shop, sign_in_as: SignIn, role: str, may: set[str]
) -> None:
    browser = sign_in_as(role)
    for address in pages(app, shop):
        reads = role == "manager" and address.startswith(READ_BY_MANAGERS) and not address.endswith(KEPT_FROM_THEM)
        seen = address in may or reads
        assert browser.get(address).status_code == (200 if seen else 403), address


def test_ids_of_another_chain_lead_nowhere(app: ShopbellApp, shop: Shop, other_shop: Shop, sign_in_as: SignIn) -> None:
    browser = sign_in_as("hq")
    with_ids = set(pages(app, other_shop)) - set(pages(app, shop))
    assert len(with_ids) >= 7
    for address in with_ids:
        assert browser.get(address).status_code == 404, address
