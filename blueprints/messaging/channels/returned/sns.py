"""Amazon SNS, through which SES tells of bounces and complaints: is it really Amazon, and what does it say?

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html and, for what SES puts into it,
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from blueprints.messaging.channels.replies import meaning
from blueprints.messaging.channels.returned.values import Report, without_addresses

HOST = re.compile(r"sns\.[a-z0-9-]{4,30}\.amazonaws\.com(\.cn)?")
CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem")
OLDEST = timedelta(hours=1)
"""Amazon tries again for 50 minutes at the longest by itself; what is older was kept by somebody."""
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
SIGNED = {
    "Notification": NOTIFICATION,
    "SubscriptionConfirmation": CONFIRMATION,
    "UnsubscribeConfirmation": CONFIRMATION,
}
HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 - Amazon's choice
LASTING = frozenset({"Permanent"})

Fetch = Callable[[str], bytes]
"""Reads what lies at an https address; raises OSError when it cannot."""


class NotGenuine(Exception):
    """Not from Amazon, not for us, or too old; says why."""


@dataclass(frozen=True)
class Told:
    """What SES reports, and the address that the mail was sent from, by which it is found."""

    sender: str
    report: Report


def genuine(body: bytes, topics: Sequence[str], fetch: Fetch, now: datetime) -> Mapping[str, str]:
    """The message, when Amazon signed it for one of our topics. Raises NotGenuine, and OSError without its key."""
    try:
        message = json.loads(body)
    except ValueError:
        raise NotGenuine("no JSON") from None
    if not isinstance(message, dict) or not all(isinstance(message.get(name), str) for name in ("Type", "TopicArn")):
        raise NotGenuine("no message of SNS")
    if message["TopicArn"] not in topics:
        raise NotGenuine("another topic")
    if not _is_fresh(message, now):
        raise NotGenuine("too old")
    _check(message, fetch)
    return message


def confirmation(message: Mapping[str, str]) -> str:
    """The address that confirms a subscription; empty for anything else. Raises NotGenuine for an address that is not
    Amazon's."""
    if message["Type"] != "SubscriptionConfirmation":
        return ""
    return _of_amazon(message.get("SubscribeURL", ""))


def read(message: Mapping[str, str]) -> Told | None:
    """What a notification says about a mail; None for what is none of ours to know."""
    try:
        said = json.loads(message.get("Message", ""))
        kind = str(said.get("notificationType") or said.get("eventType"))
        sender = str(said["mail"]["source"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    report = _report(kind, said)
    return Told(sender, report) if report else None


def _report(kind: str, said: Mapping[str, Any]) -> Report | None:
    if kind == "Bounce":
        return _bounce(said.get("bounce") or {})
    if kind == "Complaint":
        complaint = said.get("complaint") or {}
        if complaint.get("complaintFeedbackType") == "not-spam":
            return None
        return Report("complaint", "complaint", said=without_addresses(str(complaint.get("complaintFeedbackType", ""))))
    return Report("delivered") if kind == "Delivery" else None


def _bounce(bounce: Mapping[str, Any]) -> Report:
    """The reply of the server that refused it, where there is one; else what Amazon makes of it."""
    recipients = bounce.get("bouncedRecipients") or [{}]
    first = recipients[0] if isinstance(recipients, list) and isinstance(recipients[0], dict) else {}
    status, diagnosis = str(first.get("status", "")), str(first.get("diagnosticCode", ""))
    means = meaning(f"{status} {diagnosis.partition(';')[2] or diagnosis}")
    lasting = bounce.get("bounceType") in LASTING
    # "General" and "NoEmail" say that there is no such address; "Suppressed" that Amazon knew it already.
    dead = lasting and (
        means.is_dead or bounce.get("bounceSubType") in ("NoEmail", "Suppressed", "OnAccountSuppressionList")
    )
    reason = "no_such_address" if dead and not means.is_dead else means.reason
    return Report("bounce", reason, dead, without_addresses(f"{status} {diagnosis}"))


def _is_fresh(message: Mapping[str, Any], now: datetime) -> bool:
    try:
        at = datetime.fromisoformat(str(message.get("Timestamp", "")))
        return abs(now - at) <= OLDEST
    except (ValueError, TypeError):
        return False


def _check(message: Mapping[str, Any], fetch: Fetch) -> None:
    names = SIGNED.get(message["Type"])
    algorithm = HASHES.get(str(message.get("SignatureVersion", "")))
    if names is None or algorithm is None:
        raise NotGenuine("of an unknown kind")
    address = _of_amazon(str(message.get("SigningCertURL", "")))
    if not CERTIFICATE.fullmatch(urlsplit(address).path):
        raise NotGenuine("no certificate of Amazon's")
    text = "".join(f"{name}\n{message[name]}\n" for name in names if isinstance(message.get(name), str))
    try:
        key = x509.load_pem_x509_certificate(fetch(address)).public_key()
        signature = base64.b64decode(str(message.get("Signature", "")), validate=True)
    except (ValueError, binascii.Error):
        raise NotGenuine("not signed") from None
    if not isinstance(key, RSAPublicKey):
        raise NotGenuine("signed by no key of Amazon's")
    try:
        key.verify(signature, text.encode(), padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        raise NotGenuine("not signed by Amazon") from None


def _of_amazon(address: str) -> str:
    """The address, when it can only be Amazon's. Raises NotGenuine."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NotGenuine("not Amazon's address") from None
    ours = parts.scheme == "https" and HOST.fullmatch(parts.netloc) and port is None
    if not ours:
        raise NotGenuine("not Amazon's address")
    return address
