"""What can be done with the booking book, in the front desk's verbs."""

from blueprints.booking.service.change import cancel, move, set_note
from blueprints.booking.service.hold import expire_holds, hold, release
from blueprints.booking.service.reserve import reserve
from blueprints.booking.service.status import set_status
from blueprints.booking.service.walk_ins import add_walk_in, leave_walk_in, seat_walk_in

__all__ = [
    "add_walk_in",
    "cancel",
    "expire_holds",
    "hold",
    "leave_walk_in",
    "move",
    "release",
    "reserve",
    "seat_walk_in",
    "set_note",
    "set_status",
]
