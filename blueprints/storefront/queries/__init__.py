"""What the booking pages show, read through the other features' questions."""

from blueprints.storefront.queries.lines import Line, Lines, lines_of, lines_of_rows
from blueprints.storefront.queries.offer import Offer, Range, offer_of
from blueprints.storefront.queries.soon import Soon, soon_free
from blueprints.storefront.queries.times import DayChip, TimesView, read_person, times, visit_times, wanted_day
from blueprints.storefront.queries.visit import Choice, Visit, choice_of, visit_of, visit_of_guests

__all__ = [
    "Choice",
    "DayChip",
    "Line",
    "Lines",
    "Offer",
    "Range",
    "Soon",
    "TimesView",
    "Visit",
    "choice_of",
    "lines_of",
    "lines_of_rows",
    "offer_of",
    "read_person",
    "soon_free",
    "times",
    "visit_of",
    "visit_of_guests",
    "visit_times",
    "wanted_day",
]
