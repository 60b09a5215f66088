"""Reads of the catalogue, as plain values. None of them makes more than two round trips."""

from blueprints.catalog.queries.catalogue import (
    BranchView,
    ResourceView,
    ServiceView,
    SkillView,
    StepView,
    branch,
    branch_by_slug,
    branches,
    resource_types,
    resources_at,
    service,
    services,
    skills,
)
from blueprints.catalog.queries.hours import ExceptionView, exceptions_from, opening_spans, states, weekly_hours
from blueprints.catalog.rules import State

__all__ = [
    "BranchView",
    "ExceptionView",
    "ResourceView",
    "ServiceView",
    "SkillView",
    "State",
    "StepView",
    "branch",
    "branch_by_slug",
    "branches",
    "exceptions_from",
    "opening_spans",
    "resource_types",
    "resources_at",
    "service",
    "services",
    "skills",
    "states",
    "weekly_hours",
]
