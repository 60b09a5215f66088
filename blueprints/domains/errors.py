"""What the keeping of own domains refuses."""

from __future__ import annotations

from shopbell.errors import Conflict
from shopbell.text import N_


class HostInUse(Conflict):
    code = "host_in_use"
    title = N_("This name has to stay for now")
