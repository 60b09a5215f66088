"""What can be an e-mail address."""

import pytest

from shopbell.mailbox import mailbox, public_mailbox


@pytest.mark.parametrize("text", ["an@example.com", "lê.thị@ví-dụ.vn", "a+b@sub.example.co", "李@例子.中国"])
def test_mailboxes_of_any_script_are_accepted(text: str) -> None:
    assert public_mailbox(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "an",
        "an@",
        "@example.com",
        "a n@example.com",
        "an@exam ple.com",
        "an@example..com",
        ".an@example.com",
        "an.@example.com",
        "a..n@example.com",
        "an@a@example.com",
        "<an@example.com>",
        "",
        " ",
        "an@example.com\0",
        "an@example.com\nBcc: b@example.com",
        "x" * 250 + "@example.com",
        '"an"@example.com',
        "an@example.com.",
    ],
)
def test_what_is_no_mailbox_is_refused(text: str) -> None:
    assert mailbox(text) is None
    assert public_mailbox(text) is None


def test_a_machine_of_ones_own_is_no_public_address() -> None:
    assert mailbox("an@localhost") == "an@localhost"
    assert public_mailbox("an@localhost") is None


def test_an_address_has_one_form() -> None:
    assert mailbox("le\u0302@example.com") == "lê@example.com"
