"""Own domains plug in here."""

from blueprints.domains import jobs
from blueprints.domains.models import SEALED
from blueprints.domains.pages import PAGES
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="domains",
    pages=(PAGES,),
    jobs=(jobs.check_mail,),
    sealed=SEALED,
    permissions={"domains.edit": Permission(N_("Change the chain's own domains"), frozenset({"hq"}), chain_wide=True)},
    navigation=(NavigationEntry(N_("Own domains"), "domains.domains", "external-link", "domains.edit", 51),),
)
