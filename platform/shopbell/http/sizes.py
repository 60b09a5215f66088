"""How much may be sent at once, by what it is: refused by its stated length before anything of it is read, and cut off
while reading when no length was stated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from shopbell.errors import DomainError
from shopbell.http.context import application, this_request
from shopbell.i18n import gettext as _
from shopbell.text import N_

V = TypeVar("V", bound=Callable[..., Any])
MAX_BODY = 256 * 1024
"""JSON: what a front desk has done in an hour without network."""
MAX_FORM = 128 * 1024
"""What somebody types, however long their notes."""


class TooLarge(DomainError):
    status = 413
    code = "body_too_large"
    title = N_("That was too much at once")


def takes_file(most: int) -> Callable[[V], V]:
    """The view reads a file that people choose; the whole form may have so many bytes."""

    def decorate(view: V) -> V:
        view.takes_file = most  # type: ignore[attr-defined]
        return view

    return decorate


def limit() -> int:
    """How many bytes the body of this request may have."""
    asked = this_request()
    view = application().view_functions.get(asked.endpoint or "")
    return int(getattr(view, "takes_file", 0)) or (MAX_BODY if asked.is_json else MAX_FORM)


def refuse_too_large() -> None:
    """Raises TooLarge."""
    asked = this_request()
    most = asked.max_content_length = limit()
    if (asked.content_length or 0) > most:
        raise too_large()


def too_large() -> TooLarge:
    most = limit()
    return TooLarge(
        _(
            "At most %(size)s KB can be sent here at once. Please shorten it or choose a smaller file.",
            size=most // 1024,
        ),
        limit=most,
    )
