"""What goes wrong on purpose, by the number a text is for."""

from __future__ import annotations

from dataclasses import dataclass

#: What a text to a number with this plan is. Refusals are worded by each provider in its own codes.
PLANS: dict[str, str] = {
    "deliver": "accepted and delivered",
    "invalid": "refused: not a valid number",
    "unroutable": "refused: no route to the number",
    "no_permission": "refused: the region is not enabled",
    "stopped": "refused: the recipient said STOP",
    "landline": "refused: not a mobile number",
    "unapproved": "refused: the template is not approved (where there are templates)",
    "busy": "throttled twice for each text, then accepted",
    "full": "refused twice for each text because a queue is full, then accepted",
    "broken": "answered with an error of the provider's own once for each text without accepting it, then accepted",
    "unreachable": "accepted, then not delivered: no such subscriber",
    "lost": "accepted, then failed for an unknown reason",
    "swallow": "accepted, and the connection closed before the answer, once for each text",
    "stall": "accepted, and the answer held back until everybody has given up, once for each text",
    "early": "accepted, and the receipt comes before the answer",
    "late": "accepted, and the receipt comes late",
    "silent": "accepted, no receipt is ever sent",
    "twice": "accepted, and the receipt comes twice",
    "noisy": "accepted, and receipts come twice and in the wrong order",
    "wrong_case": "accepted, and the receipt spells the message's id with other letters",
    "decimal_id": "accepted under a hexadecimal id, and the receipt gives it as a decimal number (SMPP)",
    "padded_id": "accepted under an id with leading zeros, and the receipt leaves them out (SMPP)",
}
REFUSED = frozenset({"invalid", "unroutable", "no_permission", "stopped", "landline", "unapproved"})
#: How often a text is turned away before it is accepted.
TURNED_AWAY = {"busy": 2, "full": 2, "broken": 1}

#: The last seven digits that stand for a plan in every country. With +1 500 in front, the first five are the numbers
#: that Twilio documents for its test credentials.
MAGIC_ENDINGS: dict[str, str] = {
    "5550001": "invalid",
    "5550002": "unroutable",
    "5550003": "no_permission",
    "5550004": "stopped",
    "5550009": "landline",
    "5550010": "unapproved",
    "5550029": "busy",
    "5550030": "unreachable",
    "5550031": "lost",
    "5550050": "broken",
    "5550053": "full",
    "5550060": "swallow",
    "5550061": "silent",
    "5550062": "noisy",
    "5550063": "stall",
    "5550064": "early",
    "5550065": "late",
    "5550066": "twice",
    "5550067": "wrong_case",
    "5550068": "decimal_id",
    "5550069": "padded_id",
}


@dataclass(frozen=True)
class Step:
    """One thing that becomes of an accepted text, `seconds` after it was accepted.

    `reason` is why it was not delivered: absent (no such subscriber), lost (nobody knows) or stopped.
    """

    seconds: float
    status: str
    reason: str = ""


_DELIVERED = (Step(0.0, "queued"), Step(0.2, "sent"), Step(0.9, "delivered"))
_STORIES: dict[str, tuple[Step, ...]] = {
    "unreachable": (Step(0.0, "queued"), Step(0.2, "sent"), Step(0.9, "undelivered", "absent")),
    "lost": (Step(0.0, "queued"), Step(0.2, "failed", "lost")),
    "stopped": (Step(0.0, "queued"), Step(0.2, "failed", "stopped")),
    "noisy": (
        Step(0.0, "delivered"),
        Step(0.1, "sent"),
        Step(0.2, "queued"),
        Step(0.3, "delivered"),
        Step(0.4, "sent"),
    ),
    "early": (Step(0.0, "delivered"),),
    "twice": (*_DELIVERED, Step(1.1, "delivered")),
    "silent": (),
}


def story(plan: str, late_seconds: float) -> tuple[Step, ...]:
    """What becomes of a text with this plan, in the order in which it is told."""
    if plan == "late":
        return (Step(0.0, "queued"), Step(0.2, "sent"), Step(late_seconds, "delivered"))
    return _STORIES.get(plan, _DELIVERED)


def planned(number: str) -> str:
    """The plan that a number's own ending stands for."""
    return MAGIC_ENDINGS.get(number[-7:], "deliver")
