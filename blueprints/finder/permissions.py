"""Who may change the places that customers can name."""

from shopbell.auth import Permission
from shopbell.text import N_

PERMISSIONS = {
    "finder.places": Permission(N_("Change the places that customers can name"), frozenset({"hq"}), chain_wide=True)
}
