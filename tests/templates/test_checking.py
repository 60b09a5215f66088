"""What is wrong with a text, what is odd about it, and what fills its gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.templates.defaults import default_parts
from blueprints.templates.rules.approval import parameters, submission
from blueprints.templates.rules.checking import complaints, hints
from blueprints.templates.rules.filling import fill, fill_markup, is_broken, names_in
from blueprints.templates.rules.wordings import LOCALES, OF_CHAINS, WORDINGS, channels_of
from shopbell import i18n
from shopbell.text import without_accents

GOOD = "{{ chain }}: see you {{ day_short }} {{ time }}. {{ link }}"
LINKS = "https://lumi.example/s/"


@pytest.fixture(autouse=True, scope="module")
def said_in_english() -> Iterator[None]:
    """Outside of a request nobody has said which language is spoken."""
    with i18n.speaking("en"):
        yield


@pytest.mark.parametrize("name", OF_CHAINS)
def test_the_products_own_texts_are_good_ones(name: str) -> None:
    for channel in channels_of(name):
        for locale in LOCALES:
            parts = default_parts(name, channel, locale)
            assert complaints(name, channel, locale, parts) == {}
            assert hints(name, channel, locale, parts) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Enter something here."),
        ("x" * 701, "At most 700 characters."),
        (GOOD.replace("time", "tme"), "There is no variable tme here."),
        (GOOD.replace("}}", "}"), "Write variables like"),
        ("{% if time %}" + GOOD, "Write variables like"),
        ("{{ link.__class__ }}" + GOOD, "Write variables like"),
        (GOOD.replace("{{ link }}", ""), "This text has to name {{ link }}."),
        (GOOD.replace("{{ day_short }}", ""), "This text has to name {{ day_short }}."),
        (GOOD + "{{ code }}", "There is no variable code here."),
    ],
)
def test_a_text_that_would_not_do_is_refused_with_a_sentence(text: str, said: str) -> None:
    found = complaints("reminder", "sms", "en", {"sms": text})
    assert found["sms"].startswith(said)


def test_an_email_may_leave_the_facts_to_its_frame_but_not_the_code() -> None:
    plain = {"subject": "Soon", "heading": "See you", "lead": "Welcome.", "closing": ""}
    assert complaints("reminder", "email", "en", plain) == {}
    assert "{{ code }}" in complaints("sign_in_code", "email", "en", plain)["lead"]


@pytest.mark.parametrize(
    ("locale", "text", "said"),
    [
        ("vi", "Khuyen mai lon", "[QC]"),
        ("vi", "[QC] Khuyến mãi lớn", "no more of them"),
        ("zh-CN", "【明眸】新品上市", "no more of them"),
        ("en", "Come and see", "no more of them"),
        ("vi", "[QC] Khuyến mãi lớn. Từ chối: soạn TC gửi 1900", ""),
        ("zh-CN", "【明眸】新品上市，拒收请回复R", ""),
    ],
)
def test_what_advertises_carries_the_marks_of_its_country(
    monkeypatch: pytest.MonkeyPatch, locale: str, text: str, said: str
) -> None:
    monkeypatch.setitem(WORDINGS, "review", replace(WORDINGS["review"], marketing=True, needs=()))
    found = complaints("review", "sms", locale, {"sms": text}).get("sms", "")
    assert said in found if said else not found


@pytest.mark.parametrize(
    ("locale", "text", "said"),
    [
        ("zh-CN", "【Lumi】See you " + GOOD, "does not look like Chinese"),
        ("en", "明天见 " + GOOD, "Chinese characters"),
        ("vi", "Hen gap ban " + GOOD, "no accents"),
        ("zh-CN", "明天见 " + GOOD, "in 【】"),
        ("en", "20% off! " + GOOD, "advertising"),
    ],
)
def test_what_is_odd_is_said_and_allowed(locale: str, text: str, said: str) -> None:
    assert complaints("reminder", "sms", locale, {"sms": text}) == {}
    assert any(said in hint for hint in hints("reminder", "sms", locale, {"sms": text}))


def test_vietnamese_without_accents_is_meant_when_it_is_chosen() -> None:
    assert hints("reminder", "sms", "vi", {"sms": "Hen gap ban " + GOOD}, plain=True) == []
    assert without_accents("Đã đặt lịch: Nguyễn Thị Ánh, 10:00") == "Da dat lich: Nguyen Thi Anh, 10:00"


def test_gaps_are_filled_and_what_fills_them_is_only_text() -> None:
    values = {"customer": "{{ link }} <b>", "person": ""}
    assert fill("Hello {{customer}},\nwith {{ person }} today", values) == "Hello {{ link }} <b>,\nwith today"
    assert fill_markup("<i>{{ customer }}</i>\nx", values) == "&lt;i&gt;{{ link }} &lt;b&gt;&lt;/i&gt;<br>x"
    assert names_in("{{ a }} {{b}} {{ a }}") == ["a", "b"]


@given(st.text(alphabet="{}% #ab_", max_size=30))
def test_whatever_is_typed_is_a_gap_or_broken_or_stays_as_it_is(text: str) -> None:
    if not is_broken(text) and not names_in(text):
        assert fill(text, {}) == "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def test_a_text_in_each_providers_notation() -> None:
    text = "【{{ chain }}】{{ customer }}您好，{{ chain }}提醒您 {{ time }}：{{ link }}"
    named, positional = submission(text, "named", LINKS), submission(text, "positional", LINKS)
    assert named.body == f"${{customer}}您好，${{chain}}提醒您 ${{time}}：{LINKS}${{link_code}}"
    assert positional.body == f"{{1}}您好，{{2}}提醒您 {{3}}：{LINKS}{{4}}"
    assert named.variables == ("customer", "chain", "time", "link_code")
    twice = submission("{{ chain }} and {{ chain }}", "named", LINKS)
    assert twice.body == "${chain} and ${chain2}"
    values = {"chain": "明眸", "link": LINKS + "abc", "customer": "张", "time": "10:00"}
    assert parameters(twice.variables, values, LINKS) == (("chain", "明眸"), ("chain2", "明眸"))
    assert parameters(named.variables, values, LINKS) == (
        ("customer", "张"),
        ("chain", "明眸"),
        ("time", "10:00"),
        ("link_code", "abc"),
    )
    assert parameters(named.variables, {**values, "link": "https://lumi.example/m/long"}, LINKS) is None
