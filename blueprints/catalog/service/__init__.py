"""What can be done to the catalogue. Every verb takes the session first, checks all fields and never commits.

Wrong input raises BadCatalogue, whose `fields` name what is wrong: "name.vi", "hours.0", "steps.2.minutes".
"""

from blueprints.catalog.service.branches import BranchInput, add_branch, change_branch
from blueprints.catalog.service.hours import (
    drop_exception,
    extend_written_hours,
    read_written_hours,
    set_exception,
    set_holidays,
    set_hours,
    set_written_hours,
)
from blueprints.catalog.service.options import (
    OptionInput,
    add_option,
    change_option,
    move_option,
    restore_option,
    retire_option,
)
from blueprints.catalog.service.places import add_resource, change_resource, restore_resource, retire_resource
from blueprints.catalog.service.regions import add_region, change_region, drop_region, place_branches
from blueprints.catalog.service.services import (
    ServiceInput,
    add_service,
    add_skill,
    change_service,
    change_skill,
    restore_service,
    retire_service,
)
from blueprints.catalog.service.steps import StepInput, move_step, set_steps
from blueprints.catalog.service.terms import check_terms, set_branch_terms

__all__ = [
    "BranchInput",
    "OptionInput",
    "ServiceInput",
    "StepInput",
    "add_branch",
    "add_option",
    "add_region",
    "add_resource",
    "add_service",
    "add_skill",
    "change_branch",
    "change_option",
    "change_region",
    "change_resource",
    "change_service",
    "change_skill",
    "check_terms",
    "drop_exception",
    "drop_region",
    "extend_written_hours",
    "move_option",
    "move_step",
    "place_branches",
    "read_written_hours",
    "restore_option",
    "restore_resource",
    "restore_service",
    "retire_option",
    "retire_resource",
    "retire_service",
    "set_branch_terms",
    "set_exception",
    "set_holidays",
    "set_hours",
    "set_steps",
    "set_written_hours",
]
