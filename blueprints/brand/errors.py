"""What branding refuses."""

from __future__ import annotations

from shopbell.errors import Invalid, NotFound
from shopbell.text import N_


class BadBrand(Invalid):
    """The name, the colour or the logo cannot be used; `fields` says why."""

    code = "invalid"


class NoLogo(NotFound):
    code = "no_logo"
    title = N_("This chain has no logo")
