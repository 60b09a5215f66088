"""What can be done to people and rosters. Every verb takes the session first, checks all fields and never commits.

Wrong input raises BadRoster, whose `fields` name what is wrong: "name", "hours.0", "last_day".
"""

from blueprints.staff.service.people import (
    PersonInput,
    add_person,
    change_person,
    restore_person,
    retire_person,
    set_skills,
)
from blueprints.staff.service.rosters import add_extra, add_leave, drop_exception, set_weekly_roster

__all__ = [
    "PersonInput",
    "add_extra",
    "add_leave",
    "add_person",
    "change_person",
    "drop_exception",
    "restore_person",
    "retire_person",
    "set_skills",
    "set_weekly_roster",
]
