"""Every template in every language, and what hostile names make of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprints.templates.facts import Facts
from blueprints.templates.rules.wordings import LOCALES, NAMES, WORDINGS
from blueprints.templates.texts import Texts, draw
from shopbell import clock
from shopbell.sms_text import count
from shopbell.text import one_line

LINK = "https://lumi.example/m/" + "A1b2" * 10 + "xyz"
FACTS = Facts(
    chain="Lumi Optik 明眸眼镜",
    colour="#1f6f5c",
    branch="Xuhui",
    address="1515 Huaihai Road",
    phone="+86 21 6433 0000",
    service="Eye exam",
    person="Chen Yi",
    customer="Zhang Wei",
    ref="K7Q2MX",
    starts_at=datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 7, 15, tzinfo=UTC),
    earlier=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
    zone=clock.zone("Asia/Shanghai"),
    deadline=datetime(2026, 11, 24, 4, 30, tzinfo=UTC),
    link=LINK,
    home="https://lumi.example/",
    code="123456",
    said="Come at five",
)
ALL = [(template, locale) for template in NAMES for locale in LOCALES]
TIMED = [(template, locale) for template, locale in ALL if "when" in WORDINGS[template].rows]
DAYS = {"en": "Tue 24 Nov", "zh-CN": "11月24日(周二)", "vi": "thứ Ba 24/11"}


class Reader(HTMLParser):
    """Collects the text of a page, its tags and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(("template", "locale"), TIMED)
def test_every_form_says_when_where_and_what(template: str, locale: str) -> None:
    texts = draw(template, locale, FACTS)
    page = Reader(texts.html)
    for form in (texts.sms, texts.subject + texts.text, page.text):
        if template == "review" and form == texts.sms:
            assert "Xuhui" in form
            continue
        assert "14:30" in form
        assert DAYS[locale] in form or "24" in form
    for form in (texts.text, page.text):
        for fact in ("Xuhui", "1515 Huaihai Road", "Eye exam", "Chen Yi", "Zhang Wei", "+86 21 6433 0000"):
            assert fact in form
        assert ("K7Q2MX" in form) is ("number" in WORDINGS[template].rows)
    assert "\n" not in texts.subject + texts.sms
    assert texts.sms_length == count(texts.sms)


@pytest.mark.parametrize(("template", "locale"), ALL)
def test_the_customer_can_act_on_every_message(template: str, locale: str) -> None:
    texts = draw(template, locale, FACTS)
    wanted = FACTS.home if WORDINGS[template].action == "again" else FACTS.link
    if template in ("answer", "too_late"):
        # A person answers, or will: there is nothing to press.
        assert FACTS.said in texts.sms or FACTS.phone in texts.sms
    elif template == "sign_in_code":
        # A text message with a code in it and a link looks like those of thieves.
        assert "/" not in texts.sms
    else:
        assert wanted in texts.sms.split()[-1] or wanted in re.split(r"[\s：]", texts.sms)
    assert wanted in texts.text
    assert Reader(texts.html).links == [wanted]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_code_stands_in_the_text_and_not_in_the_subject_and_greets_several_people_by_no_name(locale: str) -> None:
    texts = draw("sign_in_code", locale, replace(FACTS, customer=""))
    assert all("123456" in form for form in (texts.sms, texts.text, Reader(texts.html).text))
    assert "123456" not in texts.subject
    assert "Zhang Wei" not in texts.text + texts.sms
    assert texts.sms_length.segments <= 2


@pytest.mark.parametrize("template", NAMES)
def test_no_language_borrows_from_another(template: str) -> None:
    subjects = {draw(template, locale, FACTS).subject for locale in LOCALES}
    assert len(subjects) == 3
    for locale in ("en", "vi"):
        texts = draw(template, locale, FACTS)
        assert not re.search(r"[\u4e00-\u9fff]", texts.text + texts.sms)


@pytest.mark.parametrize("template", NAMES)
def test_an_english_text_message_stays_in_the_cheap_alphabet(template: str) -> None:
    length = draw(template, "en", FACTS).sms_length
    assert length.encoding == "GSM-7"
    assert length.segments == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_the_deadline_is_said_while_it_lasts_and_the_phone_afterwards(locale: str) -> None:
    before = draw("reminder", locale, FACTS).text
    after = draw("reminder", locale, replace(FACTS, deadline=None)).text
    assert "12:30" in before
    assert "12:30" not in after
    assert after.count(FACTS.phone) == 2


@pytest.mark.parametrize("locale", LOCALES)
def test_a_change_says_what_it_was_before(locale: str) -> None:
    assert "09:00" in draw("change", locale, FACTS).text


def test_the_zone_is_the_branchs_in_the_words_of_the_reader() -> None:
    zones = {locale: draw("confirmation", locale, FACTS).text for locale in LOCALES}
    assert "China Standard Time, GMT+8" in zones["en"]
    assert "北京时间" in zones["zh-CN"]
    saigon = replace(FACTS, zone=clock.zone("Asia/Ho_Chi_Minh"))
    assert "13:30–14:15" in draw("confirmation", "vi", saigon).text
    assert "giờ Việt Nam" in draw("confirmation", "vi", saigon).text
    delhi = replace(FACTS, zone=clock.zone("Asia/Kolkata"))
    assert "GMT+5:30" in draw("confirmation", "en", delhi).text


HOSTILE = st.text(min_size=1, max_size=60).filter(lambda text: bool(one_line(text)))


@settings(max_examples=60, deadline=None)
@given(name=HOSTILE, template=st.sampled_from(NAMES), locale=st.sampled_from(LOCALES))
def test_no_name_breaks_out_of_its_place(name: str, template: str, locale: str) -> None:
    hostile = replace(FACTS, customer=name, service=name, person=name, branch=name, chain=name)
    plain, changed = draw(template, locale, FACTS), draw(template, locale, hostile)
    assert Reader(changed.html).tags == Reader(plain.html).tags
    assert lines(changed) == lines(plain)


def lines(texts: Texts) -> tuple[int, ...]:
    return tuple(form.count("\n") for form in (texts.subject, texts.sms, texts.text))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "{% include '/etc/passwd' %}", "a\r\nBcc: x@y.z"]
)
def test_a_name_is_text_and_never_a_template_or_markup(name: str) -> None:
    texts = draw("confirmation", "en", replace(FACTS, customer=name))
    assert "script" not in Reader(texts.html).tags
    assert "49" not in texts.text
    assert " ".join(name.split()) in texts.text
