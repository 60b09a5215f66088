"""What can be done with the booking book, in the front desk's verbs."""

from blueprints.booking.service.blocks import block, unblock
from blueprints.booking.service.change import cancel, extend, move, set_note
from blueprints.booking.service.hold import expire_holds, hold, release
from blueprints.booking.service.reserve import approve, reserve
from blueprints.booking.service.series import reserve_series
from blueprints.booking.service.status import set_status
from blueprints.booking.service.walk_ins import add_walk_in, leave_walk_in, seat_walk_in

__all__ = [
    "add_walk_in",
    "approve",
    "block",
    "cancel",
    "expire_holds",
    "extend",
    "hold",
    "leave_walk_in",
    "move",
    "release",
    "reserve",
    "reserve_series",
    "seat_walk_in",
    "set_note",
    "set_status",
    "unblock",
]
