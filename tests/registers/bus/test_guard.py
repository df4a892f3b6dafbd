"""The write guard: one way to change a thing, made to bite."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from linli.registers.access.models import Department
from linli.registers.bus.actions import act
from linli.registers.bus.guard import WriteOutsideAct, written_tables
from linli.registers.record.types import SYSTEM, Subject


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [
        lambda: Department.objects.create(code="a", name_zh="a", name_en="a", kind="x"),
        lambda: Department(code="a", name_zh="a", name_en="a", kind="x").save(),
        lambda: Department.objects.bulk_create([Department(code="a")]),
        lambda: Department.objects.update(name_zh="b"),
        lambda: Department.objects.all()._raw_delete("default"),
        lambda: connection.cursor().execute("UPDATE access_department SET name_zh = 'b'"),
        lambda: connection.cursor().execute("TRUNCATE TABLE access_department CASCADE"),
        lambda: connection.cursor().executemany("DELETE FROM access_department WHERE code = %s", [["a"]]),
    ],
)
def test_a_write_outside_an_act_is_refused(write):
    with pytest.raises(WriteOutsideAct, match="access_department"):
        write()


@pytest.mark.django_db
def test_the_same_write_inside_an_act_passes():
    with act(SYSTEM, "found", Subject("department", "a")):
        Department.objects.create(code="a", name_zh="a", name_en="a", kind="x")
    assert Department.objects.count() == 1


@pytest.mark.django_db
def test_reading_and_locking_pass_and_so_do_exempt_tables():
    assert list(Department.objects.select_for_update()) == []
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("SELECT 1", []),
        ("  insert into t (a) values (1)", [("INSERT INTO", "t")]),
        ('UPDATE ONLY "t" SET a = 1', [("UPDATE", "t")]),
        ("DELETE FROM t", [("DELETE FROM", "t")]),
        ("TRUNCATE TABLE t, u", [("TRUNCATE", "t")]),
        ("MERGE INTO t USING u ON true", [("MERGE INTO", "t")]),
        ("WITH x AS (SELECT 1) SELECT * FROM t FOR UPDATE SKIP LOCKED", []),
        ("WITH x AS (INSERT INTO a VALUES (1)) UPDATE b SET c = 1", [("INSERT INTO", "a"), ("UPDATE", "b")]),
        (
            "WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x ON CONFLICT (b) DO UPDATE SET c = 1",
            [("INSERT INTO", "a")],
        ),
        ("SELECT a FROM t WHERE note = 'x' FOR NO KEY UPDATE", []),
    ],
)
def test_the_tables_a_statement_writes(sql: str, written: list[tuple[str, str]]):
    assert written_tables(sql) == written


@pytest.mark.django_db
def test_an_exempt_table_does_not_cover_for_another_in_the_same_statement():
    sql = "WITH x AS (DELETE FROM django_session) UPDATE access_department SET name_zh = 'b'"
    with pytest.raises(WriteOutsideAct), connection.cursor() as cursor:
        cursor.execute(sql)
