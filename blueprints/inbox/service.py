"""What can be done with replies: act on them, keep them for somebody, answer, hand on, close."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.inbox.errors import BadAnswer, UnknownConversation
from blueprints.inbox.events import ReplyWaiting
from blueprints.inbox.models import NUMBER, WORDS, Conversation, Entry
from blueprints.inbox.rules import LONGEST, deed, waits
from blueprints.messaging import api as messaging
from blueprints.messaging.api import Answer, Received
from shopbell import clock, ids
from shopbell.errors import DomainError
from shopbell.events import publish
from shopbell.i18n import gettext as _
from shopbell.vault import keys

REASON = "reply"
"""Why an appointment is cancelled that somebody cancelled by a text message."""


@dataclass(frozen=True)
class Reply:
    """A text that came in, with what the message that it answers was about."""

    text_id: UUID
    keyword: str
    branch_id: UUID | None
    customer_id: UUID | None
    booking_id: UUID | None


@dataclass(frozen=True)
class Member:
    """Somebody of the staff, by the name they have now."""

    id: UUID | None
    name: str


def receive(session: Session, reply: Reply) -> None:
    """Do what a word asks for, or keep it for somebody. Harmless to repeat."""
    said = messaging.received(session, reply.text_id)
    known = select(Entry.id).where(Entry.text_id == reply.text_id)
    if said is None or session.scalar(known) is not None:
        return
    done = _act(session, reply)
    found = _conversation(session, reply, said, waiting=waits(done))
    _enter(session, found, "in", said.words, at=said.at, text_id=reply.text_id, booking_id=reply.booking_id)
    if done:
        _enter(session, found, "done", "", at=said.at, done=done, booking_id=reply.booking_id)
    if waits(done):
        publish(session, ReplyWaiting(found, reply.branch_id))


def answer(session: Session, conversation_id: UUID, words: str, by: Member) -> None:
    """Have an answer sent by SMS in the name of the branch. Raises UnknownConversation, or BadAnswer naming words."""
    words = " ".join(words.split())
    if not words:
        raise BadAnswer(fields={"words": _("Enter something here.")})
    if len(words) > LONGEST:
        raise BadAnswer(fields={"words": _("At most %(count)s characters.", count=LONGEST)})
    found = _lock(session, conversation_id)
    number = keys.at_hand(session).shown(NUMBER, found.id, "", found.number_sealed) or ""
    entry = _enter(session, found.id, "out", words, author=by.name)
    messaging.answer(session, Answer(entry, number, words, found.branch_id, found.customer_id))
    found.unread, found.last_at = 0, clock.now()
    if found.assigned_id is None:
        found.assigned_id, found.assigned = by.id, by.name
    session.flush()


def read(session: Session, conversation_id: UUID) -> None:
    """Somebody has looked at it. May be repeated."""
    session.execute(update(Conversation).where(Conversation.id == conversation_id).values(unread=0))


def assign(session: Session, conversation_id: UUID, to: Member) -> None:
    """Somebody has it; nobody in particular has no id. May be repeated. Raises UnknownConversation."""
    found = _lock(session, conversation_id)
    found.assigned_id, found.assigned = to.id, to.name if to.id else ""
    session.flush()


def close(session: Session, conversation_id: UUID, *, opened: bool = False) -> None:
    """Nothing is left to do, or after all there is. May be repeated. Raises UnknownConversation."""
    found = _lock(session, conversation_id)
    found.state, found.unread = ("open", found.unread) if opened else ("closed", 0)
    session.flush()


def _act(session: Session, reply: Reply) -> str:
    """What was done by itself: one of rules.DEEDS, or nothing."""
    if reply.booking_id is None:
        return deed(reply.keyword, "", clock.now(), clock.now(), clock.now())
    try:
        asked = booking.details(session, reply.booking_id)
    except UnknownBooking:
        return ""
    done = deed(reply.keyword, asked.status, asked.cancel_deadline, asked.starts_at, clock.now())
    try:
        with session.begin_nested():
            _do(session, done, asked)
    except DomainError:
        # The rules of the book know more than the deadline: a person decides.
        return ""
    return done


def _do(session: Session, done: str, asked: booking.BookingDetails) -> None:
    if done == "confirmed":
        for each in booking.visit(session, asked.id):
            if each.status == "booked":
                booking.set_status(session, each.id, "confirmed")
    elif done == "cancelled":
        booking.cancel(session, asked.id, reason=REASON, by="customer")
    elif done == "too_late":
        messaging.tell_too_late(session, asked.id, asked.slot_version)


def _conversation(session: Session, reply: Reply, said: Received, *, waiting: bool) -> UUID:
    """The conversation with the number, opened where somebody has to look."""
    new_id = ids.uuid7()
    values = {
        "id": new_id,
        "branch_id": reply.branch_id,
        "customer_id": reply.customer_id,
        "number_key": said.number_key,
        "state": "open" if waiting else "closed",
        "unread": int(waiting),
        "last_at": clock.now(),
        **keys.at_hand(session).form(NUMBER, new_id, said.number),
    }
    new = insert(Conversation).values(values)
    again = {"last_at": clock.now(), "customer_id": func.coalesce(new.excluded.customer_id, Conversation.customer_id)}
    if waiting:
        again |= {"state": "open", "unread": Conversation.unread + 1}
    kept = new.on_conflict_do_update(index_elements=["number_key", "branch_id"], set_=again)
    return session.execute(kept.returning(Conversation.id)).scalar_one()


def _enter(session: Session, conversation_id: UUID, kind: str, words: str, **more: object) -> UUID:
    entry_id = ids.uuid7()
    row = {
        "id": entry_id,
        "conversation_id": conversation_id,
        "kind": kind,
        "at": clock.now(),
        **keys.at_hand(session).form(WORDS, entry_id, words),
        **more,
    }
    session.execute(insert(Entry).values(row))
    return entry_id


def _lock(session: Session, conversation_id: UUID) -> Conversation:
    found = session.get(Conversation, conversation_id, with_for_update=True)
    if found is None:
        raise UnknownConversation
    return found
