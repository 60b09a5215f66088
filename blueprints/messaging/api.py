"""What other features may ask of messaging, in the caller's transaction."""

from blueprints.messaging.channels.sms.contract import Callback
from blueprints.messaging.queries import failed, left_since, oldest_unsent
from blueprints.messaging.service.accounts import (
    AlertNotice,
    CodeNotice,
    StaffNotice,
    tell_alert,
    tell_code,
    tell_staff,
)
from blueprints.messaging.service.answers import Answer, answer, tell_too_late
from blueprints.messaging.service.coding import CodedAccount, coded_accounts, usual_price
from blueprints.messaging.service.compose import facts_of
from blueprints.messaging.service.events import note_click
from blueprints.messaging.service.inbound import Received, received
from blueprints.messaging.service.intake import listen, report
from blueprints.messaging.service.notices import Notice, Possible, tell
from blueprints.messaging.service.own import OwnNotice, send_own
from blueprints.messaging.service.returned import NotOurs, take_mail
from blueprints.messaging.service.suppressions import suppress
from blueprints.messaging.service.told import take_notification, take_signed
from blueprints.messaging.service.trials import Trial, send_trial
from blueprints.messaging.settings import SETTINGS

__all__ = [
    "SETTINGS",
    "AlertNotice",
    "Answer",
    "Callback",
    "CodeNotice",
    "CodedAccount",
    "NotOurs",
    "Notice",
    "OwnNotice",
    "Possible",
    "Received",
    "StaffNotice",
    "Trial",
    "answer",
    "coded_accounts",
    "facts_of",
    "failed",
    "left_since",
    "listen",
    "note_click",
    "oldest_unsent",
    "received",
    "report",
    "send_own",
    "send_trial",
    "suppress",
    "take_mail",
    "take_notification",
    "take_signed",
    "tell",
    "tell_alert",
    "tell_code",
    "tell_staff",
    "tell_too_late",
    "usual_price",
]
