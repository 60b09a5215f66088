"""The Jinja environment: language, assets, icons and formats."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from flask import Flask, Request, Response, request, send_from_directory
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shopbell import clock, i18n
from shopbell.http.context import current_principal, this_request
from shopbell.http.cookies import Cookie
from shopbell.http.framing import frame_locale, framed, preview_mode, previewed, shifted
from shopbell.http.permissions import open_to_all
from shopbell.money import format_money
from shopbell.settings import ROOT
from shopbell.tenancy import tenant_or_none

DIST = ROOT / "frontend" / "dist"
TEMPLATES = Path(__file__).parent / "templates"
TAGS = {tag: i18n.known(tag) for tag in ("zh-CN", "zh", "vi", "en")}
"""What browsers may ask for, and what there is of it."""
YEAR_SECONDS = 31_536_000
LANGUAGE = Cookie("lang", timedelta(days=365), plain_path="/")


class Assets:
    """Logical asset name -> address of the built file; a name the build does not know raises KeyError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read_at = 0.0
        self.names: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        manifest = self.folder / "manifest.json"
        changed = manifest.stat().st_mtime
        if changed != self.read_at:
            self.names, self.read_at = json.loads(manifest.read_text()), changed
        return f"/static/build/{self.names[name]}"


def install_pages(app: Flask) -> None:
    """Give the application its languages, filters, globals and built assets."""
    assets = Assets(DIST)
    app.before_request(choose_language)
    app.after_request(remember_language)
    app.add_url_rule("/static/build/<path:name>", "built_asset", built_asset)
    app.jinja_loader = FileSystemLoader(TEMPLATES)
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=False
    )
    environment.globals.update(
        asset=assets,
        icon=partial(icon, assets),
        languages=i18n.LOCALES,
        locale=i18n.current_locale,
        tenant=tenant_or_none,
        principal=current_principal,
        now=clock.now,
        language_address=language_address,
        framed=framed,
        preview_mode=preview_mode,
        theme_address=theme_address,
    )
    environment.filters.update(
        localized=localized,
        clock_time=clock_time,
        long_date=partial(dated, "full"),
        short_date=partial(dated, "medium"),
        near_date=near_date,
        weekday=weekday,
        money=money,
        decimal=decimal,
        whole=whole,
        percent=percent,
    )


def choose_language(offered: Sequence[str] = tuple(i18n.LOCALES)) -> None:
    """The first that is offered of: the address's own, ?lang=, the cookie's, the browser's; else the tenant's."""
    tenant, asked = tenant_or_none(), this_request()
    home = tenant.locale if tenant and tenant.locale in offered else offered[0]
    wanted = (frame_locale(), _named(asked), LANGUAGE.read(), _accepted(asked, offered))
    found = (i18n.known(tag, "") for tag in wanted if tag)
    i18n.speak(next((locale for locale in found if locale in offered), home))


def remember_language(response: Response) -> Response:
    wanted = _named(this_request())
    if wanted and i18n.known(wanted, "") and response.mimetype == "text/html" and not framed():
        LANGUAGE.give(response, i18n.known(wanted))
    return response


def _named(asked: Request) -> str:
    """The language that the query asks for, or nothing."""
    if not asked.query_string or "lang" not in asked.args:
        return ""
    return asked.args["lang"]


def _accepted(asked: Request, offered: Sequence[str]) -> str | None:
    """What the browser likes best of what is offered; programs name nothing."""
    if "HTTP_ACCEPT_LANGUAGE" not in asked.environ:
        return None
    return asked.accept_languages.best_match([tag for tag, locale in TAGS.items() if locale in offered])


def language_address(locale: str) -> str:
    """This page in another language; a frame and a preview have it in their address, as they have no cookie."""
    if root := shifted():
        others = request.args.to_dict(flat=False)
        others.pop("lang", None)
        return f"{root}/{locale}{request.path}" + (f"?{urlencode(others, doseq=True)}" if others else "")
    arguments = {**request.args.to_dict(flat=False), "lang": locale}
    return f"{request.path}?{urlencode(arguments, doseq=True)}"


def theme_address() -> str:
    """Where the tenant's colours are; those of another look are its preview's."""
    return f"{shifted()}/theme.css" if previewed() else "/theme.css"


@open_to_all("the built style sheets, scripts and pictures hold nothing private")
def built_asset(name: str) -> Response:
    response = send_from_directory(DIST, name, max_age=YEAR_SECONDS)
    response.cache_control.immutable = True
    return response


def icon(assets: Assets, name: str, classes: str = "") -> Markup:
    """An icon of the sprite, hidden from screen readers: the text beside it speaks."""
    return Markup('<svg class="ic {}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        classes, assets("icons.svg"), name
    )


def localized(texts: Mapping[str, str] | None) -> str:
    tenant = tenant_or_none()
    return i18n.localized(texts, tenant.locale if tenant else "en")


def clock_time(instant: datetime, zone: ZoneInfo | str) -> str:
    """24-hour local time, made by us: browsers differ."""
    return f"{instant.astimezone(_zone(zone)):%H:%M}"


def dated(style: str, day: date | datetime, zone: ZoneInfo | str | None = None) -> str:
    """The local date in the reader's language; an instant needs its zone."""
    local = day.astimezone(_zone(zone)).date() if isinstance(day, datetime) and zone else day
    return format_date(local, style, locale=i18n.babel_locale())


def near_date(day: date) -> str:
    """Weekday, day and month, in the order of the reader's language."""
    return format_skeleton("MMMEd", day, locale=i18n.babel_locale())


def weekday(day: date, style: str = "EEE") -> str:
    return format_date(day, style, locale=i18n.babel_locale())


def money(minor: int, currency: str) -> str:
    return format_money(minor, currency, i18n.BABEL_NAMES[i18n.current_locale()])


def decimal(number: float) -> str:
    """With one place after the point, or after the comma where that is the custom."""
    return format_decimal(number, "#,##0.0", locale=i18n.babel_locale())


def whole(number: int) -> str:
    """With what the reader's language puts between thousands."""
    return format_decimal(number, locale=i18n.babel_locale())


def percent(share: float) -> str:
    """A share of 1 as a percentage with one decimal place."""
    return format_percent(share, "#,##0.0%", locale=i18n.babel_locale())


def _zone(zone: ZoneInfo | str | None) -> ZoneInfo:
    return clock.zone(zone) if isinstance(zone, str) else zone or ZoneInfo("UTC")
