"""The record: what is written stays, what is altered is found, what the law erases still proves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from linli.registers.record.actions import INSERT_ENTRY, entry_row, look
from linli.registers.record.models import Entry
from linli.registers.record.queries import broken_entries, entries_about
from linli.registers.record.types import Actor, Subject

pytestmark = pytest.mark.django_db
CLERK = Actor("account", "clerk", "苏静", "clerk-1", "affairs")


def enter(count: int = 1, **options: object) -> list[int]:
    with connection.cursor() as cursor:
        for number in range(count):
            payload = {"note": "路面塌陷", "n": number, "share": 0.1, "nested": {"b": [1, 2], "a": None}}
            row = entry_row(CLERK, "case_note", "case", [f"C{number}"], payload=payload, **options)
            cursor.execute(INSERT_ENTRY, row)
    return list(Entry.objects.order_by("id").values_list("id", flat=True))


def alter(sql: str, *parameters: object) -> None:
    """Change the table as somebody with full rights over the database could."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE record_entry DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute("ALTER TABLE record_entry ENABLE TRIGGER USER")


def test_untouched_entries_prove():
    enter(5)
    assert list(broken_entries(batch=2)) == []


def test_an_entry_reads_back_as_it_was_written():
    at = datetime(2026, 3, 9, 2, 0, 0, 123456, tzinfo=UTC)
    enter(at=at, reason="市民催办", purpose="处置")
    (seen,) = entries_about(Subject("case", "C0"))
    assert (seen.at, seen.actor.key, seen.actor.post) == (at, "clerk", "clerk-1")
    assert (seen.action, seen.reason, seen.purpose) == ("case_note", "市民催办", "处置")
    assert seen.payload is not None and seen.payload["share"] == 0.1


def test_a_payload_with_numbers_as_keys_proves():
    with connection.cursor() as cursor:
        row = entry_row(CLERK, "count", "case", ["C0"], payload={"by_hour": {10: 1, 9: 2}})
        cursor.execute(INSERT_ENTRY, row)
    assert list(broken_entries()) == []


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("actor_key", "somebody", "metadata"),
        ("actor_kind", "system", "metadata"),
        ("actor_post", "", "metadata"),
        ("action", "case_close", "metadata"),
        ("subject_kind", "person", "metadata"),
        ("subject_keys", ["C9"], "metadata"),
        ("reason", "x", "metadata"),
        ("purpose", "x", "metadata"),
        ("at", datetime(2020, 1, 1, tzinfo=UTC), "metadata"),
        ("leaf_hash", b"\x00" * 32, "metadata"),
        ("payload_hash", b"\x00" * 32, "metadata"),
        ("mac", b"\x00" * 32, "mac"),
        ("payload", '{"note":"没事"}', "payload"),
        ("salt", b"\x00" * 16, "payload"),
    ],
)
def test_any_altered_column_is_found(column: str, value: object, found: str):
    ids = enter(3)
    alter(f"UPDATE record_entry SET {column} = %s WHERE id = %s", value, ids[1])
    assert list(broken_entries()) == [(ids[1], found)]


def test_whoever_recomputes_the_hashes_still_lacks_the_key_of_the_mac():
    from linli.registers.record import leaf

    (number,) = enter()
    row = Entry.objects.get()
    metadata = leaf.metadata_bytes(
        uid=row.uid,
        at=row.at,
        actor_kind="account",
        actor_key="somebody",
        actor_post=row.actor_post,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_keys=row.subject_keys,
        purpose=row.purpose,
        reason=row.reason,
    )
    forged = leaf.leaf_hash(metadata, bytes(row.payload_hash))
    alter("UPDATE record_entry SET actor_key = 'somebody', leaf_hash = %s", forged)
    assert list(broken_entries()) == [(number, "mac")]


def test_an_erased_payload_still_proves():
    ids = enter(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_entry SET payload = NULL, salt = NULL WHERE id = %s", [ids[0]])
    assert Entry.objects.get(id=ids[0]).payload is None
    assert list(broken_entries()) == []
    assert entries_about(Subject("case", "C0"))[0].payload is None


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM record_entry",
        "TRUNCATE record_entry",
        "UPDATE record_entry SET reason = 'x'",
        "UPDATE record_entry SET payload = NULL",
        "UPDATE record_entry SET salt = NULL",
        "UPDATE record_entry SET payload = '{}', salt = NULL",
        "UPDATE record_entry SET payload = NULL, salt = NULL, actor_key = 'x'",
        "UPDATE record_entry SET payload = NULL, salt = NULL, at = now()",
    ],
)
def test_the_table_itself_refuses_to_forget_or_to_be_rewritten(sql: str):
    enter()
    with (
        pytest.raises(IntegrityError, match="append only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Entry.objects.count() == 1


def test_a_look_leaves_one_entry_with_every_subject_and_the_fields():
    subjects = [Subject("person", key) for key in ("P1", "P2", "P3")]
    look(CLERK, "办理公积金提取", subjects, ["phone", "address"], reason="窗口 3")
    row = Entry.objects.get()
    assert (row.action, row.subject_keys) == ("look", ["P1", "P2", "P3"])
    assert (row.purpose, row.reason) == ("办理公积金提取", "窗口 3")
    (seen,) = entries_about(Subject("person", "P2"))
    assert seen.payload == {"fields": ["address", "phone"]}


@pytest.mark.parametrize("purpose", ["", "   "])
def test_a_look_without_purpose_is_refused(refused, purpose: str):
    with refused("purpose_missing") as caught:
        look(CLERK, purpose, [Subject("person", "P1")], ["phone"])
    assert caught.value.field == "purpose"
    assert Entry.objects.count() == 0


def test_a_look_at_things_of_two_kinds_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="one kind"):
        look(CLERK, "x", [Subject("person", "P1"), Subject("house", "H1")], ["phone"])


def test_a_story_shows_the_newest_first_and_of_its_subject_only():
    now = datetime(2026, 3, 9, tzinfo=UTC)
    with connection.cursor() as cursor:
        for day, key in ((0, "A"), (1, "B"), (2, "A")):
            row = entry_row(CLERK, f"act_{day}", "case", [key], at=now + timedelta(days=day))
            cursor.execute(INSERT_ENTRY, row)
    assert [entry.action for entry in entries_about(Subject("case", "A"))] == ["act_2", "act_0"]
    assert entries_about(Subject("person", "A")) == []


def test_the_name_of_the_actor_is_no_part_of_the_record():
    enter()
    assert "苏静" not in str(Entry.objects.values().get())


def test_an_entry_knows_its_transaction_for_the_sealer():
    enter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert Entry.objects.get().transaction_id == cursor.fetchone()[0]
