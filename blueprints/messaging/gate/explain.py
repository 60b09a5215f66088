"""Decisions in sentences: why somebody was written to, why later, or why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blueprints.messaging.gate.values import MARKETING
from shopbell.i18n import babel_locale, current_locale, ngettext
from shopbell.i18n import gettext as _
from shopbell.money import format_money, in_minor
from shopbell.pages.environment import clock_time, dated
from shopbell.text import N_

Told = Mapping[str, Any]

CHANNELS = {"sms": N_("SMS"), "email": N_("e-mail")}
PURPOSES = {
    "code": N_("codes"),
    "incident": N_("news of closed branches"),
    "transactional": N_("confirmations and changes"),
    "reminder": N_("reminders"),
    MARKETING: N_("advertising"),
}
SOURCES = {
    "booking": N_("while booking"),
    "preferences": N_("on the page of their wishes"),
    "one_click": N_("by the button of their mail program"),
    "reply": N_("by answering"),
    "complaint": N_("by reporting it as spam"),
    "counter": N_("at the branch"),
    "phone": N_("by phone"),
    "paper": N_("in writing"),
    "api": N_("in another program"),
}
CAUSES = {
    "reply": N_("Somebody answered from this address that they want no more."),
    "one_click": N_("Somebody said by the button of their mail program that they want no more."),
    "complaint": N_("Somebody reported a message to this address as spam."),
    "staff": N_("Staff wrote down that nothing is to be sent to this address."),
    "bounce": N_("The mailbox does not exist or takes nothing."),
    "unreachable": N_("The number does not exist or takes nothing."),
    "provider": N_("The provider refuses this address: somebody told it to."),
}


def explain(decision: Told, zone: ZoneInfo) -> list[str]:
    """A decision as it was kept (`Decision.as_detail`), as sentences in the reader's language: first what was decided
    and what decided it, then what else was looked at. Times are of that zone."""
    verdict, checks = decision.get("verdict"), decision.get("checks", [])
    if verdict == "later" and decision.get("until"):
        first = _("It waits until %(moment)s.", moment=moment(decision["until"], zone))
    else:
        first = _("Nothing stood against sending it.") if verdict == "send" else _("It is not sent.")
    if not checks and decision.get("reason") == "too_late":
        return [first, _("Its time was over before its turn came.")]
    ordered = sorted(checks, key=lambda one: bool(one["passed"]))
    known = [SENTENCES[one["check"]](one, zone) for one in ordered if one["check"] in SENTENCES]
    return [first, *(sentence for sentence in known if sentence)]


def channel_name(channel: str) -> str:
    return _(CHANNELS.get(channel, channel))


def purpose_name(purpose: str) -> str:
    """What a message is for, as it stands in a sentence."""
    return _(PURPOSES.get(purpose, purpose))


def source_name(source: str) -> str:
    """Where a customer said something."""
    return _(SOURCES.get(source, source))


def cause_name(cause: str) -> str:
    """Why an address is not written to any more."""
    return _(CAUSES.get(cause, cause))


def moment(written: str, zone: ZoneInfo) -> str:
    """An instant that was written down, as a day and a time of the zone."""
    at = datetime.fromisoformat(written)
    return f"{dated('long', at, zone)}, {clock_time(at, zone)}"


def _consent(check: Told, zone: ZoneInfo) -> str:
    detail = check["detail"]
    purpose = detail.get("purpose", "")
    names = {"purpose": purpose_name(purpose), "channel": channel_name(detail.get("channel", ""))}
    if "given" not in detail:
        return _basis(purpose) if check["passed"] else _("The customer has not agreed to advertising.")
    where = {"day": _day(detail["at"], zone), "where": source_name(detail["source"])}
    if detail["given"]:
        return _("The customer said yes to %(purpose)s by %(channel)s on %(day)s, %(where)s.", **names, **where)
    if check["passed"]:
        return _basis(purpose)
    return _("The customer said no to %(purpose)s by %(channel)s on %(day)s, %(where)s.", **names, **where)


def _basis(purpose: str) -> str:
    if purpose == "code":
        return _("The customer asked for it.")
    if purpose == "incident":
        return _("Nobody shall stand before a closed door: that is told to everybody.")
    return _("It belongs to an appointment, and needs no consent.")


def _suppression(check: Told, zone: ZoneInfo) -> str:
    detail = check["detail"]
    if check["passed"]:
        return ""
    return _("%(cause)s That was on %(day)s.", cause=cause_name(detail["cause"]), day=_day(detail["at"], zone))


def _hours(check: Told, _zone: ZoneInfo) -> str:
    detail = check["detail"]
    if "from" not in detail:
        return ""
    there = ZoneInfo(detail["zone"])
    values = {
        "time": clock_time(datetime.fromisoformat(detail["at"]), there),
        "start": detail["from"],
        "end": detail["until"],
        "country": _country(detail["law"]) if detail["law"] else "",
    }
    if detail["law"]:
        return _("It was %(time)s there; in %(country)s it may be sent between %(start)s and %(end)s.", **values)
    return _("It was %(time)s there; the chain sends it between %(start)s and %(end)s.", **values)


def _approval(check: Told, _zone: ZoneInfo) -> str:
    said = {
        "approved": _("The provider has approved the text."),
        "pending": _("The provider has not approved the text yet."),
        "refused": _("The provider has refused the text."),
    }
    return said.get(check["detail"].get("state", ""), "")


def _label(check: Told, _zone: ZoneInfo) -> str:
    detail = check["detail"]
    if check["passed"] or not detail["labels"]:
        return ""
    values = {"country": _country(detail["law"]), "label": detail["labels"][0]}
    return _("In %(country)s advertising begins with %(label)s, and this does not.", **values)


def _refusal(check: Told, _zone: ZoneInfo) -> str:
    return "" if check["passed"] else _("It does not say at its end how to refuse more of it.")


def _cap(check: Told, _zone: ZoneInfo) -> str:
    detail = check["detail"]
    if check["passed"]:
        return _("Not too many were sent before.") if detail.get("caps") else ""
    days = max(1, detail["hours"] // 24)
    if days == 1:
        return ngettext(
            "At most %(n)s of this kind is sent within a day.",
            "At most %(n)s of this kind are sent within a day.",
            detail["most"],
        )
    return ngettext(
        "At most %(n)s of this kind is sent within %(days)s days.",
        "At most %(n)s of this kind are sent within %(days)s days.",
        detail["most"],
        days=days,
    )


def _budget(check: Told, _zone: ZoneInfo) -> str:
    detail = check["detail"]
    if detail.get("limit") is None:
        return ""
    amounts = {name: _money(detail[name], detail["currency"]) for name in ("taken", "limit")}
    if not check["passed"]:
        return _("The branch's budget for messages is used up: %(taken)s of %(limit)s.", **amounts)
    if detail["beyond"]:
        return _("The budget is used up, %(taken)s of %(limit)s; this kind of message is sent all the same.", **amounts)
    return _("It fits the branch's budget: %(taken)s of %(limit)s were taken before.", **amounts)


def _expiry(check: Told, zone: ZoneInfo) -> str:
    return _("By then, %(moment)s, it would have been too late.", moment=moment(check["detail"]["until"], zone))


SENTENCES: Mapping[str, Callable[[Told, ZoneInfo], str]] = {
    "expiry": _expiry,
    "consent": _consent,
    "suppression": _suppression,
    "hours": _hours,
    "approval": _approval,
    "label": _label,
    "refusal": _refusal,
    "cap": _cap,
    "budget": _budget,
}


def _country(code: str) -> str:
    return str(babel_locale().territories.get(code, code))


def _day(text: str, zone: ZoneInfo) -> str:
    return dated("long", datetime.fromisoformat(text), zone)


def _money(micros: int, currency: str) -> str:
    return format_money(in_minor(micros, currency), currency, current_locale())
