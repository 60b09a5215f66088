"""What the pages of a channel do, whether the chain's shops or somebody's own devices are told through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.alerts import service
from blueprints.alerts.models import AlertChannel
from blueprints.alerts.pages import forms
from blueprints.alerts.rules import WITH_EXTRA
from shopbell.http import concerns, current_principal, current_session
from shopbell.i18n import LOCALES
from shopbell.pages import render
from shopbell.pages.forms import Form


@dataclass(frozen=True)
class Pages:
    """Whose channels they are. `listing` is the endpoint of their list, `level` says which topics they may carry,
    `places` are those that a new one may be for, and `owner` reads level and place of a new one from its form. `find`
    locks one of theirs and raises UnknownChannel for any other."""

    listing: str
    level: str
    places: Callable[[], list[tuple[str, str]]]
    owner: Callable[[Form], tuple[str, UUID | None]]
    find: Callable[[UUID], AlertChannel]

    def new(self) -> Response:
        return self._form(forms.fresh(), None)

    def add(self) -> Response:
        form, session = Form(request.form), current_session()
        made: list[AlertChannel] = []
        wanted = forms.read(form, *self.owner(form))
        if not form.attempt(session, lambda: made.append(service.add(session, wanted))):
            return self._form(form, None)
        concerns(made[0].id)
        return self._listed(saved="1")

    def edit(self, channel_id: UUID) -> Response:
        found = self.find(channel_id)
        return self._form(forms.values(found), found)

    def change(self, channel_id: UUID) -> Response:
        found, form, session = self.find(channel_id), Form(request.form), current_session()
        wanted = forms.read(form, found.level, None)
        if not form.attempt(session, lambda: service.change(session, found, wanted)):
            return self._form(form, found)
        return self._listed(saved="1")

    def test(self, channel_id: UUID) -> Response:
        service.send_test(current_session(), self.find(channel_id), current_principal().id)
        return self._listed(sent="1")

    def remove(self, channel_id: UUID) -> Response:
        service.remove(current_session(), self.find(channel_id))
        return self._listed(saved="1")

    def _listed(self, **done: Any) -> Response:
        return redirect(url_for(self.listing, **done), 303)

    def _form(self, form: Form, found: AlertChannel | None) -> Response:
        shown = forms.shown(current_session(), [found])[0] if found else None
        return render(
            "alerts/form.html",
            form.status,
            form=form,
            channel=found,
            address=shown.address if shown else "",
            place=shown.place if shown else "",
            with_extra=WITH_EXTRA,
            kinds=forms.kind_names(),
            topics=forms.topic_names(self.level),
            spoken=list(LOCALES.items()),
            places=self.places(),
            own=self.level == "user",
        )
