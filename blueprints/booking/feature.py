"""The booking feature's table of contents."""

from blueprints.booking import jobs
from blueprints.booking.models import SEALED
from blueprints.booking.pages import PAGES
from blueprints.booking.permissions import PERMISSIONS, SCOPES
from blueprints.booking.routes import APIS
from blueprints.booking.service import tidy
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="booking",
    sealed=SEALED,
    pages=(PAGES,),
    api=APIS,
    jobs=(jobs.expire_hold, jobs.remind, jobs.nobody_came, jobs.unanswered),
    permissions=PERMISSIONS,
    scopes=SCOPES,
    housekeeping=(tidy.old_walk_ins, tidy.old_series, tidy.old_blocks),
    navigation=(
        NavigationEntry(N_("Booking rules"), "booking_pages.policies", "adjustments-horizontal", "booking.rules", 35),
        NavigationEntry(N_("Deposits and fees"), "booking_pages.charges", "note", "booking.charges", 55),
    ),
)
