"""Checking what somebody typed about themselves; the same for every door."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from blueprints.booking.values import CustomerInput, Guest
from shopbell import i18n, phone
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _
from shopbell.mailbox import public_mailbox
from shopbell.tenancy import current_tenant
from shopbell.text import clean_name

NAME_LENGTH = 120
NOTE_LENGTH = 500


def checked(customer: CustomerInput) -> CustomerInput:
    """The customer with a clean name, an E.164 phone and a known language. Raises Invalid naming every wrong field."""
    fields: dict[str, str] = {}
    name = clean_name(customer.name)
    if not name:
        fields["customer.name"] = _("Enter your name.")
    elif len(name) > NAME_LENGTH:
        fields["customer.name"] = _("A name has at most %(n)s characters.", n=NAME_LENGTH)
    number = ""
    try:
        number = phone.normalise(customer.phone, current_tenant().country)
    except phone.BadPhone as error:
        fields["customer.phone"] = _(error.message_id) % {"example": error.example}
    typed = (customer.email or "").strip()
    email = public_mailbox(typed)
    if typed and not email:
        fields["customer.email"] = _("Enter an e-mail address like name@example.com, or leave it empty.")
    if fields:
        raise Invalid(" ".join(fields.values()), fields=fields)
    locale = i18n.known(customer.locale, current_tenant().locale)
    return replace(customer, name=name, phone=number, email=email, locale=locale)


def plain(text: str) -> str:
    """The text without control characters and halves of surrogate pairs, neither of which can be stored."""
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cs"})


def checked_note(note: str) -> str:
    """A note without control characters. Raises Invalid when it is too long."""
    text = plain(note).strip()
    if len(text) > NOTE_LENGTH:
        hint = _("A note has at most %(n)s characters.", n=NOTE_LENGTH)
        raise Invalid(hint, fields={"note": hint})
    return text


def checked_guests(guests: Sequence[Guest]) -> tuple[Guest, ...]:
    """The guests with clean names. Raises Invalid when one is too long."""
    found = []
    for guest in guests:
        name = clean_name(guest.name)
        if len(name) > NAME_LENGTH:
            hint = _("A name has at most %(n)s characters.", n=NAME_LENGTH)
            raise Invalid(hint, fields={"guests": hint})
        found.append(replace(guest, name=name))
    return tuple(found)
