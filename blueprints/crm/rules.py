"""Pure rules: what a name, an e-mail address and notes may be, and what somebody searching has in mind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

import phonenumbers

from blueprints.crm import errors
from shopbell.i18n import gettext as _
from shopbell.mailbox import mailbox
from shopbell.text import clean_name, search_key

LONGEST_NAME = 100
LONGEST_NOTES = 4000
LONGEST_SEARCH = 100
ENDING_DIGITS = 4
"""A number is found by all of its digits, or by its last ones: by so many at least."""
HIGHEST_TIER = 9
CONSENT_PURPOSES = ("transactional", "reminder", "marketing")
"""What one may say yes or no to. Codes are asked for, and that a branch is closed has to be told."""
CONSENT_CHANNELS = ("sms", "email")
HEARD = ("counter", "phone", "paper", "api")
CONSENT_SOURCES = ("booking", "preferences", "one_click", "reply", "complaint", *HEARD)

_PHONE_LIKE = re.compile(r"\+?[\d\s().\-/]+")
_SEARCH_LIKE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True)
class Names:
    """A cleaned name and the keys it is found by."""

    name: str
    key: str
    given_key: str


@dataclass(frozen=True)
class Search:
    """What to look for: the beginning of a name, a whole phone number or its last digits, or an e-mail address; nothing
    of these means everybody."""

    name_prefix: str | None = None
    phones: tuple[str, ...] = ()
    phone_ending: str | None = None
    address: str | None = None


def names(text: str) -> Names:
    """Raises BadName when nothing is left after cleaning, or too much."""
    name = clean_name(text)
    if not name or len(name) > LONGEST_NAME:
        sentence = _("Enter a name of at most %(n)s characters.", n=LONGEST_NAME)
        raise errors.BadName(sentence, fields={"name": sentence})
    words = search_key(name).split() or [name]
    return Names(name, "".join(words), "".join(words[-1:] + words[:-1]))


def email(text: str | None) -> str | None:
    """The trimmed address, None for an empty one. Raises BadEmail."""
    if not text or not text.strip():
        return None
    address = mailbox(text)
    if address is None:
        sentence = _("Enter an e-mail address, for example an@example.com.")
        raise errors.BadEmail(sentence, fields={"email": sentence})
    return address


def notes(text: str) -> str:
    """Notes with line ends as \\n and without control characters. Raises BadNotes when they are too long."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    if len(kept) > LONGEST_NOTES:
        sentence = _("Shorten the notes to %(n)s characters.", n=LONGEST_NOTES)
        raise errors.BadNotes(sentence, fields={"notes": sentence})
    return kept


def tier(value: int) -> int:
    """Raises BadTier."""
    if not 0 <= value <= HIGHEST_TIER:
        sentence = _("A whole number from %(low)s to %(high)s.", low=0, high=HIGHEST_TIER)
        raise errors.BadTier(sentence, fields={"tier": sentence})
    return value


def search(text: str, country: str) -> Search:
    """What the words typed into the search mean. Raises BadSearch for too few digits or too many characters."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if len(typed) > LONGEST_SEARCH:
        raise bad_search("q", _("Search for at most %(n)s characters.", n=LONGEST_SEARCH))
    if not typed:
        return Search()
    if (address := mailbox(typed)) is not None:
        return Search(address=address)
    if not _PHONE_LIKE.fullmatch(typed):
        key = search_key(typed).replace(" ", "")
        if not key:
            raise bad_search("q", _("Type the beginning of a name, or part of a phone number."))
        return Search(name_prefix=key.translate(_SEARCH_LIKE))
    digits = "".join(str(unicodedata.decimal(c)) for c in typed if c.isdecimal())
    if len(digits) < ENDING_DIGITS:
        raise bad_search("q", _("Type at least the last %(n)s digits of the phone number.", n=ENDING_DIGITS))
    if typed.startswith("+"):
        return Search(phones=(f"+{digits}",))
    national = digits.removeprefix("0")
    whole = (f"+{digits.removeprefix('00')}", f"+{phonenumbers.country_code_for_region(country)}{national}")
    return Search(phones=whole, phone_ending=digits)


def ending(phone_e164: str) -> str:
    """What numbers with the same last digits share."""
    return phone_e164[-ENDING_DIGITS:]


def bad_search(field: str, sentence: str) -> errors.BadSearch:
    return errors.BadSearch(sentence, fields={field: sentence})


def usual(purpose: str) -> bool:
    """What holds as long as nothing was said: what belongs to an appointment is sent, advertising is not."""
    return purpose != "marketing"


def check_consent(field: str, value: str, known: Collection[str]) -> None:
    """Raises BadConsent naming the field."""
    if value not in known:
        sentence = _("Choose one of these.")
        raise errors.BadConsent(sentence, fields={field: sentence})
