"""What the roster refuses."""

from __future__ import annotations

from shopbell.errors import Invalid, NotFound
from shopbell.text import N_


class UnknownPerson(NotFound):
    code = "unknown_person"
    title = N_("There is no such person")


class UnknownLeave(NotFound):
    code = "unknown_leave"
    title = N_("There is no such entry in the roster")


class BadRoster(Invalid):
    """Something about a person or a roster cannot be right; `fields` says what and how."""

    code = "invalid"


class NoPhoto(NotFound):
    code = "no_photo"
    title = N_("There is no photo of this person")
