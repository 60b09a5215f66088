"""What staff have to know is told once in a while, to whom it concerns, where they look."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import select

from blueprints.access import api as access
from blueprints.alerts import api as alerts
from blueprints.alerts import rules, service
from blueprints.alerts.models import Alert, AlertDelivery
from blueprints.alerts.service.raising import look_at_quotas
from blueprints.booking.events import BookingRequested
from blueprints.inbox.events import ReplyWaiting
from blueprints.messaging.channels.sms.contract import Reply
from blueprints.messaging.events import BudgetReached, MessageGivenUp, ProviderTrouble
from blueprints.messaging.service import inbound
from shopbell import clock, ids
from shopbell.auth import ANYONE, Grant, Principal
from shopbell.events import publish
from shopbell.tenancy import Allowance, entered
from tests.messaging.outside import PHONE, later, messages

TOPIC = "message_given_up"


def deliveries(session) -> list[AlertDelivery]:
    session.expire_all()
    return list(session.scalars(select(AlertDelivery).order_by(AlertDelivery.id)))


def told(chat) -> list[str]:
    return [json.loads(request.body)["text"]["content"] for request in chat.got]


def reader(*branches, permission="alerts.messages", user_id=None) -> Principal:
    grant = Grant(frozenset({permission}), frozenset(branches) if branches else None)
    return Principal("staff", user_id or ids.uuid7(), grants=(grant,))


def test_what_happens_again_within_the_pause_is_counted_and_told_once(session, shop, chat, channel, run_jobs):
    channel()
    first = alerts.alert(session, TOPIC, shop.branch_id, {})
    for _ in range(20):
        assert alerts.alert(session, TOPIC, shop.branch_id, {}) == first
    other = alerts.alert(session, TOPIC, shop.second_branch_id, {})
    run_jobs()
    assert len(chat.got) == 2
    assert session.get_one(Alert, first).times == 21
    assert session.get_one(Alert, other).times == 1
    with later(minutes=31):
        assert alerts.alert(session, TOPIC, shop.branch_id, {}) != first
        run_jobs()
    assert len(chat.got) == 3


def test_a_place_that_never_rests_is_told_again_after_each_pause(session, shop, chat, channel, run_jobs):
    channel()
    told_at: list[int] = []
    for minute in range(0, 65, 5):
        with later(minutes=minute):
            alerts.alert(session, TOPIC, shop.branch_id, {})
            told_at += [minute] * (len(deliveries(session)) - len(told_at))
    assert told_at == [0, 30, 60]
    with later(minutes=60):
        run_jobs()
    assert len(chat.got) == 3


def test_a_chat_is_told_what_where_and_where_to_look(session, shop, chat, channel, run_jobs):
    channel("branch", shop.branch_id)
    alerts.alert(session, TOPIC, shop.branch_id, {"path": "/hq/messages"})
    run_jobs()
    (text,) = told(chat)
    assert "A message could not be delivered" in text
    assert text.splitlines()[0].startswith("Xintiandi") or "·" in text.splitlines()[0]
    assert text.endswith("/hq/messages")
    (delivery,) = deliveries(session)
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 1, "")


def test_channels_hear_of_their_own_places_and_of_what_they_carry(session, shop, chat, channel, run_jobs):
    here, chain = channel("branch", shop.branch_id), channel()
    channel("branch", shop.second_branch_id)
    channel(topics=("reply_waiting",))
    channel(active=False)
    alerts.alert(session, TOPIC, shop.branch_id, {})
    assert {row.channel_id for row in deliveries(session)} == {here.id, chain.id}
    alerts.alert(session, TOPIC, None, {})
    assert [row.channel_id for row in deliveries(session)][2:] == [chain.id]


def test_somebodys_own_channel_hears_only_of_what_concerns_them_today(session, shop, channel):
    manager = access.create_user(session, "m@lumi.example", "x" * 12 + "9!", "M", "manager", [shop.branch_id], "en")
    mine = channel("user", manager, topics=(TOPIC, "quota_nearly_used", "new_sign_in"))
    alerts.alert(session, TOPIC, shop.second_branch_id, {})
    alerts.alert(session, "quota_nearly_used", None, {"percent": 90})
    assert deliveries(session) == []
    alerts.alert(session, TOPIC, shop.branch_id, {})
    alerts.alert(session, "new_sign_in", None, {}, user_id=manager)
    assert [row.channel_id for row in deliveries(session)] == [mine.id, mine.id]
    access.set_active(session, manager, False)
    with later(hours=1):
        alerts.alert(session, TOPIC, shop.branch_id, {})
    assert len(deliveries(session)) == 2


def test_the_bell_counts_what_concerns_somebody_until_they_have_read_it(session, shop):
    here, everywhere = reader(shop.branch_id), reader()
    alerts.alert(session, TOPIC, shop.branch_id, {})
    alerts.alert(session, TOPIC, shop.second_branch_id, {})
    alerts.alert(session, "provider_trouble", None, {"account": "main"})
    alerts.alert(session, "new_sign_in", None, {}, user_id=_user(session))
    assert (alerts.unread(session, here), alerts.unread(session, everywhere)) == (1, 3)
    assert alerts.unread(session, reader(permission="alerts.bookings")) == 0
    assert alerts.unread(session, ANYONE) == 0


def test_what_happens_again_is_unread_again(session, shop):
    person = reader(shop.branch_id, user_id=_user(session))
    alert_id = alerts.alert(session, TOPIC, shop.branch_id, {})
    service.read(session, alert_id, person)
    service.read(session, alert_id, person)
    assert alerts.unread(session, person) == 0
    alerts.alert(session, TOPIC, shop.branch_id, {})
    assert alerts.unread(session, person) == 1
    service.read_all(session, person)
    assert alerts.unread(session, person) == 0


def _user(session):
    return access.create_user(session, "u@lumi.example", "x" * 12 + "9!", "U", "hq", [], "en")


def test_an_e_mail_and_a_text_message_leave_as_messages(session, shop, channel, run_jobs):
    channel(kind="email", place="desk@lumi.example", topics=("provider_trouble",))
    channel(kind="sms", place="138 0013 8000", topics=("provider_trouble",))
    alerts.alert(session, "provider_trouble", None, {"account": "main"})
    run_jobs()
    mail, text = sorted(messages(session, template="staff_alert"), key=lambda row: row.channel)
    assert (mail.recipient, text.recipient) == ("desk@lumi.example", "+8613800138000")
    assert "main fails or is slow" in text.body
    assert text.customer_id is None


def test_what_happens_elsewhere_is_heard(session, shop, run_jobs):
    events = {
        "message_given_up": MessageGivenUp(ids.uuid7(), shop.branch_id, "bad_number"),
        "budget_nearly_used": BudgetReached(shop.branch_id, "2026-03", 80),
        "provider_trouble": ProviderTrouble("main", "slow"),
        "reply_waiting": ReplyWaiting(ids.uuid7(), shop.branch_id),
        "booking_request": BookingRequested(ids.uuid7(), ids.uuid7(), shop.branch_id, clock.now()),
    }
    for event in events.values():
        publish(session, event)
    run_jobs()
    assert sorted(alert.topic for alert in session.scalars(select(Alert))) == sorted(events)


def test_whoever_said_stop_is_nobodys_task_and_a_question_leads_to_the_inbox(session, shop, run_jobs):
    inbound.take(session, "twilio", Reply("1", PHONE, "+15005550006", "STOP"), None)
    run_jobs()
    assert session.scalars(select(Alert)).all() == []
    inbound.take(session, "twilio", Reply("2", PHONE, "+15005550006", "Can I bring my son?"), None)
    run_jobs()
    (alert,) = session.scalars(select(Alert))
    assert (alert.topic, alert.facts) == ("reply_waiting", {"path": "/hq/inbox"})


def test_a_chain_that_nears_a_limit_of_its_plan_is_told_once_a_day(session, tenant):
    look_at_quotas(session)
    assert session.scalars(select(Alert)).all() == []
    with entered(replace(tenant, allowances={"bookings": Allowance(100, 85), "branches": Allowance(None, 9)})):
        look_at_quotas(session)
        look_at_quotas(session)
    (alert,) = session.scalars(select(Alert))
    assert (alert.topic, alert.facts["percent"], alert.times) == ("quota_nearly_used", 85, 2)


def test_every_topic_can_be_told_with_its_facts():
    facts = {"account": "main", "percent": 80}
    assert all(topic.said % facts for topic in rules.TOPICS.values())
