"""The mailbox and the telco simulator as one thing that starts and stops."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from infra.devtools.journal import Journal
from infra.devtools.mailbox import Mailbox, SmtpServer
from infra.devtools.mailbox_pages import mailbox_app
from infra.devtools.telco import Telco
from infra.devtools.telco_api import Account, MessagesApi
from infra.devtools.telco_pages import telco_app
from infra.devtools.telco_receipts import Receipts
from infra.devtools.web import WebServer

SMTP_OFFSET, MAILBOX_OFFSET, TELCO_OFFSET = 25, 26, 27


class DevTools:
    """Everything the process runs. Ports may be 0 in tests; read the real ones after `start`.

    `var_dir` is where the journals go; without one nothing outlives the process.
    """

    def __init__(
        self,
        *,
        account: Account,
        host: str = "127.0.0.1",
        smtp_port: int = 0,
        mailbox_port: int = 0,
        telco_port: int = 0,
        var_dir: Path | None = None,
        keep: int = 5000,
    ) -> None:
        folder = None if var_dir is None else var_dir / "devtools"
        self.mailbox = Mailbox(Journal(folder and folder / "mail.jsonl", keep=keep))
        self.telco = Telco(Journal(folder and folder / "sms.jsonl", keep=keep))
        self.receipts = Receipts(self.telco, account.token)
        api = MessagesApi(self.telco, account, self.receipts.follow)
        self._wanted = {"SMTP": smtp_port, "mailbox page": mailbox_port, "telco simulator": telco_port}
        self._host = host
        self._handles = {
            "mailbox page": partial(mailbox_app, self.mailbox),
            "telco simulator": partial(telco_app, self.telco, api),
        }
        self._pages: dict[str, WebServer] = {}
        self._smtp = SmtpServer(self.mailbox, host, smtp_port)

    def start(self) -> None:
        """Open all three ports. Raises PortTaken when one of them is in use."""
        for name, handle in self._handles.items():
            try:
                self._pages[name] = WebServer(self._host, self._wanted[name], handle)
            except OSError as error:
                raise PortTaken(self._wanted[name], name) from error
        try:
            self._smtp.start()
        except OSError as error:
            raise PortTaken(self._wanted["SMTP"], "SMTP") from error
        for page in self._pages.values():
            page.start()

    @property
    def ports(self) -> dict[str, int]:
        """The ports in use, by name."""
        return {"SMTP": self._smtp.port, **{name: page.port for name, page in self._pages.items()}}

    def close(self) -> None:
        """Close the ports and the journals."""
        self._smtp.close()
        for page in self._pages.values():
            page.close()
        self.receipts.close()
        self.mailbox.journal.close()
        self.telco.journal.close()


class PortTaken(Exception):
    """Another program listens on a port this one needs."""

    def __init__(self, port: int, purpose: str) -> None:
        super().__init__(f"Port {port} ({purpose}) is taken. Stop what uses it, or set PORT to another number.")


def from_environment(environ: Mapping[str, str]) -> DevTools:
    """The tools as the environment asks for them: ports follow PORT, credentials are those the product uses."""
    port = int(environ.get("PORT", "8000"))
    account = Account(
        environ.get("SHOPBELL_SMS_ACCOUNT_SID", "AC00000000000000000000000000000001"),  # pragma: allowlist secret
        environ.get("SHOPBELL_SMS_AUTH_TOKEN", "development-token"),
    )
    tools = DevTools(
        account=account,
        host=environ.get("SHOPBELL_DEVTOOLS_HOST", "127.0.0.1"),
        smtp_port=port + SMTP_OFFSET,
        mailbox_port=port + MAILBOX_OFFSET,
        telco_port=port + TELCO_OFFSET,
        var_dir=Path(environ.get("SHOPBELL_VAR_DIR", "var")),
        keep=int(environ.get("SHOPBELL_DEVTOOLS_KEEP", "5000")),
    )
    tools.telco.set_weather(
        latency_ms=int(environ.get("SHOPBELL_TELCO_LATENCY_MS", "0")),
        error_rate=float(environ.get("SHOPBELL_TELCO_ERROR_RATE", "0")),
    )
    return tools
