"""Codes to sign in: over one channel, before everything else, and gone once they are of no use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.crm.api import Contact
from blueprints.messaging import api
from blueprints.messaging.service.kinds import SEND
from infra.devtools.tools import DevTools
from shopbell import claims, clock, due, ids
from shopbell.due import DueWork
from shopbell.tenancy import TenantContext
from tests.messaging.outside import EMAIL, PHONE
from tests.support.letters import Letter, letters

RunJobs = Callable[[], int]


def tell(session: Session, *, phone: str = "", email: str | None = None, shared: bool = True) -> Letter:
    contact = Contact(ids.uuid7(), "Fang", phone, email, "en")
    until = clock.now() + timedelta(minutes=10)
    notice = api.CodeNotice(ids.uuid7(), contact, shared, "123456", "http://lumi-test.localhost:8000/my/code", until)
    (message_id,) = api.tell_code(session, notice)
    assert api.tell_code(session, notice) == []
    return letters(session, id=message_id)[0]


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(("phone", "email"), [(PHONE, None), ("", EMAIL)], ids=["sms", "email"])
def test_a_code_goes_out_over_one_channel_and_its_text_is_forgotten(
    session: Session, run_jobs: RunJobs, outside: DevTools, phone: str, email: str | None
) -> None:
    message = tell(session, phone=phone, email=email)
    assert (message.recipient_name, message.customer_id) == ("", None)
    run_jobs()
    session.refresh(message.row)
    assert (message.state, message.body, message.html) == ("sent", "", None)
    assert "123456" not in message.subject
    assert len(outside.telco.messages(to=PHONE)) + len(outside.mailbox.listing(to=EMAIL)) == 1


def test_a_code_that_never_got_out_is_forgotten_when_it_is_worth_nothing(session: Session, run_jobs: RunJobs) -> None:
    message = tell(session, phone=PHONE)
    run_jobs()
    session.refresh(message.row)
    assert "123456" in message.body
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        run_jobs()
    session.refresh(message.row)
    assert (message.state, message.body) == ("dropped", "")


def test_somebody_who_waits_is_served_before_what_has_been_waiting(session: Session, tenant: TenantContext) -> None:
    due.schedule(session, "test.campaign", "x", clock.now() - timedelta(days=1))
    message = tell(session, phone=PHONE)
    (claimed,) = claims.claim(session, tenant.id, lease=timedelta(minutes=1), limit=1)
    assert (claimed.kind, claimed.key) == (SEND, str(message.id))
    assert session.scalars(select(DueWork.due_at).where(DueWork.kind == SEND)).all() == [clock.now()]
