"""What the booking book refuses, by name."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownBooking(NotFound):
    code = "unknown_booking"
    title = N_("There is no such appointment")


class UnknownRule(NotFound):
    code = "unknown_rule"
    title = N_("There is no such booking rule")


class UnknownCharge(NotFound):
    code = "unknown_charge"
    title = N_("There is no such charge")


class SlotTaken(Conflict):
    """Carries `alternatives`: the next free times, as {start, staff: {id, name}}."""

    code = "slot_taken"
    title = N_("This time has just been taken")


class HoldExpired(Conflict):
    code = "hold_expired"
    title = N_("The time we kept for you has run out")


class TooLateToChange(Conflict):
    code = "too_late_to_change"
    title = N_("It is too late to change this appointment online")


class NotPossible(Conflict):
    code = "not_possible"
    title = N_("This step does not fit the appointment's state")


class CancelledMeanwhile(NotPossible):
    code = "cancelled_meanwhile"
    title = N_("This appointment was cancelled meanwhile")


class AlreadyDecided(Conflict):
    code = "already_decided"
    title = N_("Somebody else has decided this meanwhile")


class BranchClosed(Conflict):
    code = "branch_closed"
    title = N_("This branch takes no bookings at the moment")


class NotForYou(Conflict):
    """Carries `until`: when the time is opened to everybody, RFC 3339 in the branch's offset."""

    code = "kept_for_members"
    title = N_("This time is still kept for members")


class TooManyMoves(Conflict):
    code = "too_many_moves"
    title = N_("This appointment has been moved as often as it may be")


class BadRule(Invalid):
    code = "bad_rule"
    title = N_("Please check the booking rule")


class ReasonMissing(Invalid):
    code = "reason_missing"
    title = N_("Say why")


class InThePast(Invalid):
    code = "in_the_past"
    title = N_("This time has passed")


class TooSoon(Invalid):
    code = "too_soon"
    title = N_("This time is too close to be booked online")


class PeakClosed(Invalid):
    """Carries `opens` where that is why: the day from which it can be booked."""

    code = "peak_not_open"
    title = N_("This busy time cannot be booked now")


class TooFarAhead(Invalid):
    """Carries `opens`: the day from which it can be booked, unless that is years away."""

    code = "too_far_ahead"
    title = N_("This date is too far ahead")


class OutsideHours(Invalid):
    code = "outside_hours"
    title = N_("The branch is not open for the whole appointment")


class NotOnTheGrid(Invalid):
    code = "not_on_the_grid"
    title = N_("Appointments start at fixed minutes")


class NobodyCan(Invalid):
    code = "nobody_can"
    title = N_("Nobody at this branch can give this service")


class BookedEnough(Conflict):
    code = "booking_quota_reached"
    title = N_("This shop takes no more bookings online for now")
