"""One port is chosen, the others follow, and a taken one is named together with the way out."""

import socket

import pytest

from infra.dev import ports


def test_the_port_is_8000_unless_another_is_named() -> None:
    assert ports.chosen({}) == 8000
    assert ports.chosen({"PORT": "9123"}) == 9123


@pytest.mark.parametrize("text", ["eighty", "0", "-1", "65535", "80.5", "٨٠٠٠٠"])
def test_a_port_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ports.PortProblem, match=r"PORT must be a number from 1 to 65504.*PORT=8080 make run"):
        ports.chosen({"PORT": text})


def test_free_ports_are_accepted(port: int) -> None:
    ports.must_be_free(port)


@pytest.mark.parametrize(("offset", "purpose"), [(0, "Shopbell itself,"), (26, r"the mailbox page \(PORT \+ 26\),")])
def test_a_taken_port_is_named_with_its_purpose(port: int, offset: int, purpose: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + offset))
        other.listen()
        with pytest.raises(
            ports.PortProblem, match=rf"^Port {port + offset}, needed for {purpose} is taken .*PORT=8080"
        ):
            ports.must_be_free(port)
