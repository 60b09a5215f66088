"""What the chain, a region or a branch may say of branches and services."""

from __future__ import annotations

from blueprints.catalog.rules import CALENDARS, ON_HOLIDAYS, ON_MAKEUP_DAYS
from shopbell import clock, phone
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant
from shopbell.text import N_
from tenants.settings.keys import CHAIN, REGION, Choice, DayHours, Flag, Key, Line, Number, Price, Unfit, Week

CURRENCIES = ("CNY", "VND", "HKD", "TWD", "SGD", "THB", "MYR", "IDR", "PHP", "KRW", "JPY", "USD", "EUR", "GBP", "AUD")
FASTEST, SLOWEST = 25, 400
"""Percent of the usual minutes."""
MAX_LEAD = 7 * 24 * 60
MAX_CANCEL_DEADLINE = 14 * 24 * 60

GENERAL, HOURS_OF_WEEK, SERVICES = N_("General"), N_("Opening hours"), N_("Services")


def _fits_into_a_day(minutes: int) -> bool:
    """Start times are every so many minutes from midnight, the same on every day, in cells of five minutes."""
    return not minutes % 5 and not clock.MINUTES_IN_A_DAY % minutes


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return phone.normalise(text, current_tenant().country)
    except phone.BadPhone as error:
        raise Unfit(_(error.message_id) % {"example": error.example}) from None


SLOT_SENTENCE = N_("Choose 5, 10, 15, 20, 30, 40, 45, 60, 80, 90 or 120 minutes: they have to fit into a day.")

SLOT_MINUTES = Key(
    "slot_minutes",
    N_("Minutes between start times"),
    Number(5, 120, among=_fits_into_a_day, otherwise=SLOT_SENTENCE),
    15,
    GENERAL,
)
LEAD_MINUTES = Key("lead_minutes", N_("Minutes to book ahead, at least"), Number(0, MAX_LEAD), 30, GENERAL)
HORIZON_DAYS = Key("horizon_days", N_("Days to book ahead, at most"), Number(1, 365), 60, GENERAL)
CANCEL_DEADLINE = Key(
    "cancel_deadline_minutes",
    N_("Minutes to change or cancel ahead, at least"),
    Number(0, MAX_CANCEL_DEADLINE),
    120,
    GENERAL,
)
PHONE = Key("phone", N_("Phone"), Line(40, _phone), "", GENERAL, N_("Of the branch, or one for all of them"))
CURRENCY = Key(
    "currency",
    N_("Currency of prices"),
    Choice(CURRENCIES),
    None,
    GENERAL,
    N_("Where it is another than the chain's, services are on offer once they have a price in it."),
    levels=frozenset({"region", "branch"}),
)
HOURS = Key("hours", N_("Usual hours of the week"), Week(), {}, HOURS_OF_WEEK)
USUAL_HOURS = N_("The usual hours of the weekday")
HOLIDAY_CALENDAR = Key(
    "holiday_calendar",
    N_("Official calendar"),
    Choice(CALENDARS, (N_("None"), N_("China"), N_("Vietnam"))),
    "",
    HOURS_OF_WEEK,
)
HOLIDAY_HOURS = Key(
    "holiday_hours",
    N_("On days off"),
    Choice(ON_HOLIDAYS, (USUAL_HOURS, N_("Closed"), N_("The hours of a Sunday"))),
    "usual",
    HOURS_OF_WEEK,
)
MAKEUP_HOURS = Key(
    "makeup_hours",
    N_("On make-up working days"),
    Choice(ON_MAKEUP_DAYS, (USUAL_HOURS, N_("The hours of a Monday"))),
    "usual",
    HOURS_OF_WEEK,
)
HOLIDAYS = (HOLIDAY_CALENDAR, HOLIDAY_HOURS, MAKEUP_HOURS)
"""In the order of a HolidayRule's fields."""
DAY = "day"
DAY_HOURS = Key(
    "hours.day",
    N_("Days that differ"),
    DayHours(),
    None,
    HOURS_OF_WEEK,
    about=DAY,
    levels=frozenset({CHAIN, REGION}),
)
"""Of one day, which is the subject as a date; a branch's own days have a table of their own."""
OFFERED = Key("service.offered", N_("Given"), Flag(), True, SERVICES, about="service")
PERCENT = Key(
    "service.minutes_percent",
    N_("Minutes in percent"),
    Number(FASTEST, SLOWEST),
    100,
    SERVICES,
    N_("Of the minutes that the service has in the chain"),
    about="service",
)
PRICE = Key(
    "service.price",
    N_("Price"),
    Price(),
    None,
    SERVICES,
    N_("Without a price of its own the service's in the chain holds."),
    about="service",
)
OPTION_PRICE = Key("option.price", N_("Price added"), Price(difference=True), None, SERVICES, about="option")

OF_BRANCH = (SLOT_MINUTES, LEAD_MINUTES, HORIZON_DAYS, CANCEL_DEADLINE, PHONE)
"""What the form of a branch asks for."""
COLUMNS = (*OF_BRANCH, *HOLIDAYS)
"""Keys with a column in `branches`: what it has said of them since ever; a default says nothing."""
OF_OPENING = (HOURS, *HOLIDAYS, DAY_HOURS)
"""What opening hours follow from, day by day."""
SETTINGS = (*OF_BRANCH, CURRENCY, *OF_OPENING, OFFERED, PERCENT, PRICE, OPTION_PRICE)
