"""The mailbox and the telco simulator as one thing that starts and stops."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from infra.devtools.accounts import Account, Accounts
from infra.devtools.journal import Journal
from infra.devtools.mailbox import Mailbox, SmtpServer
from infra.devtools.mailbox_pages import mailbox_app
from infra.devtools.returns import Returns
from infra.devtools.simulator import Simulator
from infra.devtools.telco.console import Console
from infra.devtools.telco.network import Telco
from infra.devtools.telco.smpp.smsc import Smsc
from infra.devtools.web import Handle, WebServer
from shopbell.settings import DEVELOPMENT_SMS_HOOK

#: Ports above the product's own.
OFFSETS = {
    "SMTP": 25,
    "mailbox page": 26,
    "telco simulator": 27,
    "Alibaba Cloud SMS": 28,
    "Tencent Cloud SMS": 29,
    "AWS SNS": 30,
    "SMPP": 31,
}


NOWHERE = Returns("127.0.0.1:9", "nowhere.localhost", "")


class DevTools:
    """Everything the process runs. Ports may be 0 in tests; read the real ones after `start`.

    `var_dir` is where the journals go; without one nothing outlives the process. `returns` is where mail goes back to,
    `callbacks` where the simulator's providers post what they tell, by dialect and direction.
    """

    def __init__(
        self,
        *,
        accounts: Accounts | None = None,
        host: str = "127.0.0.1",
        ports: Mapping[str, int] | None = None,
        var_dir: Path | None = None,
        keep: int = 5000,
        returns: Returns | None = None,
        callbacks: Mapping[str, str] | None = None,
    ) -> None:
        folder = None if var_dir is None else var_dir / "devtools"
        wanted = {name: (ports or {}).get(name, 0) for name in OFFSETS}
        self.mailbox = Mailbox(Journal(folder and folder / "mail.jsonl", keep=keep))
        self.telco = Telco(Journal(folder and folder / "texts.jsonl", keep=keep))
        self.console = Console(folder and folder / "console.json", callbacks)
        self.simulator = Simulator(self.telco, self.console, accounts or Accounts(), host, wanted["SMPP"])
        self._host = host
        self._wanted = wanted
        self._handles: dict[str, Handle] = {
            "mailbox page": partial(mailbox_app, self.mailbox, returns or NOWHERE),
            **self.simulator.handles,
        }
        self._pages: dict[str, WebServer] = {}
        self._smtp = SmtpServer(self.mailbox, host, wanted["SMTP"])

    def start(self) -> None:
        """Open all ports. Raises PortTaken when one of them is in use."""
        for name, handle in self._handles.items():
            try:
                self._pages[name] = WebServer(self._host, self._wanted[name], handle)
            except OSError as error:
                raise PortTaken(self._wanted[name], name) from error
        servers: tuple[tuple[str, SmtpServer | Smsc], ...] = (("SMTP", self._smtp), ("SMPP", self.simulator.smsc))
        for name, server in servers:
            try:
                server.start()
            except OSError as error:
                raise PortTaken(self._wanted[name], name) from error
        for page in self._pages.values():
            page.start()

    @property
    def ports(self) -> dict[str, int]:
        """The ports in use, by name."""
        others = {name: page.port for name, page in self._pages.items()}
        return {"SMTP": self._smtp.port, **others, "SMPP": self.simulator.smsc.port}

    def close(self) -> None:
        """Close the ports and the journals."""
        self.simulator.close()
        self._smtp.close()
        for page in self._pages.values():
            page.close()
        self.mailbox.journal.close()
        self.telco.journal.close()


class PortTaken(Exception):
    """Another program listens on a port this one needs."""

    def __init__(self, port: int, purpose: str) -> None:
        super().__init__(f"Port {port} ({purpose}) is taken. Stop what uses it, or set PORT to another number.")


def from_environment(environ: Mapping[str, str]) -> DevTools:
    """The tools as the environment asks for them: ports follow PORT, credentials are those the product uses."""
    port = int(environ.get("PORT", "8000"))
    usual = Account()
    twilio = Account(
        environ.get("SHOPBELL_SMS_ACCOUNT_SID", usual.sid), environ.get("SHOPBELL_SMS_AUTH_TOKEN", usual.token)
    )
    start = f"start.{environ.get('SHOPBELL_BASE_DOMAIN', 'localhost')}:{port}"
    hook = environ.get("SHOPBELL_SMS_HOOK", DEVELOPMENT_SMS_HOOK)
    tools = DevTools(
        accounts=Accounts(twilio=twilio),
        host=environ.get("SHOPBELL_DEVTOOLS_HOST", "127.0.0.1"),
        ports={name: port + offset for name, offset in OFFSETS.items()},
        var_dir=Path(environ.get("SHOPBELL_VAR_DIR", "var")),
        keep=int(environ.get("SHOPBELL_DEVTOOLS_KEEP", "5000")),
        returns=Returns(f"127.0.0.1:{port}", start, environ.get("SHOPBELL_MAIL_HOOK_SECRET", "development-only")),
        callbacks={"twilio reply": f"http://{start}/hooks/sms/{hook}"},
    )
    tools.telco.set_weather(
        latency_ms=int(environ.get("SHOPBELL_TELCO_LATENCY_MS", "0")),
        error_rate=float(environ.get("SHOPBELL_TELCO_ERROR_RATE", "0")),
    )
    return tools
