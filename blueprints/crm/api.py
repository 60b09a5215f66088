"""What other features may ask of the customer file."""

from blueprints.crm.errors import BadEmail, BadName, BadSearch, UnknownCustomer
from blueprints.crm.queries import Card, Contact, Page, card, contact, contacts, search, tier, tiers
from blueprints.crm.service import remember

__all__ = [
    "BadEmail",
    "BadName",
    "BadSearch",
    "Card",
    "Contact",
    "Page",
    "UnknownCustomer",
    "card",
    "contact",
    "contacts",
    "remember",
    "search",
    "tier",
    "tiers",
]
