"""Signatures of mail: the RFCs' own examples, and an implementation that no one here wrote."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import dkim as peer
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from shopbell import dkim

AT = datetime(2026, 3, 2, tzinfo=UTC)
HEADERS = (
    "From: Joe SixPack <joe@football.example.com>",
    "To: Suzie Q <suzie@shopping.example.net>",
    "Subject: Is dinner ready?",
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>",
)
BODY = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
MAIL = ("\r\n".join(HEADERS) + "\r\n\r\n" + BODY).encode()
#: RFC 8463, appendix A.
SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
PUBLIC = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
PUBLISHED = (
    " v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b="
)
SIGNATURE = "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="


def encoded(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


@pytest.fixture(scope="module")
def rsa() -> dkim.Signer:
    return dkim.Signer("football.example.com", "r1", dkim.make("rsa"))


@pytest.fixture(scope="module")
def ed25519() -> dkim.Signer:
    return dkim.Signer("football.example.com", "e1", dkim.make("ed25519"))


def accepted(raw: bytes, *signers: dkim.Signer) -> list[bool]:
    """What the other implementation says of each signature, from the top."""
    records = {f"{one.record_name}.".encode(): one.record.encode() for one in signers}
    judge, found = peer.DKIM(raw), []
    for place in range(len(signers)):
        try:
            found.append(judge.verify(idx=place, dnsfunc=lambda name, timeout=5: records.get(name)))
        except peer.ValidationError:
            found.append(False)
    return found


def test_the_published_example_has_the_published_signature() -> None:
    private = encoded(Ed25519PrivateKey.from_private_bytes(base64.b64decode(SEED)))
    assert dkim.public_record(private) == PUBLIC
    fields = [line.partition(": ")[::2] for line in HEADERS]
    text = [dkim.relaxed_header(name.encode(), value.encode()) for name, value in fields]
    text.append(dkim.relaxed_header(b"DKIM-Signature", PUBLISHED.encode()))
    assert base64.b64encode(dkim.sign_text(private, b"\r\n".join(text))).decode() == SIGNATURE


def test_canonical_forms_are_those_of_the_published_example() -> None:
    # RFC 6376, 3.4.5
    assert dkim.relaxed_header(b"A", b" X") == b"a:X"
    assert dkim.relaxed_header(b"B ", b" Y\t\r\n\tZ  ") == b"b:Y Z"
    assert dkim.relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"
    assert dkim.relaxed_body(b"") == b""
    assert dkim.relaxed_body(b"\r\n\r\n") == b""
    assert dkim.relaxed_body(b"no end of line") == b"no end of line\r\n"


def test_another_implementation_accepts_both_signatures(rsa: dkim.Signer, ed25519: dkim.Signer) -> None:
    raw = dkim.signed(MAIL, [rsa, ed25519], AT)
    assert raw.endswith(MAIL)
    assert accepted(raw, rsa, ed25519) == [True, True]


def test_what_was_changed_on_the_way_is_noticed(rsa: dkim.Signer) -> None:
    raw = dkim.signed(MAIL, [rsa], AT)
    assert accepted(raw.replace(b"We lost", b"We won"), rsa) == [False]
    assert accepted(raw.replace(b"Is dinner", b"Is lunch"), rsa) == [False]
    assert accepted(raw.replace(b"To: Suzie", b"Subject: You have won\r\nTo: Suzie"), rsa) == [False]
    assert accepted(raw.replace(b"To: Suzie", b"List-Unsubscribe: <https://evil.example>\r\nTo: Suzie"), rsa) == [False]


@settings(max_examples=60, deadline=None)
@given(body=st.text("ab \t\r\n.", max_size=60), subject=st.text("ab \t", max_size=40))
def test_any_blanks_are_understood_alike(ed25519: dkim.Signer, body: str, subject: str) -> None:
    lines = "\r\n".join(body.splitlines())
    raw = f"From: a@football.example.com\r\nSubject: {subject}\r\n\r\n{lines}\r\n".encode()
    assert accepted(dkim.signed(raw, [ed25519], AT), ed25519) == [True]


def test_without_a_key_mail_stays_as_it_is() -> None:
    assert dkim.signed(MAIL, [], AT) is MAIL


@pytest.mark.parametrize("text", ["", "no base64!", base64.b64encode(b"no key").decode()])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(dkim.BadKey):
        dkim.public_record(text)


def test_a_key_that_receivers_do_not_know_is_refused() -> None:
    with pytest.raises(dkim.BadKey, match="an RSA key of at least 1024 bits, or with an Ed25519 key"):
        dkim.public_record(encoded(ec.generate_private_key(ec.SECP256R1())))
