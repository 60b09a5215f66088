"""Tokens open what they were made for, for as long as they were made for."""

import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from shopbell import crypto
from shopbell.crypto import BadToken, ExpiredToken, Sealer, Signer

SIGNER = Signer("a secret for the tests")
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
BOOKING = UUID("0190a5c0-7d3e-7a11-8f00-4b1d2c3e4f50")
PAYLOADS = st.dictionaries(
    st.text(max_size=8), st.integers() | st.text(max_size=20) | st.booleans() | st.none(), max_size=4
)


@given(PAYLOADS)
def test_a_signed_payload_is_read_back(payload: dict[str, object]) -> None:
    assert SIGNER.read("invite", SIGNER.sign("invite", payload, LATER), AT) == payload


def test_a_token_fits_into_a_link() -> None:
    token = SIGNER.sign("invite", {"name": "小美 & Lan?"}, LATER)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_the_same_content_makes_the_same_token() -> None:
    assert SIGNER.sign("p", {"a": 1, "b": 2}, LATER) == SIGNER.sign("p", {"b": 2, "a": 1}, LATER)


def test_a_token_expires_at_its_instant_and_not_a_second_earlier() -> None:
    token = SIGNER.sign("invite", {}, LATER)
    compact = SIGNER.sign_compact("manage", BOOKING, LATER)
    before = LATER - timedelta(seconds=1)
    assert SIGNER.read("invite", token, before) == {}
    assert SIGNER.read_compact("manage", compact, before) == BOOKING
    with pytest.raises(ExpiredToken):
        SIGNER.read("invite", token, LATER)
    with pytest.raises(ExpiredToken):
        SIGNER.read_compact("manage", compact, LATER)


def test_expiry_is_an_instant_whatever_its_offset() -> None:
    local = LATER.astimezone(timezone(timedelta(hours=8)))
    assert SIGNER.sign_compact("manage", BOOKING, local) == SIGNER.sign_compact("manage", BOOKING, LATER)
    with pytest.raises(ValueError, match="offset"):
        SIGNER.sign("invite", {}, LATER.replace(tzinfo=None))


def test_a_token_of_another_purpose_secret_or_form_does_not_open() -> None:
    token = SIGNER.sign("invite", {}, LATER)
    compact = SIGNER.sign_compact("manage", BOOKING, LATER)
    for signer, purpose in ((SIGNER, "reset"), (Signer("another secret"), "invite")):
        with pytest.raises(BadToken):
            signer.read(purpose, token, AT)
    for signer, purpose in ((SIGNER, "cancel"), (Signer("another secret"), "manage")):
        with pytest.raises(BadToken):
            signer.read_compact(purpose, compact, AT)
    with pytest.raises(BadToken):
        SIGNER.read_compact("invite", token, AT)
    with pytest.raises(BadToken):
        SIGNER.read("manage", compact, AT)


@given(st.integers(0, 42), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. é"))
def test_changing_any_character_of_a_compact_token_spoils_it(place: int, character: str) -> None:
    token = SIGNER.sign_compact("manage", BOOKING, LATER)
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            SIGNER.read_compact("manage", changed, AT)


@given(st.data())
def test_changing_any_character_of_a_token_spoils_it(data: st.DataObject) -> None:
    token = SIGNER.sign("invite", {"user": 7}, LATER)
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("ABCwxyz019-_=+/. é"))
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            SIGNER.read("invite", changed, AT)


@given(st.text(max_size=60))
def test_any_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        SIGNER.read("invite", text, AT)
    with pytest.raises(BadToken):
        SIGNER.read_compact("manage", text, AT)


def test_a_spoilt_expired_token_counts_as_spoilt_not_as_expired() -> None:
    token = SIGNER.sign_compact("manage", BOOKING, AT - timedelta(days=1))
    with pytest.raises(BadToken) as refused:
        SIGNER.read_compact("manage", token[:-4] + "AAAA", AT)
    assert refused.type is BadToken


def test_a_compact_token_has_43_characters() -> None:
    assert {len(SIGNER.sign_compact("manage", uuid4(), AT + timedelta(days=day))) for day in range(1, 400, 7)} == {43}


def test_a_compact_token_cannot_outlive_its_four_bytes() -> None:
    last = datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)
    assert SIGNER.read_compact("manage", SIGNER.sign_compact("manage", BOOKING, last), AT) == BOOKING
    with pytest.raises(ValueError, match="2106"):
        SIGNER.sign_compact("manage", BOOKING, last + timedelta(seconds=1))


def test_keys_are_derived_as_rfc_5869_says() -> None:
    body = json.dumps({"expires": int(LATER.timestamp()), "payload": {}}, separators=(",", ":")).encode()
    key = HKDF(SHA256(), 32, crypto._SALT, b"json:invite").derive(b"a secret for the tests")
    mac = hmac.digest(key, body, "sha256")
    assert SIGNER.sign("invite", {}, LATER) == f"{crypto._encode(body)}.{crypto._encode(mac)}"


def test_signing_without_a_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        Signer("")


def test_random_tokens_differ_and_are_found_by_their_hash() -> None:
    tokens = {crypto.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)
    assert crypto.hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(crypto.hash_token("\ud800 whatever a browser sends")) == 64


def test_what_an_earlier_key_signed_is_read_and_nothing_is_signed_by_it() -> None:
    before, now = Signer("the first secret"), Signer("the second secret", "the first secret")
    assert now.read("invite", before.sign("invite", {"a": 1}, LATER), AT) == {"a": 1}
    assert now.read_compact("manage", before.sign_compact("manage", BOOKING, LATER), AT) == BOOKING
    fresh = now.sign_compact("manage", BOOKING, LATER)
    assert Signer("the second secret").read_compact("manage", fresh, AT) == BOOKING
    for token in (fresh, fresh[:32]):
        with pytest.raises(BadToken):
            before.read_compact("manage", token, AT)


def test_what_an_earlier_key_sealed_is_opened_and_sealed_anew() -> None:
    before = Sealer("the first secret", "totp")
    now = Sealer("the second secret", "totp", "the first secret")
    sealed = before.seal("row", "JBSWY3DP")
    assert now.open("row", sealed) == "JBSWY3DP"
    fresh = now.renewed("row", sealed)
    assert fresh
    assert now.renewed("row", fresh) is None
    assert Sealer("the second secret", "totp").open("row", fresh) == "JBSWY3DP"
    with pytest.raises(BadToken):
        Sealer("the third secret", "totp").renewed("row", fresh)
