"""What other features may ask of the customer file."""

from blueprints.crm.errors import BadEmail, BadName, UnknownCustomer
from blueprints.crm.queries import Contact, contact, contacts
from blueprints.crm.service import remember

__all__ = ["BadEmail", "BadName", "Contact", "UnknownCustomer", "contact", "contacts", "remember"]
