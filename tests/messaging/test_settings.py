"""What a chain may say of its messages, on the pages of settings."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.messaging import settings
from tenants.settings import store
from tenants.settings.errors import BadSetting
from tenants.settings.keys import Key
from tenants.settings.rules import path_to
from tenants.settings.store import Change
from tests.support.world import Shop

ADVERTISING = settings.HOURS["marketing"]
DAILY, _WEEKLY = settings.CAPS["marketing", "sms"]


def change(key: Key, value: object, shop: Shop | None = None) -> Change:
    return Change(key, path_to(None, shop.branch_id if shop else None), date(2026, 3, 2), value)


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        (ADVERTISING, "9:00-20:00", "09:00–20:00"),
        (ADVERTISING, "", ""),
        (DAILY, None, None),
        (DAILY, 0, 0),
        (settings.BUDGET, None, None),
        (settings.BUDGET, {"minor": 5000, "currency": "CNY"}, {"minor": 5000, "currency": "CNY"}),
    ],
)
def test_values_are_kept_in_their_usual_form(session: Session, key: Key, value: object, kept: object) -> None:
    assert store.check(store.said(session), change(key, value)).value == kept


@pytest.mark.parametrize(
    ("key", "value"),
    [(ADVERTISING, "20:00–9:00"), (ADVERTISING, "all day"), (DAILY, 100), (DAILY, "1"), (settings.BUDGET, 50)],
)
def test_what_makes_no_sense_is_refused_by_name(session: Session, key: Key, value: object) -> None:
    with pytest.raises(BadSetting) as refused:
        store.check(store.said(session), change(key, value))
    assert list(refused.value.fields) == [key.name]


def test_caps_are_the_chains_as_they_count_over_all_branches(session: Session, shop: Shop) -> None:
    with pytest.raises(BadSetting):
        store.check(store.said(session), change(DAILY, 1, shop))
    assert store.check(store.said(session), change(settings.BUDGET, None, shop)).value is None


def test_head_office_finds_them_among_its_settings(sign_in_as: Callable[..., FlaskClient]) -> None:
    browser = sign_in_as("hq")
    text = browser.get("/hq/settings?place=chain").text
    assert "Advertising is sent between" in text
    assert "Messages of a branch cost at most, in a month" in text
    address = f"/hq/settings/change?place=chain&key={ADVERTISING.name}"
    answer = browser.post(address, data={"value": "night", "own": "yes", "starts_on": "2026-03-02"})
    assert answer.status_code == 422
    assert "Write hours within one day like 08:00–21:00, or nothing." in answer.text
    free = f"/hq/settings/change?place=chain&key={settings.BUDGET.name}"
    assert browser.post(free, data={"value": "", "own": "yes", "starts_on": "2026-03-02"}).status_code == 303
