"""Messages a second: due work, gate, claim, hand-over and receipt, against a loop that only sends the same bytes."""

from __future__ import annotations

import http.client
import smtplib
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import func, insert, select
from urllib3 import make_headers

from blueprints.messaging.channels.mime import Mail, build
from blueprints.messaging.models import ADDRESS_KEY, LETTER, Message
from blueprints.messaging.service.kinds import SEND
from infra.bench.measure import ROUNDS, Measurement, against, interleaved
from infra.bench.outside import outside, resident_megabytes
from infra.bench.stage import Stage, pause
from infra.devtools.tools import OFFSETS
from shopbell import clock, due, ids
from shopbell.db import table
from shopbell.due import DueWork
from shopbell.vault import keys
from shopbell.vault.ring import Ring
from shopbell.vault.sealing import row_form

MESSAGES = 4_000
"""In each round, half of them mail; five rounds are the 20,000 of the goal."""
PATIENCE = 300.0
SENDER = "no-reply@shopbell.localhost"
TEXT = (
    "Dear customer {number}, your appointment at Bench Optik, 88 Century Avenue, is on Monday 9 March at 10:00. "
    "To move or cancel it: https://bench.localhost/a/{token}"
)
HTML = "<html><body><h1>Bench Optik</h1><p>{text}</p><table><tr><td>When</td><td>Monday</td></tr></table></body></html>"


def notify(stage: Stage) -> Measurement:
    """Sends half text messages, half mail, of one chain; a text message is done when its receipt has been taken."""
    with outside(stage) as workers:
        before = [resident_megabytes(pid) for pid in workers]
        product(stage)
        warm = [resident_megabytes(pid) for pid in workers]
        figures = interleaved(lambda: product(stage), lambda: limit(stage))
        after = [resident_megabytes(pid) for pid in workers]
    grown = max(now - then for now, then in zip(after, warm, strict=True))
    memory = f"a worker holds {max(before):.0f} MB at first, {max(warm):.0f} warm, {max(after):.0f} after"
    detail = f"{(1 + ROUNDS) * MESSAGES} messages, {len(workers)} workers; {memory} (+{grown:.1f})"
    return against("notify", "per s", figures, 0.35, detail)


def product(stage: Stage) -> float:
    """Messages a second, from the moment they are due until the last receipt is written."""
    written = queue(stage, MESSAGES)
    begun, until = time.perf_counter(), time.monotonic() + PATIENCE
    while waiting(stage, written):
        if time.monotonic() > until:
            raise RuntimeError(f"{waiting(stage, written)} of {MESSAGES} messages did not arrive in time")
        pause(0.05)
    return MESSAGES / (time.perf_counter() - begun)


def waiting(stage: Stage, first: UUID) -> int:
    """How many messages from this one on are not where they should be: mail sent, text messages delivered."""
    open_states = ("queued", "sending", "unknown", "failed", "dropped")
    undone = (Message.state.in_(open_states)) | ((Message.state == "sent") & (Message.channel == "sms"))
    with stage.database.transaction(stage.tenant) as session:
        return session.scalar(select(func.count()).where(Message.id >= first, undone)) or 0


def queue(stage: Stage, amount: int, *, block: int = 2_000) -> UUID:
    """Write so many messages, sealed as all are, and have them sent; returns the id of the first."""
    first = None
    for start in range(0, amount, block):
        rows = [message(number) for number in range(start, min(start + block, amount))]
        first = first or rows[0]["id"]
        with stage.database.transaction(stage.tenant) as session:
            ring, now = keys.at_hand(session), clock.now()
            session.execute(insert(table(Message)), [sealed(ring, row) for row in rows])
            work = [due.row(stage.tenant.id, SEND, str(row["id"]), now, {}) for row in rows]
            session.execute(insert(table(DueWork)), work)
    return UUID(str(first))


def sealed(ring: Ring, row: dict[str, Any]) -> dict[str, Any]:
    key = ring.index(ADDRESS_KEY, row["recipient"])
    return {**row, **row_form(ring, LETTER, row["id"], row), "recipient_key": key}


def message(number: int) -> dict[str, Any]:
    sms, id_ = number % 2 == 0, ids.uuid7()
    text = TEXT.format(number=number, token=id_.hex)
    return {
        "id": id_,
        "template": "confirmation",
        "channel": "sms" if sms else "email",
        "locale": "en",
        "recipient": f"+86139{number:08}" if sms else f"person{number}@example.com",
        "recipient_name": f"Person {number}",
        "sender_name": "Bench Optik",
        "subject": "" if sms else f"Your appointment on 9 March, {number}",
        "body": text,
        "html": None if sms else HTML.format(text=text),
        "calendar": None,
        "segments": 2 if sms else 0,
        "encoding": "GSM-7" if sms else None,
        "dedupe_key": str(id_),
        "created_at": datetime.now(UTC),
    }


def limit(stage: Stage) -> float:
    """The same messages from a loop: bytes made beforehand, one connection each, no database and no receipts."""
    settings = stage.settings
    made = [message(number) for number in range(MESSAGES)]
    texts = [_form(stage, row) for row in made if row["channel"] == "sms"]
    mails = [(row["recipient"], _mail(row)) for row in made if row["channel"] == "email"]
    path = f"/2010-04-01/Accounts/{settings.sms_account_sid}/Messages.json"
    telco = http.client.HTTPConnection("127.0.0.1", settings.port + OFFSETS["telco simulator"])
    credentials = f"{settings.sms_account_sid}:{settings.sms_auth_token}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", **make_headers(basic_auth=credentials)}
    server = smtplib.SMTP("127.0.0.1", settings.port + OFFSETS["SMTP"])
    server.ehlo()
    begun = time.perf_counter()
    for form, (recipient, raw) in zip(texts, mails, strict=True):
        telco.request("POST", path, form, headers)
        telco.getresponse().read()
        server.sendmail(SENDER, [recipient], raw)
    rate = MESSAGES / (time.perf_counter() - begun)
    server.quit()
    telco.close()
    return rate


def _form(stage: Stage, row: dict[str, Any]) -> str:
    return urlencode({"To": row["recipient"], "From": stage.settings.sms_from, "Body": row["body"]})


def _mail(row: dict[str, Any]) -> bytes:
    mail = Mail(
        message_id=f"{row['id']}@shopbell.localhost",
        sender=SENDER,
        sender_name=row["sender_name"],
        recipient=row["recipient"],
        recipient_name=row["recipient_name"],
        subject=row["subject"],
        text=row["body"],
        html=row["html"],
        calendar=None,
        language="en",
        written_at=row["created_at"],
    )
    return build(mail)
