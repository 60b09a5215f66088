"""What the settings refuse."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownSetting(NotFound):
    code = "unknown_setting"
    title = N_("There is no such setting")


class BadSetting(Invalid):
    """A value that cannot be; `fields` says what and why."""

    code = "invalid"


class SettingLocked(Conflict):
    """A place above has locked it; the sentence names who."""

    code = "setting_locked"
    title = N_("This is locked above")
