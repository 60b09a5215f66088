"""What the catalogue refuses."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownBranch(NotFound):
    code = "unknown_branch"
    title = N_("There is no such branch")


class UnknownRegion(NotFound):
    code = "unknown_region"
    title = N_("There is no such region")


class RegionInUse(Conflict):
    code = "region_in_use"
    title = N_("This region still has branches")


class UnknownService(NotFound):
    code = "unknown_service"
    title = N_("There is no such service")


class UnknownSkill(NotFound):
    code = "unknown_skill"
    title = N_("There is no such skill")


class UnknownResource(NotFound):
    code = "unknown_resource"
    title = N_("There is no such room or device")


class UnknownException(NotFound):
    code = "unknown_exception"
    title = N_("There is no such day with hours of its own")


class AddressTaken(Conflict):
    code = "address_taken"
    title = N_("This short name is already in use")


class BranchesUsedUp(Conflict):
    code = "branch_quota_reached"
    title = N_("This chain has as many branches as it may have")


class BadCatalogue(Invalid):
    """Something about a branch, a service, a room or a device cannot be right; `fields` says what and how."""

    code = "invalid"


class UnknownOption(Invalid):
    code = "unknown_option"
    title = N_("This choice is not offered with the service")


class UnknownChoice(NotFound):
    code = "unknown_choice"
    title = N_("There is no such variant or add-on")
