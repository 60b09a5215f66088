"""What the customer file refuses."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownCustomer(NotFound):
    code = "unknown_customer"
    title = N_("There is no such customer")


class BadName(Invalid):
    code = "bad_name"
    title = N_("A customer needs a name")


class NameTaken(Conflict):
    code = "name_taken"
    title = N_("Somebody with this name and number is known already")


class BadEmail(Invalid):
    code = "bad_email"
    title = N_("This is not an e-mail address")


class BadNotes(Invalid):
    code = "bad_notes"
    title = N_("These notes cannot be kept")


class BadTier(Invalid):
    code = "bad_tier"
    title = N_("There is no such tier")


class BadSearch(Invalid):
    code = "bad_search"
    title = N_("Nothing can be found by this")


class BadConsent(Invalid):
    code = "bad_consent"
    title = N_("This cannot be agreed to")
