"""A tenant's keys in a process's memory, and what is done with them.

A sealed value is a format byte, the number of its data key, a nonce, and AES-256-GCM of the text. It is bound to its
tenant, table, column and row: copied anywhere else it does not open.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text
from sqlalchemy.orm import Session

from shopbell import runtime
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant
from shopbell.vault.columns import Blind, Sealed
from shopbell.vault.masters import NONCE_BYTES, HeldMasters, Masters

REMEMBER_SECONDS = 60.0
"""Every process knows a new data key after this time."""
FORMAT = b"\x01"
KEY_AT, NONCE_AT = 1, 3
TEXT_AT = NONCE_AT + NONCE_BYTES
INDEX_BYTES = 8
BLIND_NUMBER = 0

READ = Prepared(
    text(
        "select null as table_name, number, wrapped, master, seals_from <= now() as first, false as second "
        "from shared.data_keys where tenant_id = :tenant "
        "union all select table_name, null, null, null, begun_at is not null, finished_at is not null "
        "from sealed_tables"
    )
)


class Unopened(ValueError):
    """A sealed value that is not what this tenant sealed in this row and column, or whose key is gone."""


@dataclass(frozen=True)
class Key:
    """A data key, and how it lies in the database."""

    wrapped: bytes
    secret: bytes
    cipher: AESGCM
    seals: bool
    """Whether its time has come: every process gets to know a key before any seals with it."""


class Ring:
    """The keys of one tenant, and how far its tables are sealed."""

    def __init__(self, tenant_id: UUID, keys: Mapping[int, Key], tables: Mapping[str, tuple[bool, bool]]) -> None:
        self.keys = keys
        self.newest = max((number for number, key in keys.items() if key.seals), default=0)
        self.begun = {name for name, (begun, _) in tables.items() if begun}
        self.unfinished = {name for name, (_, finished) in tables.items() if not finished}
        self._tenant = tenant_id.bytes
        if self.newest:
            self._cipher = keys[self.newest].cipher
            self._head = FORMAT + self.newest.to_bytes(NONCE_AT - KEY_AT, "big")
            self._blind = keys[BLIND_NUMBER].secret

    def seals(self, table: str) -> bool:
        """Whether what is written into the table is sealed."""
        return table in self.begun

    def finished(self, table: str) -> bool:
        """Whether every row of the table is sealed."""
        return table not in self.unfinished

    def seal(self, column: Sealed, row: UUID, value: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        bound = self._tenant + row.bytes + column.label
        return self._head + nonce + self._cipher.encrypt(nonce, column.packed(value), bound)

    def open(self, column: Sealed, row: UUID, sealed: bytes) -> str:
        """Raises Unopened."""
        key = self.keys.get(number_of(sealed))
        if key is None:
            raise Unopened(f"the key of a sealed {column.table}.{column.name} is gone")
        try:
            bound = self._tenant + row.bytes + column.label
            return column.unpacked(key.cipher.decrypt(sealed[NONCE_AT:TEXT_AT], sealed[TEXT_AT:], bound))
        except InvalidTag:
            raise Unopened(f"a sealed {column.table}.{column.name} was not sealed in this row") from None

    def index(self, blind: Blind, value: str) -> int:
        """The blind index of a value: 64 bits of an HMAC-SHA-256 under the tenant's secret."""
        message = f"{blind.column}:{blind.normalise(value)}".encode()
        return int.from_bytes(hmac.digest(self._blind, message, "sha256")[:INDEX_BYTES], "big", signed=True)

    def shown(self, column: Sealed, row: UUID, clear: str | None, sealed: bytes | None) -> str | None:
        """The value of a row in whichever form it has one. Raises Unopened."""
        return clear if sealed is None else self.open(column, row, sealed)

    def value(self, column: Sealed, row: UUID, clear: Any, sealed: bytes | None) -> Any:
        """The same for columns that hold no text."""
        return clear if sealed is None else column.decode(self.open(column, row, sealed))

    def form(self, column: Sealed, row: UUID, value: Any) -> dict[str, Any]:
        """What to write into a row for a value: in clear or sealed, with its blind indexes."""
        found: dict[str, Any] = {column.sealed_name: None}
        for blind in column.blind:
            found[blind.column] = None
        if not column.always:
            found[column.name] = column.empty
        if not column.always and not self.seals(column.table):
            found[column.name] = value
        elif value:
            found[column.sealed_name] = self.seal(column, row, column.encode(value))
            for blind in column.blind:
                found[blind.column] = self.index(blind, value)
        return found


_rings: dict[UUID, tuple[float, Ring]] = {}


def ring(session: Session) -> Ring:
    """The keys of the session's tenant. Remembered while all of it is sealed; else the database is asked each time."""
    tenant_id = current_tenant().id
    known = _rings.get(tenant_id)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    found = read(session, tenant_id, known[1].keys if known else {})
    if found.newest and not found.unfinished:
        _rings[tenant_id] = (time.monotonic() + REMEMBER_SECONDS, found)
    return found


def forget(tenant_id: UUID) -> None:
    """Ask the database anew, after this process has changed the tenant's keys."""
    _rings.pop(tenant_id, None)


def read(session: Session, tenant_id: UUID, before: Mapping[int, Key]) -> Ring:
    """The tenant's keys as they are now. Those known `before` are not unwrapped again. Raises NoSuchMaster."""
    keys: dict[int, Key] = {}
    tables: dict[str, tuple[bool, bool]] = {}
    for table, number, wrapped, master, first, second in READ.run(session, {"tenant": tenant_id}):
        if table is not None:
            tables[table] = (first, second)
        elif number in before and before[number].wrapped == wrapped:
            keys[number] = replace(before[number], seals=first)
        else:
            secret = masters().unwrap(master, context(tenant_id, number), wrapped)
            keys[number] = Key(wrapped, secret, AESGCM(secret), seals=first)
    return Ring(tenant_id, keys, tables)


def number_of(sealed: bytes) -> int:
    """The number of the data key that a value is sealed with."""
    return int.from_bytes(sealed[KEY_AT:NONCE_AT], "big")


def context(tenant_id: UUID, number: int) -> bytes:
    """What a wrapped data key is bound to."""
    return b"shopbell data key" + tenant_id.bytes + number.to_bytes(4, "big")


def masters() -> Masters:
    """Who wraps data keys here. A key management service takes its place in this one function."""
    return HeldMasters(dict(runtime.settings().master_keys))
