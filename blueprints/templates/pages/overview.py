"""All texts of a place: where each one comes from."""

from __future__ import annotations

from werkzeug.wrappers import Response

from blueprints.templates import queries
from blueprints.templates.pages.blueprint import PAGES, asked_for, may_write, places
from blueprints.templates.pages.words import channel_names, occasion_names
from blueprints.templates.queries import Holding, Spot
from blueprints.templates.rules.wordings import CHANNELS, OF_CHAINS, channels_of
from shopbell.http import current_session, permit
from shopbell.i18n import LOCALES
from shopbell.pages import render
from shopbell.pages.forms import Form
from tenants.settings.rules import Place


@PAGES.get("/texts")
@permit("templates.edit")
def texts() -> Response:
    """By occasion, channel and language: whose words hold at the place."""
    where, session = asked_for(), current_session()
    spots = [Spot(name, channel, locale) for name in OF_CHAINS for channel in channels_of(name) for locale in LOCALES]
    found = queries.holding(session, where.path, spots)
    return render(
        "templates/overview.html",
        where=where,
        asked=Form({"place": where.text}),
        places=places(),
        rows={name: [channel for channel in CHANNELS if channel in channels_of(name)] for name in OF_CHAINS},
        found={spot.subject: holding for spot, holding in found.items()},
        drafts={one.spot.subject for one in queries.drafts(session, where.place)},
        origin=lambda holding: origin(holding, where.place),
        occasions=occasion_names(),
        channels=channel_names(),
        may_write=may_write(where.place),
    )


def origin(holding: Holding, place: Place) -> str:
    """Whose words hold: "own", "above" or "product"."""
    if holding.version is None or holding.source is None:
        return "product"
    return "own" if holding.source.place == place else "above"
