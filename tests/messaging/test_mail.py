"""E-mail: what is built, and how it gets through a real SMTP server."""

import base64
import email
import re
import smtplib
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parseaddr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blueprints.messaging.channels.mime import Mail, Picture, Unsubscribe, build
from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused
from blueprints.messaging.channels.smtp import Mailer, MailServer
from infra.devtools.tools import DevTools

MAIL = Mail(
    message_id="01939c5e-0000-7000-8000-000000000001@shopbell.example",
    sender="no-reply@shopbell.example",
    sender_name="Lumi Optik 明眸眼镜",
    recipient="lan@example.com",
    recipient_name="Nguyễn Thị Lan",
    subject="预约成功：11月24日(周二) 14:30",
    text="您好\n.\n..第二行\n",
    html="<p>您好</p>",
    calendar="BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n",
    language="zh-CN",
    written_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
)


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=modern)


def read_mailbox(raw: bytes) -> tuple[str, str]:
    """The recipient's name and address as the older reader of the standard library has them: the modern one puts a
    space between adjacent encoded words of an address (https://github.com/python/cpython/issues/128110), where
    RFC 2047, 6.2 wants none."""
    name, address = parseaddr(email.message_from_bytes(raw)["To"])
    return str(make_header(decode_header(name))), address


def test_a_message_has_text_html_and_the_appointment() -> None:
    message = read(build(MAIL))
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == MAIL.text.splitlines()
    assert html.get_content().strip() == MAIL.html
    (calendar,) = message.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "CANCEL"
    assert calendar.get_filename() == "appointment.ics"
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == f"<{MAIL.message_id}>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_pictures_lie_beside_the_html_that_shows_them() -> None:
    logo = Picture("logo-1@shopbell", "image/png", b"\x89PNG" + bytes(range(256)) * 20)
    message = read(build(replace(MAIL, html='<p>您好</p><img src="cid:logo-1@shopbell" alt="">', pictures=(logo,))))
    html = message.get_body(("related",))
    assert html is not None
    (picture,) = html.iter_attachments()
    assert picture["Content-ID"] == "<logo-1@shopbell>"
    assert picture.get_content_type() == "image/png"
    assert picture.get_content() == logo.content
    assert picture.get_content_disposition() == "inline"
    assert [part.get_filename() for part in message.iter_attachments()] == ["appointment.ics"]


def test_marketing_can_be_left_by_one_click() -> None:
    link = "https://lumi.example/preferences/" + "x" * 60
    message = read(build(replace(MAIL, unsubscribe=Unsubscribe(link, "b@bounce.example"), feedback_id="offer:lumi")))
    assert message["List-Unsubscribe"] == f"<{link}>, <mailto:b@bounce.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Precedence"] == "bulk"
    assert message["Feedback-ID"] == "offer:lumi"
    assert "List-Unsubscribe" not in read(build(MAIL))


@settings(max_examples=200, deadline=None)
@example(text="", html="", name=";" * 28 + "ééé王王王王")
@example(text="", html="", name="王" * 13 + " 王 " * 13)
@given(text=st.text(max_size=200), html=st.text(max_size=200), name=st.text('ab"\\,;<=?é王 ', max_size=60))
def test_whatever_is_written_can_be_read(text: str, html: str, name: str) -> None:
    """Each in the encoding that fits it; what cannot be said in UTF-8 becomes a question mark."""
    raw = build(replace(MAIL, text=text, html=html, recipient_name=name, subject=name))
    message = read(raw)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    said = [part.get_content().splitlines() for part in (plain, rich)]
    assert said == [one.encode("utf-8", "replace").decode().splitlines() or [""] for one in (text, html)]
    to = message["To"]
    assert isinstance(to, AddressHeader)
    assert [address.addr_spec for address in to.addresses] == [MAIL.recipient]
    assert read_mailbox(raw) == (" ".join(name.split()), MAIL.recipient)
    assert message["Subject"] == " ".join(name.split())
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@settings(max_examples=200, deadline=None)
@example(name=";" * 28 + "ééé王王王王")
@given(name=st.text('ab"\\,;<=?é王𠮷 ', max_size=200))
def test_encoded_words_are_whole_and_keep_to_their_lines(name: str) -> None:
    """What RFC 2047 asks of them: 75 characters each, 76 a line, every one complete in itself, white space around."""
    headers, _, _ = build(replace(MAIL, sender_name=name, recipient_name=name, subject=name)).partition(b"\r\n\r\n")
    for line in headers.decode().split("\r\n"):
        found = [word for word in line.split(" ") if word.startswith("=?")]
        assert not found or len(line) <= 76
        for word in found:
            assert len(word) <= 75
            encoded = re.fullmatch(r"=\?utf-8\?b\?([A-Za-z0-9+/]+=*)\?=", word)
            assert encoded
            assert base64.b64decode(encoded[1], validate=True).decode()


@pytest.mark.parametrize("line", ["plain words", "tiếng Việt " * 3, "中文" * 9])
def test_each_text_has_the_encoding_that_makes_it_shortest(line: str) -> None:
    raw = build(replace(MAIL, text="\n".join([line] * 20), html=None, calendar=None))
    assert len(raw) < len(line.encode()) * 20 * 1.6 + 700


def test_no_line_is_longer_than_smtp_allows() -> None:
    long = replace(MAIL, text="很长" * 2000, html="<p>" + "x" * 5000 + "</p>", subject="长" * 500)
    assert max(len(line) for line in build(long).split(b"\r\n")) <= 998


@settings(max_examples=200, deadline=None)
@given(name=st.text(max_size=80), subject=st.text(max_size=80), sender=st.text(max_size=80))
def test_no_name_or_subject_adds_a_header(name: str, subject: str, sender: str) -> None:
    hostile = replace(MAIL, recipient_name=name, subject=subject, sender_name=sender)
    assert read(build(hostile)).keys() == read(build(MAIL)).keys()


@pytest.mark.parametrize("smuggled", ["a\r\nBcc: x@y.z", "a\nX-Evil: 1", "a\u2028Bcc: x@y.z", "a\x00b", "a\ud800b"])
def test_a_smuggled_header_becomes_part_of_the_name(smuggled: str) -> None:
    message = read(build(replace(MAIL, recipient_name=smuggled, subject=smuggled)))
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    to = message["To"]
    assert isinstance(to, AddressHeader)
    assert [address.addr_spec for address in to.addresses] == [MAIL.recipient]


@pytest.mark.parametrize("address", ["a@b.c\r\nBcc: x@y.z", "not an address", "a@b.c, x@y.z", ""])
def test_what_is_no_address_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        build(replace(MAIL, recipient=address))


@pytest.mark.parametrize("text", ["您好\n.\n..第二行\n", "a\n.\n..b\n.c", "no end of line"])
def test_what_is_sent_arrives_byte_for_byte(mailer: Mailer, devtools: DevTools, text: str) -> None:
    raw = build(replace(MAIL, text=text, html=None, calendar=None))
    mailer.send(MAIL.sender, MAIL.recipient, raw)
    (entry,) = devtools.mailbox.listing(to=MAIL.recipient)
    assert base64.b64decode(entry["raw"]).rstrip() == raw.rstrip()


def test_the_connection_is_kept_between_messages(mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    class Counted(smtplib.SMTP):
        def __init__(self, host: str, port: int, timeout: float) -> None:
            opened.append(host)
            super().__init__(host, port, timeout=timeout)

    monkeypatch.setattr(smtplib, "SMTP", Counted)
    for _ in range(5):
        mailer.send(MAIL.sender, MAIL.recipient, b"Subject: x\r\n\r\nx\r\n")
    assert len(opened) == 1


def test_a_refused_recipient_is_final_and_does_not_spoil_the_next_message(mailer: Mailer, devtools: DevTools) -> None:
    with pytest.raises(Refused, match=r"^550 5\.1\.1 There is no such mailbox"):
        mailer.send(MAIL.sender, "refused@example.com", build(MAIL))
    mailer.send(MAIL.sender, "fine@example.com", build(MAIL))
    assert len(devtools.mailbox.listing()) == 1


@pytest.mark.parametrize(("recipient", "said"), [("full@example.com", "452"), ("greylist@example.com", "451")])
def test_a_server_that_says_not_now_may_be_asked_again(mailer: Mailer, recipient: str, said: str) -> None:
    with pytest.raises(NotNow, match=said):
        mailer.send(MAIL.sender, recipient, build(MAIL))


def test_a_greylisted_message_gets_through_the_second_time(mailer: Mailer, devtools: DevTools) -> None:
    with pytest.raises(NotNow):
        mailer.send(MAIL.sender, "greylist@example.com", build(MAIL))
    mailer.send(MAIL.sender, "greylist@example.com", build(MAIL))
    assert len(devtools.mailbox.listing(to="greylist@example.com")) == 1


def test_a_connection_cut_before_the_answer_leaves_a_doubt(mailer: Mailer, devtools: DevTools) -> None:
    with pytest.raises(InDoubt):
        mailer.send(MAIL.sender, "cut@example.com", build(MAIL))
    assert len(devtools.mailbox.listing(to="cut@example.com")) == 1


def test_a_server_that_is_away_leaves_no_doubt(devtools: DevTools) -> None:
    port = devtools.ports["SMTP"]
    mailer = Mailer(MailServer.from_url(f"smtp://127.0.0.1:{port}"), step_seconds=1)
    mailer.send(MAIL.sender, MAIL.recipient, build(MAIL))
    nobody = Mailer(MailServer.from_url("smtp://127.0.0.1:9"), step_seconds=1)
    with pytest.raises(NotNow, match="not available"):
        nobody.send(MAIL.sender, MAIL.recipient, build(MAIL))
    mailer.close()


def test_a_connection_that_went_stale_is_replaced_without_a_doubt(mailer: Mailer, devtools: DevTools) -> None:
    mailer.send(MAIL.sender, MAIL.recipient, build(MAIL))
    for connection in mailer._idle:
        assert connection._link.sock is not None
        connection._link.sock.shutdown(2)
    mailer.send(MAIL.sender, MAIL.recipient, build(MAIL))
    assert len(devtools.mailbox.listing(to=MAIL.recipient)) == 2


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:8025", MailServer("smtp", "127.0.0.1", 8025, "", "")),
        ("smtps://u:p%40ss@mail.example", MailServer("smtps", "mail.example", 465, "u", "p@ss")),
        ("smtp+starttls://mail.example", MailServer("smtp+starttls", "mail.example", 587, "", "")),
    ],
)
def test_a_mail_server_is_named_by_an_address(url: str, server: MailServer) -> None:
    assert MailServer.from_url(url) == server


@pytest.mark.parametrize("url", ["http://x", "smtp://", "mail.example:25"])
def test_a_wrong_address_says_what_would_be_right(url: str) -> None:
    with pytest.raises(ValueError, match="A mail server is written as"):
        MailServer.from_url(url)
