"""The console's own texts, taken from the same catalogue as every page."""

from __future__ import annotations

from functools import cache

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from shopbell.i18n import BABEL_NAMES, DIRECTORY

SOURCES = "frontend/src/"


@cache
def console_texts(locale: str) -> dict[str, str | list[str]]:
    """English text -> text in the locale, or its plural forms; what is not translated is left out."""
    path = DIRECTORY / BABEL_NAMES[locale] / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file)
    wanted = (message for message in catalogue if message.id and not message.fuzzy and _of_the_console(message))
    return {_key(message): text for message in wanted if (text := _text(message))}


def _of_the_console(message: Message) -> bool:
    return any(SOURCES in source for source, _line in message.locations)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _text(message: Message) -> str | list[str]:
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not forms or not all(forms):
        return ""
    return forms[0] if len(forms) == 1 else forms
