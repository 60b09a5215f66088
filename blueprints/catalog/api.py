"""What other features may ask of the catalogue. Plain values, in the caller's transaction."""

from blueprints.catalog.errors import UnknownBranch, UnknownOption, UnknownService
from blueprints.catalog.process import LEVELS, PHASES, ROLES, Picture, phases, picture
from blueprints.catalog.queries import (
    USUAL,
    BranchView,
    OptionView,
    ResourceView,
    ServiceView,
    SkillView,
    State,
    StepView,
    TermsView,
    branch,
    branch_by_slug,
    branch_terms,
    branches,
    opening_spans,
    resources_at,
    service,
    services,
    skills,
    states,
)
from blueprints.catalog.service import check_terms
from blueprints.catalog.service.doors import renew_door_code
from blueprints.catalog.typed import read_terms, terms_fields

__all__ = [
    "LEVELS",
    "PHASES",
    "ROLES",
    "USUAL",
    "BranchView",
    "OptionView",
    "Picture",
    "ResourceView",
    "ServiceView",
    "SkillView",
    "State",
    "StepView",
    "TermsView",
    "UnknownBranch",
    "UnknownOption",
    "UnknownService",
    "branch",
    "branch_by_slug",
    "branch_terms",
    "branches",
    "check_terms",
    "opening_spans",
    "phases",
    "picture",
    "read_terms",
    "renew_door_code",
    "resources_at",
    "service",
    "services",
    "skills",
    "states",
    "terms_fields",
]
