"""Settings for programs: what holds where, with where it comes from; and saying something else."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask.views import MethodView

from blueprints.catalog import api as catalog
from blueprints.settings import keys, queries
from blueprints.settings.queries import Where
from blueprints.settings.rights import author, may_look, require_to_say
from blueprints.settings.schemas import PlaceIn, SettingIn, SettingOut, SettingsOut
from shopbell.errors import NotFound
from shopbell.http import current_principal, current_session, permit
from shopbell.http.bodies import Blueprint
from shopbell.i18n import gettext as _
from tenants.settings import store
from tenants.settings.errors import BadSetting
from tenants.settings.keys import BRANCH, REGION, Key
from tenants.settings.rules import Entry, Place
from tenants.settings.store import Change

API = Blueprint("settings_api", __name__, description="What holds for the chain, a region or a branch")


@API.route("/settings")
class Settings(MethodView):
    @permit("settings.read")
    @API.arguments(PlaceIn, location="query")
    @API.response(200, SettingsOut)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """List what holds at a place, with where each value comes from and what comes next"""
        where, subject = _where(asked), _subject(asked)
        if asked["key"]:
            known = [keys.key_named(asked["key"])]
        elif asked["day"]:
            known = keys.of_subject(catalog.DAY)
        else:
            known = keys.of_subject("service", "option") if subject else keys.general()
        # A branch says its own days elsewhere; what holds on a day is told of it like everything.
        found = [key for key in known if where.place.level in key.levels or key.about == catalog.DAY]
        return {"items": [_told(where, key, subject, asked["on"] or asked["day"]) for key in found]}

    @permit("settings.edit")
    @API.arguments(SettingIn)
    @API.response(200, SettingOut)
    def put(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Say something else at a place, at once or from a day on"""
        session, person, key = current_session(), current_principal(), keys.key_named(wanted["key"])
        where = _where(wanted)
        require_to_say(session, person, where.place)
        subject = _subject(wanted)
        queries.check_subject(session, key, subject)
        starts_on: date = wanted["starts_on"] or where.today
        farthest = where.today.replace(year=where.today.year + 5, day=1)
        for field, day, last in (
            ("day", wanted["day"] or where.today, farthest),
            ("starts_on", starts_on, wanted["day"] or farthest),
        ):
            if not where.today <= day <= last:
                raise BadSetting(fields={field: _("Choose a day from today on, within five years.")})
        own = not wanted["inherited"]
        value = wanted["value"] if own else None
        change = Change(key, where.path, starts_on, value, subject, own, own and wanted["locked"], "value")
        store.say(session, [change], author(person))
        return _told(queries.look(session, where.place), key, subject, starts_on)


def _subject(asked: dict[str, Any]) -> str:
    return asked["day"].isoformat() if asked["day"] else str(asked["subject"] or "")


def _where(asked: dict[str, Any]) -> Where:
    """Raises NotFound, UnknownRegion or UnknownBranch."""
    place = Place()
    if asked["branch"]:
        place = Place(BRANCH, asked["branch"])
    elif asked["region"]:
        place = Place(REGION, asked["region"])
    if not may_look(current_principal(), place, "settings.read"):
        raise NotFound
    return queries.look(current_session(), place)


def _told(where: Where, key: Key, subject: str, on: date | None) -> dict[str, Any]:
    found = where.said.resolve(key, where.path, on or where.today, subject)
    following = {"starts_on": found.next_on, "value": found.next_value} if found.next_on else None
    return {
        "key": key.name,
        "kind": key.kind.name,
        "value": found.value,
        "source": _source(found.source),
        "locked_by": _source(found.locked_by),
        "next": following,
    }


def _source(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "level": entry.place.level,
        "id": entry.place.id,
        "since": entry.starts_on,
        "author": entry.author,
    }
