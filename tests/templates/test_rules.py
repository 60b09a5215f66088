"""Names in texts, and that every occasion has words."""

import pytest

from blueprints.messaging.rules import OCCASIONS
from blueprints.templates.rules import wordings as rules


def test_every_occasion_has_words_and_all_words_have_an_occasion() -> None:
    assert set(rules.WORDINGS) == set(OCCASIONS)


@pytest.mark.parametrize(
    ("name", "locale", "shown"),
    [
        ("Lumi Optik 明眸眼镜", "zh-CN", "明眸眼镜"),
        ("Lumi Optik 明眸眼镜", "en", "Lumi Optik"),
        ("Mane & Co 发源地", "vi", "Mane & Co"),
        ("Mane & Co", "zh-CN", "Mane & Co"),
        ("发源地", "en", "发源地"),
    ],
)
def test_a_name_in_two_scripts_is_written_in_the_readers(name: str, locale: str, shown: str) -> None:
    assert rules.chain_name(name, locale) == shown


@pytest.mark.parametrize(
    ("branch", "chain", "short"),
    [
        ("明眸眼镜 静安店", "明眸眼镜", "静安店"),
        ("Mane & Co Từ Hối", "Mane & Co", "Từ Hối"),
        ("Mane & Co · Xuhui", "Mane & Co", "Xuhui"),
        ("Xuhui", "Mane & Co", "Xuhui"),
        ("Mane & Co", "Mane & Co", "Mane & Co"),
    ],
)
def test_a_text_message_names_the_chain_once(branch: str, chain: str, short: str) -> None:
    assert rules.branch_name(branch, chain) == short
