"""Another secret key of the installation: what the one before made is read, and sealed anew before that one goes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.access.service import totp
from blueprints.operator.service import accounts
from blueprints.operator.service.records import Author
from blueprints.storefront.tier import read_vip_token, vip_token
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.settings import Settings
from tests.support.secret_keys import secret_keys


def test_links_that_were_sent_open_as_long_as_their_key_is_kept(session: Session, an: UUID, settings: Settings) -> None:
    link = vip_token(an, clock.now() + timedelta(days=30))
    with secret_keys(settings, "another secret", settings.secret_key):
        assert read_vip_token(link) == an
        fresh = vip_token(an, clock.now() + timedelta(days=30))
    with secret_keys(settings, "another secret"):
        assert read_vip_token(fresh) == an
        with pytest.raises(BadToken):
            read_vip_token(link)


def test_second_factors_outlive_their_key_once_they_are_sealed_anew(
    session: Session, an: UUID, settings: Settings
) -> None:
    now = clock.now()
    secret = totp.offer(session, an, at=now)
    totp.switch_on(session, an, pyotp.TOTP(secret).at(now), at=now)
    with secret_keys(settings, "another secret", settings.secret_key):
        assert access.reseal(session) == 1
        assert access.reseal(session) == 0
        session.flush()
    with secret_keys(settings, "another secret"):
        later = now + timedelta(minutes=1)
        assert totp.accepts(session, an, pyotp.TOTP(secret).at(later), at=later)
    assert not totp.accepts(session, an, pyotp.TOTP(secret).at(now), at=now), "the key before opens it no more"


def test_operators_phones_too(database, settings: Settings) -> None:
    with database.transaction(None) as directory:
        accounts.create(directory, "ada@example.com", "Ada", "operator", by=Author(None, "root"))
        (found,) = accounts.all_of_them(directory)
        secret = accounts.opened(found)
        with secret_keys(settings, "another secret", settings.secret_key):
            assert (accounts.reseal(directory), accounts.reseal(directory)) == (1, 0)
        with secret_keys(settings, "another secret"):
            assert accounts.opened(found) == secret
