"""What other features may ask of the customer file."""

from blueprints.crm.consents import Choice, Evidence, Said, choices, last_said, say
from blueprints.crm.errors import BadConsent, BadEmail, BadName, BadSearch, NameTaken, UnknownCustomer
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
    "BadConsent",
    "BadEmail",
    "BadName",
    "BadSearch",
    "Caller",
    "Card",
    "Choice",
    "Contact",
    "Evidence",
    "NameTaken",
    "Page",
    "Said",
    "UnknownCustomer",
    "by_email",
    "by_phone",
    "callers",
    "card",
    "choices",
    "contact",
    "contacts",
    "last_said",
    "remember",
    "rename",
    "say",
    "search",
    "speak",
    "tier",
    "tiers",
]
