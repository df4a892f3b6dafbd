"""How the deadlines of a case follow its steps: the whole limit, the stage's, and when the clock looks next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.engines.cases.models import Case, CaseDeadline
from linli.engines.cases.rules.deadlines import about_of, moments, reckon, start_step, steps_of
from linli.engines.cases.types import Category, Limit, ProcedureTable, Transition
from linli.registers.bus.actions import Deed
from linli.registers.calendar.queries import calendar

CLOCK_COLUMNS = ("due_at", "deadline_id", "stage_due_at", "stage_deadline_id", "paused_at", "escalate_at")


@dataclass(frozen=True, slots=True)
class FirstStage:
    """The deadline of the stage a new case is in; `fact` is kind and explanation."""

    due_at: datetime | None = None
    escalate_at: datetime | None = None
    fact: tuple[str, dict[str, Any]] = field(default=("", {}))


def deadline(limit: Limit, start: datetime) -> tuple[datetime, dict[str, Any]]:
    """Count a limit from `start`; the explanation carries the limit's source."""
    about = {"source": limit.source, "certainty": limit.certainty}
    found = reckon([start_step(start, limit)], calendar(), about)
    return found.due_at, found.explanation


def first_stage(procedure: ProcedureTable, at: datetime) -> FirstStage:
    """Count the limit of the stage a case is opened in; nothing where that stage has none of its own."""
    stage = procedure.stages.get(procedure.initial)
    if stage is None or stage.limit is None:
        return FirstStage()
    due, explanation = deadline(stage.limit, at)
    return FirstStage(due, next_look(procedure, stage.code, due, explanation), (stage.code, explanation))


def next_look(
    procedure: ProcedureTable, stage: str, due: datetime, explanation: dict[str, Any]
) -> datetime | None:
    """Return when the first step of the escalation table falls due, None when none concerns the stage."""
    found = moments(procedure.escalation, stage, due, explanation, calendar())
    return found[0][0] if found else None


def deadlines_follow(
    deed: Deed, case: Case, procedure: ProcedureTable, category: Category, step: Transition, reason: str
) -> None:
    """Let the deadlines of a case follow one step of it. The caller saves `CLOCK_COLUMNS`.

    Only steps the table marks touch the whole limit: start, extend, pause, resume. A stage's own limit begins when
    the case enters it; the handling stage has the whole limit.
    EFFECTS: a deadline fact for each due that begins or moves. COST: none to three statements.
    """
    whole = _whole(deed, case, procedure, category, step, reason)
    case.stage_due_at = case.stage_deadline_id = case.escalate_at = None
    stage = procedure.stages.get(case.state)
    if stage is None or case.paused_at is not None or case.closed_at is not None:
        return
    if stage.limit is not None:
        due, explanation = deadline(stage.limit, deed.at)
        case.stage_deadline_id = _keep(deed, case, stage.code, due, explanation)
    else:
        due, explanation = case.due_at, whole or CaseDeadline.objects.get(id=case.deadline_id).explanation
        case.stage_deadline_id = case.deadline_id
    case.stage_due_at = due
    case.escalate_at = next_look(procedure, stage.code, due, explanation)


def _whole(
    deed: Deed, case: Case, procedure: ProcedureTable, category: Category, step: Transition, reason: str
) -> dict[str, Any] | None:
    """Write the fact of the whole limit where the step touches it, and return its explanation."""
    if not step.clock:
        return None
    if step.clock == "start":
        due, explanation = deadline(category.limit, deed.at)
        case.paused_at = None
    else:
        former = CaseDeadline.objects.get(id=case.deadline_id).explanation
        steps = [*steps_of(former), _touch(deed, procedure, category, step, reason)]
        found = reckon(steps, calendar(), about_of(former))
        due, explanation = found.due_at, found.explanation
        if step.clock != "extend":
            case.paused_at = deed.at if step.clock == "pause" else None
    case.due_at = due
    case.deadline_id = _keep(deed, case, "handling", due, explanation)
    return explanation


def _touch(
    deed: Deed, procedure: ProcedureTable, category: Category, step: Transition, reason: str
) -> dict[str, Any]:
    if step.clock == "extend":
        limit = category.limit
        return {"do": "extend", "amount": limit.amount * procedure.delay_share, "unit": limit.unit}
    return {"do": step.clock, "at": deed.at.isoformat(), "reason": reason}


def _keep(deed: Deed, case: Case, kind: str, due: datetime, explanation: dict[str, Any]) -> int:
    return int(
        CaseDeadline.objects.create(
            case=case,
            kind=kind,
            due_at=due,
            explanation=explanation,
            at=deed.at,
            actor_kind=deed.actor.kind,
            actor_key=deed.actor.key,
        ).id
    )
