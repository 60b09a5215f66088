"""What the laws of countries ask of the first and the last words of advertising."""

import pytest

from blueprints.messaging.gate.laws import ELSEWHERE, LAWS, Law, law_of

CHINA, VIETNAM = law_of("CN"), law_of("VN")


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("[QC] Lumi giam 20%", True),
        (" [qc] Lumi", True),
        ("[AD] Lumi", True),
        ("Lumi [QC]", False),
        ("QC Lumi", False),
        ("", False),
    ],
)
def test_a_text_in_vietnam_says_first_that_it_is_advertising(text: str, fine: bool) -> None:
    assert VIETNAM.labelled("sms", text) is fine
    assert VIETNAM.labelled("email", text) is fine


@pytest.mark.parametrize(
    ("subject", "fine"),
    [
        ("AD: spring", True),
        ("(AD) 春季", True),
        ("广告 春季优惠", True),
        ("【广告】春季", True),
        ("春季优惠（广告）", False),
    ],
)
def test_an_e_mail_in_china_says_so_in_its_subject(subject: str, fine: bool) -> None:
    assert CHINA.labelled("email", subject) is fine
    assert CHINA.labelled("sms", subject)


@pytest.mark.parametrize(
    ("country", "text", "fine"),
    [
        ("VN", "[QC] Lumi giam 20%. Tu choi: soan TC", True),
        ("VN", "[QC] Lumi giam 20%. Tu choi soan TC gui 9135.", True),
        ("VN", "[QC] Lumi giam 20%. Huy: soan HUY", True),
        ("VN", "[QC] TC de tu choi. Lumi giam 20% cho moi don hang kinh mat hom nay", False),
        ("VN", "[QC] Lumi ATC", False),
        ("CN", "【明眸】春季八折，拒收请回复R", True),
        ("CN", "【明眸】春季八折，退订回T。", True),
        ("CN", "【明眸】春季八折，回复TD退订", True),
        ("CN", "【明眸】春季八折", False),
        ("CN", "Spring sale at LUMIR", False),
        ("CN", "Lumi: every T shirt", False),
        ("CN", "Lumi: spring sale. Reply R to refuse", True),
        ("US", "Lumi: 20% off. Reply STOP to opt out", True),
        ("US", "Lumi: 20% off. Stopping by?", False),
        ("US", "Lumi: 20% off https://lumi.example/preferences/abc123", True),
        ("US", "Lumi: 20% off https://lumi.example/book/abc123", False),
        ("VN", "[QC] Lumi 20%. Từ chối: https://lumi.example/s/abcDEF12345", True),
        ("VN", "[QC] Lumi 20%: https://lumi.example/s/abcDEF12345", False),
        ("US", "", False),
    ],
)
def test_a_text_says_last_how_to_refuse(country: str, text: str, fine: bool) -> None:
    assert law_of(country).refusable("sms", text) is fine


def test_an_e_mail_ends_with_the_page_to_refuse_on() -> None:
    link = "https://lumi.example/unsubscribe/abc"
    assert ELSEWHERE.refusable("email", f"Spring!\n\nNo more of this: {link}\n")
    assert not ELSEWHERE.refusable("email", f"No more of this: {link}\n\nSpring!\n")
    assert not ELSEWHERE.refusable("email", "Spring!\n\nReply STOP to refuse")


@pytest.mark.parametrize("law", [*LAWS.values(), ELSEWHERE], ids=lambda law: law.country or "elsewhere")
def test_our_own_words_for_refusing_are_such_in_every_language(law: Law) -> None:
    for words in law.refusal.values():
        assert law.refusable("sms", f"Lumi. {words}")
    assert set(law.refusal) == {"en", "zh-CN", "vi"}


@pytest.mark.parametrize("law", LAWS.values(), ids=lambda law: law.country)
def test_a_law_says_where_it_is_written(law: Law) -> None:
    assert law.sources
