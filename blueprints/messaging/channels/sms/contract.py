"""What every provider of text messages is to us: the one contract that its adapter keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from blueprints.messaging.channels.outcomes import NotNow, Refused, Trouble

REASONS = {
    "bad_number": "the number does not exist, or takes no text messages",
    "opted_out": "who has the number wants no messages from this sender",
    "unroutable": "the provider has no way to this number",
    "content_refused": "the provider or the network does not carry this text",
    "template_refused": "the template or the sign is not approved, or does not fit its values",
    "too_long": "longer than the provider takes",
    "sender_refused": "the sender is not ours or may not write to this country",
    "account": "the account cannot send: credentials, balance, permission",
    "too_fast": "more than the account may send at once",
    "limit": "more to one number than the provider lets through",
    "unreachable": "the phone could not be reached",
    "unavailable": "the provider is away",
    "provider_error": "the provider made a mistake",
    "refused": "refused without a reason that we know",
}
"""Codes for why a message was not taken or not delivered, the same for all providers."""
PASSING = frozenset({"account", "too_fast", "limit"})
"""Those after which the same may work later."""
HERE = frozenset({"unroutable", "content_refused", "template_refused", "too_long", "sender_refused", "refused"})
"""Those with which another account may still do it."""
LIMIT_SECONDS = 60.0
"""The shortest time for which providers limit how much one number gets."""


class RefusedHere(Refused):
    """Not accepted by this account for a reason of its own; another account may take the message."""


def refusal(said: str, reason: str, wait: float = 0.0) -> Trouble:
    """What it comes to that a provider did not take a message, for one of REASONS and with the seconds it asks us to
    wait: it goes later, by another account, or not at all."""
    if reason in PASSING:
        return NotNow(said, reason=reason, retry_after=LIMIT_SECONDS if reason == "limit" else wait)
    return (RefusedHere if reason in HERE else Refused)(said, reason=reason)


class CannotAsk(Trouble):
    """This provider cannot be asked what it has."""


class BadCallback(Exception):
    """What came is not what this provider sends; the text says why."""


class Forged(BadCallback):
    """It was not signed with our secret."""


@dataclass(frozen=True)
class Template:
    """A text that a provider has approved: its code there, and the values of its variables in their order."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TextMessage:
    """A message to be handed over. `to` is in E.164. `reference` is ours and comes back where a provider lets it.

    `templates` are the approved forms of `body` by the key of the account; one that takes no free text needs its own.
    `callback` is where receipts of this one message go, for providers that ask for it each time.
    """

    id: UUID
    to: str
    body: str
    reference: str
    callback: str = ""
    sender: str = ""
    purpose: str = "transactional"
    templates: Mapping[str, Template] = field(default_factory=dict)
    segments: int = 1
    encoding: str = "GSM-7"

    def template(self, key: str) -> Template:
        """Its approved form at the account of that key. Raises RefusedHere when there is none."""
        found = self.templates.get(key)
        if found is None:
            raise RefusedHere("no approved template for this account", reason="template_refused")
        return found


@dataclass(frozen=True)
class Accepted:
    """The provider has it, under `ref`. `parts` are the references of the parts where each has its own.
    `segments` are the parts it bills, when it says so."""

    ref: str
    parts: tuple[str, ...] = ()
    segments: int | None = None


@dataclass(frozen=True)
class Found:
    """A message the provider has: its reference and what became of it, in the words of `Receipt.status`."""

    ref: str
    status: str


@dataclass(frozen=True)
class Receipt:
    """A provider's later word on a message.

    It is about `reference` when that came back, else about `ref`. `status` is sending, sent, delivered or failed.
    `number` is the recipient in E.164, when it was told.
    """

    ref: str
    status: str
    detail: str = ""
    reason: str = ""
    reference: str = ""
    number: str = ""
    segments: int | None = None


@dataclass(frozen=True)
class Reply:
    """A text that somebody sent to us. `ref` names it at the provider, so that a repeat is known as one."""

    ref: str
    number: str
    to: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """What the provider decided about a text that was handed in to it: `state` is approved or rejected, and `code` is
    its name for the text."""

    code: str
    state: Literal["approved", "rejected"]
    reason: str = ""


@dataclass(frozen=True)
class Callback:
    """A call at our door: the address as we gave it out, the headers in small letters, and the body."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Heard:
    """What a callback told, and what the provider wants to be answered."""

    receipts: Sequence[Receipt] = ()
    replies: Sequence[Reply] = ()
    answer: str = ""
    content_type: str = "application/json"
    verdicts: Sequence[Verdict] = ()


@dataclass(frozen=True)
class Capabilities:
    """What an account can do.

    `find` says what its list proves: `sure` shows all it has, so that what is missing was not taken; `only_yes` shows
    some of it, so that what is missing may have been taken; nothing cannot be asked at all.
    """

    receipts: bool = True
    find: Literal["sure", "only_yes", ""] = "sure"
    free_text: bool = True
    inbound: bool = True


class SmsAccount(Protocol):
    """An account with a provider. Safe between threads; its connections are kept."""

    @property
    def key(self) -> str: ...

    @property
    def caps(self) -> Capabilities: ...

    def send(self, text: TextMessage) -> Accepted:
        """Hand one message over. Raises Refused, RefusedHere, NotNow or InDoubt."""
        ...

    def find(self, text: TextMessage, since: datetime) -> list[Found]:
        """What the provider has of this message since that instant, newest first.

        Raises CannotAsk, or NotNow or InDoubt when the question itself failed.
        """
        ...

    def hear(self, callback: Callback) -> Heard:
        """Read what the provider says at our door. Raises BadCallback, and Forged where the provider signs."""
        ...

    def close(self) -> None:
        """Close the connections that are not in use."""
        ...
