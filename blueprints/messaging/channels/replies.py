"""What mail servers mean by their replies, and by the reports they send later (RFC 5321, RFC 3463, and their habits).

Servers disagree on codes, so a reply is read from the most telling part to the least: the enhanced status, words that
everybody uses, and the first digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

#: The address is at fault, for good: nothing more is sent to it.
DEAD = frozenset({"no_such_address", "no_such_domain", "mailbox_closed"})
#: Seconds before a server that greylists, or that has had enough of us, is asked again.
GREYLIST_SECONDS = 60.0
THROTTLE_SECONDS = 30.0

# Subject and detail of the status (RFC 3463 and IANA's list of enhanced status codes).
_BY_STATUS = {
    "1.1": "no_such_address",
    "1.2": "no_such_domain",
    "1.3": "no_such_address",
    "1.6": "mailbox_closed",
    "1.10": "no_such_domain",
    "2.1": "mailbox_closed",
    "2.2": "mailbox_full",
    "2.3": "too_big",
    "3.2": "busy",
    "3.4": "too_big",
    "4.4": "no_such_domain",
    "4.5": "busy",
    "4.6": "loop",
    "4.7": "expired",
    "6.7": "not_our_letters",
    "7.20": "not_authentic",
    "7.21": "not_authentic",
    "7.22": "not_authentic",
    "7.23": "not_authentic",
    "7.24": "not_authentic",
    "7.25": "not_authentic",
    "7.26": "not_authentic",
    "7.27": "no_such_domain",
    "7.28": "busy",
    "7.29": "not_authentic",
}
_BY_SUBJECT = {"1": "bad_address", "2": "mailbox_trouble", "3": "server_trouble", "4": "server_trouble", "7": "policy"}
_WORDS = (
    ("greylisted", re.compile(r"gr[ae]y.?list|try (again )?later|come back later|temporarily deferred", re.I)),
    ("busy", re.compile(r"too many|rate.?limit|throttl|sending rate|quota exceeded for|slow down", re.I)),
    (
        "no_such_address",
        re.compile(
            r"(user|mailbox|recipient|address|account|no such|addressee).{0,40}"
            r"(unknown|not found|does ?n.t exist|not exist|no mailbox|user here)"
            r"|no such (user|mailbox|recipient|person)|unknown (user|recipient|mailbox)|invalid (recipient|mailbox)",
            re.I,
        ),
    ),
    ("mailbox_closed", re.compile(r"(account|mailbox|user).{0,30}(disabled|inactive|closed|suspended)", re.I)),
    ("mailbox_full", re.compile(r"(mailbox|quota|storage).{0,30}(full|exceeded)|over.?quota", re.I)),
    ("not_authentic", re.compile(r"\b(dkim|dmarc|spf)\b", re.I)),
    ("spam", re.compile(r"\bspam\b|blacklist|blocklist|block list|reputation|junk", re.I)),
)
#: Words weigh more than these statuses, which servers give for everything.
_VAGUE = frozenset({"0.0", "1.0", "2.0", "3.0", "4.0", "5.0", "7.0", "7.1", "1.10"})


@dataclass(frozen=True)
class Meaning:
    """Why a message was not taken. `final`: asking again would not help."""

    reason: str
    final: bool
    retry_after: float = 0.0

    @property
    def is_dead(self) -> bool:
        """Whether nothing should be sent to this address any more."""
        return self.final and self.reason in DEAD


def meaning(said: str, code: int = 0) -> Meaning:
    """What a reply, or the status and diagnosis of a report, says; `code` is the SMTP code, 0 where there is none."""
    found = STATUS.search(said)
    first = code // 100 if code else int(found.group(1)) if found else 0
    final = first == 5
    reason = _reason(said, f"{int(found.group(2))}.{int(found.group(3))}" if found else "0.0")
    if final and reason in ("greylisted", "busy"):
        reason = "policy"
    if not final and reason == "policy" and code in (450, 451):
        # What "not for reasons of security, yet" means everywhere: 451 4.7.1 is the answer of every greylist.
        reason = "greylisted"
    pause = {"greylisted": GREYLIST_SECONDS, "busy": THROTTLE_SECONDS}.get(reason, 0.0)
    return Meaning(reason, final, 0.0 if final else pause)


def _reason(said: str, status: str) -> str:
    if status not in _VAGUE and status in _BY_STATUS:
        return _BY_STATUS[status]
    for reason, words in _WORDS:
        if words.search(said):
            return reason
    return _BY_STATUS.get(status) or _BY_SUBJECT.get(status.partition(".")[0], "refused")
