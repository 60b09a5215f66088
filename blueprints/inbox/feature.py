"""The inbox's table of contents."""

from blueprints.inbox import pages, reactions, routes
from blueprints.inbox.models import SEALED
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

ANSWERERS = frozenset({"hq", "manager", "frontdesk"})

FEATURE = Feature(
    name="inbox",
    pages=(pages.PAGES,),
    api=(routes.API,),
    reactions=(reactions.take_reply,),
    sealed=SEALED,
    permissions={"inbox.answer": Permission(N_("Read what customers write back, and answer"), ANSWERERS)},
    navigation=(NavigationEntry(N_("Inbox"), "inbox.inbox", "mail", "inbox.answer", 59),),
)
