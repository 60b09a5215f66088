"""What is an address of the web, and what only looks like one."""

import pytest

from shopbell.web_address import is_web_address


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example:8443/x?y=1", "https://[::1]/", "https://眼镜.example/"]
)
def test_a_host_over_tls_is_one(url: str) -> None:
    assert is_web_address(url, plain=False, longest=100)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://me@a.example",
        "https://me:secret@a.example",
        "https://:secret@a.example",
        "https://a.example/#part",
        "https://a.example/#",
        "https://a.example\\@b.example",
        "https://a.example/ x",
        "https://a.example/\u2028",
        "https://a.example/\n",
        "https://a.example:port/",
        "https://a.example:99999/",
        "https://[::1",
        "https://a.example/" + "x" * 100,
    ],
)
def test_anything_else_is_none(url: str) -> None:
    assert not is_web_address(url, plain=True, longest=100)


def test_without_tls_it_is_one_only_where_that_is_enough() -> None:
    assert is_web_address("http://a.example", plain=True, longest=100)
    assert not is_web_address("http://a.example", plain=False, longest=100)
