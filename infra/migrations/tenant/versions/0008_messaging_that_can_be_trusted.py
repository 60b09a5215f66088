"""messaging that can be trusted

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22 11:21:26.264611

A revision must work with the previous release: add first, remove one release later.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


DOWN = (
    "drop trigger refuse_clear_change on messages",
    "drop trigger refuse_clear_row on messages",
    "delete from sealed_tables where table_name = 'messages'",
    "delete from sealed_tables where table_name in ('conversations', 'conversation_entries')",
    "drop trigger refuse_clear_change on idempotency_keys",
    "drop trigger refuse_clear_row on idempotency_keys",
    "drop trigger refuse_clear_change on reviews",
    "drop trigger refuse_clear_row on reviews",
    "drop trigger refuse_clear_change on wishes",
    "drop trigger refuse_clear_row on wishes",
    "drop trigger refuse_clear_change on walk_ins",
    "drop trigger refuse_clear_row on walk_ins",
    "drop trigger refuse_clear_change on bookings",
    "drop trigger refuse_clear_row on bookings",
    "delete from sealed_tables where table_name = 'bookings'",
    "delete from sealed_tables where table_name = 'walk_ins'",
    "delete from sealed_tables where table_name = 'wishes'",
    "delete from sealed_tables where table_name = 'reviews'",
    "delete from sealed_tables where table_name = 'idempotency_keys'",
    "delete from legal_agreements where booking_id is null or customer_id is null",
    "alter table legal_agreements drop constraint ck_legal_agreements_occasion, drop constraint ck_legal_agreements_booking, drop constraint ck_legal_agreements_subject, drop constraint pk_legal_agreements, add constraint pk_legal_agreements primary key (booking_id, legal_text_id)",
    "drop function refuse_change_of_published() cascade",
    "update messages set state = 'cancelled' where state = 'dropped'",
    "alter table messages drop constraint ck_messages_purpose, drop constraint ck_messages_state, add constraint ck_messages_state check (state in ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'cancelled'))",
    "delete from sealed_tables where table_name in ('sms_accounts', 'inbound_messages')",
    "delete from sealed_tables where table_name = 'alert_channels'",
    "delete from sealed_tables where table_name = 'mail_keys'",
)


EARLY = ("alter table legal_agreements drop constraint pk_legal_agreements",)


UP = (
    "insert into sealed_tables (table_name, begun_at, finished_at) values ('conversations', now(), now()), ('conversation_entries', now(), now())",
    "alter table legal_agreements add constraint pk_legal_agreements primary key (id), add constraint ck_legal_agreements_occasion check (occasion in ('booking', 'wish', 'walk_in', 'account')), add constraint ck_legal_agreements_booking check ((occasion = 'booking') = (booking_id is not null)), add constraint ck_legal_agreements_subject check ((booking_id is null) = (subject_id is not null))",
    "alter table messages drop constraint ck_messages_state, add constraint ck_messages_state check (state in ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'cancelled', 'dropped')), add constraint ck_messages_purpose check (purpose in ('code', 'incident', 'transactional', 'reminder', 'marketing'))",
    "create function refuse_change_of_published() returns trigger language plpgsql as $$ begin raise exception 'what is published is never changed'; end $$",
    "create trigger published_stays before update on template_versions for each row when (old.published_at is not null) execute function refuse_change_of_published()",
    "create trigger audit_update after update on sms_accounts for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'secret_sealed,hook')",
    "create trigger audit_rows after insert or delete on sms_accounts for each row execute function audit_changed('id', 'secret_sealed,hook')",
    "create trigger touch_config_version after insert or update or delete or truncate on sms_accounts for each statement execute function touch_config_version()",
    "insert into sealed_tables (table_name, begun_at, finished_at) values ('sms_accounts', now(), now())",
    "insert into sealed_tables (table_name, begun_at, finished_at) values ('inbound_messages', now(), now())",
    "create trigger audit_update after update on alert_channels for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'address_sealed')",
    "create trigger audit_rows after insert or delete on alert_channels for each row execute function audit_changed('id', 'address_sealed')",
    "insert into sealed_tables (table_name, begun_at, finished_at) values ('alert_channels', now(), now())",
    "create trigger audit_update after update on mail_domain for each row when (old.* is distinct from new.*) execute function audit_changed('id', '')",
    "create trigger audit_rows after insert or delete on mail_domain for each row execute function audit_changed('id', '')",
    "create trigger audit_update after update on mail_keys for each row when (old.* is distinct from new.*) execute function audit_changed('id', 'private_key_sealed')",
    "create trigger audit_rows after insert or delete on mail_keys for each row execute function audit_changed('id', 'private_key_sealed')",
    "insert into sealed_tables (table_name, begun_at, finished_at) values ('mail_keys', now(), now())",
    "insert into sealed_tables (table_name) values ('bookings')",
    "create trigger refuse_clear_row before insert on bookings for each row when ((new.note is distinct from '')) execute function refuse_clear()",
    "create trigger refuse_clear_change before update of note on bookings for each row when (((new.note is distinct from '') and (new.note is distinct from old.note))) execute function refuse_clear()",
    "insert into sealed_tables (table_name) values ('walk_ins')",
    "create trigger refuse_clear_row before insert on walk_ins for each row when ((new.phone is distinct from null)) execute function refuse_clear()",
    "create trigger refuse_clear_change before update of phone on walk_ins for each row when (((new.phone is distinct from null) and (new.phone is distinct from old.phone))) execute function refuse_clear()",
    "insert into sealed_tables (table_name) values ('wishes')",
    "create trigger refuse_clear_row before insert on wishes for each row when ((new.note is distinct from '')) execute function refuse_clear()",
    "create trigger refuse_clear_change before update of note on wishes for each row when (((new.note is distinct from '') and (new.note is distinct from old.note))) execute function refuse_clear()",
    "insert into sealed_tables (table_name) values ('reviews')",
    "create trigger refuse_clear_row before insert on reviews for each row when ((new.words is distinct from '')) execute function refuse_clear()",
    "create trigger refuse_clear_change before update of words on reviews for each row when (((new.words is distinct from '') and (new.words is distinct from old.words))) execute function refuse_clear()",
    "insert into sealed_tables (table_name) values ('idempotency_keys')",
    "create trigger refuse_clear_row before insert on idempotency_keys for each row when ((new.body is distinct from null)) execute function refuse_clear()",
    "create trigger refuse_clear_change before update of body on idempotency_keys for each row when (((new.body is distinct from null) and (new.body is distinct from old.body))) execute function refuse_clear()",
    "insert into sealed_tables (table_name) values ('messages')",
    "create trigger refuse_clear_row before insert on messages for each row when ((new.recipient is distinct from '') or (new.recipient_name is distinct from '') or (new.subject is distinct from '') or (new.body is distinct from '') or (new.html is distinct from null) or (new.calendar is distinct from null)) execute function refuse_clear()",
    "create trigger refuse_clear_change before update of recipient, recipient_name, subject, body, html, calendar on messages for each row when (((new.recipient is distinct from '') and (new.recipient is distinct from old.recipient)) or ((new.recipient_name is distinct from '') and (new.recipient_name is distinct from old.recipient_name)) or ((new.subject is distinct from '') and (new.subject is distinct from old.subject)) or ((new.body is distinct from '') and (new.body is distinct from old.body)) or ((new.html is distinct from null) and (new.html is distinct from old.html)) or ((new.calendar is distinct from null) and (new.calendar is distinct from old.calendar))) execute function refuse_clear()",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    for statement in EARLY:
        op.execute(statement)
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "budget_reservations",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_budget_reservations")),
    )
    op.create_index("ix_budget_reservations_reserved_at", "budget_reservations", ["reserved_at"], unique=False)
    op.create_table(
        "mail_domain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_domain_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_domain")),
    )
    op.create_table(
        "message_budgets",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reserved_micros", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("spent_micros", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("told_percent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("branch_id", "month", "currency", name=op.f("pk_message_budgets")),
    )
    op.create_table(
        "message_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("detail", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "kind in ('decided', 'attempt', 'accepted', 'refused', 'put_off', 'doubt', 'asked', 'receipt', 'resent', 'replayed', 'cancelled', 'failed_over', 'reply', 'click')",
            name=op.f("ck_message_events_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_events")),
    )
    op.create_index("ix_message_events_message_id_id", "message_events", ["message_id", "id"], unique=False)
    op.create_table(
        "short_links",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clicks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_short_links")),
    )
    op.create_index("ix_short_links_expires_at", "short_links", ["expires_at"], unique=False)
    op.create_table(
        "sms_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("hook", sa.String(), nullable=False),
        sa.Column("addresses", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("prefixes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("purposes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("options", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("prices", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "provider in ('twilio', 'alibaba', 'tencent', 'sns', 'smpp')", name=op.f("ck_sms_accounts_provider")
        ),
        sa.CheckConstraint("rate >= 0", name=op.f("ck_sms_accounts_rate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_accounts")),
        sa.UniqueConstraint("hook", name=op.f("uq_sms_accounts_hook")),
    )
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "cause in ('reply', 'one_click', 'complaint', 'staff', 'bounce', 'unreachable', 'provider')",
            name=op.f("ck_suppressions_cause"),
        ),
        sa.CheckConstraint("channel in ('sms', 'email')", name=op.f("ck_suppressions_channel")),
        sa.CheckConstraint(
            "purpose in ('all', 'code', 'incident', 'transactional', 'reminder', 'marketing')",
            name=op.f("ck_suppressions_purpose"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
    )
    op.create_index(
        "uq_suppressions_address_key_channel_purpose",
        "suppressions",
        ["address_key", "channel", "purpose"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_table(
        "template_approvals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("variables", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'draft'"), nullable=False),
        sa.Column("code", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("author", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("locale in ('zh-CN', 'en', 'vi')", name=op.f("ck_template_approvals_locale")),
        sa.CheckConstraint("state <> 'approved' or code <> ''", name=op.f("ck_template_approvals_code")),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'approved', 'rejected')", name=op.f("ck_template_approvals_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_approvals")),
        sa.UniqueConstraint("account", "digest", name=op.f("uq_template_approvals_account_digest")),
    )
    op.create_index(
        "uq_template_approvals_code",
        "template_approvals",
        ["account", "code"],
        unique=True,
        postgresql_where=sa.text("code <> ''"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("words", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locale", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("channel in ('sms', 'email')", name=op.f("ck_consents_channel")),
        sa.CheckConstraint("purpose in ('transactional', 'reminder', 'marketing')", name=op.f("ck_consents_purpose")),
        sa.CheckConstraint(
            "source in ('booking', 'preferences', 'one_click', 'reply', 'complaint', 'counter', 'phone', 'paper', 'api')",
            name=op.f("ck_consents_source"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_consents_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(
        "ix_consents_customer_id_purpose_channel_id",
        "consents",
        ["customer_id", "purpose", "channel", "id"],
        unique=False,
    )
    op.create_table(
        "mail_check",
        sa.Column("mail_domain_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("findings", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_domain_id"], ["mail_domain.id"], name=op.f("fk_mail_check_mail_domain_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mail_domain_id", name=op.f("pk_mail_check")),
    )
    op.create_table(
        "mail_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mail_domain_id", sa.Integer(), nullable=False),
        sa.Column("selector", sa.String(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("private_key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("algorithm in ('rsa', 'ed25519')", name=op.f("ck_mail_keys_algorithm")),
        sa.ForeignKeyConstraint(
            ["mail_domain_id"], ["mail_domain.id"], name=op.f("fk_mail_keys_mail_domain_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_keys")),
        sa.UniqueConstraint("selector", name=op.f("uq_mail_keys_selector")),
    )
    op.create_table(
        "alert_channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("topics", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(level = 'region') = (region_id is not null) and (level = 'branch') = (branch_id is not null) and (level = 'user') = (user_id is not null)",
            name=op.f("ck_alert_channels_place"),
        ),
        sa.CheckConstraint(
            "kind in ('email', 'sms', 'wecom', 'dingtalk', 'feishu', 'lark', 'slack', 'teams', 'telegram')",
            name=op.f("ck_alert_channels_kind"),
        ),
        sa.CheckConstraint("level in ('chain', 'region', 'branch', 'user')", name=op.f("ck_alert_channels_level")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_alert_channels_branch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_alert_channels_region_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_alert_channels_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_channels")),
    )
    op.create_index(
        "ix_alert_channels_user_id",
        "alert_channels",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("user_id is not null"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("times", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_alerts_branch_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_alerts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_last_at", "alerts", ["last_at"], unique=False)
    op.create_index(
        "ix_alerts_topic_branch_id_user_id_last_at",
        "alerts",
        ["topic", "branch_id", "user_id", "last_at"],
        unique=False,
    )
    op.create_index(
        "ix_alerts_user_id", "alerts", ["user_id"], unique=False, postgresql_where=sa.text("user_id is not null")
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("number_key", sa.BigInteger(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("unread", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("assigned_id", sa.Uuid(), nullable=True),
        sa.Column("assigned", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f("ck_conversations_state")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_conversations_branch_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_conversations_customer_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(
        "ix_conversations_branch_id_state_last_at", "conversations", ["branch_id", "state", "last_at"], unique=False
    )
    op.create_index("ix_conversations_customer_id", "conversations", ["customer_id"], unique=False)
    op.create_index("ix_conversations_state_last_at_id", "conversations", ["state", "last_at", "id"], unique=False)
    op.create_index(
        "uq_conversations_number_key_branch_id",
        "conversations",
        ["number_key", "branch_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "template_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plain", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("default_digest", sa.String(), nullable=False),
        sa.Column("author", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('sms', 'email')", name=op.f("ck_template_versions_channel")),
        sa.CheckConstraint("locale in ('zh-CN', 'en', 'vi')", name=op.f("ck_template_versions_locale")),
        sa.CheckConstraint("region_id is null or branch_id is null", name=op.f("ck_template_versions_one_place")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_template_versions_branch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_template_versions_region_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_versions")),
    )
    op.create_index("ix_template_versions_digest", "template_versions", ["digest"], unique=False)
    op.create_index(
        "ix_template_versions_text", "template_versions", ["name", "channel", "locale", "published_at"], unique=False
    )
    op.create_index(
        "uq_template_versions_draft",
        "template_versions",
        ["name", "channel", "locale", "region_id", "branch_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("published_at is null"),
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'sent', 'failed')", name=op.f("ck_alert_deliveries_state")),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_deliveries_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["alert_channels.id"], name=op.f("fk_alert_deliveries_channel_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_deliveries")),
    )
    op.create_index("ix_alert_deliveries_channel_id_id", "alert_deliveries", ["channel_id", "id"], unique=False)
    op.create_index(
        "uq_alert_deliveries_alert_id_channel_id", "alert_deliveries", ["alert_id", "channel_id"], unique=True
    )
    op.create_table(
        "alert_reads",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_reads_alert_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_alert_reads_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "alert_id", name=op.f("pk_alert_reads")),
    )
    op.create_index("ix_alert_reads_alert_id", "alert_reads", ["alert_id"], unique=False)
    op.create_table(
        "conversation_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("author", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("done", sa.String(), nullable=True),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "done is null or done in ('confirmed', 'cancelled', 'too_late', 'stopped', 'started')",
            name=op.f("ck_conversation_entries_done"),
        ),
        sa.CheckConstraint("kind in ('in', 'out', 'done')", name=op.f("ck_conversation_entries_kind")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_entries_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_entries")),
    )
    op.create_index(
        "ix_conversation_entries_conversation_id_id", "conversation_entries", ["conversation_id", "id"], unique=False
    )
    op.create_index("uq_conversation_entries_text_id", "conversation_entries", ["text_id"], unique=True)
    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_key", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("keyword", sa.String(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "keyword in ('confirm', 'refuse', 'stop', 'start')", name=op.f("ck_inbound_messages_keyword")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_inbound_messages_booking_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_inbound_messages_branch_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_inbound_messages_customer_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
    )
    op.create_index("ix_inbound_messages_booking_id", "inbound_messages", ["booking_id"], unique=False)
    op.create_index("ix_inbound_messages_branch_id_id", "inbound_messages", ["branch_id", "id"], unique=False)
    op.create_index("ix_inbound_messages_customer_id", "inbound_messages", ["customer_id"], unique=False)
    op.create_index("ix_inbound_messages_number_key_id", "inbound_messages", ["number_key", "id"], unique=False)
    op.create_index("uq_inbound_messages_account_ref", "inbound_messages", ["account", "ref"], unique=True)
    op.add_column("bookings", sa.Column("note_sealed", sa.LargeBinary(), nullable=True))
    op.add_column(
        "idempotency_keys", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.add_column("idempotency_keys", sa.Column("body_sealed", sa.LargeBinary(), nullable=True))
    op.add_column(
        "legal_agreements", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.add_column(
        "legal_agreements", sa.Column("occasion", sa.String(), server_default=sa.text("'booking'"), nullable=False)
    )
    op.add_column("legal_agreements", sa.Column("subject_id", sa.Uuid(), nullable=True))
    op.add_column("legal_agreements", sa.Column("told_by", sa.String(), server_default=sa.text("''"), nullable=False))
    op.alter_column("legal_agreements", "booking_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("legal_agreements", "customer_id", existing_type=sa.UUID(), nullable=True)
    op.create_unique_constraint(
        op.f("uq_legal_agreements_booking_id_legal_text_id"), "legal_agreements", ["booking_id", "legal_text_id"]
    )
    op.create_unique_constraint(
        op.f("uq_legal_agreements_subject_id_legal_text_id"), "legal_agreements", ["subject_id", "legal_text_id"]
    )
    op.add_column("messages", sa.Column("branch_id", sa.Uuid(), nullable=True))
    op.add_column("messages", sa.Column("template_version_id", sa.Uuid(), nullable=True))
    op.add_column(
        "messages", sa.Column("purpose", sa.String(), server_default=sa.text("'transactional'"), nullable=False)
    )
    op.add_column("messages", sa.Column("priority", sa.SmallInteger(), server_default=sa.text("20"), nullable=False))
    op.add_column("messages", sa.Column("recipient_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("recipient_key", sa.BigInteger(), nullable=True))
    op.add_column("messages", sa.Column("recipient_name_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("subject_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("body_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("html_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("calendar_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("variables_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("account", sa.String(), nullable=True))
    op.add_column("messages", sa.Column("reason", sa.String(), nullable=True))
    op.add_column("messages", sa.Column("cost_micros", sa.BigInteger(), nullable=True))
    op.add_column("messages", sa.Column("currency", sa.String(), nullable=True))
    op.create_index("ix_messages_branch_id_id", "messages", ["branch_id", "id"], unique=False)
    op.create_index("ix_messages_recipient_key_id", "messages", ["recipient_key", "id"], unique=False)
    op.create_foreign_key(
        op.f("fk_messages_branch_id"), "messages", "branches", ["branch_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column("reviews", sa.Column("words_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("user_sessions", sa.Column("provider_sid", sa.String(), nullable=True))
    op.add_column("walk_ins", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("wishes", sa.Column("note_sealed", sa.LargeBinary(), nullable=True))
    # ### end Alembic commands ###
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    for statement in DOWN:
        op.execute(statement)
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_column("wishes", "note_sealed")
    op.drop_column("walk_ins", "phone_sealed")
    op.drop_column("user_sessions", "provider_sid")
    op.drop_column("reviews", "words_sealed")
    op.drop_constraint(op.f("fk_messages_branch_id"), "messages", type_="foreignkey")
    op.drop_index("ix_messages_recipient_key_id", table_name="messages")
    op.drop_index("ix_messages_branch_id_id", table_name="messages")
    op.drop_column("messages", "currency")
    op.drop_column("messages", "cost_micros")
    op.drop_column("messages", "reason")
    op.drop_column("messages", "account")
    op.drop_column("messages", "variables_sealed")
    op.drop_column("messages", "calendar_sealed")
    op.drop_column("messages", "html_sealed")
    op.drop_column("messages", "body_sealed")
    op.drop_column("messages", "subject_sealed")
    op.drop_column("messages", "recipient_name_sealed")
    op.drop_column("messages", "recipient_key")
    op.drop_column("messages", "recipient_sealed")
    op.drop_column("messages", "priority")
    op.drop_column("messages", "purpose")
    op.drop_column("messages", "template_version_id")
    op.drop_column("messages", "branch_id")
    op.drop_constraint(op.f("uq_legal_agreements_subject_id_legal_text_id"), "legal_agreements", type_="unique")
    op.drop_constraint(op.f("uq_legal_agreements_booking_id_legal_text_id"), "legal_agreements", type_="unique")
    op.alter_column("legal_agreements", "customer_id", existing_type=sa.UUID(), nullable=False)
    op.alter_column("legal_agreements", "booking_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("legal_agreements", "told_by")
    op.drop_column("legal_agreements", "subject_id")
    op.drop_column("legal_agreements", "occasion")
    op.drop_column("legal_agreements", "id")
    op.drop_column("idempotency_keys", "body_sealed")
    op.drop_column("idempotency_keys", "id")
    op.drop_column("bookings", "note_sealed")
    op.drop_index("uq_inbound_messages_account_ref", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_number_key_id", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_customer_id", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_branch_id_id", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_booking_id", table_name="inbound_messages")
    op.drop_table("inbound_messages")
    op.drop_index("uq_conversation_entries_text_id", table_name="conversation_entries")
    op.drop_index("ix_conversation_entries_conversation_id_id", table_name="conversation_entries")
    op.drop_table("conversation_entries")
    op.drop_index("ix_alert_reads_alert_id", table_name="alert_reads")
    op.drop_table("alert_reads")
    op.drop_index("uq_alert_deliveries_alert_id_channel_id", table_name="alert_deliveries")
    op.drop_index("ix_alert_deliveries_channel_id_id", table_name="alert_deliveries")
    op.drop_table("alert_deliveries")
    op.drop_index(
        "uq_template_versions_draft",
        table_name="template_versions",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("published_at is null"),
    )
    op.drop_index("ix_template_versions_text", table_name="template_versions")
    op.drop_index("ix_template_versions_digest", table_name="template_versions")
    op.drop_table("template_versions")
    op.drop_index(
        "uq_conversations_number_key_branch_id", table_name="conversations", postgresql_nulls_not_distinct=True
    )
    op.drop_index("ix_conversations_state_last_at_id", table_name="conversations")
    op.drop_index("ix_conversations_customer_id", table_name="conversations")
    op.drop_index("ix_conversations_branch_id_state_last_at", table_name="conversations")
    op.drop_table("conversations")
    op.drop_index("ix_alerts_user_id", table_name="alerts", postgresql_where=sa.text("user_id is not null"))
    op.drop_index("ix_alerts_topic_branch_id_user_id_last_at", table_name="alerts")
    op.drop_index("ix_alerts_last_at", table_name="alerts")
    op.drop_table("alerts")
    op.drop_index(
        "ix_alert_channels_user_id", table_name="alert_channels", postgresql_where=sa.text("user_id is not null")
    )
    op.drop_table("alert_channels")
    op.drop_table("mail_keys")
    op.drop_table("mail_check")
    op.drop_index("ix_consents_customer_id_purpose_channel_id", table_name="consents")
    op.drop_table("consents")
    op.drop_index("uq_template_approvals_code", table_name="template_approvals", postgresql_where=sa.text("code <> ''"))
    op.drop_table("template_approvals")
    op.drop_index(
        "uq_suppressions_address_key_channel_purpose",
        table_name="suppressions",
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.drop_table("suppressions")
    op.drop_table("sms_accounts")
    op.drop_index("ix_short_links_expires_at", table_name="short_links")
    op.drop_table("short_links")
    op.drop_index("ix_message_events_message_id_id", table_name="message_events")
    op.drop_table("message_events")
    op.drop_table("message_budgets")
    op.drop_table("mail_domain")
    op.drop_index("ix_budget_reservations_reserved_at", table_name="budget_reservations")
    op.drop_table("budget_reservations")
    # ### end Alembic commands ###
