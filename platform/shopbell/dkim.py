"""DKIM (RFC 6376, RFC 8463): keys, the DNS record that tells of them, and signing mail with relaxed canonicalization.

What is signed and how is fixed, so there is little to get wrong; verifying is the receivers' business.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

Algorithm = Literal["rsa", "ed25519"]
ALGORITHMS: tuple[Algorithm, ...] = ("rsa", "ed25519")
RSA_BITS = 2048
"""RFC 8301 asks for 2048; a longer one does not fit into one DNS packet."""

SIGNED = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "mime-version",
    "content-type",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
)
#: Named once more than they occur, so that nobody on the way can add one that readers would see instead.
ONCE = ("from", "to", "subject", "date", "reply-to", "list-unsubscribe", "list-unsubscribe-post")
_FOLDED = re.compile(rb"\r\n(?=[ \t])")
_BLANKS = re.compile(rb"[ \t]+")
_LINE_ENDS = re.compile(rb"[ \t]+\r\n")
_LINE = 72


class BadKey(ValueError):
    """Not a private key that mail can be signed with."""


@dataclass(frozen=True)
class Signer:
    """A key at its place in the DNS: `selector`._domainkey.`domain`. `private` is base64 of a PKCS #8 key."""

    domain: str
    selector: str
    private: str

    @property
    def record_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The text of the DNS record that lets everybody check what this key signs. Raises BadKey."""
        return public_record(self.private)


def make(algorithm: Algorithm) -> str:
    """A fresh private key."""
    key = Ed25519PrivateKey.generate() if algorithm == "ed25519" else generate_private_key(65537, RSA_BITS)
    return base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


def algorithm_of(private: str) -> Algorithm:
    """Raises BadKey."""
    return "ed25519" if isinstance(_loaded(private), Ed25519PrivateKey) else "rsa"


def public_record(private: str) -> str:
    """v=DKIM1; k=rsa; p=… Raises BadKey."""
    key = _loaded(private)
    if isinstance(key, Ed25519PrivateKey):
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={_base64(public)}"
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={_base64(public)}"


def signed(raw: bytes, signers: Sequence[Signer], at: datetime) -> bytes:
    """The message, whose lines end in CRLF, with a signature of each of the keys in front. Raises BadKey."""
    if not signers:
        return raw
    head, _, body = raw.partition(b"\r\n\r\n")
    headers = _fields(head)
    body_hash = _base64(hashlib.sha256(relaxed_body(body)).digest())
    return b"".join([*(_signature(signer, headers, body_hash, at) for signer in signers), raw])


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4: no blanks at the end of lines, one blank for several, no empty lines at the end."""
    if b"  " in body or b"\t" in body or b" \r\n" in body:
        body = _BLANKS.sub(b" ", _LINE_ENDS.sub(b"\r\n", body))
    body = body.removesuffix(b" ").rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def relaxed_header(name: bytes, value: bytes) -> bytes:
    """RFC 6376, 3.4.2, without a line end."""
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", _FOLDED.sub(b"", value)).strip(b" \t\r\n")


def sign_text(private: str, text: bytes) -> bytes:
    """The signature of canonical headers: RSASSA-PKCS1-v1_5, or PureEdDSA of the text's SHA-256. Raises BadKey."""
    key = _loaded(private)
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(hashlib.sha256(text).digest())
    return key.sign(text, padding.PKCS1v15(), hashes.SHA256())


def _signature(signer: Signer, headers: dict[str, list[bytes]], body_hash: str, at: datetime) -> bytes:
    """The whole field. Canonical text of the fields that are there, then of this one with its signature left out."""
    names = [name for name in SIGNED for _ in headers.get(name, ())] + list(ONCE)
    value = (
        f" v=1; a={algorithm_of(signer.private)}-sha256; c=relaxed/relaxed; d={signer.domain}; s={signer.selector};\r\n"
        f"\tt={int(at.timestamp())}; bh={body_hash};\r\n"
        f"\th={_folded_names(names)};\r\n\tb="
    ).encode()
    # Several fields of one name are signed from the last one upwards.
    text = [relaxed_header(name.encode(), one) for name in SIGNED for one in reversed(headers.get(name, []))]
    text.append(relaxed_header(b"dkim-signature", value))
    found = _base64(sign_text(signer.private, b"\r\n".join(text)))
    lines = "\r\n\t ".join(found[start : start + _LINE] for start in range(0, len(found), _LINE))
    return b"DKIM-Signature:" + value + lines.encode() + b"\r\n"


def _folded_names(names: Sequence[str]) -> str:
    half = len(names) // 2
    return ":".join(names[:half]) + ":\r\n\t " + ":".join(names[half:])


def _fields(head: bytes) -> dict[str, list[bytes]]:
    """The values of the fields that are signed, folded as they are, by name in lower case."""
    found: dict[str, list[bytes]] = {}
    for field in re.split(rb"\r\n(?![ \t])", head):
        name, _, value = field.partition(b":")
        key = name.strip().lower().decode("ascii", "replace")
        if key in SIGNED:
            found.setdefault(key, []).append(value)
    return found


@lru_cache(maxsize=256)
def _loaded(private: str) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        key = load_der_private_key(base64.b64decode(private, validate=True), None)
    except (binascii.Error, ValueError, TypeError):
        raise BadKey("this is not a private key in base64 of PKCS #8") from None
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= 1024):
        return key
    raise BadKey("mail is signed with an RSA key of at least 1024 bits, or with an Ed25519 key")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
