"""Put a new case and its first facts into the database in one statement: one round trip instead of seven."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from linli.engines.cases.models import Case
from linli.engines.cases.types import Routed
from linli.registers.record.types import Actor

CASE = (
    "code, family, category_code, procedure_version, catalogue_version, routing_version, state, area_code, urban_unit, "
    "lon, lat, x_m, y_m, address, department_code, holder_code, priority, source, description, opened_at, due_at, "
    "changed_at, submission_id, submission_hash, secret_hash"
)
COLUMNS = CASE.split(", ")
INSERT_CASE = f"""
WITH ids AS MATERIALIZED (
  SELECT nextval('cases_case_id_seq') AS id, nextval('cases_casestatus_id_seq') AS status_id,
    nextval('cases_caselocation_id_seq') AS location_id, nextval('cases_caseassignment_id_seq') AS assignment_id,
    nextval('cases_casedeadline_id_seq') AS deadline_id
), opened AS (
  INSERT INTO cases_case (id, status_id, location_id, assignment_id, deadline_id, {CASE})
  SELECT ids.*, {", ".join(["%s"] * len(COLUMNS))} FROM ids
  ON CONFLICT DO NOTHING RETURNING *
), who AS (
  SELECT opened.id AS case_id, opened_at AS at, %s::text AS actor_kind, %s::text AS actor_key FROM opened
), status AS (
  INSERT INTO cases_casestatus (id, case_id, at, actor_kind, actor_key, action, state, department_code, reason, note)
  SELECT status_id, who.*, 'open', state, department_code, '', '' FROM opened, who
), location AS (
  INSERT INTO cases_caselocation
    (id, case_id, at, actor_kind, actor_key, lon, lat, x_m, y_m, area_code, urban_unit, dedicated, address)
  SELECT location_id, who.*, lon, lat, x_m, y_m, area_code, urban_unit, %s, address FROM opened, who
), assignment AS (
  INSERT INTO cases_caseassignment
    (id, case_id, at, actor_kind, actor_key, department_code, rule_id, reason_code, reason_zh, reason_en)
  SELECT assignment_id, who.*, department_code, %s, %s, %s, %s FROM opened, who
), deadline AS (
  INSERT INTO cases_casedeadline (id, case_id, at, actor_kind, actor_key, kind, due_at, explanation)
  SELECT deadline_id, who.*, 'expected', due_at, %s FROM opened, who
)"""  # noqa: S608  (the columns are the constant above)
INSERT_REPORTER = """, reporter AS (
  INSERT INTO cases_casereporter (case_id, at, actor_kind, actor_key, name_sealed, phone_sealed, phone_search)
  SELECT who.*, %s, %s, %s FROM who
)"""
INSERT_PHOTOS = """, photos AS (
  INSERT INTO cases_caseattachment (case_id, at, actor_kind, actor_key, sha256, stage)
  SELECT who.*, sha256, 'open' FROM who, unnest(%s::text[]) AS sha256
)"""


def insert_case(
    case: Case,
    actor: Actor,
    dedicated: str,
    routed: Routed,
    explanation: dict[str, Any],
    contact: Sequence[bytes | None] | None,
    photos: Sequence[str],
) -> bool:
    """Insert the case with status, location, assignment, deadline, and contact and photos where given.

    Returns False, with nothing inserted, when the submission id or the code is taken.
    COST: one statement.
    """
    statement = INSERT_CASE
    values: list[Any] = [getattr(case, column) for column in COLUMNS]
    values += [actor.kind, actor.key, dedicated]
    values += [routed.rule_id, routed.reason_code, routed.reason_zh, routed.reason_en, Jsonb(explanation)]
    if contact is not None:
        statement += INSERT_REPORTER
        values += contact
    if photos:
        statement += INSERT_PHOTOS
        values.append(list(photos))
    with connection.cursor() as cursor:
        cursor.execute(statement + " SELECT id FROM opened", values)  # noqa: S608
        return cursor.fetchone() is not None
