"""The table of contents of webhooks."""

from datetime import timedelta

from blueprints.webhooks import jobs, pages, reactions
from blueprints.webhooks.models import SEALED, Delivery
from shopbell import housekeeping
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

OLD = housekeeping.older_than(timedelta(days=30), Delivery, Delivery.created_at)

FEATURE = Feature(
    name="webhooks",
    pages=(pages.PAGES,),
    reactions=(
        reactions.made,
        reactions.requested,
        reactions.moved,
        reactions.cancelled,
        reactions.changed,
        reactions.joined,
        reactions.accepted,
    ),
    jobs=(jobs.send,),
    sealed=SEALED,
    permissions={
        "webhooks.manage": Permission(N_("Decide which programs are told what happens"), frozenset({"hq"}), True),
    },
    navigation=(NavigationEntry(N_("Webhooks"), "webhooks.endpoints", "route", "webhooks.manage", 92),),
    housekeeping=(OLD,),
)
