"""What other features may ask of the catalogue. Plain values, in the caller's transaction."""

from blueprints.catalog.errors import UnknownBranch, UnknownService
from blueprints.catalog.queries import (
    BranchView,
    ResourceView,
    ServiceView,
    SkillView,
    State,
    StepView,
    branch,
    branch_by_slug,
    branches,
    opening_spans,
    resources_at,
    service,
    services,
    skills,
    states,
)

__all__ = [
    "BranchView",
    "ResourceView",
    "ServiceView",
    "SkillView",
    "State",
    "StepView",
    "UnknownBranch",
    "UnknownService",
    "branch",
    "branch_by_slug",
    "branches",
    "opening_spans",
    "resources_at",
    "service",
    "services",
    "skills",
    "states",
]
