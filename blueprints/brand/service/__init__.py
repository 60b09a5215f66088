"""Deciding how the chain looks, what a branch has of its own, and what customers agree to."""

from blueprints.brand.service.drafts import bring_back, discard, publish, save_draft
from blueprints.brand.service.frames import set_embed_origins
from blueprints.brand.service.legal import Agreeing, LegalInput, agree, publish_legal
from blueprints.brand.service.look import LookInput, set_brand
from blueprints.brand.service.places import OwnInput, set_freedom, set_own

__all__ = [
    "Agreeing",
    "LegalInput",
    "LookInput",
    "OwnInput",
    "agree",
    "bring_back",
    "discard",
    "publish",
    "publish_legal",
    "save_draft",
    "set_brand",
    "set_embed_origins",
    "set_freedom",
    "set_own",
]
