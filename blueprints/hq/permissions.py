"""Who may look at figures: head office at the whole chain, a manager at their branches."""

from shopbell.auth import Permission
from shopbell.text import N_

PERMISSIONS = {"hq.read": Permission(N_("See how branches are doing"), frozenset({"hq", "manager"}))}
