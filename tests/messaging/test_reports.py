"""Reading what comes back: as servers write it, and as nobody should."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprints.messaging.channels.returned import sns
from blueprints.messaging.channels.returned.reports import read
from blueprints.messaging.channels.returned.sns import NotGenuine
from tests.messaging.mail_corpus import CORPUS, mail

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:bounces"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem"


@pytest.mark.parametrize("name", CORPUS)
def test_what_servers_write_is_understood(name: str) -> None:
    _, kind, reason, dead = CORPUS[name]
    found = read(mail(name))
    assert (found.kind, found.reason, found.dead) == (kind, reason, dead)
    assert "lan@example.com" not in found.said


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(CORPUS)))
def test_no_broken_report_stops_the_next_one(data: st.DataObject, name: str) -> None:
    """Cut off, with bytes exchanged, with pieces twice."""
    raw = bytearray(mail(name))
    for _ in range(data.draw(st.integers(1, 6))):
        at, end = sorted(data.draw(st.tuples(st.integers(0, len(raw)), st.integers(0, len(raw)))))
        piece = data.draw(st.one_of(st.binary(max_size=20), st.just(bytes(raw[at:end]) * 2), st.just(b"")))
        raw[at : at + data.draw(st.integers(0, 40))] = piece
    read(bytes(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"Content-Type: multipart/report; boundary=\r\n\r\n--\r\n",
        b"From: =?x?q?\xff?=\r\nSubject: =?utf-8?b?!!!?=\r\nContent-Type: text/plain; charset=nowhere\r\n\r\n\xff550",
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
        b"Subject: undeliverable\r\n\r\n" + b"5" * 500_000,
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    ],
    ids=["nothing", "zeros", "no boundary", "strange letters", "deep", "long", "in itself"],
)
def test_no_mail_is_too_strange_to_read(raw: bytes) -> None:
    assert read(raw).kind in ("answer", "unreadable", "bounce")


@pytest.fixture(scope="module")
def amazon() -> tuple[RSAPrivateKey, bytes]:
    key = generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=365))
    return key, made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def notification(amazon: tuple[RSAPrivateKey, bytes], said: object, **changed: str) -> bytes:
    """A message signed as Amazon documents it, with parts changed before the signing or, named `after_…`, behind it."""
    message = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": json.dumps(said),
        "Timestamp": NOW.isoformat().replace("+00:00", ".000Z"),
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
        "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1",
        "Token": "1",
        **{name: value for name, value in changed.items() if not name.startswith("after_")},
    }
    names = sns.SIGNED.get(message["Type"], sns.NOTIFICATION)
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    algorithm = sns.HASHES.get(message["SignatureVersion"], hashes.SHA256())
    message["Signature"] = base64.b64encode(amazon[0].sign(text.encode(), padding.PKCS1v15(), algorithm)).decode()
    message |= {name.removeprefix("after_"): value for name, value in changed.items() if name.startswith("after_")}
    return json.dumps(message).encode()


def fetching(amazon: tuple[RSAPrivateKey, bytes]) -> Callable[[str], bytes]:
    def fetch(url: str) -> bytes:
        assert url == CERTIFICATE
        return amazon[1]

    return fetch


@pytest.mark.parametrize("version", ["1", "2"])
def test_amazons_signature_is_enough(amazon, version: str) -> None:
    for raw in (
        notification(amazon, {}, SignatureVersion=version),
        notification(amazon, {}, SignatureVersion=version, Subject="with one"),
        notification(amazon, {}, SignatureVersion=version, Type="SubscriptionConfirmation"),
    ):
        assert sns.genuine(raw, [TOPIC], fetching(amazon), NOW)["TopicArn"] == TOPIC
    assert sns.confirmation(sns.genuine(raw, [TOPIC], fetching(amazon), NOW)).startswith("https://sns.eu-west-1.")


@pytest.mark.parametrize(
    "changed",
    [
        {"after_Message": "{}x"},
        {"after_Subject": "added"},
        {"TopicArn": TOPIC + "2"},
        {"Timestamp": "2026-03-01T22:00:00.000Z"},
        {"Timestamp": "yesterday"},
        {"SignatureVersion": "3"},
        {"Type": "Other"},
        {"after_Signature": "no base64!"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/?Action=GetTopic"},
        {"SigningCertURL": "https://[::"},
    ],
)
def test_what_is_not_amazons_or_not_for_us_is_refused(amazon, changed: dict[str, str]) -> None:
    with pytest.raises(NotGenuine):
        sns.genuine(notification(amazon, {}, **changed), [TOPIC], fetching(amazon), NOW)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"Type": 1}', b"\xff"])
def test_what_is_no_message_is_refused(amazon, raw: bytes) -> None:
    with pytest.raises(NotGenuine):
        sns.genuine(raw, [TOPIC], fetching(amazon), NOW)


SENDER = {"mail": {"source": "b1@bounce.example"}}
BOUNCED = {
    "emailAddress": "jane@example.com",
    "status": "5.1.1",
    "diagnosticCode": "smtp; 550 5.1.1 <jane@example.com>... User",
}


@pytest.mark.parametrize(
    ("said", "kind", "reason", "dead"),
    [
        (
            {"notificationType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients": [BOUNCED]}},
            "bounce",
            "no_such_address",
            True,
        ),
        (
            {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "Suppressed"}},
            "bounce",
            "no_such_address",
            True,
        ),
        (
            {
                "notificationType": "Bounce",
                "bounce": {
                    "bounceType": "Transient",
                    "bounceSubType": "MailboxFull",
                    "bouncedRecipients": [{"diagnosticCode": "smtp; 552 5.2.2 mailbox full"}],
                },
            },
            "bounce",
            "mailbox_full",
            False,
        ),
        (
            {"notificationType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}},
            "complaint",
            "complaint",
            False,
        ),
        ({"notificationType": "Delivery", "delivery": {}}, "delivered", "", False),
    ],
)
def test_what_amazon_says_is_understood(said: dict, kind: str, reason: str, dead: bool) -> None:
    told = sns.read({"Message": json.dumps(SENDER | said)})
    assert told is not None
    assert told.sender == "b1@bounce.example"
    assert (told.report.kind, told.report.reason, told.report.dead) == (kind, reason, dead)
    assert "jane@" not in told.report.said


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"mail": 1}', json.dumps(SENDER), '{"notificationType": "Bounce"}'])
def test_what_amazon_says_of_other_things_is_left_alone(said: str) -> None:
    assert sns.read({"Message": said}) is None
