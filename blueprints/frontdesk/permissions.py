"""Who may work at the front desk."""

from shopbell.auth import Permission
from shopbell.text import N_

PERMISSIONS = {
    "frontdesk.use": Permission(
        N_("Work at the front desk: appointments, requests and the queue"), frozenset({"hq", "manager", "frontdesk"})
    )
}
