"""Weekly hours, official holidays, the days that differ, and hours as somebody wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from blueprints.catalog import queries
from blueprints.catalog.errors import BadCatalogue
from blueprints.catalog.models import Branch, OpeningException
from blueprints.catalog.rules import HolidayRule, NotUnderstood, Understood, understand
from blueprints.catalog.service.branches import require_branch
from blueprints.catalog.settings import DAY_HOURS, HOLIDAY_HOURS, HOLIDAYS, HOURS
from shopbell import ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from shopbell.spans import Span
from tenants.settings import store
from tenants.settings.errors import SettingLocked
from tenants.settings.keys import Key, Unfit
from tenants.settings.store import NOBODY, Author

WORKED_OUT_DAYS = 400
"""How far ahead written hours become days: further than anybody may book."""
WORK_OUT_AGAIN_DAYS = 380


def set_hours(session: Session, branch_id: UUID, weekly: Mapping[int, Sequence[Span]], by: Author = NOBODY) -> None:
    """Replace the weekly hours from today on: weekday (0 = Monday) to spans; a weekday left out is closed. May be
    repeated. Hours that hold there anyway are taken over.

    Written hours hold no more after that; the days that followed from them stay as days of their own.
    Raises UnknownBranch, BadCatalogue naming "hours.<weekday>", or SettingLocked.
    """
    checks = Checks()
    spans = {weekday: checks.spans(f"hours.{weekday}", weekly.get(weekday, ())) for weekday in range(7)}
    require_branch(session, branch_id)
    checks.settle(BadCatalogue)
    _replace_weekly(session, branch_id, spans, by)
    session.execute(update(Branch).where(Branch.id == branch_id).values(hours_text="", hours_text_until=None))
    session.execute(
        update(OpeningException)
        .where(OpeningException.branch_id == branch_id, OpeningException.from_text)
        .values(from_text=False)
    )


def set_holidays(session: Session, branch_id: UUID, rule: HolidayRule, by: Author = NOBODY) -> None:
    """Follow an official calendar, or none, from today on. May be repeated. What holds there anyway is taken over.

    Raises UnknownBranch, BadCatalogue naming "calendar", "on_holidays" or "on_makeup_days", or SettingLocked.
    """
    checks = Checks()
    wanted = [(key, value, field) for key, (field, value) in zip(HOLIDAYS, vars(rule).items(), strict=True)]
    for key, value, field in wanted:
        try:
            key.kind.checked(value)
        except Unfit as error:
            checks.refuse(field, str(error))
    require_branch(session, branch_id)
    checks.settle(BadCatalogue)
    _say(session, branch_id, wanted, by)


def set_exception(
    session: Session, branch_id: UUID, day: date | None, spans: Sequence[Span] = (), *, reason: str = ""
) -> None:
    """Give one day hours of its own, or close it by naming none. Replaces what the day had; may be repeated.

    Raises UnknownBranch, BadCatalogue naming "day", "spans" or "reason", or SettingLocked naming "day".
    """
    checks = Checks()
    differs = checks.day("day", day)
    found = checks.spans("spans", spans)
    text = checks.line("reason", reason, required=False)
    require_branch(session, branch_id)
    checks.settle(BadCatalogue)
    _refuse_what_is_locked(session, branch_id, differs)
    drop_exception(session, branch_id, differs)
    _add_exceptions(session, branch_id, {differs: found}, reason=text)


def _refuse_what_is_locked(session: Session, branch_id: UUID, day: date) -> None:
    said, path = queries.opening_said(session, branch_id)
    lock = said.lock_above(DAY_HOURS, path, day, day.isoformat())
    if lock:
        sentence = store.locked_by(lock)
        raise SettingLocked(sentence, fields={"day": sentence})


def drop_exception(session: Session, branch_id: UUID, day: date) -> None:
    """Let the day follow the holidays and the weekly hours again. May be repeated."""
    session.execute(
        delete(OpeningException).where(OpeningException.branch_id == branch_id, OpeningException.day == day)
    )


def read_written_hours(session: Session, branch_id: UUID, text: str) -> Understood:
    """What a text says for this branch from today on, without saving anything.

    Raises UnknownBranch, or BadCatalogue naming "text" and the part of it that cannot be kept.
    """
    branch = queries.branch(session, branch_id)
    try:
        return understand(text, queries.today_at(branch), WORKED_OUT_DAYS, branch.holidays)
    except NotUnderstood as error:
        sentence = _(error.message)
        if error.part:
            sentence = _("“%(part)s”: %(sentence)s", part=error.part, sentence=sentence)
        raise BadCatalogue(_("The hours could not be read."), fields={"text": sentence}) from None


def set_written_hours(session: Session, branch_id: UUID, text: str, by: Author = NOBODY) -> None:
    """Replace the weekly hours, the rule for holidays (when the text speaks of them) and the days of an earlier text.

    Days entered by hand stay and go first. May be repeated. Raises UnknownBranch, BadCatalogue naming "text", or
    SettingLocked.
    """
    found = read_written_hours(session, branch_id, text)
    _replace_weekly(session, branch_id, found.weekly, by)
    if found.on_holidays is not None:
        _say(session, branch_id, [(HOLIDAY_HOURS, found.on_holidays, "text")], by)
    session.execute(
        delete(OpeningException).where(
            OpeningException.branch_id == branch_id,
            OpeningException.from_text,
            OpeningException.day >= found.first_day,
        )
    )
    _add_what_is_free(session, branch_id, found)
    _note_text(session, branch_id, text.strip(), found.last_day)


def extend_written_hours(session: Session) -> None:
    """Work out the days that have come within reach of a booking. May be repeated."""
    for branch_id in queries.branches_with_written_hours(session):
        branch, written = queries.branch(session, branch_id), queries.written_hours(session, branch_id)
        today = queries.today_at(branch)
        if written.until and written.until >= today + timedelta(days=WORK_OUT_AGAIN_DAYS):
            continue
        first_day = max(today, written.until + timedelta(days=1)) if written.until else today
        days = (today - first_day).days + WORKED_OUT_DAYS
        weekly = queries.weekly_hours(session, branch_id)
        found = understand(written.text, first_day, days, branch.holidays, weekly)
        _add_what_is_free(session, branch_id, found)
        _note_text(session, branch_id, written.text, found.last_day)


def _replace_weekly(session: Session, branch_id: UUID, weekly: Mapping[int, Sequence[Span]], by: Author) -> None:
    week = {str(day): [list(span) for span in sorted(spans)] for day, spans in sorted(weekly.items()) if spans}
    _say(session, branch_id, [(HOURS, week, "hours.0")], by)


def _say(session: Session, branch_id: UUID, wanted: Sequence[tuple[Key, object, str]], by: Author) -> None:
    """Each value is the branch's own from today on, unless it holds there anyway; with the field that is wrong else."""
    known, path = queries.opening_said(session, branch_id)
    today = queries.today_at(queries.branch(session, branch_id))
    found = (store.differing(known, key, path, today, value, field=field) for key, value, field in wanted)
    store.say(session, [change for changes in found for change in changes], by)


def _note_text(session: Session, branch_id: UUID, text: str, until: date) -> None:
    session.execute(update(Branch).where(Branch.id == branch_id).values(hours_text=text, hours_text_until=until))


def _add_what_is_free(session: Session, branch_id: UUID, found: Understood) -> None:
    """Add the text's days, except where somebody entered the day by hand."""
    by_hand = set(
        session.scalars(
            select(OpeningException.day).where(
                OpeningException.branch_id == branch_id,
                OpeningException.day.between(found.first_day, found.last_day),
            )
        )
    )
    days = {day: spans for day, spans in found.exceptions.items() if day not in by_hand}
    _add_exceptions(session, branch_id, days, from_text=True)


def _add_exceptions(
    session: Session,
    branch_id: UUID,
    days: Mapping[date, Sequence[Span]],
    *,
    reason: str = "",
    from_text: bool = False,
) -> None:
    common = {"branch_id": branch_id, "reason": reason, "from_text": from_text}
    closed: list[tuple[int | None, int | None]] = [(None, None)]
    rows = [
        {"id": ids.uuid7(), "day": day, "opens": opens, "closes": closes, **common}
        for day, spans in days.items()
        for opens, closes in (list(spans) or closed)
    ]
    if rows:
        session.execute(insert(OpeningException), rows)
