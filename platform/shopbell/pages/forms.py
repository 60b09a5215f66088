"""Forms of staff pages: what was typed, read into values, and kept when something is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from babel.dates import get_day_names
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from shopbell.checks import NOT_A_NUMBER
from shopbell.errors import DomainError
from shopbell.i18n import LOCALES, babel_locale
from shopbell.spans import Span, parse_spans, spans_text

ANYWAY = "anyway"
NOBODY = UUID(int=0)
"""What an id becomes that is no id: nothing has it, so the service refuses it."""
PAGE = "affected"
"""The page of what a change would break that a form asks for."""


class _NotAgreed(Exception):
    """The change would break something that nobody has said yes to."""


class Form:
    """A form's texts by field name, and a sentence for each field that is wrong.

    A field that exists once per language, weekday or step has it after a dot: "name.vi", "hours.0". What cannot be read
    becomes a value that no service accepts, so that all sentences come from one place.
    """

    def __init__(self, values: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None) -> None:
        self.values: MultiDict[str, str] = values if isinstance(values, MultiDict) else MultiDict(values or {})
        self.errors: dict[str, str] = dict(errors or {})
        self.broken: list[UUID] = []
        self.status = 200
        self.labels: dict[str, str] = {}

    def attempt(
        self, session: Session, work: Callable[[], Any], breaks: Callable[[], Sequence[UUID]] | None = None
    ) -> bool:
        """Do the work; when it names fields that are wrong, keep its sentences, undo it and return False.

        `breaks` tells the ids of what does not fit together. Work that adds to them is undone as well and leaves them
        in `broken`, until the form comes once more, just as it is, with its own `seal` as "anyway".
        """
        before = frozenset(breaks() if breaks else ())
        try:
            with session.begin_nested():
                work()
                if breaks and self.text(ANYWAY) != self.seal():
                    self.broken = [found for found in breaks() if found not in before]
                if self.broken:
                    raise _NotAgreed
        except _NotAgreed:
            return False
        except DomainError as error:
            if not error.fields:
                raise
            self.errors, self.status = error.fields, error.status
            return False
        return True

    def seal(self) -> str:
        """Stands for everything that was typed, so that nobody agrees to what they have not seen."""
        typed = sorted((name, text) for name, text in self.values.items(multi=True) if name not in {ANYWAY, PAGE})
        return hashlib.sha256(repr(typed).encode("utf-8", "backslashreplace")).hexdigest()[:16]

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def texts(self, name: str) -> dict[str, str]:
        """The text in each language."""
        return {locale: self.text(f"{name}.{locale}") for locale in LOCALES}

    def number(self, name: str) -> int:
        """A whole number, or NOT_A_NUMBER."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NOT_A_NUMBER

    def decimal(self, name: str) -> float | None:
        """A number, None for an empty field, and not-a-number for anything else."""
        text = self.text(name)
        try:
            return float(text) if text else None
        except ValueError:
            return float("nan")

    def flag(self, name: str) -> bool:
        return name in self.values

    def day(self, name: str) -> date | None:
        """A date; None when there is none or it is not one."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def id(self, name: str) -> UUID | None:
        """An id, None for an empty field, NOBODY for what is no id."""
        text = self.text(name)
        return _id(text) if text else None

    def ids(self, name: str) -> list[UUID]:
        return [_id(text) for text in self.values.getlist(name)]

    def spans(self, name: str) -> list[Span]:
        return parse_spans(self.text(name))

    def week(self, name: str) -> dict[int, list[Span]]:
        """The spans of each weekday, from one text per day."""
        return {weekday: self.spans(f"{name}.{weekday}") for weekday in range(7)}

    def value(self, name: str) -> str:
        """What stands in the field."""
        return self.values.get(name, "")

    def chosen(self, name: str, value: object) -> bool:
        """Whether the box or the option with this value is chosen."""
        return str(value) in self.values.getlist(name)

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def place(self, name: str, label: str) -> str:
        """The id of the field; its label is remembered for the summary of what is wrong."""
        self.labels[name] = label
        return place(name)

    def problems(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of everything that is wrong, in the order of the fields drawn so far."""
        order = [name for name in self.labels if name in self.errors]
        order += [name for name in self.errors if name not in self.labels]
        return [(place(name), self.labels.get(name, ""), self.errors[name]) for name in order]


def place(name: str) -> str:
    return "f-" + name.replace(".", "-")


def spread(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """A text in several languages as fields: {"name.en": ...}."""
    return {f"{name}.{locale}": text for locale, text in texts.items()}


def spread_week(name: str, week: Mapping[int, Iterable[Span]]) -> dict[str, str]:
    """Weekly spans as fields: {"hours.0": "09:00–18:00"}."""
    return {f"{name}.{weekday}": spans_text(spans) for weekday, spans in week.items()}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


def weekday_names() -> list[str]:
    """Monday to Sunday in the reader's language."""
    names = get_day_names("wide", locale=babel_locale())
    return [names[weekday] for weekday in range(7)]
