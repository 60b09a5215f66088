"""The front desk plugs in here."""

from blueprints.frontdesk import pages, routes
from blueprints.frontdesk.permissions import PERMISSIONS
from shopbell.feature import Feature

FEATURE = Feature(name="frontdesk", pages=(pages.blp,), api=(routes.blp,), permissions=PERMISSIONS)
