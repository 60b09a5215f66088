"""Messaging's table of contents."""

from blueprints.messaging import jobs, pages, reactions, routes
from blueprints.messaging.models import SEALED
from blueprints.messaging.service import refs
from blueprints.messaging.service.budgets import settle_old
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="messaging",
    pages=(pages.PAGES, routes.hooks),
    reactions=(
        reactions.confirm,
        reactions.tell_request,
        reactions.tell_change,
        reactions.tell_cancellation,
        reactions.remind,
        reactions.tell_wish,
        reactions.tell_offer,
        reactions.tell_gone,
        reactions.ask_for_review,
        reactions.send_calendar,
        reactions.write_again,
    ),
    sealed=SEALED,
    jobs=(jobs.send_messages, jobs.settle_message, jobs.forget_secret),
    housekeeping=(settle_old, *refs.OLD),
    permissions={
        "messaging.read": Permission(N_("Read the messages to customers"), frozenset({"hq", "manager"})),
        "messaging.providers": Permission(
            N_("Decide which providers bring the chain's text messages"), frozenset({"hq"}), chain_wide=True
        ),
        "messaging.replay": Permission(N_("Have messages tried again"), frozenset({"hq", "manager"})),
    },
    navigation=(NavigationEntry(N_("Messages"), "messaging.messages", "message", "messaging.read", 60),),
)
