"""Busy times and time kept for members, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView

from blueprints.booking.models import PeakRule, PriorityWindow
from blueprints.booking.queries import rulebook as written
from blueprints.booking.schemas import PeakFields, PeaksOut, RulesQuery, WindowFields, WindowsOut
from blueprints.booking.service import rulebook as service
from blueprints.booking.service.rulebook import PeakInput, TimesInput, WindowInput
from shopbell.http import current_session, idempotent, permit
from shopbell.http.bodies import Blueprint

API = Blueprint("booking_rules", __name__, description="Busy times, and time kept for members")
PEAK = ("name", "lead_minutes", "horizon_days", "deposit_percent", "staff_min")
WINDOW = ("tier", "until_hours")


@API.route("/busy-times")
class Peaks(MethodView):
    @permit("booking.rules")
    @API.arguments(RulesQuery, location="query")
    @API.response(200, PeaksOut)
    def get(self, page: dict[str, Any]) -> dict[str, Any]:
        """List the busy times of the chain, its regions and branches"""
        return paged(written.rules_after(current_session(), PeakRule, page["after"], page["limit"]), page, PEAK)

    @permit("booking.rules")
    @idempotent
    @API.arguments(PeakFields)
    @API.response(201, PeakFields)
    def post(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Add a busy time; send an Idempotency-Key to make repeating safe"""
        session = current_session()
        return told(written.peak(session, service.save_peak(session, peak_of(wanted))), PEAK)


@API.route("/busy-times/<uuid:peak_id>")
class OnePeak(MethodView):
    @permit("booking.rules")
    @API.arguments(PeakFields)
    @API.response(200, PeakFields)
    def put(self, wanted: dict[str, Any], peak_id: UUID) -> dict[str, Any]:
        """Replace a busy time"""
        session = current_session()
        service.save_peak(session, peak_of(wanted), peak_id)
        return told(written.peak(session, peak_id), PEAK)


@API.route("/busy-times/<uuid:peak_id>/removal")
class PeakRemoval(MethodView):
    @permit("booking.rules")
    @API.response(200, PeakFields)
    def post(self, peak_id: UUID) -> dict[str, Any]:
        """Remove a busy time; the answer is what it was"""
        gone = told(written.peak(current_session(), peak_id), PEAK)
        service.drop_peak(current_session(), peak_id)
        return gone


@API.route("/member-times")
class Windows(MethodView):
    @permit("booking.rules")
    @API.arguments(RulesQuery, location="query")
    @API.response(200, WindowsOut)
    def get(self, page: dict[str, Any]) -> dict[str, Any]:
        """List the times kept for members in the chain, its regions and branches"""
        return paged(written.rules_after(current_session(), PriorityWindow, page["after"], page["limit"]), page, WINDOW)

    @permit("booking.rules")
    @idempotent
    @API.arguments(WindowFields)
    @API.response(201, WindowFields)
    def post(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Keep time for members; send an Idempotency-Key to make repeating safe"""
        session = current_session()
        return told(written.window(session, service.save_window(session, window_of(wanted))), WINDOW)


@API.route("/member-times/<uuid:window_id>")
class OneWindow(MethodView):
    @permit("booking.rules")
    @API.arguments(WindowFields)
    @API.response(200, WindowFields)
    def put(self, wanted: dict[str, Any], window_id: UUID) -> dict[str, Any]:
        """Replace a time kept for members"""
        session = current_session()
        service.save_window(session, window_of(wanted), window_id)
        return told(written.window(session, window_id), WINDOW)


@API.route("/member-times/<uuid:window_id>/removal")
class WindowRemoval(MethodView):
    @permit("booking.rules")
    @API.response(200, WindowFields)
    def post(self, window_id: UUID) -> dict[str, Any]:
        """Keep a time no more; the answer is what it was"""
        gone = told(written.window(current_session(), window_id), WINDOW)
        service.drop_window(current_session(), window_id)
        return gone


def paged(rows: Sequence[PeakRule | PriorityWindow], page: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    more = len(rows) == page["limit"]
    return {"items": [told(row, fields) for row in rows], "next": rows[-1].id if more else None}


def told(row: PeakRule | PriorityWindow, fields: Sequence[str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "branch": row.branch_id,
        "region": row.region_id,
        "weekdays": row.weekdays,
        "hours": [row.starts, row.ends],
        "first_day": row.first_day,
        "last_day": row.last_day,
        **{name: getattr(row, name) for name in fields},
    }


def peak_of(wanted: dict[str, Any]) -> PeakInput:
    return PeakInput(times_of(wanted), **{name: wanted[name] for name in PEAK})


def window_of(wanted: dict[str, Any]) -> WindowInput:
    return WindowInput(times_of(wanted), **{name: wanted[name] for name in WINDOW})


def times_of(wanted: dict[str, Any]) -> TimesInput:
    starts, ends = wanted["hours"]
    return TimesInput(
        wanted["branch"],
        wanted["weekdays"],
        [(starts, ends)],
        wanted["first_day"],
        wanted["last_day"],
        wanted["region"],
    )
