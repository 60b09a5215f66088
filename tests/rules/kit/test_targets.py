"""Where somebody may be sent on to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.pages.targets import safe_target


@pytest.mark.parametrize("target", ["/hq/", "/b/bund/?day=2026-03-01", "/a#b", "/ä?next=//evil"])
def test_a_path_on_this_host_is_a_safe_target(target: str) -> None:
    assert safe_target(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "hq",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        " /hq/",
        "/sign-out",
        "/sign-in?next=/hq/",
        "/my/sign-in",
        "/" + "a" * 3000,
    ],
)
def test_everything_else_is_not(target: str | None) -> None:
    assert safe_target(target) is None


@given(st.text())
def test_no_target_ever_leaves_the_host(text: str) -> None:
    target = safe_target(text)
    assert target is None or (target[0] == "/" and target[1:2] != "/" and "\\" not in target)
