"""Our side of AWS SNS against moto, which none of us wrote: what is said arrives as it was said."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import urllib3
from moto.server import ThreadedMotoServer

from blueprints.messaging.channels.outcomes import Refused
from blueprints.messaging.channels.sms.contract import TextMessage
from blueprints.messaging.channels.sms.sns import SnsSms
from shopbell.sms_providers import SmsProvider


@pytest.fixture(scope="module")
def amazon() -> Iterator[str]:
    """The address of moto's server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def sns(amazon: str) -> Iterator[SnsSms]:
    account = SmsProvider("main", "sns", identity="AKIA", secret="secret", sender="LumiOptik", base=amazon)
    adapter = SnsSms(account, step_seconds=10)
    yield adapter
    adapter.close()


def taken(amazon: str) -> dict[str, tuple[str, str]]:
    """Number and text by message id, as moto has them."""
    found = urllib3.request("GET", f"{amazon}/moto-api/data.json").json()["sns"]["SMS"]
    return {row["message_id"]: (row["phone_number"], row["message"]) for row in found}


def test_a_text_arrives_as_it_was_written(sns: SnsSms, amazon: str) -> None:
    text = "Hẹn gặp bạn & ~lúc 14:30+ 您好"
    accepted = sns.send(TextMessage(uuid4(), "+84901234567", text, "mine"))
    assert taken(amazon)[accepted.ref] == ("+84901234567", text)


def test_what_the_other_side_cannot_take_is_refused(sns: SnsSms) -> None:
    with pytest.raises(Refused):
        sns.send(TextMessage(uuid4(), "+84901234567", "x" * 1601, "mine"))
    with pytest.raises(Refused):
        sns.send(TextMessage(uuid4(), "no number", "x", "mine"))
