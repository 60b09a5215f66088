"""Well-formed requests for the endpoints that check what is sent before they look anything up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PUBLIC_NAMES = frozenset({"name", "filename", "kind", "channel", "locale", "provider"})
"""Parameters that name files or kinds of the application, not rows of a chain."""

FORMS: dict[str, dict[str, str]] = {}

QUERIES: dict[str, dict[str, str]] = {"GET frontdesk.Customers": {"q": "13812345678"}}

DOCUMENTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "POST booking.Cancellation": lambda ids: {"reason": "x"},
    "PUT booking.Length": lambda ids: {"extra_minutes": 15},
    "PUT booking_rules.OnePeak": lambda ids: {
        "weekdays": [4],
        "hours": [600, 660],
        "name": {"en": "x"},
        "staff_min": 2,
    },
    "PUT booking_rules.OneWindow": lambda ids: {"weekdays": [4], "hours": [600, 660], "tier": 1, "until_hours": 24},
    "POST booking.Move": lambda ids: {"start": "2026-03-02T11:00:00+08:00"},
    "POST frontdesk.Sync": lambda ids: {
        "device": "x",
        "ops": [
            {"op_id": str(ids["booking_id"]), "type": "booking.cancel", "p": {"id": str(ids["booking_id"])}},
            {"op_id": str(ids["walk_in_id"]), "type": "walkin.left", "p": {"id": str(ids["walk_in_id"])}},
        ],
    },
    "POST inbox_api.Answers": lambda ids: {"words": "x"},
    "PUT inbox_api.State": lambda ids: {"state": "closed"},
    "POST frontdesk.Times": lambda ids: {"service": str(ids["service_id"]), "day": "2026-03-02"},
    "POST waitlist_api.Removal": lambda ids: {"reason": "x"},
    "POST customers.Consents": lambda ids: {"purpose": "marketing", "channel": "sms", "given": True},
    "PATCH customers.CustomerCard": lambda ids: {"notes": "x"},
}
