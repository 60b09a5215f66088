"""The single checks, on plain values. Their details are codes and figures: sentences are made when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from blueprints.messaging.gate import hours
from blueprints.messaging.gate.laws import Law
from blueprints.messaging.gate.stops import ASKED_FOR, Stop
from blueprints.messaging.gate.values import MARKETING, Check, Envelope
from shopbell.spans import Span, clock_text


@dataclass(frozen=True)
class Word:
    """The last thing that a customer said of a purpose and a channel."""

    given: bool
    at: datetime
    source: str


@dataclass(frozen=True)
class Standing:
    """All that is known of one message before caps and budgets. `hours` are the chain's own for its purpose."""

    law: Law
    zone: ZoneInfo
    hours: Span | None = None
    word: Word | None = None
    stops: Sequence[Stop] = ()


def before_counting(envelope: Envelope, standing: Standing, now: datetime) -> list[Check]:
    """Every check that takes nothing from a cap or a budget, in the order in which they are explained."""
    found = [
        consent(envelope, standing.word),
        suppression(envelope, standing.stops),
        quiet(envelope, standing, now),
        approval(envelope),
    ]
    if envelope.purpose == MARKETING:
        found += [label(envelope, standing.law), refusal(envelope, standing.law)]
    return found


def consent(envelope: Envelope, word: Word | None) -> Check:
    """Advertising needs a yes; what belongs to an appointment needs none, and respects a no."""
    told = {"given": word.given, "at": word.at.isoformat(), "source": word.source} if word else {}
    detail = {"purpose": envelope.purpose, "channel": envelope.channel, **told}
    if envelope.purpose == MARKETING and (word is None or not word.given):
        return Check("consent", "drop", "withdrawn" if word else "no_consent", detail)
    if word is not None and not word.given and envelope.purpose not in ASKED_FOR:
        return Check("consent", "drop", "switched_off", detail)
    return Check("consent", detail=detail)


def suppression(envelope: Envelope, stops: Sequence[Stop]) -> Check:
    stop = next((one for one in stops if one.holds(envelope.purpose)), None)
    if stop is None:
        return Check("suppression")
    detail = {"cause": stop.cause, "at": stop.since.isoformat(), "purpose": stop.purpose}
    return Check("suppression", "drop", "suppressed", detail)


def quiet(envelope: Envelope, standing: Standing, now: datetime) -> Check:
    """The law's hours for advertising, narrowed by the chain's; for reminders the chain's own."""
    law = standing.law.hours.get(envelope.channel) if envelope.purpose == MARKETING else None
    window = hours.narrowed(law, standing.hours)
    if window is None:
        return Check("hours")
    detail = {
        "from": clock_text(window[0]),
        "until": clock_text(window[1]),
        "zone": str(standing.zone),
        "law": standing.law.country if law else "",
        "at": now.isoformat(),
    }
    opening = hours.opens(window, standing.zone, now)
    if opening is None:
        return Check("hours", detail=detail)
    return Check("hours", "later", "quiet_hours", detail, opening)


def approval(envelope: Envelope) -> Check:
    """Whether the provider lets this template through, where it has to."""
    detail = {"state": envelope.approval, "template": envelope.template}
    if envelope.approval in ("", "approved"):
        return Check("approval", detail=detail)
    reason = "template_refused" if envelope.approval == "refused" else "not_approved"
    return Check("approval", "drop", reason, detail)


def label(envelope: Envelope, law: Law) -> Check:
    """Advertising says first that it is: in the text, in the subject of an e-mail."""
    first = envelope.subject if envelope.channel == "email" else envelope.text
    detail = {"law": law.country, "labels": list(law.labels.get(envelope.channel, ()))[:2]}
    if law.labelled(envelope.channel, first):
        return Check("label", detail=detail)
    return Check("label", "drop", "no_label", detail)


def refusal(envelope: Envelope, law: Law) -> Check:
    """Advertising says last how to refuse it."""
    detail = {"law": law.country, "answers": list(law.answers)}
    if law.refusable(envelope.channel, envelope.text):
        return Check("refusal", detail=detail)
    return Check("refusal", "drop", "no_refusal", detail)
