"""What other features may ask of the customer file."""

from blueprints.crm.consents import Choice, Evidence, Said, choices, consent_words, last_said, say
from blueprints.crm.errors import BadConsent, BadEmail, BadName, BadSearch, NameTaken, UnknownCustomer
from blueprints.crm.links import (
    preferences_link,
    read_preferences_token,
    read_unsubscribe_token,
    unsubscribe_link,
)
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
from blueprints.crm.service import Recognised, recognise, remember, rename, speak

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
    "Recognised",
    "Said",
    "UnknownCustomer",
    "by_email",
    "by_phone",
    "callers",
    "card",
    "choices",
    "consent_words",
    "contact",
    "contacts",
    "last_said",
    "preferences_link",
    "read_preferences_token",
    "read_unsubscribe_token",
    "recognise",
    "remember",
    "rename",
    "say",
    "search",
    "speak",
    "tier",
    "tiers",
    "unsubscribe_link",
]
