"""What kinds of entries, tables and changes are called for people."""

from __future__ import annotations

from shopbell.i18n import gettext as _


def kind_names() -> dict[str, str]:
    return {"change": _("Changed"), "read": _("Seen"), "refused": _("Refused")}


def op_names() -> dict[str, str]:
    return {"INSERT": _("added"), "UPDATE": _("changed"), "DELETE": _("removed")}


def table_names() -> dict[str, str]:
    """Every audited table, in the words of the pages on which it is looked after."""
    return {
        "users": _("Account"),
        "roles": _("Role"),
        "role_assignments": _("Role of an account"),
        "oauth_clients": _("API client"),
        "identity_providers": _("Identity provider"),
        "provider_roles": _("Role of a provider's group"),
        "desk_devices": _("Device"),
        "totp": _("Authenticator app"),
        "staff_pins": _("PIN"),
        "brand": _("Brand"),
        "regions": _("Region"),
        "setting_values": _("Setting"),
        "branches": _("Branch"),
        "opening_hours": _("Opening hours"),
        "opening_exceptions": _("Special day"),
        "skills": _("Skill"),
        "services": _("Service"),
        "service_steps": _("Step of a service"),
        "service_options": _("Option of a service"),
        "branch_services": _("Service at a branch"),
        "branch_travel": _("Travel time"),
        "resources": _("Room or device"),
        "places": _("Place"),
        "people": _("Member of staff"),
        "person_photos": _("Photo"),
        "person_services": _("Own price or duration"),
        "person_skills": _("Skill of a person"),
        "roster_shifts": _("Shift"),
        "roster_exceptions": _("Leave or extra shift"),
        "booking_policies": _("Policy"),
        "peak_rules": _("Peak rule"),
        "priority_windows": _("Priority window"),
        "booking_charges": _("Deposit or fee"),
        "booking_overrides": _("Override"),
        "customers": _("Customer"),
        "busy_calendars": _("Imported calendar"),
        "webhook_endpoints": _("Webhook"),
        "mail_domain": _("Sender of e-mails"),
        "mail_keys": _("Key that signs e-mails"),
        "alert_channels": _("Channel of alerts"),
        "feeds": _("Calendar feed"),
        "sms_accounts": _("SMS provider"),
    }
