"""Messaging's table of contents."""

from blueprints.messaging import jobs, reactions, routes
from shopbell.feature import Feature

FEATURE = Feature(
    name="messaging",
    pages=(routes.hooks,),
    reactions=(reactions.confirm, reactions.tell_change, reactions.tell_cancellation, reactions.remind),
    jobs=(jobs.send_message, jobs.settle_message),
)
