"""Answering a mail as other mail servers would: with a bounce, or with a complaint of its reader.

The answer goes to the product's own door, signed, as a real mail server's pipe would bring it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError

ANSWERS = {
    "gone": ("There is no such mailbox", "failed", "5.1.1", "550 5.1.1 <{to}>: User unknown"),
    "full": ("The mailbox is full", "failed", "5.2.2", "552 5.2.2 The mailbox is over its quota"),
    "late": ("It takes longer", "delayed", "4.4.1", "connect timed out"),
    "spam": ("Its reader calls it spam", "", "", ""),
}
"""What can be answered: words for a button, and the action, status and diagnosis of a report; a complaint has none."""
REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.localhost (Mail Delivery System)
To: {back}
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="answer"

--answer
Content-Type: text/plain; charset=utf-8

{words}.
--answer
Content-Type: message/{kind}

{fields}
--answer--
"""


@dataclass(frozen=True)
class Returns:
    """Where the product listens: an address and port, the host it goes by, and the secret that signs."""

    address: str
    host: str
    secret: str

    def send(self, back: str, to: str, answer: str) -> str:
        """Answer a mail that came from the envelope address `back`; what came of it, in a sentence."""
        raw = report(back, to, answer)
        message_id, seconds = secrets.token_hex(8), str(int(time.time()))
        mac = hmac.digest(self.secret.encode(), f"{message_id}.{seconds}.".encode() + raw, hashlib.sha256)
        headers = {
            "Host": self.host,
            "Content-Type": "message/rfc822",
            "webhook-id": message_id,
            "webhook-timestamp": seconds,
            "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        }
        try:
            url = f"http://{self.address}/hooks/mail?recipient={back}"
            status = urllib3.request("POST", url, body=raw, headers=headers, retries=False, timeout=10).status
        except HTTPError as error:
            return f"The product did not answer: {type(error).__name__}"
        return "Sent back." if status == 204 else f"The product answered {status}."


def report(back: str, to: str, answer: str) -> bytes:
    """A bounce, or a complaint, about a mail. Raises KeyError for an answer there is none of."""
    words, action, status, diagnosis = ANSWERS[answer]
    if action:
        fields = (
            f"Reporting-MTA: dns; mx.localhost\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
            f"Diagnostic-Code: smtp; {diagnosis.format(to=to)}"
        )
        kind, subject = "delivery-status", "Undelivered Mail Returned to Sender"
    else:
        fields = f"Feedback-Type: abuse\nUser-Agent: development mailbox\nVersion: 1\nOriginal-Mail-From: <{back}>"
        kind, subject = "feedback-report", "Complaint"
    text = REPORT.format(back=back, subject=subject, kind=kind, words=words, fields=fields)
    return text.replace("\n", "\r\n").encode()
