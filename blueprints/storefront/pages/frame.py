"""What all customer pages share: the band with the chain's name, headers of private pages, what buttons carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, current_app, request, url_for
from markupsafe import Markup, escape

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails
from blueprints.brand import api as brand
from blueprints.catalog.api import BranchView
from blueprints.staff.api import PersonView
from blueprints.storefront.errors import BadChoice
from blueprints.storefront.rules import clock_face, script_language
from blueprints.storefront.service import Wish
from blueprints.storefront.visits import short
from shopbell import clock
from shopbell.errors import DomainError
from shopbell.http import current_session
from shopbell.http.idempotency import caller_name, keep, kept, reserve
from shopbell.i18n import current_locale
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.environment import clock_time, dated
from shopbell.phone import display
from shopbell.tenancy import current_tenant

WHY_OPEN = "customers book without an account"
PER_MINUTE = 40
"""Changes one address may make; a whole family on one shop's network stays far below it."""
LONGEST_FIELD = 2000
LINK_LIFE = timedelta(days=30)

T = TypeVar("T")

PAGES = Blueprint("storefront", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Alternative:
    """A free time offered for one that is gone; `value` is what its button sends."""

    start: datetime
    person: str
    value: str


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A customer page with the name and the logo of the chain, or of the branch that it is about."""
    return render(f"storefront/{template}", status, brand=brand.shown(context.get("branch")), **context)


def problem(error: DomainError, address: str, way_out: str, **context: Any) -> Response:
    """What went wrong in words, and a link to where it goes on."""
    return page("problem.html", error.status, error=error, address=address, way_out=way_out, **context)


def language_of(texts: Mapping[str, str]) -> str:
    """The language in which a chain's own text will be shown."""
    return next((name for name in (current_locale(), current_tenant().locale) if texts.get(name)), next(iter(texts)))


@PAGES.app_template_filter("told")
def told(texts: Mapping[str, str] | None) -> Markup:
    """A chain's own text; one that exists only in another language says which (WCAG 3.1.2)."""
    if not texts:
        return Markup()
    language = language_of(texts)
    if language == current_locale():
        return escape(texts[language])
    return Markup('<span lang="{}">{}</span>').format(language, texts[language])


@PAGES.app_template_filter("spoken_name")
def spoken_name(name: str) -> Markup:
    """A person's name; one in Chinese characters says so on pages in other languages."""
    language = script_language(name)
    if language is None or current_locale().startswith(language):
        return escape(name)
    return Markup('<span lang="{}">{}</span>').format(language, name)


@PAGES.app_template_filter("moment")
def moment(instant: datetime, zone: ZoneInfo) -> str:
    """The local day and time in words, for sentences."""
    return f"{dated('full', instant, zone)} · {clock_time(instant, zone)}"


@PAGES.app_template_filter("stamp")
def stamp(instant: datetime) -> str:
    """The instant as buttons send it; read_wish reads it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


@PAGES.app_template_filter("tongues")
def tongues(languages: Iterable[str]) -> Markup:
    """Languages by their own names: 中文, English."""
    return Markup(", ").join(Markup('<span lang="{}">{}</span>').format(code, own_name(code)) for code in languages)


def own_name(code: str) -> str:
    """What a language calls itself; a code nobody knows stays as it is."""
    try:
        return Locale.parse(code, sep="-").language_name or code
    except (UnknownLocaleError, ValueError):
        return code


@PAGES.app_template_filter("portrait")
def portrait(person: PersonView) -> str | None:
    """Where somebody's photograph is."""
    return there("staff_public.photo", person_id=person.id, v=person.photo) if person.photo else None


@PAGES.app_template_filter("profile")
def profile(person: PersonView, branch: BranchView) -> str | None:
    """Where somebody's own page is."""
    return there("storefront.profile", branch_slug=branch.slug, person_id=person.id)


def there(endpoint: str, **values: Any) -> str | None:
    """The address of a page, None when the product runs without it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


@PAGES.app_template_filter("phone_number")
def phone_number(e164: str) -> str:
    """A branch's number as people write it: without the calling code at home."""
    return display(e164, current_tenant().country)


PAGES.add_app_template_filter(booking.reason_text, "reason")
PAGES.add_app_template_filter(clock_face, "clock_face")
PAGES.add_app_template_filter(clock.zone, "zone")
PAGES.add_app_template_filter(short, "short_id")


def asked(name: str) -> str:
    """A part of the address's query."""
    return sent(request.args, name)


def entered(name: str) -> str:
    """A field of the form."""
    return sent(request.form, name)


def sent(values: Mapping[str, str], name: str) -> str:
    """Fit to compare and store: PostgreSQL takes no NUL, and nobody chooses with a novel."""
    return values.get(name, "").replace("\x00", "\ufffd")[:LONGEST_FIELD]


def read_wish(text: str) -> Wish:
    """The time and person a button carries: "2026-11-23T07:30:00Z" and, after a blank, a person. Raises BadChoice."""
    start, _blank, person = text.partition(" ")
    try:
        return Wish(clock.parse_instant(start), UUID(person) if person else None)
    except ValueError:
        raise BadChoice(_("Choose a time from the list.")) from None


def alternatives(refusal: DomainError) -> list[Alternative]:
    """The free times that came with a refusal."""
    found = []
    for offer in refusal.extra.get("alternatives", ()):
        person = offer.get("staff") or {}
        value = f"{offer['start']} {person.get('id', '')}".strip()
        found.append(Alternative(clock.parse_instant(offer["start"]), person.get("name", ""), value))
    return found


def whole(work: Callable[[], T]) -> T:
    """What `work` gives. When it raises, nothing of it is kept, and the transaction stays usable."""
    with current_session().begin_nested():
        return work()


def once(key: str, work: Callable[[], str], *, stands: Callable[[str], bool] = lambda _told: True) -> str:
    """The text `work` gives; whoever repeats the key gets the same one, without the work being done again while what
    it did `stands`.

    A repetition waits for the first to commit. When the work raises, nothing is kept and the key may be used again.
    """
    session, caller = current_session(), caller_name()
    with session.begin_nested():
        row = reserve(session, caller, key)
        if row is None:
            before = kept(session, caller, key).body.decode()
            return before if stands(before) else work()
        result = work()
        keep(session, row, caller, key, Response(result))
        return result


def manage_token(made: BookingDetails) -> str:
    """What opens the customer's own page, until a month after the appointment."""
    return booking.manage_token(made.id, max(made.ends_at, clock.now()) + LINK_LIFE)


def done_address(made: BookingDetails) -> str:
    return url_for("storefront.done", token=manage_token(made))
