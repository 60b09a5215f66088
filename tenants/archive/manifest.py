"""The first thing to read of an archive, and the last to be written: what is in it, and whether it is whole."""

from __future__ import annotations

import hashlib
import hmac
import json
import zipfile
from dataclasses import asdict, dataclass, field
from typing import Any

from shopbell import runtime
from tenants.archive.errors import BadArchive

NAME = "manifest.json"
FORMAT = "shopbell-tenant"
VERSION = 1
CHUNK = 1 << 20


@dataclass(frozen=True)
class Member:
    """A table's rows, one JSON object a line, in the order of its key."""

    name: str
    rows: int
    bytes: int
    sha256: str
    columns: list[str]


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself. `key` tells whether the secret that sealed texts and signed links is the same,
    `keys` are the data keys of the chain's personal data, wrapped for whoever has the key file of this archive."""

    tenant: dict[str, str]
    hosts: list[str]
    revision: str
    made_at: str
    key: str
    sequences: dict[str, tuple[int, bool]]
    members: list[Member]
    keys: list[dict[str, Any]] = field(default_factory=list)
    format: str = FORMAT
    version: int = VERSION

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def rows(self) -> int:
        return sum(member.rows for member in self.members)


def key_mark() -> str:
    """Says which secret key this installation has, without saying anything about it."""
    return _mark(runtime.settings().secret_key)


def is_known(mark: str) -> bool:
    """Whether it is the mark of the secret key of today, or of one before it."""
    settings = runtime.settings()
    return mark in map(_mark, (settings.secret_key, *settings.earlier_secret_keys))


def _mark(secret_key: str) -> str:
    return hmac.digest(b"shopbell archive", secret_key.encode(), "sha256").hex()[:16]


def read(archive: zipfile.ZipFile) -> Manifest:
    """Raises BadArchive."""
    try:
        told: dict[str, Any] = json.loads(archive.read(NAME))
        if (told["format"], told["version"]) != (FORMAT, VERSION):
            raise BadArchive(f"The archive is of the form {told['format']} {told['version']}, not {FORMAT} {VERSION}.")
        members = [Member(**member) for member in told.pop("members")]
        sequences = {name: (int(last), bool(called)) for name, (last, called) in told.pop("sequences").items()}
        return Manifest(members=members, sequences=sequences, **told)
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise BadArchive(f"The archive has no manifest that can be read: {error}.") from error


def verify(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read everything once. Raises BadArchive naming the member that is missing, changed, or not in the manifest."""
    listed = {member.name for member in manifest.members} | {NAME}
    for name in archive.namelist():
        if name not in listed:
            raise BadArchive(f"The archive holds {name}, which its manifest does not name.")
    for member in manifest.members:
        if _sha256(archive, member) != member.sha256:
            raise BadArchive(f"{member.name} was changed or damaged after the archive was made.")


def _sha256(archive: zipfile.ZipFile, member: Member) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(member.name) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except KeyError:
        raise BadArchive(f"{member.name} is missing from the archive.") from None
    except (zipfile.BadZipFile, EOFError, OSError):
        return ""
    return digest.hexdigest()
