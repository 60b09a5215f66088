"""What can be done to people and rosters. Every verb takes the session first, checks all fields and never commits.

Wrong input raises BadRoster, whose `fields` name what is wrong: "name", "hours.0", "last_day".
"""

from blueprints.staff.service.people import (
    MOST_QUALIFICATIONS,
    PersonInput,
    Qualification,
    add_person,
    change_person,
    restore_person,
    retire_person,
    set_skills,
)
from blueprints.staff.service.photos import MAX_PHOTO, drop_photo, set_photo
from blueprints.staff.service.rosters import add_extra, add_leave, drop_exception, set_weekly_roster
from blueprints.staff.service.terms import set_person_terms
from blueprints.staff.service.travel import set_travel

__all__ = [
    "MAX_PHOTO",
    "MOST_QUALIFICATIONS",
    "PersonInput",
    "Qualification",
    "add_extra",
    "add_leave",
    "add_person",
    "change_person",
    "drop_exception",
    "drop_photo",
    "restore_person",
    "retire_person",
    "set_person_terms",
    "set_photo",
    "set_skills",
    "set_travel",
    "set_weekly_roster",
]
