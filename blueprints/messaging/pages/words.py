"""What states, occasions, purposes and reasons of messages are called on the pages."""

from __future__ import annotations

from shopbell.i18n import gettext as _
from shopbell.text import N_

STATES = {
    "queued": (N_("Waiting"), "clock", "info"),
    "sending": (N_("Being sent"), "cloud-upload", "info"),
    "sent": (N_("Sent"), "check", "ok"),
    "delivered": (N_("Delivered"), "circle-check", "ok"),
    "unknown": (N_("In doubt"), "alert-triangle", "warn"),
    "failed": (N_("Not delivered"), "x", "bad"),
    "dropped": (N_("Held back"), "lock", "plain"),
    "cancelled": (N_("Withdrawn"), "trash", "plain"),
}
"""Words, icon, colour."""
CHANNELS = {"sms": N_("SMS"), "email": N_("E-mail")}
PROVIDERS = {
    "twilio": "Twilio",
    "alibaba": "Alibaba Cloud",
    "tencent": "Tencent Cloud",
    "sns": "Amazon SNS",
    "smpp": "SMPP",
}
PURPOSES = {
    "code": N_("Codes"),
    "incident": N_("Urgent news"),
    "transactional": N_("About appointments"),
    "reminder": N_("Reminders"),
    "marketing": N_("Advertising"),
}
OCCASIONS = {
    "confirmation": N_("Confirmation"),
    "change": N_("Change"),
    "cancellation": N_("Cancellation"),
    "part_cancelled": N_("Cancellation of a part"),
    "reminder": N_("Reminder"),
    "review": N_("Asking for a review"),
    "calendar": N_("Calendar address"),
    "request": N_("Request received"),
    "declined": N_("Request declined"),
    "offer": N_("Waitlist: offer"),
    "offer_gone": N_("Waitlist: no longer kept"),
    "wish_joined": N_("Waitlist: joined"),
    "answer": N_("Answer to a reply"),
    "too_late": N_("Reply that came too late to cancel"),
    "invitation": N_("Invitation of staff"),
    "password_link": N_("Link for a new password"),
    "password_forgotten": N_("Link for a forgotten password"),
    "sign_in_code": N_("Code to sign in"),
    "staff_alert": N_("Alert to staff"),
}
REASONS = {
    # Ours, of the gate.
    "no_consent": N_("No consent to this"),
    "withdrawn": N_("The consent was withdrawn"),
    "switched_off": N_("The customer has switched this off"),
    "suppressed": N_("This address is not written to any more"),
    "quiet_hours": N_("Not at this hour"),
    "cap": N_("Enough messages of this kind already"),
    "budget": N_("The month's budget is used up"),
    "no_label": N_("The law's mark for advertising is missing"),
    "no_refusal": N_("It does not say how to refuse advertising"),
    "not_approved": N_("The provider has not approved the text"),
    "too_late": N_("Its time was over"),
    "expired": N_("Its time was over"),
    # Providers of text messages.
    "bad_number": N_("The number does not exist, or takes no SMS"),
    "opted_out": N_("The customer refuses messages from this number"),
    "unroutable": N_("The provider has no way to this number"),
    "content_refused": N_("The provider does not carry this text"),
    "template_refused": N_("The provider refused the template or the sign"),
    "too_long": N_("The text is too long"),
    "sender_refused": N_("The sender may not write to this country"),
    "account": N_("The account cannot send: access, balance or permission"),
    "too_fast": N_("More than the account may send at once"),
    "limit": N_("More to one number than the provider allows"),
    "unreachable": N_("The phone could not be reached"),
    "unavailable": N_("The provider is away"),
    "provider_error": N_("The provider made a mistake"),
    "refused": N_("Refused without a known reason"),
    # Mail servers.
    "no_such_address": N_("There is no such mailbox"),
    "no_such_domain": N_("There is no such mail domain"),
    "mailbox_closed": N_("The mailbox is closed"),
    "mailbox_full": N_("The mailbox is full"),
    "mailbox_trouble": N_("The mailbox takes nothing at the moment"),
    "bad_address": N_("The address is wrong"),
    "too_big": N_("The mail is too large"),
    "busy": N_("The mail server is busy"),
    "greylisted": N_("The mail server asks to come again later"),
    "server_trouble": N_("The mail server is in trouble"),
    "not_authentic": N_("The mail server does not believe the sender"),
    "policy": N_("The mail server refuses by its own rules"),
    "loop": N_("The mail went round in circles"),
    "spam": N_("The mail server takes it for spam"),
    "complaint": N_("The customer complained about it"),
    # Ours, of sending.
    "given_up": N_("Given up after many tries"),
    "in_doubt": N_("It may have arrived, and is not sent again"),
}


def state(name: str) -> str:
    return _(STATES[name][0])


def occasion(name: str) -> str:
    return _(OCCASIONS[name]) if name in OCCASIONS else name


def reason(code: str) -> str:
    """The code itself where it has no words: an older release may have written it."""
    return _(REASONS[code]) if code in REASONS else code or _("No reason was kept")
