"""What can be done to the catalogue. Every verb takes the session first, checks all fields and never commits.

Wrong input raises BadCatalogue, whose `fields` name what is wrong: "name.vi", "hours.0", "steps.2.minutes".
"""

from blueprints.catalog.service.branches import (
    BranchInput,
    add_branch,
    change_branch,
    drop_exception,
    set_exception,
    set_hours,
)
from blueprints.catalog.service.places import add_resource, change_resource, restore_resource, retire_resource
from blueprints.catalog.service.services import (
    ServiceInput,
    StepInput,
    add_service,
    add_skill,
    change_service,
    change_skill,
    move_step,
    restore_service,
    retire_service,
    set_steps,
)

__all__ = [
    "BranchInput",
    "ServiceInput",
    "StepInput",
    "add_branch",
    "add_resource",
    "add_service",
    "add_skill",
    "change_branch",
    "change_resource",
    "change_service",
    "change_skill",
    "drop_exception",
    "move_step",
    "restore_resource",
    "restore_service",
    "retire_resource",
    "retire_service",
    "set_exception",
    "set_hours",
    "set_steps",
]
