"""The bell, the list, and who decides where alerts go."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import func, insert, select

from blueprints.alerts import api as alerts
from blueprints.alerts import queries
from blueprints.alerts.models import Alert, AlertChannel, AlertDelivery
from shopbell import clock, ids
from tests.alerts.conftest import WECOM
from tests.conftest import PASSWORD

FORM = {
    "kind": "wecom",
    "place_id": "chain",
    "place": WECOM,
    "topics": ["message_given_up"],
    "locale": "en",
    "label": "Head office",
    "active": "yes",
}
TOPIC = "message_given_up"
WRONG: tuple[tuple[dict[str, object], str], ...] = (
    ({"place": "https://evil.example/hook"}, "complete as it was copied"),
    ({"place": ""}, "complete as it was copied"),
    ({"kind": "email"}, "An e-mail address"),
    ({"kind": "sms", "place": "12"}, "A mobile number"),
    ({"kind": "fax"}, "Choose one of these."),
    ({"topics": []}, "Choose at least one of these."),
    ({"topics": ["new_sign_in"]}, "Choose at least one of these."),
    ({"place_id": "branch:00000000-0000-0000-0000-000000000001"}, "Choose one of these."),
    ({"place_id": "user:00000000-0000-0000-0000-000000000001"}, "Choose one of these."),
    ({"locale": "xx"}, "Choose one of these."),
    ({"label": "x" * 61}, "At most 60 characters."),
)


@pytest.fixture
def hq(sign_in_as):
    return sign_in_as("hq")


@pytest.fixture
def manager(sign_in_as, shop):
    return sign_in_as("manager", [shop.branch_id])


def count(session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(AlertChannel)) or 0


def test_the_list_shows_what_concerns_one_and_the_bell_what_is_new(session, shop, hq, manager):
    here = alerts.alert(session, TOPIC, shop.branch_id, {"path": "/hq/messages"})
    there = alerts.alert(session, TOPIC, shop.second_branch_id, {})
    assert hq.get("/alerts/unread.json").get_json() == {"unread": 2}
    assert manager.get("/alerts/unread.json").get_json() == {"unread": 1}
    page = manager.get("/alerts")
    assert page.text.count("A message could not be delivered") >= 1
    assert str(there) not in page.text
    assert '<span class="count">1' in page.text
    answer = manager.post(f"/alerts/{here}/read")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hq/messages")
    assert manager.post(f"/alerts/{there}/read").status_code == 404
    assert manager.get("/alerts/unread.json").get_json() == {"unread": 0}
    assert "Nothing to know." in manager.get("/alerts?show=unread").text
    assert hq.post("/alerts/read").status_code == 303
    assert hq.get("/alerts/unread.json").get_json() == {"unread": 0}


def test_the_list_has_pages_and_one_that_cannot_be_is_the_first(session, hq):
    latest = clock.now()
    moments = [latest - timedelta(minutes=number) for number in range(queries.PAGE + 1)]
    known = {"topic": TOPIC, "facts": {}, "times": 1}
    rows = [{**known, "id": ids.uuid7(), "created_at": at, "last_at": at} for at in moments]
    session.execute(insert(Alert), rows)
    page = hq.get("/alerts").text
    assert page.count("Mark as read<") == queries.PAGE
    assert f"before={quote(moments[-2].isoformat(), safe=':')}" in page
    assert hq.get("/alerts", query_string={"before": moments[-2].isoformat()}).text.count("Mark as read<") == 1
    for wrong in ("nonsense", "2026-03-02T00:00:00", "9999-12-31T23:59:59+00:00"):
        assert hq.get("/alerts", query_string={"before": wrong}).text.count("Mark as read<") == queries.PAGE


def test_a_channel_is_set_up_tested_changed_and_removed(session, hq, chat, run_jobs):
    assert hq.post("/hq/alerts/new", data=FORM).status_code == 303
    found = session.scalars(select(AlertChannel)).one()
    page = hq.get("/hq/alerts")
    assert "Head office" in page.text
    assert "…5aaa" in page.text
    assert WECOM not in page.text
    assert hq.post(f"/hq/alerts/{found.id}/test").status_code == 303
    run_jobs()
    assert len(chat.got) == 1
    assert "Sent" in hq.get("/hq/alerts").text
    form = hq.get(f"/hq/alerts/{found.id}")
    assert WECOM not in form.text
    changed = {**FORM, "place": "", "topics": ["reply_waiting"], "label": "Desk"}
    assert hq.post(f"/hq/alerts/{found.id}", data=changed).status_code == 303
    session.expire_all()
    assert (found.label, found.topics) == ("Desk", ["reply_waiting"])
    assert hq.post(f"/hq/alerts/{found.id}/removal").status_code == 303
    assert count(session) == 0


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(session, hq):
    for wrong, said in WRONG:
        answer = hq.post("/hq/alerts/new", data={**FORM, **wrong})
        assert (wrong, answer.status_code) == (wrong, 422)
        assert said in answer.text
        assert wrong.get("label", "Head office") in answer.text
        assert count(session) == 0


def test_a_manager_decides_for_their_own_branch_alone(session, shop, manager, channel):
    chain, there = channel(), channel("branch", shop.second_branch_id)
    for found in (chain, there):
        assert manager.get(f"/hq/alerts/{found.id}").status_code == 404
        assert manager.post(f"/hq/alerts/{found.id}", data=FORM).status_code == 404
        assert manager.post(f"/hq/alerts/{found.id}/test").status_code == 404
        assert manager.post(f"/hq/alerts/{found.id}/removal").status_code == 404
    assert manager.post("/hq/alerts/new", data=FORM).status_code == 422
    assert (
        manager.post("/hq/alerts/new", data={**FORM, "place_id": f"branch:{shop.second_branch_id}"}).status_code == 422
    )
    assert count(session) == 2
    assert manager.post("/hq/alerts/new", data={**FORM, "place_id": f"branch:{shop.branch_id}"}).status_code == 303
    assert "Head office" in manager.get("/hq/alerts").text
    assert session.scalar(select(func.count()).select_from(AlertDelivery)) == 0


def test_the_front_desk_sets_up_its_own_channels_and_nobody_elses(session, shop, sign_in_as, hq, client):
    desk = sign_in_as("frontdesk", [shop.branch_id])
    own = {**FORM, "kind": "email", "place": "me@lumi.example", "topics": ["booking_request", "new_sign_in"]}
    assert desk.post("/alerts/mine/new", data=own).status_code == 303
    found = session.scalars(select(AlertChannel)).one()
    assert "m…@lumi.example" in desk.get("/alerts/mine").text
    assert desk.get(f"/alerts/mine/{found.id}").status_code == 200
    assert desk.post(f"/alerts/mine/{found.id}/test").status_code == 303
    assert desk.get("/hq/alerts").status_code == 403
    for address in (f"/alerts/mine/{found.id}", f"/hq/alerts/{found.id}"):
        assert hq.get(address).status_code == 404
        assert hq.post(address, data=own).status_code == 404
    assert client.get("/alerts").status_code in (302, 303, 401)
    assert desk.post(f"/alerts/mine/{found.id}/removal").status_code == 303
    assert count(session) == 0


def test_whoever_signs_in_from_a_new_place_is_told(session, client_of, tenant, hq, run_jobs):
    run_jobs()
    assert hq.get("/alerts/unread.json").get_json() == {"unread": 0}
    elsewhere = client_of(tenant)
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    sign_in = {"email": f"hq@{tenant.slug}.example", "password": PASSWORD}
    assert elsewhere.post("/sign-in", data=sign_in).status_code == 303
    run_jobs()
    assert "from a new place" in hq.get("/alerts").text
    assert elsewhere.post("/sign-in", data=sign_in).status_code == 303
    run_jobs()
    (alert,) = session.scalars(select(Alert))
    assert alert.times == 1


def test_there_are_no_more_channels_than_anybody_needs(session, hq, channel):
    for _ in range(40):
        channel()
    assert hq.post("/hq/alerts/new", data=FORM).status_code in (409, 422)
    assert count(session) == 40
