"""What a place says about its texts: which version of one holds there, by inheritance like any other setting."""

from __future__ import annotations

from shopbell.text import N_
from tenants.settings.keys import Key, Line

TEXT = Key("templates.text", N_("Text of a message"), Line(36), "", N_("Messages"), about="text")
"""The id of a version, "" for the product's own text; the subject is `subject()`."""


def subject(name: str, channel: str, locale: str) -> str:
    return f"{name}.{channel}.{locale}"
