"""Pure rules of signing up: which short names can be had, and how long things last."""

from __future__ import annotations

from datetime import timedelta

from tenants.provisioning import RESERVED, SLUG

LINK_LIFE = timedelta(days=1)
KEPT = timedelta(days=30)
LINKS_PER_HOUR = 3
"""To one address; more are asked for in vain, and silently."""
CHAINS_PER_ADDRESS = 5
"""Within KEPT."""
FORMS_PER_HOUR = 10
"""From one network address."""
SLOW = timedelta(minutes=1)
"""A chain is made in seconds; whoever waits longer than this is told that something is in the way."""

_OURS = """
abuse account accounts app assets autoconfig autodiscover bank billing blog cdn dev dns docs download email files ftp
git help hostmaster imap info isatap login mobile mx noc official ops pay payment payments pop postmaster root security
shopbell signin signup sms smtp staff staging status support system team test vpn web webmaster wpad
"""
OURS = RESERVED | frozenset(_OURS.split())
"""Names that would look like the service's own, or that programs look for by themselves."""

_RUDE = """
anal arse ass asshole bastard bitch bollocks cock cunt dick fag jerkoff nazi penis piss porn porno prick pussy rape sex
shit slut tits twat vagina wank whore xxx
cnm jiba nima nmsl shabi tmd
clgt cmm dcm ditme dkm dmm duma dume vcl vkl vloz
"""
RUDE = frozenset(_RUDE.split())
"""Refused as a word of the name: longer words may hold one of them by chance."""
RUDE_ANYWHERE = ("caonima", "faggot", "fuck", "hitler", "motherf", "nigger", "tamade")
_LETTERS = str.maketrans("013457", "oieast")


def is_short_name(slug: str) -> bool:
    """Whether it can be part of an address. Two hyphens in a row begin names in other scripts, which may look alike."""
    return SLUG.fullmatch(slug) is not None and "--" not in slug


def is_kept(slug: str) -> bool:
    """Whether the service keeps the name for itself."""
    return slug in OURS or slug.startswith("shopbell-")


def is_rude(slug: str) -> bool:
    """Whether the name would offend; digits are read as the letters they stand for."""
    words = {word for text in (slug, slug.translate(_LETTERS)) for word in (*text.split("-"), text.replace("-", ""))}
    return bool(words & RUDE) or any(rude in word for word in words for rude in RUDE_ANYWHERE)
