"""What a customer types about themselves: read, checked, and kept as typed when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import phonenumbers

from blueprints.brand.api import Boxes
from blueprints.storefront.rules import LONGEST_NAME, LONGEST_NOTE, clean_note
from shopbell.i18n import gettext as _
from shopbell.mailbox import public_mailbox
from shopbell.phone import BadPhone, normalise
from shopbell.text import clean_name

FIELDS = ("name", "phone", "email", "note")


@dataclass(frozen=True)
class Customer:
    """Checked details: `phone` is E.164."""

    name: str
    phone: str
    email: str | None
    note: str
    guests: tuple[str, ...] = ()
    """The names of those who come along, in their order; one that was not given is empty."""


@dataclass
class DetailsForm:
    """The details form: `typed` goes back into the fields, `errors` next to them, in the page's language. `boxes` are
    for what has to be agreed to."""

    typed: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    errors: dict[str, str] = field(default_factory=dict)
    boxes: Boxes = field(default_factory=Boxes)

    @staticmethod
    def of(data: Mapping[str, str], guests: int, boxes: Boxes) -> DetailsForm:
        """The form as it was sent for so many guests, whoever books included."""
        names = (*FIELDS, *guest_fields(guests))
        return DetailsForm({name: data.get(name, "").replace("\x00", "") for name in names}, boxes=boxes)

    def check(self, country: str) -> Customer | None:
        """The customer, or None with `errors` filled. A phone number without a calling code is one of `country`."""
        guests = tuple(self._guest(field) for field in self.typed if field.startswith("guest"))
        customer = Customer(self._name(), self._phone(country), self._email(), self._note(), guests)
        self.errors.update(self.boxes.errors)
        return None if self.errors else customer

    def _name(self) -> str:
        name = self._guest("name")
        if not name:
            self.errors["name"] = _("Enter your name.")
        return name

    def _guest(self, field: str) -> str:
        """Whoever comes along may stay without a name."""
        name = clean_name(self.typed[field])
        if len(name) > LONGEST_NAME:
            self.errors[field] = _("Shorten the name to at most %(most)s characters.", most=LONGEST_NAME)
        return name

    def _phone(self, country: str) -> str:
        try:
            return normalise(self.typed["phone"], country)
        except BadPhone as refusal:
            self.errors["phone"] = _(refusal.message_id, example=refusal.example)
            return ""

    def _email(self) -> str | None:
        typed = self.typed["email"].strip()
        email = public_mailbox(typed)
        if typed and not email:
            self.errors["email"] = _("Enter an e-mail address like name@example.com, or leave this empty.")
        return email

    def _note(self) -> str:
        note = clean_note(self.typed["note"])
        if len(note) > LONGEST_NOTE:
            self.errors["note"] = _(
                "Shorten the note to at most %(most)s characters; it has %(length)s now.",
                most=LONGEST_NOTE,
                length=len(note),
            )
        return note


def guest_fields(guests: int) -> list[str]:
    """The fields for the names of those who come along, for so many guests in all."""
    return [f"guest{number}" for number in range(2, guests + 1)]


def country_of(branch_phone: str, otherwise: str) -> str:
    """The ISO code of the country a branch stands in, which its own phone number tells."""
    try:
        number = phonenumbers.parse(branch_phone, None)
    except phonenumbers.NumberParseException:
        return otherwise
    return phonenumbers.region_code_for_number(number) or otherwise
