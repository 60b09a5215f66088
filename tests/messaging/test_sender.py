"""In whose name e-mails leave: signed, aligned, with the logo beside them, and with a way back."""

from __future__ import annotations

import base64
import email
import re
from dataclasses import replace
from email.policy import default as modern
from types import SimpleNamespace

import dkim as peer
import pytest

from blueprints.brand import queries as brand
from blueprints.brand import service as looks
from blueprints.brand.service import LookInput
from blueprints.domains import service as domains
from blueprints.domains.models import MailKey
from blueprints.domains.queries import signers
from blueprints.messaging.channels.outcomes import Refused
from blueprints.messaging.service import mail
from shopbell import clock, dkim, ids, return_path, runtime
from shopbell.crypto import Signer
from shopbell.mail_records import Finding
from shopbell.own_mail import OwnMail
from shopbell.settings import Settings
from tests.brand.conftest import png

KEYS = (dkim.make("rsa"), dkim.make("ed25519"))


@pytest.fixture
def own(settings: Settings):
    """An installation that signs, and takes bounces in."""
    made = tuple(dkim.Signer("shopbell.example", f"s{number}", key) for number, key in enumerate(KEYS))
    mine = replace(settings, mail_from="no-reply@shopbell.example", own_mail=OwnMail(made, "bounce.shopbell.example"))
    runtime.install(mine)
    yield mine
    runtime.install(settings)


def content(**changed) -> SimpleNamespace:
    values = {
        "id": ids.uuid7(),
        "recipient": "lan@example.com",
        "recipient_name": "Lan",
        "sender_name": "Lumi",
        "subject": "Booked",
        "body": "Booked.\n",
        "html": "<p>Booked.</p>",
        "calendar": None,
        "locale": "en",
        "created_at": clock.now(),
        "template": "confirmation",
        "purpose": "transactional",
        "customer_id": ids.uuid7(),
    }
    return SimpleNamespace(**(values | changed))


def verified(raw: bytes, keys) -> list[bool]:
    records = {f"{one.record_name}.".encode(): one.record.encode() for one in keys}
    judge = peer.DKIM(raw)
    return [judge.verify(idx=place, dnsfunc=lambda name, timeout=5: records.get(name)) for place in range(len(keys))]


def test_the_installations_mail_is_signed_and_comes_back_to_the_chain_and_message(session, tenant, own):
    written = content()
    back, raw = mail.sender(session, [written.html]).write(written)
    found = return_path.read(Signer(own.secret_key), back)
    assert (found.kind, found.tenant_id, found.message_id) == ("b", tenant.id, written.id)
    assert back.endswith("@bounce.shopbell.example")
    message = email.message_from_bytes(raw, policy=modern)
    assert (
        str(message["From"]) == '"Lumi" <no-reply@shopbell.example>' or "no-reply@shopbell.example" in message["From"]
    )
    assert message["Feedback-ID"] == f"confirmation:{tenant.slug}:transactional:shopbell.example"
    assert message["List-Unsubscribe"] is None
    assert verified(raw, own.own_mail.signers) == [True, True]


def test_a_chains_own_domain_signs_what_comes_from_it(session, own):
    domains.choose(session, "lumi.example", "hello")
    written = content()
    before = mail.sender(session, []).write(written)[1]
    assert b"<no-reply@shopbell.example>" in before
    key = session.query(MailKey).one()
    domains.settle(session, {f"dkim:{key.selector}": Finding("right")})
    raw = mail.sender(session, []).write(written)[1]
    message = email.message_from_bytes(raw, policy=modern)
    assert "hello@lumi.example" in message["From"]
    assert "d=lumi.example" in " ".join(message.get_all("DKIM-Signature", []))
    assert verified(raw, list(signers(session).values())) == [True]
    assert re.findall(rb"Message-ID: (\S+)", raw) == re.findall(rb"Message-ID: (\S+)", before)


def test_marketing_can_be_left_by_one_click_and_nobody_can_change_where(session, own):
    written = content(purpose="marketing")
    raw = mail.sender(session, []).write(written)[1]
    message = email.message_from_bytes(raw, policy=modern)
    assert re.fullmatch(
        r"<https?://\S+/unsubscribe/\S+>, <mailto:u\w+@bounce\.shopbell\.example>", message["List-Unsubscribe"]
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    names = str(message.get_all("DKIM-Signature", [])[0]).lower()
    assert names.count("list-unsubscribe:") == 2
    assert names.count("list-unsubscribe-post") == 2
    assert verified(raw, own.own_mail.signers) == [True, True]


def test_the_logo_lies_beside_the_mail_where_every_program_shows_it(session, tenant, own):
    picture = png()
    looks.publish(session, LookInput("Lumi", "#0a7d5a", logo=picture), "", brand.desk(session).look.seal)
    link = f"https://{tenant.host}{brand.brand(session).logo}"
    written = content(html=f'<p><img src="{link}" alt="">Booked</p>')
    raw = mail.sender(session, [written.html]).write(written)[1]
    message = email.message_from_bytes(raw, policy=modern)
    related = message.get_body(("related",))
    assert related is not None
    (shown,) = related.iter_attachments()
    words = related.get_body(("html",))
    assert words is not None
    html = words.get_content()
    assert f'src="cid:{shown["Content-ID"].strip("<>")}"' in html
    assert link not in html
    assert shown.get_content_type() == "image/png"


@pytest.mark.parametrize(
    "html", [None, '<img src="https://x.example/logo/00000000-0000-0000-0000-000000000001">', '<img src="data:,x">']
)
def test_what_is_no_logo_of_the_chain_stays_where_it_is(session, own, html):
    written = content(html=html)
    raw = mail.sender(session, [html]).write(written)[1]
    assert b"Content-ID" not in raw
    assert html is None or html.encode() in raw or base64.b64encode(html.encode())[:20] in raw


def test_what_is_no_address_is_refused(session, own):
    with pytest.raises(Refused) as refused:
        mail.sender(session, []).write(content(recipient="nobody"))
    assert refused.value.reason == "no_such_address"
