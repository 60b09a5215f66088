"""The table of contents of alerts."""

from blueprints.alerts import jobs, pages, reactions, rules
from blueprints.alerts.models import SEALED, Alert
from blueprints.alerts.permissions import PERMISSIONS
from blueprints.alerts.service.raising import look_at_quotas
from shopbell import housekeeping
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="alerts",
    pages=(pages.PAGES,),
    reactions=(
        reactions.request_waiting,
        reactions.reply_waiting,
        reactions.message_given_up,
        reactions.provider_trouble,
        reactions.budget_nearly_used,
        reactions.signed_in,
    ),
    jobs=(jobs.send,),
    sealed=SEALED,
    permissions=PERMISSIONS,
    navigation=(NavigationEntry(N_("Alerts"), "alerts.listing", "bell", "alerts.read", 5, personal=True),),
    housekeeping=(housekeeping.older_than(rules.KEPT, Alert, Alert.last_at), look_at_quotas),
)
