"""One account with each provider, against a simulator that was built from the providers' documents alone."""

from collections.abc import Callable, Iterator
from pkgutil import resolve_name
from uuid import UUID, uuid4

import pytest

from blueprints.messaging.channels.sms.adapters import CLASSES
from blueprints.messaging.channels.sms.contract import SmsAccount, Template, TextMessage
from blueprints.messaging.channels.sms.refs import reference
from infra.devtools.accounts import Accounts
from infra.devtools.tools import DevTools
from shopbell.sms_providers import SmsProvider

KEYS = Accounts()
TENANT = UUID(int=7)
TEMPLATE = {
    "alibaba": Template(
        "SMS_100000002", (("name", "王芳"), ("branch", "新天地"), ("time", "3月4日 10:00"), ("link", "a1B2c3"))
    ),
    "tencent": Template("1000002", (("name", "王芳"), ("branch", "新天地"), ("time", "3月4日"), ("link", "a1B2c3"))),
}
Writes = Callable[..., TextMessage]


@pytest.fixture(scope="module")
def simulator() -> Iterator[DevTools]:
    tools = DevTools()
    tools.start()
    yield tools
    tools.close()


def described(provider: str, tools: DevTools, **more: object) -> SmsProvider:
    """The simulator's account with a provider."""
    ports, home = tools.ports, "http://127.0.0.1"
    known = {
        "twilio": (KEYS.twilio.sid, KEYS.twilio.token, "+15005550006", f"{home}:{ports['telco simulator']}", ()),
        "alibaba": (KEYS.alibaba.id, KEYS.alibaba.secret, "明眸眼镜", f"{home}:{ports['Alibaba Cloud SMS']}", ()),
        "tencent": (
            KEYS.tencent.id,
            KEYS.tencent.secret,
            "明眸眼镜",
            f"{home}:{ports['Tencent Cloud SMS']}",
            (("app", KEYS.tencent_app),),
        ),
        "sns": (KEYS.sns.id, KEYS.sns.secret, "LUMI", f"{home}:{ports['AWS SNS']}", (("region", "ap-southeast-1"),)),
        "smpp": (KEYS.smpp.system_id, KEYS.smpp.password, "LUMI", f"127.0.0.1:{ports['SMPP']}", ()),
    }
    identity, secret, sender, base, options = known[provider]
    values = {"identity": identity, "secret": secret, "sender": sender, "base": base, "options": options, **more}
    return SmsProvider(provider, provider, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def account(simulator: DevTools) -> Iterator[Callable[[str], SmsAccount]]:
    """The account with a provider, by its name."""
    made: dict[str, SmsAccount] = {}

    def of(provider: str, *, step_seconds: float = 2.0, **more: object) -> SmsAccount:
        key = f"{provider} {step_seconds} {more}"
        if key not in made:
            made[key] = resolve_name(CLASSES[provider])(
                described(provider, simulator, **more), step_seconds=step_seconds
            )
        return made[key]

    yield of
    for one in made.values():
        one.close()


def text(provider: str, number: str, body: str = "Your appointment: 4 March, 10:00", **more: object) -> TextMessage:
    """A message for a number, in the form that the provider takes."""
    message_id = uuid4()
    templates = {provider: TEMPLATE[provider]} if provider in TEMPLATE else {}
    values = {"templates": templates, "callback": "http://127.0.0.1:9/hooks", **more}
    return TextMessage(message_id, number, body, reference(TENANT, message_id), **values)  # type: ignore[arg-type]
