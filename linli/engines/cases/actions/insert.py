"""Put a new case, its first facts and the traces of the act into the database in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from linli.engines.cases.models import Case
from linli.engines.cases.types import Routed
from linli.registers.bus.actions import Deed
from linli.registers.bus.once import act_once

COLUMNS = (
    "code",
    "family",
    "category_code",
    "procedure_version",
    "catalogue_version",
    "routing_version",
    "state",
    "area_code",
    "urban_unit",
    "lon",
    "lat",
    "x_m",
    "y_m",
    "address",
    "department_code",
    "holder_code",
    "priority",
    "source",
    "description",
    "due_at",
    "submission_id",
    "submission_hash",
    "secret_hash",
    "stage_due_at",
    "calendar_version",
    "escalate_at",
)
INSERT_CASE = f"""
WITH ids AS MATERIALIZED (
  SELECT nextval('cases_case_id_seq') AS id, nextval('cases_casestatus_id_seq') AS status_id,
    nextval('cases_caselocation_id_seq') AS location_id, nextval('cases_caseassignment_id_seq') AS assignment_id,
    nextval('cases_casedeadline_id_seq') AS deadline_id,
    CASE WHEN %(stage_due_at)s::timestamptz IS NOT NULL THEN nextval('cases_casedeadline_id_seq') END
      AS stage_deadline_id
), opened AS (
  INSERT INTO cases_case
    (id, status_id, location_id, assignment_id, deadline_id, stage_deadline_id, opened_at, changed_at,
     {", ".join(COLUMNS)})
  SELECT ids.*, %(act_at)s, %(act_at)s, {", ".join(f"%({name})s" for name in COLUMNS)} FROM ids
  ON CONFLICT DO NOTHING RETURNING *
), who AS (
  SELECT id AS case_id, opened_at AS at, %(actor_kind)s::text AS actor_kind, %(actor_key)s::text AS actor_key
  FROM opened
), status AS (
  INSERT INTO cases_casestatus (id, case_id, at, actor_kind, actor_key, action, state, department_code, reason, note)
  SELECT status_id, who.*, 'open', state, department_code, '', '' FROM opened, who
), location AS (
  INSERT INTO cases_caselocation
    (id, case_id, at, actor_kind, actor_key, lon, lat, x_m, y_m, area_code, urban_unit, dedicated, address)
  SELECT location_id, who.*, lon, lat, x_m, y_m, area_code, urban_unit, %(dedicated)s, address FROM opened, who
), assignment AS (
  INSERT INTO cases_caseassignment
    (id, case_id, at, actor_kind, actor_key, department_code, rule_id, reason_code, reason_zh, reason_en)
  SELECT assignment_id, who.*, department_code, %(rule_id)s, %(reason_code)s, %(reason_zh)s, %(reason_en)s
  FROM opened, who
), deadline AS (
  INSERT INTO cases_casedeadline (id, case_id, at, actor_kind, actor_key, kind, due_at, explanation)
  SELECT deadline_id, who.*, 'expected', due_at, %(explanation)s FROM opened, who
  UNION ALL SELECT stage_deadline_id, who.*, %(stage_kind)s, stage_due_at, %(stage_explanation)s FROM opened, who
  WHERE stage_due_at IS NOT NULL
)"""  # noqa: S608  (the columns are the constant above)
INSERT_REPORTER = """, reporter AS (
  INSERT INTO cases_casereporter (case_id, at, actor_kind, actor_key, name_sealed, phone_sealed, phone_search)
  SELECT who.*, %(name_sealed)s, %(phone_sealed)s, %(phone_search)s FROM who
)"""
INSERT_PHOTOS = """, photos AS (
  INSERT INTO cases_caseattachment (case_id, at, actor_kind, actor_key, sha256, stage)
  SELECT who.*, sha256, 'open' FROM who, unnest(%(photos)s::text[]) AS sha256
)"""


def insert_case(
    deed: Deed,
    case: Case,
    dedicated: str,
    routed: Routed,
    explanation: dict[str, Any],
    stage: tuple[str, dict[str, Any]],
    contact: Mapping[str, bytes | None] | None,
    photos: Sequence[str],
) -> bool:
    """Insert the case with status, location, assignment, deadline, contact and photos where given, and the traces.

    `stage` is the kind and explanation of the first stage's deadline, both empty when `case.stage_due_at` is None.
    Returns False, with nothing left behind, when the submission id or the code is taken.
    COST: one round trip.
    """
    statement = INSERT_CASE
    values: dict[str, Any] = {name: getattr(case, name) for name in COLUMNS}
    values |= {
        "dedicated": dedicated,
        "rule_id": routed.rule_id,
        "reason_code": routed.reason_code,
        "reason_zh": routed.reason_zh,
        "reason_en": routed.reason_en,
        "explanation": Jsonb(explanation),
        "stage_kind": stage[0],
        "stage_explanation": Jsonb(stage[1]),
    }
    if contact is not None:
        statement += INSERT_REPORTER
        values |= contact
    if photos:
        statement += INSERT_PHOTOS
        values["photos"] = list(photos)
    return act_once(deed, statement, values, done="opened") is not None
