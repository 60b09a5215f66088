"""What a provider decides about the texts that were handed in to it, told at our door."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.alibaba import AlibabaSms
from blueprints.messaging.channels.sms.contract import Callback, Verdict
from blueprints.messaging.service import own_accounts
from blueprints.templates.models import TemplateApproval
from blueprints.templates.service import approving
from infra.devtools.telco.alibaba_push import AlibabaPush
from infra.devtools.telco.callbacks import Callbacks
from infra.devtools.telco.console import Console, Template
from shopbell import runtime
from shopbell.sms_providers import SmsProvider
from shopbell.tenancy import TenantContext
from tests.messaging.simulator.listener import Listener
from tests.messaging.test_inbound import ALIBABA
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop
from tests.templates.test_codes import default
from tests.templates.test_writing import AN

CODE, HOOK = "SMS_123123242", "a-hook-that-nobody-can-guess"
# The example of https://help.aliyun.com/document_detail/120999.htm, which is one for every state.
TOLD = {
    "template_type": "验证码",
    "reason": "test",
    "template_name": "短信测试模板1957",
    "orderId": "205101",
    "template_content": "签名测试",
    "template_status": "approved",
    "remark": "test",
    "template_code": CODE,
    "create_date": "2019-05-30 19:58:25",
}


def handed_in(session: Session, account: str) -> None:
    approving.record(session, account, "named", default(), approving.Verdict("submitted", CODE), AN)


def known(session: Session) -> tuple[str, str]:
    """The state of the text, and why it was rejected."""
    session.expire_all()
    row = session.execute(select(TemplateApproval.state, TemplateApproval.reason)).one()
    return row.state, row.reason


def test_what_the_provider_decides_is_written_down_as_it_tells_it(
    client: FlaskClient, session: Session, shop: Shop
) -> None:
    own_accounts.add(session, ALIBABA)
    (account,) = own_accounts.described(session)
    handed_in(session, account.key)

    def tell(**told: object) -> tuple[str, str]:
        answer = client.post(f"/hooks/sms/{account.hook}", data=json.dumps([{**TOLD, **told}]))
        assert (answer.status_code, answer.get_json()) == (200, {"code": 0, "msg": "OK"})
        return known(session)

    assert tell(template_status="approving") == ("submitted", "")
    assert tell(template_code="SMS_1") == ("submitted", "")
    assert tell(template_status="rejected") == ("rejected", "test")
    assert tell(reason=None) == ("approved", "")
    assert tell(reason=None) == ("approved", "")
    assert client.post(f"/hooks/sms/{account.hook}", data='[{"template_status": "approved"}]').status_code == 422
    assert known(session) == ("approved", "")


@pytest.fixture
def common_account() -> Iterator[SmsProvider]:
    """The installation's account."""
    before = runtime.settings()
    account = SmsProvider("alibaba", "alibaba", "LTAI", "secret", "明眸眼镜", hook=HOOK)
    runtime.install(replace(before, sms_providers=(account,)))
    yield account
    runtime.install(before)


def test_the_installations_account_speaks_to_every_chain_that_knows_the_code(
    client: FlaskClient,
    database: RolledBackDatabase,
    tenant: TenantContext,
    other_tenant: TenantContext,
    common_account: SmsProvider,
) -> None:
    for one in (tenant, other_tenant):
        with database.transaction(one) as session:
            handed_in(session, common_account.key)
    door = {"base_url": "http://start.localhost:8000", "data": json.dumps([TOLD])}
    assert client.post(f"/hooks/sms/{HOOK}", **door).status_code == 200
    for one in (tenant, other_tenant):
        with database.transaction(one) as session:
            assert known(session) == ("approved", "")


@pytest.mark.parametrize(
    ("template", "heard"),
    [
        (Template("alibaba", CODE, "${name}"), [Verdict(CODE, "approved")]),
        (Template("alibaba", CODE, "${name}", approved=False), []),
        (Template("alibaba", CODE, "${name}", "promotion", False, "违规"), [Verdict(CODE, "rejected", "违规")]),
    ],
)
def test_the_simulator_says_so_in_the_providers_own_words(template: Template, heard: list[Verdict]) -> None:
    console, listener = Console(), Listener()
    console.send_to("alibaba", "verdict", listener.url)
    assert AlibabaPush(Callbacks(), console).judge(template)
    (push,) = listener.heard
    listener.close()
    assert json.loads(push.body)[0].keys() == TOLD.keys()
    account = AlibabaSms(SmsProvider("alibaba", "alibaba"), step_seconds=1)
    assert account.hear(Callback("", {}, push.body)).verdicts == heard
