"""Legal texts: written in Markdown, published as versions, shown at the foot of the pages."""

from __future__ import annotations

from datetime import date

import pytest

from blueprints.brand import queries, service
from blueprints.brand.rules import LONGEST_LEGAL
from blueprints.brand.service import LegalInput
from shopbell import clock

TEXT = (
    "# Who we are\n\nLumi **Optik**, <script>alert(1)</script>\n[mail](mailto:a@example.com) [x](javascript:alert(1))"
)


def written(desk, kind="terms", go="publish", **typed):
    form = {"texts.en": TEXT, "valid_from": "2026-03-02", "number": "1", "go": go, **typed}
    return desk.browser.post(f"/hq/legal/{kind}", data=form)


@pytest.mark.proves("T3")
def test_a_published_text_stands_at_the_foot_of_every_page_with_its_version_and_day(desk, client):
    assert "/legal/" not in client.get("/").text
    assert client.get("/legal/terms").status_code == 404
    assert written(desk).status_code == 303
    for path in ("/?lang=en", "/book/xintiandi?lang=en", "/embed/en/book/xintiandi"):
        page = client.get(path)
        assert "/legal/terms" in page.text
    page = client.get("/legal/terms?lang=vi")
    assert '<article class="legal" lang="en"><h2>Who we are</h2>' in page.text
    assert "<script" not in page.text
    assert "javascript:alert(1)</a>" not in page.text
    assert 'href="mailto:a@example.com"' in page.text
    assert "Version 1, in force from Monday, March 2, 2026" in client.get("/legal/terms?lang=en").text


def test_the_text_is_looked_at_before_it_is_published(desk, client):
    answer = written(desk, go="preview")
    assert answer.status_code == 200
    assert "<h2>Who we are</h2>" in answer.text
    assert "<script>alert" not in answer.text
    assert client.get("/legal/terms").status_code == 404


def test_a_version_is_never_changed_and_the_next_one_holds_from_its_day_on(desk, client, session):
    written(desk)
    assert written(desk, **{"texts.en": "Second", "number": "2", "valid_from": "2026-04-01"}).status_code == 303
    assert "Who we are" in client.get("/legal/terms").text
    assert "Second" in client.get("/legal/terms?version=2").text
    with clock.frozen(clock.now().replace(month=4)):
        assert "Second" in client.get("/legal/terms").text
        assert "Who we are" in client.get("/legal/terms?version=1").text
    assert [one.version for one, _agreed in queries.history(session, "terms", 0, 9)] == [2, 1]


def test_a_text_without_words_takes_the_page_down(desk, client):
    refused = written(desk, **{"texts.en": " "})
    assert refused.status_code == 422
    written(desk)
    assert written(desk, **{"texts.en": " ", "number": "2", "asks": "yes"}).status_code == 303
    assert client.get("/legal/terms").status_code == 404
    assert "/legal/terms" not in client.get("/").text
    assert client.get("/legal/terms?version=1").status_code == 200
    assert client.get("/legal/terms?version=2").status_code == 404


WRONG = [
    ({"texts.en": "x" * (LONGEST_LEGAL + 1)}, "f-texts-en"),
    ({"valid_from": "2026-03-01"}, "f-valid_from"),
    ({"valid_from": ""}, "f-valid_from"),
    ({"valid_from": "soon"}, "f-valid_from"),
]


def test_what_is_wrong_is_said_with_everything_kept(desk, client):
    for typed, field in WRONG:
        answer = written(desk, **{"texts.vi": "Điều khoản", **typed})
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert "Điều khoản" in answer.text
    assert client.get("/legal/terms").status_code == 404


def test_two_people_do_not_publish_over_each_other(desk, session):
    written(desk)
    answer = written(desk, **{"texts.en": "Mine"})
    assert answer.status_code == 409
    assert ">Mine</textarea>" in answer.text
    assert 'name="number" value="2"' in answer.text
    assert queries.legal(session, "terms").texts["en"] == TEXT


def test_what_is_not_there_is_not_found(desk, client):
    written(desk)
    for path in ("/legal/cookies", "/legal/terms?version=9", "/legal/terms?version=x", "/legal/terms?version=9999999"):
        assert client.get(path).status_code == 404
    assert written(desk, "cookies").status_code == 404
    assert desk.browser.get("/hq/legal/cookies").status_code == 404


def test_chains_do_not_share_their_texts(desk, other_client):
    written(desk)
    assert other_client.get("/legal/terms").status_code == 404
    assert "/legal/" not in other_client.get("/").text


def test_the_latest_day_counts_and_of_one_day_the_latest_version(session):
    for number, day in enumerate((date(2026, 3, 2), date(2026, 3, 2), date(2026, 5, 1), date(2026, 4, 1)), 1):
        service.publish_legal(session, "imprint", LegalInput({"en": str(number)}, day), "", number)

    def on(month, day):
        with clock.frozen(clock.now().replace(month=month, day=day)):
            return queries.legal(session, "imprint").version

    assert [on(3, 2), on(4, 1), on(5, 2)] == [2, 4, 3]
