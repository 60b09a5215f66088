"""The front desk plugs in here."""

from datetime import timedelta

from blueprints.frontdesk import pages, routes
from blueprints.frontdesk.models import DeskOp
from blueprints.frontdesk.permissions import PERMISSIONS
from shopbell.feature import Feature
from shopbell.housekeeping import older_than

FEATURE = Feature(
    name="frontdesk",
    pages=(pages.blp,),
    api=(routes.blp,),
    permissions=PERMISSIONS,
    # A device that was lost in a drawer may still send its work again after weeks.
    housekeeping=(older_than(timedelta(days=90), DeskOp, DeskOp.applied_at),),
)
