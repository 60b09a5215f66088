"""The telephone network with its five doors, put together."""

from __future__ import annotations

from collections.abc import Callable

from infra.devtools.accounts import Accounts
from infra.devtools.journal import Entry
from infra.devtools.telco import alibaba, alibaba_push, sns, tencent, tencent_calls, twilio, twilio_calls
from infra.devtools.telco.callbacks import Callbacks
from infra.devtools.telco.console import Console
from infra.devtools.telco.doors import Door
from infra.devtools.telco.network import Telco
from infra.devtools.telco.pages import Pages
from infra.devtools.telco.replies import Replies
from infra.devtools.telco.smpp.smsc import Smsc
from infra.devtools.telco.stories import Stories
from infra.devtools.web import Handle, Request, Response


class Simulator:
    """Starts to tell stories at once; its ports are opened by whoever runs it."""

    def __init__(self, telco: Telco, console: Console, accounts: Accounts, host: str, smpp_port: int) -> None:
        self.stories = Stories(telco)
        callbacks = Callbacks()
        door = Door(telco, self.stories, callbacks)
        self._twilio = twilio.MessagesApi(door, accounts.twilio)
        self.smsc = Smsc(door, accounts.smpp, host, smpp_port)
        push = alibaba_push.AlibabaPush(callbacks, console)
        callers: dict[str, twilio_calls.TwilioCalls | alibaba_push.AlibabaPush | tencent_calls.TencentCalls | Smsc] = {
            "twilio": twilio_calls.TwilioCalls(callbacks, console, accounts.twilio),
            "alibaba": push,
            "tencent": tencent_calls.TencentCalls(callbacks, console),
            "smpp": self.smsc,
        }
        replies: dict[str, Callable[[Entry], bool]] = {}
        for dialect, caller in callers.items():
            self.stories.told_by(dialect, caller.tell)
            replies[dialect] = caller.reply
        self.replies = Replies(telco, replies)
        self._pages = Pages(telco, console, self.replies, push.judge)
        self.handles: dict[str, Handle] = {
            "telco simulator": self._front,
            "Alibaba Cloud SMS": alibaba.SmsApi(door, console, accounts.alibaba).answer,
            "Tencent Cloud SMS": tencent.SmsApi(door, console, accounts.tencent, accounts.tencent_app).answer,
            "AWS SNS": sns.SnsApi(door, accounts.sns).answer,
        }

    def close(self) -> None:
        """Stop the stories, then the SMSC that tells some of them."""
        self.stories.close()
        self.smsc.close()

    def _front(self, request: Request) -> Response:
        is_api = request.path.startswith("/2010-04-01/")
        return self._twilio.answer(request) if is_api else self._pages.answer(request)
