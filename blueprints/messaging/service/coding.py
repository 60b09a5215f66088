"""Accounts that send approved texts only: which there are, in what form they get a message, and what one costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.adapters import capabilities
from blueprints.messaging.channels.sms.contract import Template
from blueprints.messaging.models import VARIABLES
from blueprints.messaging.service.routes import Price, ways
from blueprints.templates import api as templates
from blueprints.templates.api import Asked
from shopbell import ids, phone
from shopbell.sms_providers import SmsProvider
from shopbell.tenancy import current_tenant
from shopbell.vault.ring import ring

POSITIONAL = frozenset({"tencent"})


@dataclass(frozen=True)
class CodedAccount:
    """An account without free text: how its provider writes variables is its `notation`."""

    key: str
    label: str
    notation: Literal["named", "positional"]


def coded_accounts(session: Session) -> list[CodedAccount]:
    """The accounts that the chain may send by and that need a text approved first."""
    return [
        CodedAccount(one.key, one.sender or one.key, "positional" if one.provider in POSITIONAL else "named")
        for one in ways(session).accounts
        if not capabilities(one).free_text
    ]


def usual_price(session: Session, purpose: str, segments: int) -> Price | None:
    """What a text of so many parts costs to a number at home; None when nobody said."""
    found = ways(session)
    number = phone.normalise(phone.example(current_tenant().country), current_tenant().country)
    return found.price(ids.uuid7(), number, purpose, segments, [one.key for one in found.accounts])


def approved(
    session: Session, messages: Sequence[Any], accounts: Sequence[SmsProvider]
) -> dict[UUID, dict[str, Template]]:
    """The approved forms of text messages, by message and account; what is missing has none. Constant queries."""
    needy = [one.key for one in accounts if not capabilities(one).free_text]
    if not needy:
        return {message.id: {} for message in messages}
    keys = ring(session)
    asked = [
        Asked(
            message.id,
            message.template,
            message.locale,
            message.branch_id,
            message.template_version_id,
            keys.value(VARIABLES, message.id, {}, message.variables_sealed),
        )
        for message in messages
    ]
    return {
        id_: {account: Template(coded.code, coded.params) for account, coded in found.items()}
        for id_, found in templates.codes(session, asked, needy).items()
    }
