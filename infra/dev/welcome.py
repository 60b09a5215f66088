"""What a run prints once it is ready: every face with its address and sign-in."""

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class SignIn:
    """One door: whose, which face, where, and as whom."""

    chain: str
    face: str
    url: str
    user: str | None = None
    password: str | None = None


def welcome(port: int, doors: list[SignIn], seconds: float) -> str:
    """The block of addresses, ready to print."""
    lines = ["", f"Shopbell is ready ({seconds:.1f} s)."]
    width = max((len(door.face) for door in doors), default=0)
    reach = max((len(door.url) for door in doors), default=0)
    for chain, members in groupby(doors, key=lambda door: door.chain):
        lines += ["", f"  {chain}"]
        for door in members:
            key = f"   {door.user}  {door.password}" if door.user else ""
            lines.append(f"    {door.face:<{width}}   {door.url:<{reach}}{key}".rstrip())
    lines += [
        "",
        f"  E-mails arrive at    http://localhost:{port + 26}/",
        f"  SMS arrive at        http://localhost:{port + 27}/",
        f"  Sign up a chain at   http://start.localhost:{port}/",
        f"  API                  http://lumi.localhost:{port}/api/v1/docs",
        "",
        "  Ctrl-C stops everything; the data stay in var/.",
        "",
    ]
    return "\n".join(lines)
