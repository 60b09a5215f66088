"""What customers write back: acted on where a word says it all, else kept for the branch and answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.inbox.events import ReplyWaiting
from blueprints.inbox.models import Conversation, Entry
from blueprints.inbox.reactions import take_reply
from blueprints.messaging.channels.sms.contract import Reply
from blueprints.messaging.events import ReplyReceived
from blueprints.messaging.models import InboundMessage, Message
from blueprints.messaging.service import inbound
from blueprints.messaging.service.compose import compose
from shopbell import clock, ids
from shopbell.outbox import OutboxRow
from shopbell.tenancy import TenantContext
from tests.messaging.outside import IN_TWO_DAYS, PHONE, book
from tests.support.database import RolledBackDatabase
from tests.support.letters import letters
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
pytestmark = pytest.mark.proves("C4")


def told(session: Session, shop: Shop) -> tuple[UUID, UUID]:
    """An appointment that was confirmed by SMS: its id and the message's."""
    made = book(session, shop, locale="en", email=None)
    compose(session, "confirmation", made.id, version=0)
    return made.id, session.scalars(select(Message.id)).one()


def says(session: Session, text: str, message_id: UUID | None = None, number: str = PHONE) -> ReplyReceived:
    """Somebody writes back, and everybody who listens hears it."""
    reply = Reply(number=number, to="+15005550006", text=text, ref=str(ids.uuid7()))
    text_id = inbound.take(session, "twilio", reply, message_id)
    assert text_id
    row = session.get_one(InboundMessage, text_id)
    fact = ReplyReceived(
        text_id, "twilio", row.keyword or "", row.message_id, row.customer_id, row.branch_id, row.booking_id
    )
    take_reply(session, fact)
    return fact


def status(session: Session, booking_id: UUID) -> str:
    return booking.details(session, booking_id).status


def deeds(session: Session) -> list[str | None]:
    return [one.done for one in session.scalars(select(Entry).order_by(Entry.id)) if one.kind == "done"]


@pytest.mark.parametrize("word", ["C", "1", "确认", "Xác nhận"])
def test_one_word_confirms_the_appointment_and_bothers_nobody(session: Session, shop: Shop, word: str) -> None:
    booking_id, message_id = told(session, shop)
    says(session, word, message_id)
    assert status(session, booking_id) == "confirmed"
    assert deeds(session) == ["confirmed"]
    assert session.scalars(select(Conversation)).one().state == "closed"


@pytest.mark.parametrize("word", ["R", "2", "取消", "Hủy"])
def test_one_word_cancels_it_while_that_costs_nothing(session: Session, shop: Shop, word: str) -> None:
    booking_id, message_id = told(session, shop)
    says(session, word, message_id)
    assert status(session, booking_id) == "cancelled"
    assert session.scalars(select(Conversation)).one().unread == 0


def test_too_late_it_stands_a_person_takes_over_and_the_customer_is_told(session: Session, shop: Shop) -> None:
    booking_id, message_id = told(session, shop)
    with clock.frozen(IN_TWO_DAYS - timedelta(minutes=30)):
        says(session, "R", message_id)
        answer = letters(session, template="too_late")
    assert status(session, booking_id) == "booked"
    assert deeds(session) == ["too_late"]
    found = session.scalars(select(Conversation)).one()
    assert (found.state, found.unread) == ("open", 1)
    assert [one.channel for one in answer] == ["sms"]
    assert "can no longer be cancelled by text" in answer[0].body


def test_a_reply_is_heard_once_however_often_it_is_told(session: Session, shop: Shop) -> None:
    _booking_id, message_id = told(session, shop)
    fact = says(session, "Can I bring my son?", message_id)
    take_reply(session, fact)
    assert len(session.scalars(select(Entry)).all()) == 1
    assert session.scalars(select(Conversation)).one().unread == 1


def test_only_what_a_person_has_to_read_is_told(session: Session, shop: Shop) -> None:
    _booking_id, message_id = told(session, shop)
    says(session, "C", message_id)
    says(session, "Can I bring my son?", message_id)
    rows = session.scalars(select(OutboxRow.payload).where(OutboxRow.name == ReplyWaiting.name)).all()
    assert [row["branch_id"] for row in rows] == [str(shop.branch_id)]


def test_who_says_stop_gets_no_answer_and_waits_for_nobody(session: Session, shop: Shop) -> None:
    booking_id, message_id = told(session, shop)
    says(session, "STOP", message_id)
    assert (status(session, booking_id), deeds(session)) == ("booked", ["stopped"])
    assert session.scalars(select(Conversation)).one().state == "closed"
    assert len(letters(session)) == 1


def test_what_is_written_lies_sealed(session: Session, shop: Shop) -> None:
    _booking_id, message_id = told(session, shop)
    says(session, "Can I bring my son?", message_id)
    row = session.scalars(select(Entry)).one()
    assert row.words_sealed is not None
    assert b"son" not in row.words_sealed


def test_the_branch_reads_and_answers_in_one_conversation(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    _booking_id, message_id = told(session, shop)
    says(session, "Can I bring my son?", message_id)
    says(session, "He is five", message_id)
    desk = sign_in_as("frontdesk", [shop.branch_id])
    page = desk.get("/hq/inbox")
    assert "2 new" in page.text
    (found,) = session.scalars(select(Conversation)).all()
    address = f"/hq/inbox/{found.id}"
    assert "Can I bring my son?" in desk.get(address).text
    assert "new</span>" not in desk.get("/hq/inbox").text
    assert desk.post(f"{address}/answers", data={"words": " "}).status_code == 422
    assert desk.post(f"{address}/answers", data={"words": "Gladly!"}).status_code == 303
    (sent,) = letters(session, template="answer")
    assert (sent.channel, sent.recipient, sent.branch_id) == ("sms", PHONE, shop.branch_id)
    assert sent.body.endswith(": Gladly!")
    assert "Frontdesk" in desk.get("/hq/inbox").text
    assert desk.post(f"{address}/assignment", data={"to": ""}).status_code == 303
    assert desk.post(f"{address}/state", data={"state": "closed"}).status_code == 303
    assert "Nobody waits for an answer." in desk.get("/hq/inbox").text
    says(session, "Thank you", message_id)
    assert "1 new" in desk.get("/hq/inbox").text


def test_texts_stand_in_the_order_they_came_in(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    booking_id, message_id = told(session, shop)
    facts = []
    for words in ("First", "Second"):
        text_id = inbound.take(session, "twilio", Reply(str(ids.uuid7()), PHONE, "+15005550006", words), message_id)
        assert text_id
        facts.append(ReplyReceived(text_id, "twilio", "", message_id, None, shop.branch_id, booking_id))
        session.get_one(InboundMessage, text_id).at += timedelta(seconds=len(facts))
    session.flush()
    for fact in reversed(facts):
        take_reply(session, fact)
    desk = sign_in_as("frontdesk", [shop.branch_id])
    assert "Second" in desk.get("/hq/inbox").text
    page = desk.get(f"/hq/inbox/{session.scalars(select(Conversation.id)).one()}").text
    assert page.index("First") < page.index("Second")
    assert f"#2026-03-04/{booking_id}" in page


def test_what_no_message_of_ours_led_to_is_for_head_office(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    says(session, "Hello?", None, "+8613900000001")
    found = session.scalars(select(Conversation)).one()
    assert "+8613900000001" in sign_in_as("hq").get("/hq/inbox").text
    desk = sign_in_as("manager", [shop.branch_id])
    assert "Nobody waits" in desk.get("/hq/inbox").text
    assert desk.get(f"/hq/inbox/{found.id}").status_code == 404
    assert desk.post(f"/hq/inbox/{found.id}/answers", data={"words": "x"}).status_code == 404
    assert letters(session) == []


def test_nobody_else_reads_it(session: Session, shop: Shop, client: FlaskClient) -> None:
    assert client.get("/hq/inbox").status_code == 303
    assert client.get("/api/v1/inbox").status_code == 401


def test_the_other_chain_hears_nothing(
    session: Session, shop: Shop, other_tenant: TenantContext, database: RolledBackDatabase
) -> None:
    says(session, "Hello?", told(session, shop)[1])
    with database.transaction(other_tenant) as theirs:
        assert theirs.scalars(select(Conversation)).all() == []


def test_the_api_pages_and_answers(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    for number in range(3):
        says(session, f"Hello {number}", None, f"+861390000000{number}")
    office = sign_in_as("hq")
    first = office.get("/api/v1/inbox?limit=2").get_json()
    assert (len(first["items"]), first["unread"]) == (2, 3)
    rest = office.get(f"/api/v1/inbox?limit=2&before={first['next']}").get_json()
    assert [one["number"] for one in rest["items"]] == ["+8613900000000"]
    address = f"/api/v1/inbox/{rest['items'][0]['id']}"
    assert office.get(address).get_json()["entries"][0]["words"] == "Hello 0"
    origin = {"Origin": "http://lumi-test.localhost:8000", "Sec-Fetch-Site": "same-origin"}
    answered = office.post(f"{address}/answers", json={"words": "Hi"}, headers=origin)
    assert answered.status_code == 201, answered.text
    assert answered.get_json()["entries"][-1]["kind"] == "out"
    assert office.put(f"{address}/state", json={"state": "closed"}, headers=origin).get_json()["state"] == "closed"
    assert office.post(f"{address}/answers", json={"words": ""}, headers=origin).status_code == 422
