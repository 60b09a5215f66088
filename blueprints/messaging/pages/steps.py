"""The steps of a message in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from blueprints.messaging.gate.explain import moment
from blueprints.messaging.pages import words
from blueprints.messaging.queries.log import StepView
from shopbell.i18n import gettext as _
from shopbell.text import N_

Detail = Mapping[str, Any]

PLAIN = {
    "attempt": N_("It was handed over."),
    "accepted": N_("It was accepted."),
    "refused": N_("It was refused for good."),
    "failed_over": N_("This account could not send it; another one is asked."),
    "doubt": N_("Nobody knows whether it was taken."),
    "cancelled": N_("It was withdrawn before it was sent: something newer made it wrong."),
    "click": N_("The link in it was followed."),
}
RECEIPTS = {
    "sent": N_("The provider says that it was passed on."),
    "delivered": N_("The provider says that it arrived."),
    "failed": N_("The provider says that it did not arrive."),
}
ANSWERS = {
    "found": N_("The provider was asked, and has it."),
    "missing": N_("The provider was asked, and does not have it."),
    "no_answer": N_("The provider was asked, and could not say."),
    "left": N_("It stays in doubt: a person has to decide whether it is sent again."),
}
AGAIN = {
    "missing": N_("It is sent again: the provider certainly does not have it."),
    "cannot_ask": N_("It is sent once more, although it may have arrived: nobody can be asked."),
}
KEYWORDS = {
    "confirm": N_("The customer answered: yes."),
    "refuse": N_("The customer answered: no."),
    "stop": N_("The customer answered: no more messages."),
    "start": N_("The customer answered: messages are welcome again."),
}
ON_ITS_WAY = N_("The provider says that it is on its way.")
ANSWERED = N_("The customer answered.")
VERDICTS = {
    "send": N_("It may be sent."),
    "later": N_("It has to wait."),
    "drop": N_("It is held back."),
}


def told(step: StepView, zone: ZoneInfo) -> str:
    """A step in one sentence or two; times are of the zone."""
    detail = step.detail
    sentence = {
        "decided": lambda: _(VERDICTS[detail.get("verdict", "send")]),
        "receipt": lambda: _(RECEIPTS.get(detail.get("status", ""), ON_ITS_WAY)),
        "put_off": lambda: _("It is tried again at %(time)s.", time=moment(detail["until"], zone)),
        "asked": lambda: _(ANSWERS.get(detail.get("answer", ""), ANSWERS["no_answer"])),
        "resent": lambda: _(AGAIN.get(detail.get("why", ""), AGAIN["cannot_ask"])),
        "reply": lambda: _(KEYWORDS.get(detail.get("keyword", ""), ANSWERED)),
        "replayed": lambda: _("%(name)s had it tried again.", name=detail.get("by", "")),
    }.get(step.kind, lambda: _(PLAIN[step.kind]))
    return _said(sentence(), detail)


def _said(sentence: str, detail: Detail) -> str:
    reason = detail.get("reason", "")
    return _("%(sentence)s Reason: %(reason)s.", sentence=sentence, reason=words.reason(reason)) if reason else sentence
