"""What mail servers say, in their own words, and what it means for a message and for its address."""

import pytest

from blueprints.messaging.channels.replies import GREYLIST_SECONDS, meaning


@pytest.mark.parametrize(
    ("code", "said", "reason", "dead"),
    [
        (550, "5.1.1 The email account that you tried to reach does not exist.", "no_such_address", True),
        (550, "Mailbox not found", "no_such_address", True),
        (550, "5.7.1 Recipient address rejected: user unknown", "no_such_address", True),
        (553, "5.1.3 The recipient address is not a valid RFC 5321 address.", "no_such_address", True),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "no_such_address", True),
        (550, "5.2.1 The email account that you tried to reach is disabled.", "mailbox_closed", True),
        (552, "5.2.2 The email account that you tried to reach is over quota", "mailbox_full", False),
        (452, "4.2.2 The mailbox is full", "mailbox_full", False),
        (552, "5.3.4 Your message exceeded size limits", "too_big", False),
        (550, "5.7.26 This mail has been blocked because the sender is unauthenticated.", "not_authentic", False),
        (554, "5.7.9 Message not accepted for policy reasons; DMARC", "not_authentic", False),
        (550, "5.7.1 Our system has detected that this message is likely unsolicited spam", "spam", False),
        (554, "Service refused: your reputation is low", "spam", False),
        (451, "4.7.1 Greylisting in action, please come back later", "greylisted", False),
        (450, "4.7.1 <a@b.example>: not yet", "greylisted", False),
        (454, "Throttling failure: Maximum sending rate exceeded.", "busy", False),
        (421, "4.7.28 Our system has detected an unusual rate of mail", "busy", False),
        (421, "4.7.0 Too many messages in this connection", "busy", False),
        (451, "4.3.0 Temporary system problem", "server_trouble", False),
        (554, "no", "refused", False),
        (0, "5.4.4 smtp; the name of the domain was not found", "no_such_domain", True),
        (0, "4.4.7 smtp; delivery time expired", "expired", False),
    ],
)
def test_a_reply_is_understood(code: int, said: str, reason: str, dead: bool) -> None:
    found = meaning(said, code)
    assert (found.reason, found.is_dead) == (reason, dead)
    assert found.final == (code >= 500 or said.startswith("5"))


def test_who_greylists_or_throttles_is_left_alone_for_a_while_and_who_refuses_is_not_asked_again() -> None:
    assert meaning("4.7.1 greylisted", 451).retry_after == GREYLIST_SECONDS
    assert meaning("too many connections", 421).retry_after > 0
    assert meaning("5.7.1 too many complaints", 550).retry_after == 0


@pytest.mark.parametrize("said", ["", "\udcff", "5." * 999, "x" * 100_000])
def test_no_words_are_too_strange(said: str) -> None:
    assert meaning(said, 550).final
    assert meaning(said).reason
