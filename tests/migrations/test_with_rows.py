"""What a tenant of the previous release has in its tables survives the way up, and the way back."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from shopbell.tenancy import entered
from tenants import migrate

BEFORE = """
insert into branches (id, slug, name, address, phone, time_zone)
  values (gen_random_uuid(), 'one', '{}', '{}', '+862112345678', 'Asia/Shanghai');
insert into skills (id, key, name) values (gen_random_uuid(), 'cut', '{}');
insert into people (id, name, title, bio, languages) values (gen_random_uuid(), '陈芳', '{}', '{}', '{}');
insert into person_skills (person_id, skill_id) select people.id, skills.id from people, skills;
insert into services (id, slug, name, description, category, price_minor, currency)
  values (gen_random_uuid(), 'cut', '{}', '{}', '{}', 10000, 'CNY');
insert into service_steps (id, service_id, position, name, minutes, skill_id)
  select gen_random_uuid(), services.id, 0, '{}', 30, skills.id from services, skills;
insert into customers (id, name, name_key, given_key, phone, locale, created_at)
  values (gen_random_uuid(), '李明', '李明', '明', '+8613812345678', 'zh-CN', now());
insert into bookings
  (id, ref, branch_id, service_id, person_id, customer_id, guest_name, starts_at, ends_at, status, source,
   price_minor, currency, expires_at, created_at)
  select gen_random_uuid(), 'ABCDEF' || n, branches.id, services.id, people.id,
         case when status = 'held' or guest <> '' then null else customers.id end, guest,
         now() + make_interval(hours => n), now() + make_interval(hours => n, mins => 30), status, 'web', 10000, 'CNY',
         case when status = 'held' then now() end, now()
    from branches, services, people, customers,
         (values (1, 'held', ''), (2, 'booked', ''), (3, 'in_service', '王'), (4, 'cancelled', '')) v (n, status, guest);
insert into allocations (booking_id, resource_id, starts_at, ends_at, expires_at)
  select bookings.id, resource_id, starts_at, ends_at, expires_at
    from bookings join people on people.id = person_id where status <> 'cancelled';
insert into walk_ins (id, branch_id, name, status, arrived_at)
  select gen_random_uuid(), branches.id, '张', 'waiting', now() from branches;
"""
# As the previous release writes them, while it still runs beside the new one.
MEANWHILE = """
insert into bookings
  (id, ref, branch_id, service_id, guest_name, starts_at, ends_at, status, source, price_minor, currency, created_at)
  select gen_random_uuid(), 'MEANWHILE', branches.id, services.id, '孙', now(), now() + interval '1 hour', 'booked',
         'desk', 0, 'CNY', now()
    from branches, services;
"""
NEW = """
insert into bookings (id, ref, branch_id, person_id, starts_at, ends_at, status, source, price_minor, currency, created_at)
  select gen_random_uuid(), 'BLOCKED', branches.id, people.id, now(), now() + interval '1 hour', 'blocked', 'desk', 0,
         'CNY', now()
    from branches, people;
insert into bookings
  (id, ref, branch_id, service_id, customer_id, starts_at, ends_at, status, source, price_minor, currency, created_at)
  select gen_random_uuid(), 'REQUESTED', branches.id, services.id, customers.id, now(), now() + interval '1 hour',
         'requested', 'web', 0, 'CNY', now()
    from branches, services, customers;
insert into booking_charges (id, branch_id, booking_id, kind, amount_minor, currency, state, created_at)
  select gen_random_uuid(), branch_id, id, 'deposit', 100, 'CNY', 'due', now() from bookings where status = 'booked';
update walk_ins set status = 'called', number = 1;
"""


def test_a_tenant_of_the_previous_release_goes_up_and_back_with_its_rows(committed):
    with committed.engine.connect() as connection, entered(None), connection.begin() as transaction:
        connection.execute(text("create schema with_rows"))
        connection.execute(text("set local search_path to with_rows"))
        config = migrate.configuration("tenant", connection=connection)
        raw = connection.connection.dbapi_connection
        command.upgrade(config, "0002")
        raw.execute(BEFORE)
        version = connection.scalar(text("select version from config_version"))

        command.upgrade(config, "0003")
        assert connection.scalar(text("select count(*) from bookings where options = '{}' and extra_minutes = 0")) == 4
        assert connection.scalar(text("select min(level) from person_skills")) == 1
        raw.execute(MEANWHILE + NEW)
        raw.execute("insert into peak_rules (id, name, starts, ends) values (gen_random_uuid(), '{}', 0, 60)")
        assert connection.scalar(text("select version from config_version")) != version

        command.downgrade(config, "0002")
        statuses = connection.scalars(text("select status from bookings order by status")).all()
        assert statuses == ["booked", "booked", "cancelled", "held", "in_service"]
        assert connection.scalars(text("select status from walk_ins")).all() == ["waiting"]
        assert connection.scalar(text("select count(*) from allocations")) == 3
        command.upgrade(config, "head")
        transaction.rollback()


USERS = """
insert into branches (id, slug, name, address, phone, time_zone)
  values (gen_random_uuid(), 'one', '{}', '{}', '', 'Asia/Shanghai'),
         (gen_random_uuid(), 'two', '{}', '{}', '', 'Asia/Shanghai');
insert into users (id, email, password_hash, name, role, branch_ids, created_at)
  select gen_random_uuid(), role || n, 'x', role || n, role, branches, now()
    from (select array_agg(id order by slug) all_of_them from branches) b,
         lateral (values ('hq', 1, all_of_them), ('manager', 2, all_of_them), ('frontdesk', 3, all_of_them[1:1]),
                         ('manager', 4, '{}'::uuid[]), ('frontdesk', 5, array[gen_random_uuid()])
                 ) v (role, n, branches);
"""
HELD = """
select users.name, coalesce(branches.slug, 'chain') from users
  join role_assignments on user_id = users.id join roles on roles.id = role_id and roles.key = users.role
  left join branches on branches.id = branch_id order by 1, 2
"""


def test_users_of_the_previous_release_keep_their_roles_and_no_more(committed):
    with committed.engine.connect() as connection, entered(None), connection.begin() as transaction:
        connection.execute(text("create schema with_users"))
        connection.execute(text("set local search_path to with_users"))
        config = migrate.configuration("tenant", connection=connection)
        command.upgrade(config, "0003")
        connection.connection.dbapi_connection.execute(USERS)
        command.upgrade(config, "head")
        assert [tuple(row) for row in connection.execute(text(HELD))] == [
            ("frontdesk3", "one"),
            ("hq1", "chain"),
            ("manager2", "one"),
            ("manager2", "two"),
            ("manager4", "chain"),
        ]
        transaction.rollback()
