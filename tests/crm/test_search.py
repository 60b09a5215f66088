"""Customers are found by the beginning of a name or by digits of a phone, page by page."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.crm import api, errors, queries
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
        ("0903 112", "VN", {"Trần Thị Linh"}),
        ("903112", "VN", {"Trần Thị Linh"}),
        ("+84 903", "CN", {"Trần Thị Linh"}),
        ("0084903", "CN", {"Trần Thị Linh"}),
        ("138 1234", "CN", {"王小明", "王小红"}),
        ("5678", "CN", {"王小明"}),
        ("2233", "CN", {"Trần Thị Linh"}),
        ("+49 171", "CN", {"Anna Müller"}),
    ],
)
def test_a_phone_is_found_by_either_end(session: Session, q: str, country: str, names: set[str]) -> None:
    assert found(session, q, country) == names


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


@pytest.mark.parametrize("q", ["linh", "0903112", "2233"])
def test_a_search_reads_an_index_and_not_the_table(session: Session, q: str) -> None:
    session.execute(
        text(
            "insert into customers (id, name, name_key, given_key, phone, locale, created_at) "
            "select gen_random_uuid(), 'n' || i, md5(i::text), md5((i + 1)::text), '+8499' || i, 'vi', now() "
            "from generate_series(100000, 119999) i"
        )
    )
    session.execute(text("analyze customers"))
    statement = queries.found_by(q, "VN").limit(21)
    compiled = statement.compile(dialect=session.connection().dialect, compile_kwargs={"literal_binds": True})
    plan = "\n".join(session.connection().exec_driver_sql(f"explain {compiled}").scalars())
    assert "Seq Scan" not in plan, plan
