"""A row of the booking book as a value."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.models import NOTE, Booking
from blueprints.booking.rules import terms as agreed
from blueprints.booking.rules.terms import Terms
from blueprints.booking.values import BookingDetails
from shopbell.i18n import gettext as _
from shopbell.text import N_
from shopbell.vault.ring import ring

OURS = {"cancel_deadline": None, "terms": None, "options": None, "note": None}
COPIED = tuple(field.name for field in fields(BookingDetails) if field.name not in OURS)
UNWRITTEN: dict[str, Any] = {
    "slot_version": 0,
    "revision": 0,
    "moves": 0,
    "visit_id": None,
    "series_id": None,
    "why": None,
}
"""What a row just written has by itself."""


class Usual(Protocol):
    """A branch, as far as terms are concerned."""

    @property
    def cancel_deadline_minutes(self) -> int: ...


def usual_terms(branch: Usual) -> Terms:
    """What holds where no policy says otherwise."""
    return Terms(cancel_minutes=branch.cancel_deadline_minutes, move_minutes=branch.cancel_deadline_minutes)


def details_of(session: Session, row: Booking | dict[str, Any], branch: Usual) -> BookingDetails:
    """A row, read or just written, as a value."""
    names = (*COPIED, "options", "terms")
    values: dict[str, Any] = row if isinstance(row, dict) else {name: getattr(row, name) for name in names}
    values = {**UNWRITTEN, "arrived_at": None, "options": (), "terms": None, **values}
    terms = agreed.from_json(values["terms"], usual_terms(branch))
    return BookingDetails(
        **{name: values[name] for name in COPIED},
        options=tuple(values["options"] or ()),
        note=row["note"] if isinstance(row, dict) else note_of(session, row.id, row.note, row.note_sealed),
        terms=terms,
        cancel_deadline=terms.cancel_deadline(values["starts_at"]),
    )


def note_of(session: Session, booking_id: UUID, clear: str, sealed: bytes | None) -> str:
    """The note of an appointment. Most have none, and need no key."""
    return clear if sealed is None else ring(session).open(NOTE, booking_id, sealed)


REASONS = {
    "asked": N_("You asked for this person."),
    "usual": N_("This person usually looks after you."),
    "stays": N_("This person looks after you already."),
    "only": N_("Nobody else is free at this time."),
    "gap": N_("The time fits their day best."),
    "load": N_("They have the least to do that day."),
    "skill": N_("Their skill is just right for this service."),
    "turn": N_("It is their turn."),
}


def reason_text(why: dict[str, Any] | None) -> str:
    """Why this person was chosen, as a sentence in the current language; empty when nobody was."""
    rule = (why or {}).get("rule")
    return _(REASONS[rule]) if rule in REASONS else ""
