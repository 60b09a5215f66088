"""Language: which one the running code speaks, and the texts in it.

A context variable, so that pages, services and workers translate the same way. Source texts are English; catalogues are
gettext files under blueprints/translations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from gettext import NullTranslations

from babel import Locale
from babel.support import Translations

from shopbell.settings import ROOT

LOCALES = {"en": "English", "zh-CN": "中文", "vi": "Tiếng Việt"}
BABEL_NAMES = {"en": "en", "zh-CN": "zh_Hans_CN", "vi": "vi"}
DIRECTORY = ROOT / "blueprints" / "translations"

_current: ContextVar[str] = ContextVar("shopbell_locale", default="en")


def current_locale() -> str:
    """One of LOCALES."""
    return _current.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Use a language for a block; unknown ones fall back to English."""
    token = _current.set(known(locale))
    try:
        yield
    finally:
        _current.reset(token)


def speak(locale: str) -> None:
    """Use a language for the rest of this request; the server gives each request a context of its own."""
    _current.set(known(locale))


@lru_cache(maxsize=100)
def known(locale: str | None, otherwise: str = "en") -> str:
    """The supported locale nearest to a tag such as zh-Hans, vi-VN or en-GB."""
    tag = (locale or "").replace("_", "-").lower()
    for name in LOCALES:
        if tag == name.lower() or tag.split("-")[0] == name.split("-")[0].lower():
            return name
    return otherwise


def babel_locale(locale: str | None = None) -> Locale:
    return Locale.parse(BABEL_NAMES[locale or current_locale()])


@cache
def catalogue(locale: str) -> NullTranslations:
    return Translations.load(DIRECTORY, [BABEL_NAMES[locale]])


def gettext(message: str, **values: object) -> str:
    """The text in the current language, with named values put in."""
    text = catalogue(current_locale()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    text = catalogue(current_locale()).ngettext(singular, plural, n)
    return text % {"n": n, "num": n, **values}


def localized(texts: Mapping[str, str] | None, fallback: str = "en") -> str:
    """A tenant's own text in the current language, else in `fallback`, else in any."""
    if not texts:
        return ""
    return texts.get(current_locale()) or texts.get(fallback) or next(iter(texts.values()))


_ = gettext
