"""Checking what was entered: every field is looked at, and all that is wrong is said at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from shopbell.errors import Invalid
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.spans import Span, overlap, usable
from shopbell.text import clean_name

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_SLUG = 40
NOT_A_NUMBER = -1
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class Checks:
    """Collects a sentence per field. The methods return the cleaned value; `settle` raises if anything was wrong."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}

    def refuse(self, field: str, sentence: str) -> None:
        """The first thing said about a field stays."""
        self.fields.setdefault(field, sentence)

    def settle(self, error: type[Invalid] = Invalid) -> None:
        """Raises the error with every field's sentence, when there is one."""
        if self.fields:
            raise error(_("Nothing was saved yet: please correct what is marked."), fields=self.fields)

    def line(self, field: str, text: str, *, longest: int = 80, required: bool = True) -> str:
        """One line of text, cleaned."""
        cleaned = clean_name(text)
        if required and not cleaned:
            self.refuse(field, _("Enter something here."))
        if len(cleaned) > longest:
            self.refuse(field, _("At most %(count)s characters.", count=longest))
        return cleaned

    def texts(
        self, field: str, texts: Mapping[str, str], *, longest: int = 80, required: bool = True
    ) -> dict[str, str]:
        """A text per language, empty ones left out; a wrong one is named `field.locale`."""
        cleaned = {
            locale: self.line(f"{field}.{locale}", texts[locale], longest=longest, required=False)
            for locale in LOCALES
            if texts.get(locale)
        }
        kept = {locale: text for locale, text in cleaned.items() if text}
        if required and not kept:
            self.refuse(f"{field}.{next(iter(LOCALES))}", _("Enter this in at least one language."))
        return kept

    def slug(self, field: str, text: str) -> str:
        """A short name for addresses."""
        if len(text) > MAX_SLUG or not SLUG.fullmatch(text):
            self.refuse(field, _("Small letters a–z, digits and single hyphens, for example west-lake."))
        return text

    def number(self, field: str, value: int, low: int, high: int) -> int:
        if not low <= value <= high:
            self.refuse(field, _("A whole number from %(low)s to %(high)s.", low=low, high=high))
        return value

    def day(self, field: str, day: date | None) -> date:
        """A day of our times; the first of them stands in for what is none."""
        if day is None:
            self.refuse(field, _("Choose a day."))
        elif not FIRST_DAY <= day <= LAST_DAY:
            self.refuse(field, _("Choose a day from %(first)s to %(last)s.", first=FIRST_DAY.year, last=LAST_DAY.year))
        else:
            return day
        return FIRST_DAY

    def spans(self, field: str, spans: Iterable[Span]) -> list[Span]:
        """Spans of one day, in order, none overlapping another."""
        found = sorted(spans)
        if not all(usable(span) for span in found):
            self.refuse(field, _("Write hours within one day like 09:00–12:30, 13:30–18:00."))
        elif overlap(found):
            self.refuse(field, _("These hours overlap each other."))
        return found
