"""What arriving customers and the desk are refused, by name."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownDoor(NotFound):
    code = "unknown_door"
    title = N_("This code is not the one on our door")


class UnknownTicket(NotFound):
    code = "unknown_ticket"
    title = N_("This ticket is no longer valid")


class NobodyWaits(Conflict):
    code = "nobody_waits"
    title = N_("Nobody who waits can begin now")


class CannotCheckIn(Invalid):
    """Nobody is told more than they know already: what they typed fits no appointment they could check in for."""

    code = "cannot_check_in"
    title = N_("We could not check you in")


class NoAppointmentFound(CannotCheckIn):
    code = "no_appointment_found"
    title = N_("We found no appointment")


class SeveralAppointments(CannotCheckIn):
    code = "several_appointments"
    title = N_("Please tell us a little more")


class TooEarlyToCheckIn(CannotCheckIn):
    code = "too_early_to_check_in"
    title = N_("You are early")


class TooLateToCheckIn(CannotCheckIn):
    code = "too_late_to_check_in"
    title = N_("Please come to the desk")


class OtherBranch(CannotCheckIn):
    code = "other_branch"
    title = N_("Your appointment is at another branch")
