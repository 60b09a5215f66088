"""Reads of texts, of what providers say about them, and of where they come from."""

from blueprints.templates.queries.approvals import Approval, approval, approvals_of, waiting_approvals
from blueprints.templates.queries.codes import Asked, Coded, codes
from blueprints.templates.queries.texts import (
    Desk,
    Holding,
    Spot,
    Version,
    desk,
    drafts,
    holding,
    in_force,
    version,
    versions,
)

__all__ = [
    "Approval",
    "Asked",
    "Coded",
    "Desk",
    "Holding",
    "Spot",
    "Version",
    "approval",
    "approvals_of",
    "codes",
    "desk",
    "drafts",
    "holding",
    "in_force",
    "version",
    "versions",
    "waiting_approvals",
]
