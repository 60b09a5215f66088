"""Who in this process keeps what providers tell over connections of their own."""

from __future__ import annotations

from collections.abc import Callable

from blueprints.messaging.channels.sms.contract import Heard
from shopbell.sms_providers import SmsProvider

Keep = Callable[[SmsProvider, Heard], None]

_keepers: list[Keep] = []


class NobodyListens(RuntimeError):
    """Nothing of what a provider tells can be kept here; it is asked to tell it again."""


def listen(keep: Keep | None) -> None:
    """From now on give everything to `keep`, which returns when it is stored; None: to nobody."""
    _keepers[:] = [keep] if keep else []


def told(account: SmsProvider, heard: Heard) -> None:
    """Have it kept. Raises NobodyListens, and whatever kept it from being stored."""
    if not _keepers:
        raise NobodyListens
    _keepers[0](account, heard)
