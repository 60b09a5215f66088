"""Reports about mail that other programs bring over the web, for whichever chain they are about."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from urllib3.exceptions import HTTPError

from blueprints.messaging.channels.returned import signed, sns
from blueprints.messaging.channels.returned.signed import BadField, NotSigned
from blueprints.messaging.channels.returned.sns import NotGenuine
from blueprints.messaging.errors import BadReport, BadSignature
from blueprints.messaging.service import returned
from blueprints.messaging.service.returned import Find, NotOurs
from shopbell import clock, outgoing, runtime
from shopbell.db import Database
from shopbell.errors import Unavailable

log = logging.getLogger(__name__)

SECONDS = 5.0
LARGEST_CERTIFICATE = 20_000
MOST_CERTIFICATES = 16

_certificates: dict[str, bytes] = {}


def take_signed(database: Database, find: Find, headers: Mapping[str, str], body: bytes, recipient: str) -> None:
    """A report in our own form or, with the `recipient` it came to, as the mail that came back.

    What is about no mail of ours is taken, too: sending it again would not help. Raises BadSignature, BadReport.
    """
    try:
        signed.check(runtime.settings().own_mail.hook_secret, headers, body, clock.now())
        if headers.get("content-type", "").startswith("message/rfc822"):
            returned.take_mail(database, find, recipient, body)
            return
        told = signed.read(body)
        returned.take_report(database, find, returned.address_of(told.sender), told.report)
    except NotSigned:
        raise BadSignature from None
    except BadField as error:
        raise BadReport(str(error)) from None
    except NotOurs as error:
        log.info("a signed report is about no mail of ours: %s", error)


def take_notification(database: Database, find: Find, body: bytes) -> None:
    """What Amazon SNS brings from SES; a subscription is confirmed. Harmless to repeat.

    Raises BadSignature, and Unavailable while Amazon cannot be asked: it tries again.
    """
    try:
        message = sns.genuine(body, runtime.settings().own_mail.topics, _certificate, clock.now())
        if confirmed_at := sns.confirmation(message):
            _read(confirmed_at)
            return
    except NotGenuine as error:
        log.warning("a notification was refused: %s", error)
        raise BadSignature from None
    except OSError as error:
        log.warning("Amazon could not be asked about a notification: %s", error)
        raise Unavailable from None
    told = sns.read(message)
    if told is None:
        return
    try:
        returned.take_report(database, find, returned.address_of(told.sender), told.report)
    except NotOurs as error:
        log.info("a notification is about no mail of ours: %s", error)


def _certificate(url: str) -> bytes:
    """Remembered: each has an address of its own."""
    if url not in _certificates:
        while len(_certificates) >= MOST_CERTIFICATES:
            _certificates.pop(next(iter(_certificates)), None)
        _certificates[url] = _read(url)
    return _certificates[url]


def _read(url: str) -> bytes:
    """Raises OSError."""
    try:
        answer = outgoing.ask("GET", url, {}, private=False, seconds=SECONDS)
        try:
            if answer.status != 200:
                raise OSError(f"{answer.status} instead of what was asked for")
            return answer.read(LARGEST_CERTIFICATE)
        finally:
            answer.close()
    except (outgoing.Trouble, HTTPError) as error:
        raise OSError(f"not reached: {error}") from error
