"""What can be done at the door and with the queue."""

from blueprints.arrivals.service.checkin import check_in, i_am_here, may_check_in
from blueprints.arrivals.service.queue import Called, Promise, call, call_back, call_next, leave, receive

__all__ = [
    "Called",
    "Promise",
    "call",
    "call_back",
    "call_next",
    "check_in",
    "i_am_here",
    "leave",
    "may_check_in",
    "receive",
]
