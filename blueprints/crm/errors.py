"""What the customer file refuses."""

from __future__ import annotations

from shopbell.errors import Invalid, NotFound


class UnknownCustomer(NotFound):
    code = "unknown_customer"
    title = "There is no such customer"


class BadName(Invalid):
    code = "bad_name"
    title = "A customer needs a name"


class BadEmail(Invalid):
    code = "bad_email"
    title = "This is not an e-mail address"


class BadNotes(Invalid):
    code = "bad_notes"
    title = "These notes cannot be kept"


class BadSearch(Invalid):
    code = "bad_search"
    title = "Nothing can be found by this"
