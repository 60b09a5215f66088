"""The boxes by which customers ask for offers while they book: never ticked by us, and never a condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from blueprints.booking.api import BookingDetails
from blueprints.crm import api as crm
from blueprints.crm.api import Choice, Contact, Evidence

WANTED = tuple(Choice("marketing", channel, given=True) for channel in ("sms", "email"))


@dataclass(frozen=True)
class ConsentBox:
    """A box with the sentence that one agrees to by ticking it."""

    field: str
    words: str
    ticked: bool


def consent_boxes(session: Session, me: Contact | None, sent: Mapping[str, str], chain: str) -> list[ConsentBox]:
    """A box for each channel; whoever is signed in is not asked again for what they agreed to."""
    agreed = crm.choices(session, me.id) if me else []
    return [
        ConsentBox(field_of(choice), crm.consent_words(choice, chain), field_of(choice) in sent)
        for choice in WANTED
        if choice not in agreed
    ]


def keep_consent(session: Session, made: BookingDetails, sent: Mapping[str, str], chain: str) -> None:
    """Write down what was ticked, with the booking as evidence; a box that was left alone says nothing, nor does one
    for e-mail without an address."""
    reached = {"sms": True, "email": bool(sent.get("email", "").strip())}
    ticked = [choice for choice in WANTED if field_of(choice) in sent and reached[choice.channel]]
    if made.customer_id and ticked:
        evidence = Evidence("booking", chain, branch_id=made.branch_id, booking_id=made.id)
        crm.say(session, made.customer_id, ticked, evidence)


def field_of(choice: Choice) -> str:
    return f"consent_{choice.channel}"
