"""Pure rules: what an account's address and password must be, where one may be sent, how long to wait."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit
from uuid import UUID

from shopbell.auth import Grant, Permissions
from shopbell.mailbox import mailbox
from shopbell.text import N_
from shopbell.web_address import is_web_address

HEAD_OFFICE = "hq"
BUILT_IN = {HEAD_OFFICE: N_("Head office"), "manager": N_("Manager"), "frontdesk": N_("Front desk")}
"""The roles every chain has, by key, with what they are called."""
EVERYBODY = "staff"
"""Holds what everybody may who signs in, whatever their roles."""
OWNER = "owner"
"""Holds what everybody may with their own account, unless a PIN was all they showed."""

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
DESK_IDLE = timedelta(minutes=15)
DESK_ABSOLUTE = timedelta(hours=14)
TOUCH_EVERY = timedelta(minutes=1)

TRIES_PER_PIN = 5
ADDRESS_KNOWN = timedelta(days=30)
BROWSER_KNOWN = timedelta(days=180)

VOUCHED = timedelta(days=7)
"""For how long PINs and apps work on when an identity provider is the only way in and has not been asked again."""
FRESH = timedelta(minutes=15)
"""For how long it counts like the password that a provider let somebody in."""
MOST_SESSION_HOURS = 168
NO_MAILBOX = "@no-mailbox.invalid"
"""Stands for the address of an account whose owner has shown none: no such domain can ever be (RFC 6761)."""

DEVICE_LIFE = timedelta(days=400)

LINK_LIFE = timedelta(days=3)
FORGOTTEN_LIFE = timedelta(hours=1)
FORGOTTEN_PER_ACCOUNT = 3
FORGOTTEN_PER_ADDRESS = 20
STEP_LIFE = timedelta(minutes=10)

TOKEN_LIFE = timedelta(hours=1)
TOKENS_PER_MINUTE = 60
CODE_LIFE = timedelta(seconds=60)
REFRESH_LIFE = timedelta(days=90)
"""Unused, and never beyond the end of the consent."""
BOTH_SECRETS = timedelta(days=1)
"""How long a program's old secret is taken beside the new one."""
MOST_REDIRECTS = 10
LONGEST_REDIRECT = 400

TOTP_DIGITS = 6
PIN_DIGITS = 6
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # pragma: allowlist secret
"""Nothing on paper is taken for something else: no i, l, o, 0 and 1."""

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
LONGEST_EMAIL = 254
LONGEST_NAME = 80
LONGEST_AGENT = 300

_SCOPE = re.compile(r"[a-z][a-z0-9_.-]{0,49}")


def account_email(text: str) -> str | None:
    """The address in the one form it is stored in, or None when it cannot be one."""
    address = mailbox(text)
    return address.lower() if address else None


def no_mailbox(account: UUID) -> str:
    return f"{account.hex}{NO_MAILBOX}"


def prepared_password(text: str) -> str:
    """Keyboards compose accents differently; the same password must come out the same (RFC 8265)."""
    return unicodedata.normalize("NFC", text)


def is_pin(text: str) -> bool:
    """Six digits that are not guessed first: neither one or two digits only, nor a run, nor three digits twice."""
    if not (text.isascii() and text.isdigit() and len(text) == PIN_DIGITS):
        return False
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(text)}
    return len(set(text)) > 2 and steps not in ({1}, {9}) and text[:3] != text[3:]


def is_scope(text: str) -> bool:
    return _SCOPE.fullmatch(text) is not None


def is_redirect(address: str) -> bool:
    """Whether an app may be answered there: over TLS, or on the machine of whoever is building it."""
    if "*" in address or not address.isascii() or not is_web_address(address, plain=True, longest=LONGEST_REDIRECT):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost"}


def narrowed(held: Iterable[Grant], allowed: frozenset[str], branch_ids: frozenset[UUID] | None) -> tuple[Grant, ...]:
    """What is left of grants of which only some permissions, at some branches, are lent to a program."""
    found = []
    for grant in held:
        places = grant.branch_ids
        if branch_ids is not None:
            places = branch_ids if places is None else places & branch_ids
        permissions = grant.permissions & allowed
        if permissions and (places is None or places):
            found.append(Grant(permissions, places))
    return tuple(found)


def is_expired(last_seen_at: datetime, expires_at: datetime, at: datetime, idle: timedelta = IDLE) -> bool:
    """A session ends after twelve unused hours and after seven days in any case; at a shared device sooner."""
    return at >= expires_at or at >= last_seen_at + idle


def ticked(known: Permissions) -> list[str]:
    """The permissions a role can be made of: all but those that everybody has who signs in."""
    return [name for name, permission in known.items() if not permission.holders & {EVERYBODY, OWNER}]


def covers(held: Iterable[Grant], wanted: Grant) -> bool:
    """Whether somebody who holds these grants holds all of what is to be granted, everywhere it is to hold."""
    return all(_covers(list(held), permission, wanted.branch_ids) for permission in wanted.permissions)


def _covers(held: list[Grant], permission: str, branch_ids: frozenset[UUID] | None) -> bool:
    places = [grant.branch_ids for grant in held if permission in grant.permissions]
    if None in places or branch_ids is None:
        return None in places
    return branch_ids <= frozenset().union(*(place for place in places if place is not None))
