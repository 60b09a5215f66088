"""The waitlist feature's table of contents."""

from blueprints.waitlist import jobs, reactions
from blueprints.waitlist.permissions import PERMISSIONS
from shopbell.feature import Feature

FEATURE = Feature(
    name="waitlist",
    reactions=(
        reactions.offer_freed_time,
        reactions.close_fulfilled,
        reactions.close_asked_for,
        reactions.close_replaced,
    ),
    jobs=(jobs.fill, jobs.settle, jobs.over),
    permissions=PERMISSIONS,
)
