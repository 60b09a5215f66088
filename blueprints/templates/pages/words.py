"""Occasions, channels, pieces and variables in people's words."""

from __future__ import annotations

from shopbell.i18n import gettext as _


def occasion_names() -> dict[str, str]:
    return {
        "confirmation": _("Confirmation"),
        "change": _("Change"),
        "cancellation": _("Cancellation"),
        "part_cancelled": _("Cancellation of a part"),
        "reminder": _("Reminder"),
        "request": _("Request received"),
        "declined": _("Request declined"),
        "review": _("Asking for a review"),
        "calendar": _("Calendar address"),
        "offer": _("Waitlist: offer"),
        "offer_gone": _("Waitlist: no longer kept"),
        "wish_joined": _("Waitlist: joined"),
        "answer": _("Answer to a reply"),
        "too_late": _("Reply that came too late to cancel"),
        "sign_in_code": _("Code to sign in"),
        "invitation": _("Invitation of staff"),
        "password_link": _("Link for a new password"),
        "password_forgotten": _("Forgotten password"),
    }


def channel_names() -> dict[str, str]:
    return {"sms": _("SMS"), "email": _("E-mail")}


def piece_names() -> dict[str, str]:
    return {
        "sms": _("Text"),
        "subject": _("Subject"),
        "heading": _("Heading"),
        "lead": _("First sentences"),
        "closing": _("Last sentences"),
    }


def variable_names() -> dict[str, str]:
    """What each variable becomes."""
    return {
        "chain": _("the chain's name"),
        "customer": _("the customer's name"),
        "link": _("where the customer sees or changes it"),
        "home": _("the booking pages"),
        "branch": _("the branch"),
        "branch_short": _("the branch without the chain's name"),
        "address": _("the branch's address"),
        "phone": _("the branch's telephone"),
        "service": _("what is booked"),
        "person": _("with whom; may be empty"),
        "ref": _("the booking number"),
        "day_short": _("the day, in short"),
        "day_long": _("the day, in full"),
        "time": _("when it begins"),
        "end_time": _("when it ends"),
        "zone": _("the time zone"),
        "deadline": _("until when it can be changed; may be empty"),
        "earlier": _("when it was before"),
        "until": _("until when the time is kept"),
        "more": _("how many further dates; may be empty"),
        "series": _("the further dates; may be empty"),
        "deposit": _("the deposit; may be empty"),
        "late_fee": _("the fee for cancelling late; may be empty"),
        "no_show_fee": _("the fee for not coming; may be empty"),
        "days": _("when the customer could come"),
        "code": _("the code"),
        "said": _("what was typed as the answer"),
    }


def state_names() -> dict[str, tuple[str, str, str]]:
    """Of an approval: words, icon, mood."""
    return {
        "draft": (_("Not handed in"), "note", "plain"),
        "submitted": (_("Handed in"), "clock", "info"),
        "approved": (_("Approved"), "check", "ok"),
        "rejected": (_("Rejected"), "x", "bad"),
    }
