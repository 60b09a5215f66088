"""What other features may ask of the customer file."""

from blueprints.crm.errors import BadEmail, BadName, BadSearch, NameTaken, UnknownCustomer
from blueprints.crm.queries import (
    Caller,
    Card,
    Contact,
    Page,
    by_email,
    by_phone,
    callers,
    card,
    contact,
    contacts,
    search,
    tier,
    tiers,
)
from blueprints.crm.service import remember, rename, speak

__all__ = [
    "BadEmail",
    "BadName",
    "BadSearch",
    "Caller",
    "Card",
    "Contact",
    "NameTaken",
    "Page",
    "UnknownCustomer",
    "by_email",
    "by_phone",
    "callers",
    "card",
    "contact",
    "contacts",
    "remember",
    "rename",
    "search",
    "speak",
    "tier",
    "tiers",
]
