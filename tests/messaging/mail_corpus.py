"""Mail that came back, as different servers write it. `{verp}` stands for the address it came back to."""

from __future__ import annotations

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {verp}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example. I'm sorry to have to inform you...
--B
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4F2A

Final-Recipient: rfc822; lan@example.com
Original-Recipient: rfc822;lan@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <lan@example.com>: Recipient address
    rejected: User unknown in virtual mailbox table

--B
Content-Type: message/rfc822

From: shop@shopbell.example
Subject: hello

text
--B--
"""
EXIM = """\
X-Failed-Recipients: lan@example.com
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@exim.example>
To: {verp}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients.

  lan@example.com
    SMTP error from remote mail server after RCPT TO:<lan@example.com>:
    host mx.example.com [192.0.2.1]: 550 5.2.1 The email account is disabled
"""
QMAIL = """\
From: MAILER-DAEMON@qmail.example
To: {verp}
Subject: failure notice

Hi. This is the qmail-send program at qmail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<lan@example.com>:
192.0.2.1 does not like recipient.
Remote host said: 550 Requested action not taken: mailbox unavailable; no such user
Giving up on 192.0.2.1.
"""
EXCHANGE = """\
From: <postmaster@outlook.example>
To: {verp}
Subject: Undeliverable: Booked
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/html; charset="utf-8"

<p>Your message couldn't be delivered.</p>
--x
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0.example
Received-From-MTA: dns;mx.example
Arrival-Date: Mon, 2 Mar 2026 00:00:00 +0000

Final-Recipient: rfc822;lan@example.com
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient lan@example.com not found

--x--
"""
FULL = POSTFIX.replace("Status: 5.1.1", "Status: 5.2.2").replace(
    "550 5.1.1 <lan@example.com>: Recipient address\n    rejected: User unknown in virtual mailbox table",
    "552 5.2.2 <lan@example.com> mailbox full",
)
EXPIRED = POSTFIX.replace("Status: 5.1.1", "Status: 4.4.7").replace(
    "smtp; 550 5.1.1 <lan@example.com>: Recipient address\n    rejected: User unknown in virtual mailbox table",
    "smtp; delivery temporarily suspended: connect timed out",
)
LATE = EXPIRED.replace("Action: failed", "Action: delayed")
ARRIVED = POSTFIX.replace("Action: failed", "Action: delivered").replace("Status: 5.1.1", "Status: 2.0.0")
COMPLAINT = """\
From: <abuse@isp.example>
To: fbl@shopbell.example
Subject: FW: Booked
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="F"

--F
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.
--F
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{verp}>
Original-Rcpt-To: <lan@example.com>

--F
Content-Type: message/rfc822

From: <shop@shopbell.example>
Subject: Booked

text
--F--
"""
NOT_SPAM = COMPLAINT.replace("Feedback-Type: abuse", "Feedback-Type: not-spam")
HOLIDAY = """\
From: Lan <lan@example.com>
To: {verp}
Subject: Automatic reply: Booked
Auto-Submitted: auto-replied

I am away until Monday.
"""
GLOBAL = POSTFIX.replace("message/delivery-status", "message/global-delivery-status")

#: What each is: kind, reason, whether the address is dead.
CORPUS = {
    "postfix": (POSTFIX, "bounce", "no_such_address", True),
    "exim": (EXIM, "bounce", "mailbox_closed", True),
    "qmail": (QMAIL, "bounce", "no_such_address", True),
    "exchange": (EXCHANGE, "bounce", "no_such_address", True),
    "global": (GLOBAL, "bounce", "no_such_address", True),
    "full": (FULL, "bounce", "mailbox_full", False),
    "expired": (EXPIRED, "bounce", "expired", False),
    "late": (LATE, "late", "expired", False),
    "arrived": (ARRIVED, "delivered", "", False),
    "complaint": (COMPLAINT, "complaint", "complaint", False),
    "not spam": (NOT_SPAM, "answer", "", False),
    "holiday": (HOLIDAY, "answer", "", False),
}


def mail(name: str, verp: str = "b@bounce.example") -> bytes:
    """One of the corpus, with lines as they come over the wire."""
    return CORPUS[name][0].replace("{verp}", verp).replace("\n", "\r\n").encode()
