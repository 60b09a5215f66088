"""Passwords: argon2id, and the same effort whether the account exists or not."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from blueprints.access import errors, rules
from shopbell import crypto, runtime
from shopbell.i18n import gettext as _

# OWASP's setting for argon2id: 19 MiB, two passes, one lane. A tablet's sign-in must not stall a small server that
# serves bookings meanwhile, and a sign-in flood must not fill its memory; guessing is slowed down by counting.
THOROUGH = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The tests sign people in thousands of times; a third of their time would go into it.
IN_TESTS = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hasher(environment: str) -> PasswordHasher:
    return IN_TESTS if environment == "test" else THOROUGH


def _hasher() -> PasswordHasher:
    return hasher(runtime.settings().environment)


def hashed(password: str, email: str) -> str:
    """The hash to store. Raises WeakPassword for one that is too short, too long or the address itself."""
    plain = rules.prepared_password(password)
    if len(plain) < rules.SHORTEST_PASSWORD:
        sentence = _("Use at least %(n)s characters.", n=rules.SHORTEST_PASSWORD)
    elif len(plain) > rules.LONGEST_PASSWORD:
        sentence = _("Use at most %(n)s characters.", n=rules.LONGEST_PASSWORD)
    elif plain.lower() in {email, email.partition("@")[0]}:
        sentence = _("Do not use your e-mail address as the password.")
    elif plain.lower() in _common():
        sentence = _("This is one of the passwords that are guessed first. Choose another one.")
    else:
        return _hasher().hash(plain)
    raise errors.WeakPassword(sentence, fields={"password": sentence})


def matches(stored_hash: str | None, password: str) -> bool:
    """Whether the password is the right one; without an account a hash of nothing is tried, which takes as long."""
    plain = rules.prepared_password(password)[: rules.LONGEST_PASSWORD + 1]
    try:
        _hasher().verify(stored_hash or _nobodys_hash(), plain)
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


def is_outdated(stored_hash: str) -> bool:
    """Whether the hash was made with less effort than today's."""
    return _hasher().check_needs_rehash(stored_hash)


def rehashed(password: str) -> str:
    return _hasher().hash(rules.prepared_password(password))


@cache
def _common() -> frozenset[str]:
    """What people choose most often. Loaded by the first who changes a password: it takes a moment and 10 MB."""
    lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    return frozenset(word for word in lists["passwords"] if len(word) >= rules.SHORTEST_PASSWORD)


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(crypto.new_token())
