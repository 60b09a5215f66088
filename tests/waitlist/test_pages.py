"""The customer's pages: join without JavaScript, answer an offer behind its link, leave."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.catalog.models import Branch
from blueprints.waitlist import links
from blueprints.waitlist.models import Wish
from blueprints.waitlist.queries import views
from shopbell import clock, ids
from tests.support.world import Shop
from tests.waitlist.people import DAY, LAN, MEI, TEN, book, free, join, offers, only_offer, status

pytestmark = pytest.mark.proves("B11")
PAGE = "/waitlist/xintiandi/test-eye-test"
ASKED = {
    "first_day": DAY.isoformat(),
    "last_day": DAY.isoformat(),
    "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    "earliest": "540",
    "latest": "720",
    "staff": "",
    "name": "Lan",
    "phone": "138 0013 8000",
    "email": "",
    "note": "Only mornings",
}
Run = Callable[[], int]


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


def wishes(session: Session) -> list[Wish]:
    session.expire_all()
    return list(session.scalars(select(Wish).order_by(Wish.id)))


def test_the_form_begins_with_what_was_looked_at(client: FlaskClient, session: Session, shop: Shop) -> None:
    first = session.get_one(Branch, shop.branch_id)
    first.latitude, first.longitude = 31.2304, 121.4737
    second = session.get_one(Branch, shop.second_branch_id)
    second.latitude, second.longitude = 31.2235, 121.4453
    session.flush()
    shown = client.get(PAGE, query_string={"day": "2026-03-04", "staff": str(shop.people[0])})
    assert shown.status_code == 200
    assert 'value="2026-03-04"' in shown.text
    assert re.search(rf'value="{shop.people[0]}" selected', shown.text)
    assert "Jingan" not in shown.text, "nobody there can give the service"
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert client.get("/waitlist/xintiandi/nothing").status_code == 404
    assert client.get("/waitlist/nowhere/test-eye-test").status_code == 404


def test_somebody_joins_sees_their_wish_and_leaves(client: FlaskClient, session: Session) -> None:
    sent = client.post(PAGE, data={**ASKED, "wish": str(ids.uuid7())})
    assert sent.status_code == 303, sent.text
    (made,) = wishes(session)
    assert (made.status, made.earliest, made.latest) == ("waiting", 540, 720)
    assert views.wish(session, made.id).note == "Only mornings"
    page = client.get(sent.headers["Location"])
    assert "You are on the waiting list" in page.text
    assert "09:00–12:00" in page.text
    link = sent.headers["Location"].partition("?")[0]
    assert client.post(link).status_code == 303
    assert "You have left the waiting list" in client.get(link).text
    assert client.post(link).status_code == 303


def test_a_double_click_makes_one_wish(client: FlaskClient, session: Session) -> None:
    form = {**ASKED, "wish": str(ids.uuid7())}
    addresses = {client.post(PAGE, data=form).headers["Location"] for _ in range(2)}
    assert len(addresses) == len(wishes(session)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"email": "lan@"}, "email"),
        ({"first_day": "soon"}, "last_day"),
        ({"last_day": "2026-03-01"}, "last_day"),
        ({"last_day": "2027-03-01"}, "last_day"),
        ({"weekdays": ["0"]}, "weekdays"),
        ({"earliest": "720", "latest": "540"}, "latest"),
        ({"staff": "nobody"}, "staff"),
        ({"branches": "nowhere"}, "branches"),
        ({"options": "nothing"}, "options"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, wrong: dict[str, str], field: str
) -> None:
    shown = client.post(PAGE, data={**ASKED, **wrong})
    assert shown.status_code == 422
    assert f'href="#f-{field}"' in shown.text
    if "note" not in wrong:
        assert "Only mornings" in shown.text
    assert wishes(session) == []


def test_nobody_waits_for_everything_at_once(client: FlaskClient, session: Session) -> None:
    for _ in range(5):
        assert client.post(PAGE, data=ASKED).status_code == 303
    refused = client.post(PAGE, data=ASKED)
    assert refused.status_code == 409
    assert "already wait" in refused.text
    assert len(wishes(session)) == 5


def test_who_has_an_appointment_waits_to_come_sooner(client: FlaskClient, session: Session, shop: Shop) -> None:
    old = book(session, shop, TEN + timedelta(days=3), customer=LAN)
    link = {"m": booking.manage_token(old.id, old.ends_at)}
    shown = client.get(PAGE, query_string=link)
    assert "Instead of your appointment" in shown.text
    assert 'name="phone"' not in shown.text
    form = {name: ASKED[name] for name in ("first_day", "last_day", "weekdays", "earliest", "latest")}
    sent = client.post(PAGE, query_string=link, data={**form, "last_day": "2026-03-20"})
    assert sent.status_code == 303, sent.text
    (made,) = wishes(session)
    assert (made.booking_id, made.customer_id) == (old.id, old.customer_id)
    assert made.last_day == DAY + timedelta(days=3)


def offered(client: FlaskClient, session: Session, shop: Shop, run_jobs: Run) -> str:
    """The path of an offer made to Lan."""
    join(session, shop, waited=5)
    free(session, shop)
    run_jobs()
    return "/offer/" + links.offer_token(views.offer(session, only_offer(session).id))


def test_looking_at_an_offer_changes_nothing(client: FlaskClient, session: Session, shop: Shop, run_jobs: Run) -> None:
    link = offered(client, session, shop, run_jobs)
    shown = client.get(link)
    assert "A time has become free for you" in shown.text
    assert "10:00" in shown.text
    assert "We keep this time for you until 08:20." in shown.text
    assert only_offer(session).status == "open"


def test_yes_leads_to_the_appointment_however_often(
    client: FlaskClient, session: Session, shop: Shop, run_jobs: Run
) -> None:
    link = offered(client, session, shop, run_jobs)
    pages = {client.post(link, data={"answer": "yes"}).headers["Location"] for _ in range(2)}
    assert len(pages) == 1
    assert client.get(pages.pop()).status_code == 200
    assert "You have taken this time" in client.get(link).text
    assert client.post(link, data={"answer": "no"}).status_code == 303
    assert only_offer(session).status == "accepted"


@pytest.mark.parametrize(("said", "after"), [("no", "waiting"), ("leave", "left")])
def test_no_lets_the_next_one_have_it(
    client: FlaskClient, session: Session, shop: Shop, run_jobs: Run, said: str, after: str
) -> None:
    link = offered(client, session, shop, run_jobs)
    other = join(session, shop, MEI)
    mine = views.wish(session, only_offer(session).wish_id)
    assert client.post(link, data={"answer": said}).status_code == 303
    assert "You have let this time go" in client.get(link).text
    assert status(session, mine)[0] == after
    run_jobs()
    assert offers(session)[1].wish_id == other.id
    late = client.post(link, data={"answer": "yes"})
    assert late.status_code == 409
    assert "no longer kept" in late.text


def test_yes_after_the_time_is_over_is_refused_kindly(
    client: FlaskClient, session: Session, shop: Shop, run_jobs: Run
) -> None:
    link = offered(client, session, shop, run_jobs)
    with clock.frozen(only_offer(session).expires_at):
        late = client.post(link, data={"answer": "yes"})
    assert late.status_code == 409
    assert "You are still on the waiting list" in late.text


@pytest.mark.parametrize("path", ["/offer/", "/w/"])
def test_a_link_that_is_not_ours_is_explained(client: FlaskClient, other_client: FlaskClient, path: str) -> None:
    assert client.get(path + "x" * 43).status_code == 404
    assert client.post(path + "x" * 43, data={"answer": "yes"}).status_code == 404


def test_another_chains_link_opens_nothing(
    client: FlaskClient, other_client: FlaskClient, session: Session, shop: Shop, run_jobs: Run
) -> None:
    link = offered(client, session, shop, run_jobs)
    assert other_client.get(link).status_code == 404
    assert other_client.post(link, data={"answer": "yes"}).status_code == 404
    assert only_offer(session).status == "open"
