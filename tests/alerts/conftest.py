"""A chat service on a real socket: where all of apprise's services send to in these tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from apprise.plugins.slack import NotifySlack
from apprise.plugins.wecombot import NotifyWeComBot

from blueprints.alerts import service
from blueprints.alerts.models import AlertChannel
from blueprints.alerts.service import ChannelInput
from infra.devtools.web import Request, Response, WebServer
from shopbell import runtime

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
YES = Response(200, b'{"errcode":0,"errmsg":"ok"}', "application/json")


@dataclass
class Chat:
    """What arrived, and what is answered next; then yes for ever."""

    got: list[Request] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        self.got.append(request)
        return self.answers.pop(0) if self.answers else YES


@pytest.fixture
def chat(monkeypatch, settings) -> Iterator[Chat]:
    """Stands in for WeCom and Slack. This network may be asked, as in development."""
    found = Chat()
    server = WebServer("127.0.0.1", 0, found.answer)
    server.start()
    base = f"http://127.0.0.1:{server.port}"
    monkeypatch.setattr(NotifyWeComBot, "notify_url", base + "/cgi-bin/webhook/send?key={key}")
    monkeypatch.setattr(NotifySlack, "webhook_url", base + "/services")
    runtime.install(replace(settings, private_calendars=True))
    yield found
    runtime.install(settings)
    server.close()


@pytest.fixture
def channel(session):
    def make(level="chain", place_id=None, *, kind="wecom", place=WECOM, topics=("message_given_up",), **more):
        wanted = ChannelInput(kind, level, place_id, place, more.pop("extra", ""), topics, "en", **more)
        made: AlertChannel = service.add(session, wanted)
        return made

    return make
