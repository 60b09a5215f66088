"""The legal texts for programs, which show them to customers of theirs before they book."""

from __future__ import annotations

from collections.abc import Sequence

from flask.views import MethodView

from blueprints.brand import queries
from blueprints.brand.queries import LegalRef
from blueprints.brand.schemas import LegalTextsOut
from shopbell.http import current_session, permit
from shopbell.http.bodies import Blueprint

API = Blueprint("legal_api", __name__, description="What customers agree to")


@API.route("/legal-texts")
class LegalTexts(MethodView):
    @permit("catalog.read")
    @API.response(200, LegalTextsOut)
    def get(self) -> dict[str, Sequence[LegalRef]]:
        """List the legal texts that are in force today, and which of them customers agree to"""
        return {"items": queries.brand(current_session()).legal}
