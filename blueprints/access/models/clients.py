"""Programs that call the API, what people let them do, and the tokens they hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class OAuthClient(TenantBase):
    """A program that calls the API: by itself, or, when it has redirect addresses, for people who let it.

    `branch_ids` are the only branches it reaches, None for all. The old secret is taken until its time is over.
    """

    __tablename__ = "oauth_clients"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    branch_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    old_secret_hash: Mapped[str | None]
    old_secret_until: Mapped[datetime | None]


class OAuthClientUse(TenantBase):
    """When a program last got a token: apart from the program, whose changes are written down."""

    __tablename__ = "oauth_client_uses"

    client_pk: Mapped[UUID] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class OAuthConsent(TenantBase):
    """Somebody let an app act for them. The code that the app fetches its first tokens with is part of it; without the
    row all its tokens are gone."""

    __tablename__ = "oauth_consents"
    __table_args__ = (
        Index("ix_oauth_consents_user_id_client_pk", "user_id", "client_pk"),
        Index("ix_oauth_consents_client_pk", "client_pk"),
        Index("ix_oauth_consents_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_pk: Mapped[UUID] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    branch_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    redirect_uri: Mapped[str]
    code_hash: Mapped[str] = mapped_column(unique=True)
    code_challenge: Mapped[str]
    code_expires_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    given_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OAuthToken(TenantBase):
    """A bearer token, by its hash; with a consent it acts for the person who gave it."""

    __tablename__ = "oauth_tokens"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    client_pk: Mapped[UUID] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("oauth_consents.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OAuthRefreshToken(TenantBase):
    """What an app gets its next tokens with, once; one that was used is kept to notice when it comes again."""

    __tablename__ = "oauth_refresh_tokens"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("oauth_consents.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
