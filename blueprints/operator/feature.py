"""The operator console plugs in here: at a host of its own, beside the chains."""

from blueprints.operator import credentials, jobs, pages
from blueprints.operator.permissions import PERMISSIONS
from shopbell.feature import Feature
from shopbell.tenancy import OPERATORS_HOST

FEATURE = Feature(
    name="operator",
    host=OPERATORS_HOST,
    pages=(pages.GATE, pages.PAGES),
    jobs=(jobs.count_use,),
    permissions=PERMISSIONS,
    authenticators=(credentials.by_session,),
    seeders=(jobs.begin,),
    housekeeping=(jobs.begin,),
)
