"""The tables of messaging: messages and what belongs to them, and the ways by which text messages come and go."""

from blueprints.messaging.models.messages import (
    ADDRESS_KEY,
    FORGOTTEN,
    LETTER,
    VARIABLES,
    BudgetReservation,
    Message,
    MessageBudget,
    MessageEvent,
    Suppression,
)
from blueprints.messaging.models.sms import (
    INBOUND_BODY,
    INBOUND_NUMBER,
    SMS_SECRET,
    InboundMessage,
    OwnSmsAccount,
    SmsHealth,
    SmsRef,
    SmsTally,
    UnmatchedReceipt,
)

SEALED = (*LETTER, VARIABLES, SMS_SECRET, INBOUND_NUMBER, INBOUND_BODY)
__all__ = [
    "ADDRESS_KEY",
    "FORGOTTEN",
    "INBOUND_BODY",
    "INBOUND_NUMBER",
    "LETTER",
    "SEALED",
    "SMS_SECRET",
    "VARIABLES",
    "BudgetReservation",
    "InboundMessage",
    "Message",
    "MessageBudget",
    "MessageEvent",
    "OwnSmsAccount",
    "SmsHealth",
    "SmsRef",
    "SmsTally",
    "Suppression",
    "UnmatchedReceipt",
]
