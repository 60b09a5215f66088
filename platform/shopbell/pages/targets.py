"""Where somebody is sent on to, when an address may say so."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST_TARGET = 2000
NEVER = ("/sign-", "/my/sign-", "//")
"""Where people sign in and out: nobody goes there next."""


def safe_target(target: str | None) -> str | None:
    """A path on this very host to go on to, or None.

    Browsers read backslashes as slashes and drop tabs and line ends, so neither may appear at all.
    """
    if not target or len(target) > LONGEST_TARGET or not target.isprintable() or "\\" in target:
        return None
    if not target.startswith("/") or target.startswith("//"):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path.startswith(NEVER):
        return None
    return target
