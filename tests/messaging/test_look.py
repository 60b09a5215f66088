"""Messages follow the look of the chain and of the branch they come from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blueprints.booking import service as booking
from blueprints.booking.values import BookingRequest, CustomerInput
from blueprints.brand import queries, service
from blueprints.brand.service import LookInput, OwnInput
from blueprints.catalog import api as catalog
from blueprints.messaging.service.compose import compose
from shopbell import clock
from tenants.settings.store import NOBODY
from tests.brand.conftest import png
from tests.support.letters import letters

WORDS = {"thanks": {"en": "A <b>glass</b> of tea waits"}, "footer": {"en": "Lumi Ltd, Shanghai"}}


@pytest.mark.proves("T3")
def test_a_confirmation_has_the_logo_the_thanks_and_the_foot_of_its_branch(session, shop):
    look = LookInput("Lumi", "#0a7d5a", languages=("en", "zh-CN"), texts=WORDS, logo=png())
    service.publish(session, look, "", queries.desk(session).look.seal)
    path = catalog.path_of(catalog.branch(session, shop.branch_id))
    service.set_own(session, path, OwnInput("Lumi Xintiandi"), NOBODY)
    wanted = CustomerInput("Lan", "+8613123456789", "lan@example.com", "vi")
    start = clock.now() + timedelta(hours=3)
    made = booking.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, start, wanted))
    compose(session, "confirmation", made.id, version=0)
    written = {one.channel: one for one in letters(session, booking_id=made.id)}
    mail = written["email"]
    # Vietnamese is off: the tenant's own language instead, and its sentences where it has some.
    assert mail.locale == "zh-CN"
    assert f'{queries.brand(session).logo}"' in mail.html
    assert "Lumi Xintiandi" in mail.html
    assert "A &lt;b&gt;glass&lt;/b&gt; of tea waits" in mail.html
    assert "A <b>glass</b> of tea waits" in mail.body
    assert mail.body.rstrip().endswith("Lumi Ltd, Shanghai")
    assert mail.sender_name == "Lumi Xintiandi"
    assert "Lumi Xintiandi" in mail.calendar
    assert "tea" not in written["sms"].body
