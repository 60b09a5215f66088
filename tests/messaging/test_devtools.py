"""The pages of the mailbox and of the telco simulator."""

import json
import socket
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import urllib3

from blueprints.messaging.channels.sms.contract import TextMessage
from blueprints.messaging.channels.sms.twilio import TwilioSms
from blueprints.messaging.channels.smtp import Mailer
from infra.devtools.journal import Journal
from infra.devtools.tools import DevTools, PortTaken, from_environment
from shopbell.settings import Settings
from tests.messaging.test_mail import MAIL, build

http = urllib3.PoolManager(retries=False)


def get(devtools: DevTools, server: str, path: str) -> tuple[int, str, dict[str, str]]:
    response = http.request("GET", f"http://127.0.0.1:{devtools.ports[server]}{path}")
    return response.status, response.data.decode(), dict(response.headers)


def test_the_mailbox_lists_and_shows_what_arrived(mailer: Mailer, devtools: DevTools) -> None:
    mailer.send(MAIL.sender, MAIL.recipient, build(MAIL))
    mailer.send(MAIL.sender, "other@example.com", build(replace(MAIL, recipient="other@example.com")))
    status, page, headers = get(devtools, "mailbox page", "/?to=lan@")
    assert status == 200
    assert MAIL.subject in page
    assert "other@example.com" not in page
    assert headers["Refresh"] == "4"
    (entry,) = devtools.mailbox.listing(to="lan@")
    _, page, _ = get(devtools, "mailbox page", f"/messages/{entry['id']}")
    assert "Nguyễn Thị Lan &lt;lan@example.com&gt;" in page
    assert "appointment.ics" in page
    _, html, headers = get(devtools, "mailbox page", f"/messages/{entry['id']}/html")
    assert html.strip() == MAIL.html
    assert "sandbox" in headers["Content-Security-Policy"]
    _, ics, headers = get(devtools, "mailbox page", f"/messages/{entry['id']}/attachments/0")
    assert ics.startswith("BEGIN:VCALENDAR")
    assert headers["Content-Type"].startswith("text/plain")


def test_the_mailbox_can_be_read_by_tests(mailer: Mailer, devtools: DevTools) -> None:
    mailer.send(MAIL.sender, MAIL.recipient, build(MAIL))
    _, text, _ = get(devtools, "mailbox page", "/mailbox/messages.json?to=lan@example.com")
    (message,) = json.loads(text)["messages"]
    assert message["subject"] == MAIL.subject
    assert message["message_id"] == f"<{MAIL.message_id}>"
    assert message["text"].splitlines() == MAIL.text.splitlines()
    assert message["attachments"] == [{"name": "appointment.ics", "type": "text/calendar", "size": 47}]


def test_the_phone_shows_each_numbers_messages_with_links(sms: TwilioSms, devtools: DevTools) -> None:
    sms.send(TextMessage(uuid4(), "+84901234567", "See http://lumi.localhost:8000/m/abc.", ""))
    sms.send(TextMessage(uuid4(), "+8613800138000", "<b>您好</b>", ""))
    _, page, _ = get(devtools, "telco simulator", "/?to=84901234567")
    assert '<a href="http://lumi.localhost:8000/m/abc" rel="noreferrer">' in page
    assert "您好" not in page
    _, page, _ = get(devtools, "telco simulator", "/")
    assert "&lt;b&gt;您好&lt;/b&gt;" in page
    _, text, _ = get(devtools, "telco simulator", "/sim/messages.json?to=%2B8613800138000")
    assert [message["body"] for message in json.loads(text)["messages"]] == ["<b>您好</b>"]


@pytest.mark.parametrize("server", ["mailbox page", "telco simulator"])
def test_pages_run_no_script_and_stop_refreshing_when_asked(devtools: DevTools, server: str) -> None:
    status, page, headers = get(devtools, server, "/?pause=1")
    assert status == 200
    assert "<script" not in page
    assert "Refresh" not in headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    for path in ("/nothing", "/messages/none", "/messages/none/html"):
        assert get(devtools, server, path)[0] == 404


def test_a_number_can_be_told_to_misbehave(sms: TwilioSms, devtools: DevTools) -> None:
    address = f"http://127.0.0.1:{devtools.ports['telco simulator']}/sim/faults"
    assert http.request("POST", address, body=b'{"to": "+84901234567", "plan": "stopped"}').status == 200
    assert http.request("POST", address, body=b'{"to": "+84901234567", "plan": "explode"}').status == 400
    assert http.request("POST", address, body=b'{"latency_ms": 5}').status == 200
    assert http.request("POST", address, body=b"[]").status == 400
    assert devtools.telco.plan_for("+84901234567") == "stopped"
    assert devtools.telco.weather.latency_ms == 5


def test_what_happened_outlives_a_restart_and_makes_room_for_the_new(tmp_path: Path) -> None:
    path = tmp_path / "devtools" / "sms.jsonl"
    journal = Journal(path, keep=3)
    for number in range(5):
        journal.put(str(number), {"number": number})
    journal.put("3", {"number": 33})
    journal.close()
    with path.open("a") as file:
        file.write('{"id": "9", "num')
    again = Journal(path, keep=3)
    assert [entry["number"] for entry in again.newest()] == [4, 33, 2]
    again.close()
    small = Journal(path, keep=1)
    assert len(path.read_text().splitlines()) == 1
    small.close()


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        tools = DevTools(ports={"mailbox page": taken.getsockname()[1]})
        with pytest.raises(PortTaken, match=r"Port \d+ \(mailbox page\) is taken.*PORT"):
            tools.start()
        tools.close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        tools = DevTools(ports={"SMTP": taken.getsockname()[1]})
        with pytest.raises(PortTaken, match="SMTP"):
            tools.start()
        tools.close()


def test_what_a_phone_writes_back_reaches_the_product_as_both_begin(tmp_path: Path) -> None:
    settings = Settings.load({"DATABASE_URL": "postgresql://main/db", "REDIS_URL": "redis://r"})
    tools = from_environment({"SHOPBELL_VAR_DIR": str(tmp_path)})
    try:
        door = f"{settings.own_url('start')}/hooks/sms/{settings.sms_accounts[0].hook}"
        assert tools.console.address("twilio", "reply") == door
        tools.console.send_to("twilio", "reply", "http://elsewhere.localhost/")
        assert tools.console.address("twilio", "reply") == "http://elsewhere.localhost/"
    finally:
        tools.close()
