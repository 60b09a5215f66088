"""Who stands at our door with a receipt or a reply: found, and its words read, before anything is believed."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.adapters import adapter
from blueprints.messaging.channels.sms.contract import BadCallback, Callback, Forged, Heard
from blueprints.messaging.errors import BadReport, BadSignature, UnknownAccount, UnknownMessage
from blueprints.messaging.models import Message
from blueprints.messaging.service import own_accounts
from shopbell import runtime
from shopbell.prepared import Prepared
from shopbell.sms_providers import SmsProvider


def at_hook(accounts: Iterable[SmsProvider], hook: str, address: str) -> SmsProvider:
    """The account whose callback address ends so, if it may be called from there. Raises UnknownAccount."""
    for one in accounts:
        if one.hook and hmac.compare_digest(one.hook.encode(), hook.encode()) and _may_call(one, address):
            return one
    raise UnknownAccount


def own(session: Session) -> list[SmsProvider]:
    """The current tenant's accounts."""
    return own_accounts.described(session)


def common() -> tuple[SmsProvider, ...]:
    """The installation's accounts."""
    return runtime.settings().sms_accounts


def read(account: SmsProvider, callback: Callback) -> Heard:
    """What an account's provider says. Raises BadSignature, BadReport."""
    try:
        return adapter(account).hear(callback)
    except Forged:
        raise BadSignature from None
    except BadCallback as error:
        raise BadReport(str(error)) from None


ACCOUNT = Prepared(select(Message.account).where(Message.id == bindparam("message"), Message.channel == "sms"))


def of_message(session: Session, message_id: UUID, callback: Callback) -> tuple[SmsProvider, Heard]:
    """What is said at the address that was given out with one message, and by which account.

    Raises UnknownMessage, BadSignature.
    """
    rows = ACCOUNT.run(session, {"message": message_id})
    if not rows:
        raise UnknownMessage
    for one in (*own(session), *common()):
        if one.provider == "twilio" and rows[0][0] in (None, one.key):
            try:
                return one, read(one, callback)
            except BadSignature:
                continue
    raise BadSignature


def _may_call(account: SmsProvider, address: str) -> bool:
    if not account.addresses:
        return True
    try:
        caller = ipaddress.ip_address(address)
        return any(caller in ipaddress.ip_network(network, strict=False) for network in account.addresses)
    except ValueError:
        return False
