"""The simulator's SMSC against Kannel, a gateway that has spoken SMPP since 2001 and that none of us wrote.

Kannel is a client of SMSCs and no SMSC for others, and its `fakesmsc` speaks a line protocol of its own: so it stands
where the product's adapter stands, and what it is asked over HTTP goes through our SMSC to the simulated phones and
back. Not part of `make test`, as it has to be installed: `make peers`.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3

from infra.devtools.tools import DevTools
from tests.messaging.conftest import until
from tests.messaging.simulator.listener import Listener

ADMIN, BOX, HTTP = 13100, 13101, 13113
CONFIGURATION = f"""
group = core
admin-port = {ADMIN}
admin-password = x
smsbox-port = {BOX}
box-allow-ip = 127.0.0.1
sms-resend-freq = 2

group = smsc
smsc = smpp
smsc-id = simulator
host = 127.0.0.1
port = {{port}}
transceiver-mode = true
smsc-username = shopbell
smsc-password = smpp-dev
system-type = ""
interface-version = 34
source-addr-ton = 5
source-addr-npi = 0
dest-addr-ton = 1
dest-addr-npi = 1
msg-id-type = 0x03

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {HTTP}

group = sendsms-user
username = u
password = p
max-messages = 5
concatenation = true

group = sms-service
keyword = default
get-url = "{{reply}}?from=%p&text=%b&charset=%c"
catch-all = true
omit-empty = true
assume-plain-text = true
accept-x-kannel-headers = true
max-messages = 0
"""


@pytest.fixture(scope="module")
def devtools() -> Iterator[DevTools]:
    tools = DevTools()
    tools.start()
    yield tools
    tools.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def kannel(devtools: DevTools, listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where Kannel is asked to send."""
    home = tmp_path_factory.mktemp("kannel")
    configuration = home / "kannel.conf"
    configuration.write_text(CONFIGURATION.format(port=devtools.ports["SMPP"], reply=listener.url))
    boxes = [start("bearerbox", configuration, home)]
    assert until(lambda: answers(f"http://127.0.0.1:{ADMIN}/status.txt?password=x"), seconds=20)
    boxes.append(start("smsbox", configuration, home))
    assert until(lambda: devtools.simulator.smsc.bound, seconds=20)
    yield f"http://127.0.0.1:{HTTP}/cgi-bin/sendsms"
    for box in reversed(boxes):
        box.terminate()
        box.wait(timeout=10)


def start(name: str, configuration: Path, home: Path) -> subprocess.Popen[bytes]:
    command = [f"/usr/sbin/{name}", "-v", "4", "-F", str(home / f"{name}.log"), str(configuration)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home)


def answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def send(kannel: str, to: str, text: str, **more: str) -> str:
    wanted = {"username": "u", "password": "p", "from": "Lumi", "to": to, "text": text, **more}
    answer = urllib3.request(
        "GET", f"{kannel}?{urlencode(wanted)}", retries=urllib3.Retry(connect=20, backoff_factor=0.3)
    )
    return answer.data.decode()


def test_a_text_goes_through_and_its_receipt_comes_back(kannel: str, devtools: DevTools, listener: Listener) -> None:
    said = send(kannel, "84907000001", "Hello [at] 14:30", **{"dlr-mask": "3", "dlr-url": f"{listener.url}?state=%d"})
    assert said.startswith("0: Accepted")
    assert until(lambda: devtools.telco.messages(to="84907000001"))
    (entry,) = devtools.telco.messages(to="84907000001")
    assert (entry["body"], entry["from"]) == ("Hello [at] 14:30", "Lumi")
    assert until(lambda: [request for request in listener.heard if request.one("state") == "1"])


def test_a_long_text_in_ucs_2_comes_in_parts_that_make_one(kannel: str, devtools: DevTools) -> None:
    text = "Cuộc hẹn của bạn lúc 14:30 tại 南京西路. " * 4
    send(kannel, "84907000002", text, coding="2", charset="UTF-8")
    assert until(lambda: len(devtools.telco.messages(to="84907000002")) == 3)
    parts = sorted(devtools.telco.messages(to="84907000002"), key=lambda entry: entry["extra"]["part"]["number"])
    assert "".join(entry["body"] for entry in parts) == text


def test_a_number_that_is_refused_is_told_of(kannel: str, listener: Listener) -> None:
    send(kannel, "84905550001", "x", **{"dlr-mask": "19", "dlr-url": f"{listener.url}?refused=%d"})
    assert until(lambda: [request for request in listener.heard if request.one("refused") == "16"])


def test_a_busy_network_gets_the_text_later(kannel: str, devtools: DevTools) -> None:
    send(kannel, "84905550029", "later")
    assert until(lambda: devtools.telco.messages(to="84905550029"), seconds=60)


def test_what_a_phone_writes_back_arrives(kannel: str, devtools: DevTools, listener: Listener) -> None:
    send(kannel, "84907000003", "x")
    assert until(lambda: devtools.telco.messages(to="84907000003"))
    assert devtools.simulator.replies.write("+84907000003", "R")[1]
    heard = until(lambda: [request for request in listener.heard if request.one("text") == "R"])
    assert heard[0].one("from").endswith("84907000003")
