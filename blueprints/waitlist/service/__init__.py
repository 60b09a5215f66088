"""What can be done with the waitlist. Nothing here commits; everything is harmless to repeat."""

from blueprints.waitlist.service.fill import fill, freed
from blueprints.waitlist.service.join import join
from blueprints.waitlist.service.leave import booked_otherwise, leave, over, remove, replaced_gone
from blueprints.waitlist.service.offers import accept, decline, give_up, settle

__all__ = [
    "accept",
    "booked_otherwise",
    "decline",
    "fill",
    "freed",
    "give_up",
    "join",
    "leave",
    "over",
    "remove",
    "replaced_gone",
    "settle",
]
