"""Reads of the catalogue, as plain values. None of them makes more than two round trips."""

from blueprints.catalog.queries.catalogue import (
    USUAL,
    BranchView,
    OptionView,
    ResourceView,
    ServiceView,
    SkillView,
    StepView,
    TermsView,
    branch,
    branch_by_slug,
    branch_terms,
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
    "USUAL",
    "BranchView",
    "ExceptionView",
    "OptionView",
    "ResourceView",
    "ServiceView",
    "SkillView",
    "State",
    "StepView",
    "TermsView",
    "branch",
    "branch_by_slug",
    "branch_terms",
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
