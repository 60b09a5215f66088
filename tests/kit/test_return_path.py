"""Addresses that mail comes back to."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell import return_path
from shopbell.crypto import BadToken, Signer

SIGNER = Signer("a secret of this installation")
TENANT, MESSAGE = uuid4(), uuid4()


@pytest.mark.parametrize("kind", ["b", "u"])
def test_an_address_names_its_chain_and_message_in_any_case(kind) -> None:
    address = return_path.address(SIGNER, kind, TENANT, MESSAGE, "bounce.example")
    local = address.partition("@")[0]
    assert len(local) <= 64
    for spelling in (address, address.upper(), local):
        assert return_path.read(SIGNER, spelling) == return_path.Returned(kind, TENANT, MESSAGE)
    raw = f"To: <{address.upper()}>\r\n\r\nb{'a' * 61}@bounce.example {address}".encode()
    assert [found.message_id for found in return_path.within(SIGNER, raw)] == [MESSAGE, MESSAGE]


def test_an_address_is_good_for_one_thing_of_one_installation() -> None:
    address = return_path.address(SIGNER, "b", TENANT, MESSAGE, "bounce.example")
    for other in (f"u{address[1:]}", address[:-20] + "a@bounce.example", address.replace("b", "c", 1)):
        with pytest.raises(BadToken):
            return_path.read(SIGNER, other)
    with pytest.raises(BadToken):
        return_path.read(Signer("another secret"), address)
    assert return_path.read(Signer("another secret", "a secret of this installation"), address).message_id == MESSAGE


@given(st.text(max_size=80))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        return_path.read(SIGNER, text)
