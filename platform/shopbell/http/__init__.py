"""The edge: requests, permissions, problem documents, idempotency keys.

One request is one transaction. It opens when the view first asks for a session, commits after the view has returned,
and rolls back when the view raises.
"""

from shopbell.http.context import client_address, current_principal, current_session
from shopbell.http.etags import if_match, untagged
from shopbell.http.idempotency import idempotent
from shopbell.http.permissions import open_to_all, permit, permitted_at, permitted_branches
from shopbell.http.trail import concerns, looked, shows_people

__all__ = [
    "client_address",
    "concerns",
    "current_principal",
    "current_session",
    "idempotent",
    "if_match",
    "looked",
    "open_to_all",
    "permit",
    "permitted_at",
    "permitted_branches",
    "shows_people",
    "untagged",
]
