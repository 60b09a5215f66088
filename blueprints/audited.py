"""Which tables write down every change to a row, and why the others do not. A test holds that each is on one list."""

from __future__ import annotations

from shopbell.audit import Audited

AUDITED = (
    # Who may do what.
    Audited("users", hidden=("password_hash",)),
    Audited("roles"),
    Audited("role_assignments"),
    Audited("oauth_clients", hidden=("secret_hash", "old_secret_hash")),
    Audited("identity_providers", hidden=("secret",)),
    Audited("provider_roles"),
    Audited("desk_devices", hidden=("token_hash",)),
    Audited("totp", key="user_id", hidden=("*",)),
    Audited("staff_pins", key="user_id", hidden=("*",)),
    # What the chain is and sells.
    Audited("brand"),
    Audited("regions"),
    Audited("branches"),
    Audited("opening_hours"),
    Audited("opening_exceptions"),
    Audited("skills"),
    Audited("services"),
    Audited("service_steps"),
    Audited("service_options"),
    Audited("branch_services", key="branch_id,service_id"),
    Audited("branch_travel", key="from_branch_id,to_branch_id"),
    Audited("resources"),
    Audited("places"),
    # Who works, and when.
    Audited("people"),
    Audited("person_photos", key="person_id", hidden=("*",)),
    Audited("person_services", key="person_id,service_id"),
    Audited("person_skills", key="person_id,skill_id"),
    Audited("roster_shifts"),
    Audited("roster_exceptions"),
    # By which rules, and what people owe.
    Audited("setting_values"),
    Audited("booking_policies"),
    Audited("peak_rules"),
    Audited("priority_windows"),
    Audited("booking_charges"),
    Audited("booking_overrides"),
    # People outside: that something changed, and never to what. A new one comes with every booking.
    Audited("customers", hidden=("*",), inserts=False),
    Audited("busy_calendars", hidden=("url",)),
    Audited("webhook_endpoints", hidden=("secret", "secret_sealed", "old_secret", "old_secret_sealed")),
    Audited("feeds", hidden=("token_hash", "token")),
    Audited("sms_accounts", hidden=("secret_sealed", "hook")),
)

BOOK = "an appointment carries its own history; the entry of the request names it"
OWN_RECORD = "is a record itself"
PASSING = "is gone within days"
WORKING = "working state that nobody looks back at"

NOT_AUDITED = {
    "bookings": BOOK,
    "allocations": BOOK,
    "series": BOOK,
    "walk_ins": BOOK,
    "wishes": BOOK,
    "offers": BOOK,
    "audit_entries": OWN_RECORD,
    "audit_changes": OWN_RECORD,
    "account_records": OWN_RECORD,
    "messages": OWN_RECORD,
    "consents": OWN_RECORD,
    "suppressions": OWN_RECORD,
    "message_budgets": "sums of what messages cost",
    "budget_reservations": PASSING,
    "message_events": OWN_RECORD,
    "inbound_messages": OWN_RECORD,
    "reviews": OWN_RECORD,
    "short_links": PASSING,
    "template_approvals": OWN_RECORD,
    "template_versions": OWN_RECORD,
    "desk_ops": OWN_RECORD,
    "idempotency_keys": PASSING,
    "identities": "the account's own record names it",
    "known_browsers": PASSING,
    "oauth_client_uses": WORKING,
    "oauth_consents": "the account's own record names it",
    "oauth_refresh_tokens": PASSING,
    "oauth_tokens": PASSING,
    "one_time_links": PASSING,
    "customer_proofs": PASSING,
    "customer_sessions": PASSING,
    "confirmed_emails": "a hash that says when it was confirmed",
    "provider_visits": PASSING,
    "recovery_codes": PASSING,
    "sign_in_attempts": PASSING,
    "sign_in_steps": PASSING,
    "user_sessions": PASSING,
    "webhook_deliveries": OWN_RECORD,
    "busy_times": WORKING,
    "setting_drafts": WORKING,
    "brand_logos": OWN_RECORD,
    "brand_versions": OWN_RECORD,
    "legal_texts": OWN_RECORD,
    "legal_agreements": OWN_RECORD,
    "config_version": WORKING,
    "sealed_tables": WORKING,
}
