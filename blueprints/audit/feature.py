"""The audit trail's table of contents."""

from datetime import timedelta

from blueprints.audit import pages
from blueprints.audit.service import forget_older_than
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

KEPT = timedelta(days=3 * 365)
"""China's PIPL (article 56) wants records of how personal data was handled kept for at least three years."""

FEATURE = Feature(
    name="audit",
    pages=(pages.PAGES,),
    permissions={
        "audit.read": Permission(N_("Read who saw or changed what"), frozenset({"hq"}), chain_wide=True),
    },
    navigation=(NavigationEntry(N_("Audit trail"), "audit.trail", "history", "audit.read", 95),),
    housekeeping=(forget_older_than(KEPT),),
)
