"""A text that a chain wrote, what a provider said of it, and a short link."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.inbox import service as inbox
from blueprints.inbox.models import Conversation
from blueprints.inbox.service import Reply as Received
from blueprints.messaging.channels.sms.contract import Reply
from blueprints.messaging.service import inbound
from blueprints.templates.defaults import default_parts
from blueprints.templates.links import beginning, host
from blueprints.templates.queries.texts import Spot, desk
from blueprints.templates.service import approving, short_links, writing
from blueprints.templates.service.approving import Text, Verdict
from blueprints.templates.service.writing import TextInput
from shopbell import clock, ids
from tenants.settings.rules import THE_CHAIN
from tenants.settings.store import NOBODY
from tests.support.world import Shop

SPOT = Spot("reminder", "sms", "en")


def a_text(session: Session, shop: Shop) -> dict[str, Any]:
    typed = TextInput({"sms": default_parts("reminder", "sms", "en")["sms"] + f" {shop.tenant.slug}"})
    seen = desk(session, (THE_CHAIN,), SPOT).seal
    version = writing.publish(session, (THE_CHAIN,), SPOT, typed, NOBODY, seen)
    text = Text(SPOT, "x" * 32, typed.parts["sms"])
    approval = approving.record(session, "x", "named", text, Verdict("submitted"), NOBODY)
    link = short_links.shorten(session, f"{host()}/m/{'x' * 43}", str(version), ids.uuid7(), clock.now())
    return {"text_version_id": version, "approval_id": approval, "code": link.removeprefix(beginning())}


def a_conversation(session: Session, shop: Shop) -> dict[str, Any]:
    """Something that somebody wrote back."""
    ref, number = str(ids.uuid7()), "+8613900000009"
    text_id = inbound.take(
        session, "x", Reply(ref=ref, number=number, to="x", text=f"Zephyrine {shop.tenant.slug}"), None
    )
    assert text_id
    session.flush()
    inbox.receive(session, Received(text_id, "", None, None, None))
    return {"conversation_id": session.scalars(select(Conversation.id)).first()}
