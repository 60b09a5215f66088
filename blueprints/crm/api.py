"""What other features may ask of the customer file."""

from blueprints.crm.errors import BadEmail, BadName, BadSearch, UnknownCustomer
from blueprints.crm.queries import Caller, Card, Contact, Page, callers, card, contact, contacts, search, tier, tiers
from blueprints.crm.service import remember

__all__ = [
    "BadEmail",
    "BadName",
    "BadSearch",
    "Caller",
    "Card",
    "Contact",
    "Page",
    "UnknownCustomer",
    "callers",
    "card",
    "contact",
    "contacts",
    "remember",
    "search",
    "tier",
    "tiers",
]
