"""The adapters of this process: one for each account, made when it is first needed, so that connections are kept.

A provider's module is loaded with its first account: Amazon's alone is larger than the rest of the product.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pkgutil import resolve_name
from typing import cast

from blueprints.messaging.channels.sms.contract import Capabilities, SmsAccount
from shopbell import runtime
from shopbell.settings import Settings
from shopbell.sms_providers import SmsProvider

HOME = "blueprints.messaging.channels.sms"
CLASSES = {
    "twilio": f"{HOME}.twilio:TwilioSms",
    "alibaba": f"{HOME}.alibaba:AlibabaSms",
    "tencent": f"{HOME}.tencent:TencentSms",
    "sns": f"{HOME}.sns:SnsSms",
    "smpp": f"{HOME}.smpp:SmppSms",
}
MOST_KEPT = 256
#: An attempt takes about six steps on the network (for mail: connect, greet, sender, recipient, data, answer) and has
#: to be over before the lease on it is.
STEPS_IN_A_LEASE = 6
LONGEST_STEP_SECONDS = 10.0

_lock = threading.Lock()
_kept: OrderedDict[tuple[SmsProvider, float], SmsAccount] = OrderedDict()


def step_seconds(settings: Settings) -> float:
    """What bounds each step on the network."""
    return min(settings.lease_seconds / STEPS_IN_A_LEASE, LONGEST_STEP_SECONDS)


def adapter(account: SmsProvider) -> SmsAccount:
    """The account, ready to be used. One whose description has changed is another."""
    seconds = step_seconds(runtime.settings())
    dropped = None
    with _lock:
        found = _kept.get((account, seconds))
        if found is None:
            made = resolve_name(CLASSES[account.provider])(account, step_seconds=seconds)
            found = _kept[account, seconds] = cast(SmsAccount, made)
            dropped = _kept.popitem(last=False)[1] if len(_kept) > MOST_KEPT else None
        _kept.move_to_end((account, seconds))
    if dropped is not None:
        dropped.close()
    return found


def opened(account: SmsProvider) -> None:
    """Connect to the account's provider without waiting for the first message, where there is a line to open."""
    open_line = getattr(adapter(account), "open", None)
    if open_line is not None:
        open_line()


def capabilities(account: SmsProvider) -> Capabilities:
    """What accounts with this provider can do."""
    return cast(Capabilities, resolve_name(CLASSES[account.provider]).caps)


def close_all() -> None:
    """Close all connections; the next message opens new ones."""
    with _lock:
        closing = list(_kept.values())
        _kept.clear()
    for found in closing:
        found.close()
