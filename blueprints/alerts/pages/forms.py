"""The form of a channel, and a channel as pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.alerts import queries, service
from blueprints.alerts.models import AlertChannel, AlertDelivery
from blueprints.alerts.rules import KINDS, TOPICS, may_carry
from blueprints.alerts.service import ChannelInput
from blueprints.catalog import api as catalog
from shopbell import i18n
from shopbell.i18n import gettext as _
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant


@dataclass(frozen=True)
class Shown:
    """A channel, where it leads in part, whose it is, and how its latest delivery went, if there was one."""

    channel: AlertChannel
    address: str
    place: str
    latest: AlertDelivery | None


def kind_names() -> dict[str, str]:
    names = (
        _("E-mail"),
        _("Text message"),
        _("WeCom"),
        _("DingTalk"),
        _("Feishu"),
        _("Lark"),
        _("Slack"),
        _("Microsoft Teams"),
        _("Telegram"),
    )
    return dict(zip(KINDS, names, strict=True))


def topic_names(level: str) -> list[tuple[str, str]]:
    return [(name, _(TOPICS[name].title)) for name in may_carry(level)]


def shown(session: Session, channels: Sequence[AlertChannel]) -> list[Shown]:
    latest = queries.latest(session, [channel.id for channel in channels])
    names = place_names(session)
    return [
        Shown(
            channel,
            service.shown_address(session, channel),
            names.get(channel.branch_id or channel.region_id, _("The whole chain")),
            latest.get(channel.id),
        )
        for channel in channels
    ]


def place_names(session: Session) -> dict[UUID | None, str]:
    """Regions and branches by their ids."""
    named = [(region.id, region.name) for region in catalog.regions(session)]
    named += [(branch.id, branch.name) for branch in catalog.branches(session)]
    return {place_id: i18n.localized(name, current_tenant().locale) for place_id, name in named}


def values(found: AlertChannel) -> Form:
    """The form of a channel as it is; its address stays hidden."""
    form = Form(
        {"kind": found.kind, "label": found.label, "locale": found.locale, "active": "yes" if found.active else ""}
    )
    form.values.setlist("topics", found.topics)
    return form


def fresh() -> Form:
    return Form({"active": "yes", "locale": i18n.current_locale()})


def read(form: Form, level: str, place_id: UUID | None) -> ChannelInput:
    return ChannelInput(
        kind=form.text("kind"),
        level=level,
        place_id=place_id,
        place=form.text("place"),
        extra=form.text("extra"),
        topics=tuple(form.values.getlist("topics")),
        locale=form.text("locale"),
        label=form.text("label"),
        active=form.text("active") == "yes",
    )
