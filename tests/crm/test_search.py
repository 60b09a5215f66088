"""Customers are found by the beginning of a name, by a phone or the end of one, and by their address, page by page."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.crm import api, errors, queries, rules
from shopbell import ids

PEOPLE = {
    "Trần Thị Linh": "+84903112233",
    "Linh Nguyễn": "+84912000001",
    "Đặng Văn Lâm": "+84912000002",
    "王小明": "+8613812345678",
    "王小红": "+8613812340000",
    "Anna Müller": "+491711234567",
    "50%_off": "+84912000003",
}


@pytest.fixture(autouse=True)
def people(session: Session) -> None:
    for name, phone in PEOPLE.items():
        api.remember(session, name, phone)


def found(session: Session, q: str, country: str = "VN") -> set[str]:
    return {customer.name for customer in queries.search(session, q, country=country, limit=50).customers}


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("tran", {"Trần Thị Linh"}),
        ("TRẦN THỊ", {"Trần Thị Linh"}),
        ("linh", {"Trần Thị Linh", "Linh Nguyễn"}),
        ("dang", {"Đặng Văn Lâm"}),
        ("王小", {"王小明", "王小红"}),
        ("muller", {"Anna Müller"}),
        ("50%", {"50%_off"}),
        ("%", set()),
        ("_", set()),
        ("ran", set()),
        ("nobody", set()),
        ("", set(PEOPLE)),
    ],
)
def test_a_name_is_found_without_accents(session: Session, q: str, names: set[str]) -> None:
    assert found(session, q) == names


@pytest.mark.parametrize(
    ("q", "country", "names"),
    [
        ("0903 112 233", "VN", {"Trần Thị Linh"}),
        ("903112233", "VN", {"Trần Thị Linh"}),
        ("+84 903112233", "CN", {"Trần Thị Linh"}),
        ("0084903112233", "CN", {"Trần Thị Linh"}),
        ("138 1234 5678", "CN", {"王小明"}),
        ("5678", "CN", {"王小明"}),
        ("345678", "CN", {"王小明"}),
        ("945678", "CN", set()),
        ("2233", "CN", {"Trần Thị Linh"}),
        ("1234", "CN", set()),
    ],
)
def test_a_phone_is_found_by_all_of_it_or_its_end(session: Session, q: str, country: str, names: set[str]) -> None:
    assert found(session, q, country) == names


def test_an_address_is_found_however_it_is_capitalised(session: Session) -> None:
    api.remember(session, "Linh Nguyễn", "+84912000001", "Linh@Example.com")
    assert found(session, " linh@example.COM ") == {"Linh Nguyễn"}
    assert found(session, "lin@example.com") == set()


def test_pages_of_an_ending_follow_each_other(session: Session) -> None:
    for number in range(5):
        api.remember(session, f"Twin {number}", f"+8490{number}112233")
    first = queries.search(session, "112233", country="VN", limit=4)
    second = queries.search(session, "112233", country="VN", limit=4, after=first.after)
    assert [one.name for one in first.customers + second.customers] == [
        "Trần Thị Linh",
        *(f"Twin {number}" for number in range(5)),
    ]
    assert second.after is None


def test_pages_follow_each_other_without_gaps(session: Session) -> None:
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = queries.search(session, "", country="VN", limit=2, after=after)
        seen += [customer.name for customer in page.customers]
        after = page.after
    assert after is None
    assert sorted(seen) == sorted(PEOPLE)


def test_a_page_after_nobody_is_refused(session: Session) -> None:
    with pytest.raises(errors.BadSearch) as refused:
        queries.search(session, "", country="VN", limit=2, after=ids.uuid7())
    assert set(refused.value.fields) == {"after"}


@pytest.mark.parametrize("q", ["linh", "0903112233", "2233", "linh@example.com"])
def test_a_search_reads_an_index_and_not_the_table(session: Session, q: str) -> None:
    session.execute(
        text(
            "insert into customers (id, name, name_key, given_key, phone_key, phone_ending, email_key, locale, "
            "created_at) select gen_random_uuid(), 'n' || i, md5(i::text), md5((i + 1)::text), i, i % 10000, i, 'vi', "
            "now() from generate_series(100000, 119999) i"
        )
    )
    session.execute(text("analyze customers"))
    for statement in queries.found_by(session, rules.search(q, "VN")):
        plan = plan_of(session, statement.limit(21))
        assert "Seq Scan" not in plan, plan


def plan_of(session: Session, statement: queries.Contacts) -> str:
    compiled = statement.compile(dialect=session.connection().dialect, compile_kwargs={"literal_binds": True})
    return "\n".join(session.connection().exec_driver_sql(f"explain {compiled}").scalars())


@pytest.mark.parametrize("q", ["王", "linh"])
def test_a_page_of_a_frequent_name_sorts_no_more_than_it_shows(session: Session, q: str) -> None:
    session.execute(
        text(
            "insert into customers (id, name, name_key, given_key, locale, created_at) select gen_random_uuid(), 'n', "
            "case i % 2 when 0 then '王' when 1 then md5(i::text) end || i, case i % 2 when 0 then '王' "
            "when 1 then 'linh' end || i, 'vi', now() from generate_series(1, 20000) i"
        )
    )
    session.execute(text("analyze customers"))
    for statement in queries.found_by(session, rules.search(q, "VN")):
        plan = plan_of(session, statement.limit(21))
        assert "Index Scan using" in plan, plan
        assert "Bitmap" not in plan, plan


def test_pages_of_a_name_show_families_first_and_everybody_once(session: Session) -> None:
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = queries.search(session, "linh", country="VN", limit=1, after=after)
        seen += [customer.name for customer in page.customers]
        after = page.after
        if after is None:
            break
    assert seen == ["Linh Nguyễn", "Trần Thị Linh"]
