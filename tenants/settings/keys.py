"""Keys: what can be said, of what kind it is, and at which levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shopbell.i18n import gettext as _
from shopbell.money import BadAmount, major_text, minor_digits, parse_major
from shopbell.spans import overlap, spans_text, usable
from shopbell.text import clean_name

CHAIN, REGION, BRANCH = LEVELS = ("chain", "region", "branch")
LARGEST_PRICE = 2_000_000_000


class Unfit(ValueError):
    """Not a value of this kind; its text is the sentence, in the reader's language."""


def _any(_value: int) -> bool:
    return True


class Kind(Protocol):
    """How values look in JSON, in a form's field, and to people."""

    @property
    def name(self) -> str:
        """Which field a form shows."""

    def checked(self, value: Any) -> Any:
        """The value as it is kept. Raises Unfit."""

    def read(self, text: str) -> Any:
        """What was typed; what cannot be read becomes what `checked` refuses."""

    def typed(self, value: Any) -> str:
        """The value as a field shows it."""


@dataclass(frozen=True)
class Number:
    """A whole number; with `empty`, none at all is a value too."""

    low: int
    high: int
    empty: str = ""
    """A msgid that says what no number means; empty when there has to be one."""
    among: Callable[[int], bool] = _any
    otherwise: str = ""
    """A number within the limits that is not `among` those allowed is refused with this msgid."""
    name = "number"

    def checked(self, value: Any) -> int | None:
        if value is None and self.empty:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise Unfit(_("A whole number from %(low)s to %(high)s.", low=self.low, high=self.high))
        if not self.among(value):
            raise Unfit(_(self.otherwise))
        return value

    def read(self, text: str) -> Any:
        if not text:
            return None
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text

    def typed(self, value: Any) -> str:
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    name = "flag"

    def checked(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Unfit(_("Choose one of these."))
        return value

    def read(self, text: str) -> Any:
        return {"yes": True, "no": False}.get(text)

    def typed(self, value: Any) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Choice:
    """One of some texts."""

    options: Sequence[str]
    labels: Sequence[str] = ()
    """Msgids of what people read for the options; without them the options themselves."""
    name = "choice"

    def checked(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise Unfit(_("Choose one of these."))
        return value

    def read(self, text: str) -> Any:
        return text

    def typed(self, value: Any) -> str:
        return str(value)

    def choices(self) -> list[tuple[str, str]]:
        """The options with what people read for them."""
        labels = [_(label) for label in self.labels] or self.options
        return list(zip(self.options, labels, strict=True))


@dataclass(frozen=True)
class Line:
    """One line of text, put into its usual form by `clean`, which raises Unfit."""

    longest: int = 80
    clean: Callable[[str], str] = clean_name
    name = "line"

    def checked(self, value: Any) -> str:
        if not isinstance(value, str):
            raise Unfit(_("Enter something here."))
        cleaned = self.clean(value)
        if len(cleaned) > self.longest:
            raise Unfit(_("At most %(count)s characters.", count=self.longest))
        return cleaned

    def read(self, text: str) -> Any:
        return text

    def typed(self, value: Any) -> str:
        return str(value or "")


@dataclass(frozen=True)
class Price:
    """An amount in a currency: {"minor": 19900, "currency": "CNY"}; typed as "199.00 CNY". It may be a `difference`;
    with `empty`, none at all is a value too."""

    difference: bool = False
    empty: str = ""
    """A msgid that says what no amount means; empty when there has to be one."""
    name = "price"

    def checked(self, value: Any) -> dict[str, Any] | None:
        if value is None and self.empty:
            return None
        known = isinstance(value, Mapping) and value.keys() == {"minor", "currency"}
        minor, currency = (value["minor"], value["currency"]) if known else (None, None)
        if not isinstance(currency, str) or not isinstance(minor, int) or isinstance(minor, bool):
            raise Unfit(_("Write the amount like %(example)s.", example="120.50 CNY"))
        try:
            minor_digits(currency)
        except ValueError:
            raise Unfit(_("Write the amount like %(example)s.", example="120.50 CNY")) from None
        if not (-LARGEST_PRICE if self.difference else 0) <= minor <= LARGEST_PRICE:
            raise Unfit(_("At most %(amount)s.", amount=major_text(LARGEST_PRICE, currency)))
        return {"minor": minor, "currency": currency}

    def read(self, text: str) -> Any:
        amount, _space, currency = text.rpartition(" ")
        negative = self.difference and amount[:1] in {"-", "−"}
        try:
            minor = parse_major(amount[1:] if negative else amount, currency)
        except (BadAmount, ValueError):
            return text
        return {"minor": -minor if negative else minor, "currency": currency}

    def typed(self, value: Any) -> str:
        return f"{major_text(value['minor'], value['currency'])} {value['currency']}" if value else ""


@dataclass(frozen=True)
class Week:
    """The hours of a week: {"0": [[540, 1080]]}, minutes of the day by weekday (0 = Monday), closed days left out."""

    name = "week"

    def checked(self, value: Any) -> dict[str, list[list[int]]]:
        if not isinstance(value, Mapping) or not value.keys() <= {str(day) for day in range(7)}:
            raise Unfit(_("Write hours within one day like 09:00–12:30, 13:30–18:00."))
        found = {}
        for day, spans in sorted(value.items()):
            pairs = _pairs(spans)
            if pairs:
                found[day] = pairs
        return found

    def read(self, text: str) -> Any:
        return text

    def typed(self, value: Any) -> str:
        return ""


@dataclass(frozen=True)
class DayHours:
    """The hours of one day, none when it is closed, and why: {"spans": [[540, 720]], "reason": "…"}."""

    longest: int = 80
    name = "day"

    def checked(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not {"spans"} <= value.keys() <= {"spans", "reason"}:
            raise Unfit(_("Write hours within one day like 09:00–12:30, 13:30–18:00."))
        reason = value.get("reason", "")
        if not isinstance(reason, str) or len(clean_name(reason)) > self.longest:
            raise Unfit(_("At most %(count)s characters.", count=self.longest))
        return {"spans": _pairs(value["spans"]), "reason": clean_name(reason)}

    def read(self, text: str) -> Any:
        return text

    def typed(self, value: Any) -> str:
        return spans_text((opens, closes) for opens, closes in value["spans"]) if value else ""


def _pairs(spans: Any) -> list[list[int]]:
    """Spans of minutes within a day, in order. Raises Unfit."""
    good = isinstance(spans, list | tuple) and all(
        isinstance(span, list | tuple) and len(span) == 2 and all(type(minute) is int for minute in span)
        for span in spans
    )
    pairs = sorted((span[0], span[1]) for span in spans) if good else []
    if not good or not all(usable(pair) for pair in pairs):
        raise Unfit(_("Write hours within one day like 09:00–12:30, 13:30–18:00."))
    if overlap(pairs):
        raise Unfit(_("These hours overlap each other."))
    return [list(pair) for pair in pairs]


@dataclass(frozen=True)
class Texts:
    """A text per language: {"en": …}; empty ones left out. The key is ready, pages write it in their own way."""

    longest: int = 2000
    name = "texts"

    def checked(self, value: Any) -> dict[str, str]:
        good = isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair)
        if not good or any(len(text) > self.longest for text in value.values()):
            raise Unfit(_("At most %(count)s characters.", count=self.longest))
        return {locale: text for locale, text in value.items() if text.strip()}

    def read(self, text: str) -> Any:
        return text

    def typed(self, value: Any) -> str:
        return ""


@dataclass(frozen=True)
class Key:
    """Something that can be said of a place, or of a subject there (a service, a template).

    `label`, `hint` and `group` are msgids. `default` holds where nobody says anything. `about` names what its subjects
    are, "" when the key has none. A key that `falls_back` and says nothing of a subject says what it says of none.
    """

    name: str
    label: str
    kind: Kind
    default: Any = None
    group: str = ""
    hint: str = ""
    about: str = ""
    levels: frozenset[str] = frozenset(LEVELS)
    falls_back: bool = False

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, with what people read for it; nothing where a value is typed."""
        return self.kind.choices() if isinstance(self.kind, Choice) else []
