"""A text that a chain wrote, what a provider said of it, and a short link."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

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
