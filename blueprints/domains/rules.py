"""Pure rules on a chain's sender of e-mails: what its domain and mailbox may be, and what its records look like."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shopbell.dkim import Signer
from shopbell.mail_records import FIRST_POLICY

MAILBOX = re.compile(r"[a-z0-9]([a-z0-9._+-]{0,62}[a-z0-9])?")
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=7)
AT_MOST_EVERY = timedelta(seconds=10)
AGAIN_AFTER = timedelta(days=1)
"""Records that were right may go: then mail goes out under the installation's own name again."""
MOST_KEYS = 4


@dataclass(frozen=True)
class Record:
    """A TXT record to add. `finding` names it among the findings of a look."""

    name: str
    value: str
    finding: str
    key_id: UUID | None = None
    algorithm: str = ""


def new_selector() -> str:
    """A name for a key that nobody else at the domain has: several chains and services may send for one domain."""
    return f"shopbell-{secrets.token_hex(4)}"


def records(domain: str, keys: Sequence[tuple[UUID, str, Signer]]) -> list[Record]:
    """The records of each of the keys (id, algorithm, signer), and the policy for the domain."""
    found = [Record(s.record_name, s.record, f"dkim:{s.selector}", id_, algorithm) for id_, algorithm, s in keys]
    return [*found, Record(f"_dmarc.{domain}", FIRST_POLICY, "dmarc")]


def next_look(seen: bool, tries: int, since: datetime, now: datetime) -> datetime | None:
    """When to look at the records again: daily once they are right, else less and less often, and for a week."""
    if seen:
        return now + AGAIN_AFTER
    again = now + min(FIRST_PAUSE * 2.0 ** min(tries, 10), LONGEST_PAUSE)
    return again if again < since + GIVE_UP_AFTER else None


def standing(state: str, was_seen: bool) -> bool:
    """Whether a key may sign after a look: a name server that did not answer changes nothing."""
    return was_seen if state == "unreachable" else state == "right"
