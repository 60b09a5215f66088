"""The booking feature's table of contents."""

from blueprints.booking import jobs
from blueprints.booking.permissions import PERMISSIONS
from blueprints.booking.routes import blp
from shopbell.feature import Feature

FEATURE = Feature(
    name="booking",
    api=(blp,),
    jobs=(jobs.expire_hold, jobs.remind, jobs.nobody_came),
    permissions=PERMISSIONS,
)
