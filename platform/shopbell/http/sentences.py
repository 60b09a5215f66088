"""What marshmallow, and webargs of a body, say of a field that is wrong, in the reader's language.

It has English sentences only and puts values into them itself, so that the finished sentence is taken apart again. The
tests compare this list with the sentences of the installed version.
"""

from __future__ import annotations

import re

from shopbell.i18n import gettext as _
from shopbell.text import N_

SENTENCES = (
    N_("Invalid JSON body."),
    N_("Missing data for required field."),
    N_("Field may not be null."),
    N_("Unknown field."),
    N_("Invalid value."),
    N_("Invalid type."),
    N_("Invalid input."),
    N_("Invalid input type."),
    N_("Not a valid string."),
    N_("Not a valid utf-8 string."),
    N_("Not a valid boolean."),
    N_("Not a valid integer."),
    N_("Not a valid number."),
    N_("Number too large."),
    N_("Special numeric values (nan or infinity) are not permitted."),
    N_("Not a valid date."),
    N_("Not a valid time."),
    N_("Not a valid datetime."),
    N_("Not a valid aware datetime."),
    N_("Not a valid naive datetime."),
    N_("Not a valid list."),
    N_("Not a valid mapping type."),
    N_("Not a valid UUID."),
    N_("Not a valid URL."),
    N_("Not a valid email address."),
    N_("String does not match expected pattern."),
    N_("Must be one of: %(choices)s."),
    N_("Must be equal to %(other)s."),
    N_("Length must be between %(min)s and %(max)s."),
    N_("Length must be %(equal)s."),
    N_("Shorter than minimum length %(min)s."),
    N_("Longer than maximum length %(max)s."),
    N_("Must be greater than or equal to %(min)s and less than or equal to %(max)s."),
    N_("Must be greater than or equal to %(min)s."),
    N_("Must be less than or equal to %(max)s."),
)


def _reader(sentence: str) -> re.Pattern[str]:
    words = re.split(r"%\((\w+)\)s", sentence)
    return re.compile(
        "".join(f"(?P<{word}>.*)" if number % 2 else re.escape(word) for number, word in enumerate(words))
    )


READERS = tuple((_reader(sentence), sentence) for sentence in SENTENCES if "%(" in sentence)


def said(message: object) -> str:
    """The message in the current language; one that is not marshmallow's own stays as it is."""
    text = str(message)
    if text in SENTENCES:
        return _(text)
    for reader, sentence in READERS:
        if found := reader.fullmatch(text):
            return _(sentence, **found.groupdict())
    return text
