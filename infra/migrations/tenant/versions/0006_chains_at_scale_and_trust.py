"""chains at scale and trust

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 05:01:38.383246

A revision must work with the previous release: add first, remove one release later.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shopbell import db as kit

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


DOWN = (
    "alter table users alter column role drop default, alter column branch_ids drop default",
    "drop function audit_changed() cascade",
    "drop function audit_kept() cascade",
)


UP = (
    "create trigger touch_config_version after insert or update or delete or truncate on regions for each statement execute function touch_config_version()",
    "create trigger touch_config_version after insert or update or delete or truncate on setting_values for each statement execute function touch_config_version()",
    "insert into roles (id, key) values (gen_random_uuid(), 'hq'), (gen_random_uuid(), 'manager'), (gen_random_uuid(), 'frontdesk')",
    "insert into role_assignments (id, user_id, role_id) select gen_random_uuid(), users.id, roles.id from users join roles on roles.key = users.role where users.role = 'hq' or cardinality(users.branch_ids) = 0",
    "insert into role_assignments (id, user_id, role_id, branch_id) select distinct on (users.id, branches.id) gen_random_uuid(), users.id, roles.id, branches.id from users join roles on roles.key = users.role join branches on branches.id = any (users.branch_ids) where users.role <> 'hq'",
    "alter table users alter column role set default 'frontdesk', alter column branch_ids set default '{00000000-0000-0000-0000-000000000000}'",
    "create function audit_changed() returns trigger language plpgsql as $$\ndeclare\n    before jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else to_jsonb(old) end;\n    after jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) end;\n    row jsonb := case when tg_op = 'DELETE' then before else after end;\n    hidden text[] := string_to_array(tg_argv[1], ',');\n    named text;\n    found jsonb;\nbegin\n    select string_agg(row ->> part, ' ' order by place) into named\n      from unnest(string_to_array(tg_argv[0], ',')) with ordinality as key (part, place);\n    select jsonb_object_agg(name, case when name = any (hidden) or '*' = any (hidden)\n                                       then '[\"…\", \"…\"]'::jsonb\n                                       else jsonb_build_array(before -> name, after -> name) end) into found\n      from jsonb_object_keys(before || after) as name\n     where (before -> name) is distinct from (after -> name);\n    if found is not null then\n        insert into audit_changes (table_name, row_id, op, fields)\n        values (tg_table_name, coalesce(named, ''), tg_op, found);\n    end if;\n    return null;\nend $$",
    "create function audit_kept() returns trigger language plpgsql as $$\nbegin\n    if tg_op = 'DELETE' and current_setting('shopbell.audit_retention', true) = 'over' then\n        return old;\n    end if;\n    raise exception using message = 'what was written into ' || tg_table_name || ' stays as it is';\nend $$",
    "create trigger audit_kept before update or delete on audit_entries for each row execute function audit_kept()",
    "create trigger audit_kept before update or delete on audit_changes for each row execute function audit_kept()",
    "create trigger audit_update after update on users for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'password_hash')",
    "create trigger audit_rows after insert or delete on users for each row execute function audit_changed('id', 'password_hash')",
    "create trigger audit_update after update on roles for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on roles for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on role_assignments for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on role_assignments for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on oauth_clients for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'secret_hash,old_secret_hash')",
    "create trigger audit_rows after insert or delete on oauth_clients for each row execute function audit_changed('id', 'secret_hash,old_secret_hash')",
    "create trigger audit_update after update on desk_devices for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'token_hash')",
    "create trigger audit_rows after insert or delete on desk_devices for each row execute function audit_changed('id', 'token_hash')",
    "create trigger audit_update after update on totp for each row when (old.* is distinct from new.*) execute function audit_changed('user_id', '*')",
    "create trigger audit_rows after insert or delete on totp for each row execute function audit_changed('user_id', '*')",
    "create trigger audit_update after update on staff_pins for each row when (old.* is distinct from new.*) execute function audit_changed('user_id', '*')",
    "create trigger audit_rows after insert or delete on staff_pins for each row execute function audit_changed('user_id', '*')",
    "create trigger audit_update after update on brand for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on brand for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on regions for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on regions for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on branches for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on branches for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on opening_hours for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on opening_hours for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on opening_exceptions for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on opening_exceptions for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on skills for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on skills for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on services for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on services for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on service_steps for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on service_steps for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on service_options for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on service_options for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on branch_services for each row when (old.* is distinct from new.*) execute function audit_changed('branch_id,service_id', '')",
    "create trigger audit_rows after insert or delete on branch_services for each row execute function audit_changed('branch_id,service_id', '')",
    "create trigger audit_update after update on branch_travel for each row when (old.* is distinct from new.*) execute function audit_changed('from_branch_id,to_branch_id', '')",
    "create trigger audit_rows after insert or delete on branch_travel for each row execute function audit_changed('from_branch_id,to_branch_id', '')",
    "create trigger audit_update after update on resources for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on resources for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on places for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on places for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on people for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on people for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on person_photos for each row when (old.* is distinct from new.*) execute function audit_changed('person_id', '*')",
    "create trigger audit_rows after insert or delete on person_photos for each row execute function audit_changed('person_id', '*')",
    "create trigger audit_update after update on person_services for each row when (old.* is distinct from new.*) execute function audit_changed('person_id,service_id', '')",
    "create trigger audit_rows after insert or delete on person_services for each row execute function audit_changed('person_id,service_id', '')",
    "create trigger audit_update after update on person_skills for each row when (old.* is distinct from new.*) execute function audit_changed('person_id,skill_id', '')",
    "create trigger audit_rows after insert or delete on person_skills for each row execute function audit_changed('person_id,skill_id', '')",
    "create trigger audit_update after update on roster_shifts for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on roster_shifts for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on roster_exceptions for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on roster_exceptions for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on setting_values for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on setting_values for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on booking_policies for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on booking_policies for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on peak_rules for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on peak_rules for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on priority_windows for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on priority_windows for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on booking_charges for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on booking_charges for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on booking_overrides for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on booking_overrides for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on customers for each row when (old.* is distinct from new.*) execute function audit_changed('id', '*')",
    "create trigger audit_rows after delete on customers for each row execute function audit_changed('id', '*')",
    "create trigger audit_update after update on busy_calendars for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'url')",
    "create trigger audit_rows after insert or delete on busy_calendars for each row execute function audit_changed('id', 'url')",
    "create trigger audit_update after update on webhook_endpoints for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'secret,old_secret')",
    "create trigger audit_rows after insert or delete on webhook_endpoints for each row execute function audit_changed('id', 'secret,old_secret')",
    "create trigger audit_update after update on feeds for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'token_hash,token')",
    "create trigger audit_rows after insert or delete on feeds for each row execute function audit_changed('id', 'token_hash,token')",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "audit_changes",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("xid", kit.Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("op in ('INSERT', 'UPDATE', 'DELETE')", name=op.f("ck_audit_changes_op")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_changes")),
    )
    op.create_index(op.f("ix_audit_changes_row_id"), "audit_changes", ["row_id"], unique=False)
    op.create_index(op.f("ix_audit_changes_xid"), "audit_changes", ["xid"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("xid", kit.Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("behalf", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("permission", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("subject_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.CheckConstraint("kind in ('change', 'read', 'refused')", name=op.f("ck_audit_entries_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_actor_id_id", "audit_entries", ["actor_id", "id"], unique=False)
    op.create_index(
        "ix_audit_entries_subject_ids", "audit_entries", ["subject_ids"], unique=False, postgresql_using="gin"
    )
    op.create_index(op.f("ix_audit_entries_xid"), "audit_entries", ["xid"], unique=False)
    op.create_table(
        "regions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("permissions", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("requires_totp", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("(key is null) = (name <> '')", name=op.f("ck_roles_name")),
        sa.CheckConstraint("key in ('hq', 'manager', 'frontdesk')", name=op.f("ck_roles_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("key", name=op.f("uq_roles_key")),
    )
    op.create_index(
        "uq_roles_name",
        "roles",
        [sa.literal_column("lower(name)")],
        unique=True,
        postgresql_where=sa.text("key is null"),
    )
    op.create_table(
        "setting_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("state in ('open', 'published', 'discarded')", name=op.f("ck_setting_drafts_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_drafts")),
    )
    op.create_index("ix_setting_drafts_state_changed_at", "setting_drafts", ["state", "changed_at"], unique=False)
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("note", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("types", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("old_secret", sa.String(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("off_because", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_table(
        "account_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_records_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_records")),
    )
    op.create_index("ix_account_records_user_id_at", "account_records", ["user_id", "at"], unique=False)
    op.create_table(
        "known_browsers",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_known_browsers_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", "user_id", name=op.f("pk_known_browsers")),
    )
    op.create_index("ix_known_browsers_address_used_at", "known_browsers", ["address", "used_at"], unique=False)
    op.create_index(op.f("ix_known_browsers_used_at"), "known_browsers", ["used_at"], unique=False)
    op.create_index(op.f("ix_known_browsers_user_id"), "known_browsers", ["user_id"], unique=False)
    op.create_table(
        "oauth_client_uses",
        sa.Column("client_pk", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_pk"], ["oauth_clients.id"], name=op.f("fk_oauth_client_uses_client_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_pk", name=op.f("pk_oauth_client_uses")),
    )
    op.create_table(
        "oauth_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_pk", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("branch_ids", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("code_challenge", sa.String(), nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_pk"], ["oauth_clients.id"], name=op.f("fk_oauth_consents_client_pk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_oauth_consents_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_consents")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_oauth_consents_code_hash")),
    )
    op.create_index("ix_oauth_consents_client_pk", "oauth_consents", ["client_pk"], unique=False)
    op.create_index("ix_oauth_consents_expires_at", "oauth_consents", ["expires_at"], unique=False)
    op.create_index("ix_oauth_consents_user_id_client_pk", "oauth_consents", ["user_id", "client_pk"], unique=False)
    op.create_table(
        "one_time_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_links")),
    )
    op.create_index(op.f("ix_one_time_links_user_id"), "one_time_links", ["user_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "place", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "sign_in_steps",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_steps_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_steps")),
    )
    op.create_index(op.f("ix_sign_in_steps_user_id"), "sign_in_steps", ["user_id"], unique=False)
    op.create_table(
        "staff_pins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_staff_pins_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_pins")),
    )
    op.create_table(
        "totp",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_totp_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("millis", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("error", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'delivered', 'failed')", name=op.f("ck_webhook_deliveries_state")),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("ix_webhook_deliveries_endpoint_id_id", "webhook_deliveries", ["endpoint_id", "id"], unique=False)
    op.create_index(
        "ix_webhook_deliveries_waiting",
        "webhook_deliveries",
        ["endpoint_id", "next_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_webhook_deliveries_endpoint_id_message_id", "webhook_deliveries", ["endpoint_id", "message_id"], unique=True
    )
    op.create_table(
        "desk_devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_desk_devices_branch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_devices")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_desk_devices_token_hash")),
    )
    op.create_index(op.f("ix_desk_devices_branch_id"), "desk_devices", ["branch_id"], unique=False)
    op.create_table(
        "oauth_refresh_tokens",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["oauth_consents.id"], name=op.f("fk_oauth_refresh_tokens_consent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_oauth_refresh_tokens")),
    )
    op.create_index(op.f("ix_oauth_refresh_tokens_consent_id"), "oauth_refresh_tokens", ["consent_id"], unique=False)
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("num_nonnulls(region_id, branch_id) <= 1", name=op.f("ck_role_assignments_place")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_role_assignments_branch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_role_assignments_region_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_role_assignments_role_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_role_assignments_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
        sa.UniqueConstraint(
            "user_id",
            "role_id",
            "region_id",
            "branch_id",
            name=op.f("uq_role_assignments_user_id_role_id_region_id_branch_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_role_assignments_role_id", "role_assignments", ["role_id"], unique=False)
    op.create_table(
        "setting_values",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("own", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("locked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("region_id is null or branch_id is null", name=op.f("ck_setting_values_one_place")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_setting_values_branch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_setting_values_region_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_values")),
    )
    op.create_index(
        "uq_setting_values_place",
        "setting_values",
        ["key", "subject", "region_id", "branch_id", "starts_on"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "ix_bookings_blocked", "bookings", ["ends_at"], unique=False, postgresql_where=sa.text("service_id is null")
    )
    op.add_column("branches", sa.Column("region_id", sa.Uuid(), nullable=True))
    op.create_index("ix_branches_region_id", "branches", ["region_id"], unique=False)
    op.create_foreign_key(op.f("fk_branches_region_id"), "branches", "regions", ["region_id"], ["id"])
    op.add_column(
        "oauth_clients", sa.Column("redirect_uris", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    op.add_column("oauth_clients", sa.Column("branch_ids", sa.ARRAY(sa.Uuid()), nullable=True))
    op.add_column("oauth_clients", sa.Column("old_secret_hash", sa.String(), nullable=True))
    op.add_column("oauth_clients", sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("oauth_tokens", sa.Column("consent_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_oauth_tokens_consent_id"), "oauth_tokens", ["consent_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_oauth_tokens_consent_id"), "oauth_tokens", "oauth_consents", ["consent_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index("ix_series_first_starts_at", "series", ["first_starts_at"], unique=False)
    op.add_column(
        "user_sessions", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.add_column("user_sessions", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.add_column("user_sessions", sa.Column("branch_id", sa.Uuid(), nullable=True))
    op.add_column("user_sessions", sa.Column("address", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("user_sessions", sa.Column("agent", sa.String(), server_default=sa.text("''"), nullable=False))
    op.create_index(op.f("ix_user_sessions_device_id"), "user_sessions", ["device_id"], unique=False)
    op.create_unique_constraint(op.f("uq_user_sessions_id"), "user_sessions", ["id"])
    op.create_foreign_key(
        op.f("fk_user_sessions_device_id"), "user_sessions", "desk_devices", ["device_id"], ["id"], ondelete="CASCADE"
    )
    op.create_foreign_key(
        op.f("fk_user_sessions_branch_id"), "user_sessions", "branches", ["branch_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index("ix_users_name_id", "users", ["name", "id"], unique=False)
    op.create_index("ix_walk_ins_arrived_at", "walk_ins", ["arrived_at"], unique=False)
    # ### end Alembic commands ###
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    for statement in DOWN:
        op.execute(statement)
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index("ix_walk_ins_arrived_at", table_name="walk_ins")
    op.drop_index("ix_users_name_id", table_name="users")
    op.drop_constraint(op.f("fk_user_sessions_branch_id"), "user_sessions", type_="foreignkey")
    op.drop_constraint(op.f("fk_user_sessions_device_id"), "user_sessions", type_="foreignkey")
    op.drop_constraint(op.f("uq_user_sessions_id"), "user_sessions", type_="unique")
    op.drop_index(op.f("ix_user_sessions_device_id"), table_name="user_sessions")
    op.drop_column("user_sessions", "agent")
    op.drop_column("user_sessions", "address")
    op.drop_column("user_sessions", "branch_id")
    op.drop_column("user_sessions", "device_id")
    op.drop_column("user_sessions", "id")
    op.drop_index("ix_series_first_starts_at", table_name="series")
    op.drop_constraint(op.f("fk_oauth_tokens_consent_id"), "oauth_tokens", type_="foreignkey")
    op.drop_index(op.f("ix_oauth_tokens_consent_id"), table_name="oauth_tokens")
    op.drop_column("oauth_tokens", "consent_id")
    op.drop_column("oauth_clients", "old_secret_until")
    op.drop_column("oauth_clients", "old_secret_hash")
    op.drop_column("oauth_clients", "branch_ids")
    op.drop_column("oauth_clients", "redirect_uris")
    op.drop_constraint(op.f("fk_branches_region_id"), "branches", type_="foreignkey")
    op.drop_index("ix_branches_region_id", table_name="branches")
    op.drop_column("branches", "region_id")
    op.drop_index("ix_bookings_blocked", table_name="bookings", postgresql_where=sa.text("service_id is null"))
    op.drop_index("uq_setting_values_place", table_name="setting_values", postgresql_nulls_not_distinct=True)
    op.drop_table("setting_values")
    op.drop_index("ix_role_assignments_role_id", table_name="role_assignments")
    op.drop_table("role_assignments")
    op.drop_index(op.f("ix_oauth_refresh_tokens_consent_id"), table_name="oauth_refresh_tokens")
    op.drop_table("oauth_refresh_tokens")
    op.drop_index(op.f("ix_desk_devices_branch_id"), table_name="desk_devices")
    op.drop_table("desk_devices")
    op.drop_index("uq_webhook_deliveries_endpoint_id_message_id", table_name="webhook_deliveries")
    op.drop_index(
        "ix_webhook_deliveries_waiting", table_name="webhook_deliveries", postgresql_where=sa.text("state = 'waiting'")
    )
    op.drop_index("ix_webhook_deliveries_endpoint_id_id", table_name="webhook_deliveries")
    op.drop_table("webhook_deliveries")
    op.drop_table("totp")
    op.drop_table("staff_pins")
    op.drop_index(op.f("ix_sign_in_steps_user_id"), table_name="sign_in_steps")
    op.drop_table("sign_in_steps")
    op.drop_table("recovery_codes")
    op.drop_index(op.f("ix_one_time_links_user_id"), table_name="one_time_links")
    op.drop_table("one_time_links")
    op.drop_index("ix_oauth_consents_user_id_client_pk", table_name="oauth_consents")
    op.drop_index("ix_oauth_consents_expires_at", table_name="oauth_consents")
    op.drop_index("ix_oauth_consents_client_pk", table_name="oauth_consents")
    op.drop_table("oauth_consents")
    op.drop_table("oauth_client_uses")
    op.drop_index(op.f("ix_known_browsers_user_id"), table_name="known_browsers")
    op.drop_index(op.f("ix_known_browsers_used_at"), table_name="known_browsers")
    op.drop_index("ix_known_browsers_address_used_at", table_name="known_browsers")
    op.drop_table("known_browsers")
    op.drop_index("ix_account_records_user_id_at", table_name="account_records")
    op.drop_table("account_records")
    op.drop_table("webhook_endpoints")
    op.drop_index("ix_setting_drafts_state_changed_at", table_name="setting_drafts")
    op.drop_table("setting_drafts")
    op.drop_index("uq_roles_name", table_name="roles", postgresql_where=sa.text("key is null"))
    op.drop_table("roles")
    op.drop_table("regions")
    op.drop_index(op.f("ix_audit_entries_xid"), table_name="audit_entries")
    op.drop_index("ix_audit_entries_subject_ids", table_name="audit_entries", postgresql_using="gin")
    op.drop_index("ix_audit_entries_actor_id_id", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_audit_changes_xid"), table_name="audit_changes")
    op.drop_index(op.f("ix_audit_changes_row_id"), table_name="audit_changes")
    op.drop_table("audit_changes")
    # ### end Alembic commands ###
