"""Settings for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.catalog.settings import LEAD_MINUTES
from tenants.settings import store
from tenants.settings.rules import THE_CHAIN
from tenants.settings.store import Author, Change
from tests.support.world import Shop

Programs = Callable[..., FlaskClient]
AT = "/api/v1/settings"


@pytest.mark.proves("T2")
def test_values_are_told_with_where_they_come_from(api_client: Programs, session: Session, shop: Shop) -> None:
    day = date(2026, 3, 2)
    store.say(session, [Change(LEAD_MINUTES, (THE_CHAIN,), day, 45, locked=True)], Author(None, "Chen"))
    store.say(session, [Change(LEAD_MINUTES, (THE_CHAIN,), date(2027, 1, 1), 50)])
    (told,) = api_client().get(f"{AT}?key=lead_minutes&branch={shop.branch_id}").get_json()["items"]
    source = {"level": "chain", "id": None, "since": "2026-03-02", "author": "Chen"}
    assert told == {
        "key": "lead_minutes",
        "kind": "number",
        "value": 45,
        "source": source,
        "locked_by": source,
        "next": {"starts_on": "2027-01-01", "value": 50},
    }
    (later,) = api_client().get(f"{AT}?key=lead_minutes&on=2027-02-01").get_json()["items"]
    assert later["value"] == 50
    names = {item["key"] for item in api_client().get(AT).get_json()["items"]}
    assert {"lead_minutes", "hours", "terms.cancel_minutes"} <= names
    about = {item["key"] for item in api_client().get(f"{AT}?subject={shop.eye_test}").get_json()["items"]}
    assert {"service.price", "service.offered", "terms.cancel_minutes"} <= about


@pytest.mark.proves("T2")
def test_a_program_with_the_scope_says_something_else(api_client: Programs, shop: Shop) -> None:
    program, where = api_client("settings"), {"key": "lead_minutes", "branch": str(shop.branch_id)}
    told = program.put(AT, json={**where, "value": 60}).get_json()
    assert (told["value"], told["source"]["level"]) == (60, "branch")
    told = program.put(AT, json={**where, "inherited": True}).get_json()
    assert (told["value"], told["source"]) == (30, None)
    assert api_client("booking").put(AT, json={**where, "value": 60}).status_code == 403


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"key": "lead_minutes", "value": "x"}, 422, "value"),
        ({"key": "lead_minutes", "value": 60, "starts_on": "2020-01-01"}, 422, "starts_on"),
        ({"key": "currency", "value": "VND"}, 422, "value"),
        ({"key": "nothing", "value": 1}, 404, "unknown_setting"),
        ({"key": "service.price"}, 404, "unknown_setting"),
        ({"value": 1}, 422, "key"),
    ],
)
def test_what_cannot_be_is_named(api_client: Programs, body: dict[str, object], status: int, named: str) -> None:
    answer = api_client("settings").put(AT, json=body)
    assert answer.status_code == status
    assert named in answer.text


def test_a_locked_value_is_refused(api_client: Programs, session: Session, shop: Shop) -> None:
    store.say(session, [Change(LEAD_MINUTES, (THE_CHAIN,), date(2026, 3, 2), 45, locked=True)], Author(None, "Chen"))
    body = {"key": "lead_minutes", "branch": str(shop.branch_id), "value": 60}
    answer = api_client("settings").put(AT, json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "setting_locked")
    assert "Chen" in answer.text
