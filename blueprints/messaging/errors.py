"""What messaging refuses, by name."""

from __future__ import annotations

from shopbell.errors import Conflict, Forbidden, Invalid, NotFound
from shopbell.text import N_


class UnknownMessage(NotFound):
    code = "unknown_message"
    title = N_("There is no such message")


class BadSignature(Forbidden):
    code = "bad_signature"
    title = N_("This receipt was not signed by the provider")


class BadReport(Invalid):
    code = "bad_report"
    title = N_("This is not what the provider sends")


class UnknownAccount(NotFound):
    code = "unknown_sms_account"
    title = N_("There is no such provider account")


class TooManyAccounts(Conflict):
    code = "too_many_sms_accounts"
    title = N_("There are as many provider accounts as there may be")


class NothingToReplay(Conflict):
    code = "nothing_to_replay"
    title = N_("This message was not given up, or is not worth sending any more")
