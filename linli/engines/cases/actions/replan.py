"""Follow a republished calendar: count the deadlines of open cases again, and say so where one moves."""

from __future__ import annotations

from linli.engines.cases import events
from linli.engines.cases.actions.columns import save_columns
from linli.engines.cases.actions.deadlines import next_look
from linli.engines.cases.models import Case, CaseDeadline
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version
from linli.engines.cases.rules.deadlines import about_of, reckon, steps_of
from linli.registers.bus.actions import Deed, act
from linli.registers.calendar.queries import NoCalendar, calendar
from linli.registers.calendar.types import WorkCalendar
from linli.registers.record.types import SYSTEM, Subject

BATCH = 200
COLUMNS = (
    "due_at",
    "deadline_id",
    "stage_due_at",
    "stage_deadline_id",
    "escalate_at",
    "calendar_version",
    "changed_at",
)


def cases_replan(limit: int = BATCH) -> int:
    """Take a batch of open cases that follow an older calendar, and count their deadlines by the one in force.

    Idempotent: a case that follows the calendar in force is not looked at again, also after a kill. A case opened
    before stages had clocks gets that of its handling here.
    EFFECTS: where a due moves: a deadline fact that says the calendar changed and what it was before, one record
    entry, event `case.changed`. Returns how many cases were looked at. COST: about six statements a batch, and one
    for each due that moves.
    """
    try:
        working = calendar()
    except NoCalendar:
        return 0
    behind = Case.objects.filter(closed_at__isnull=True, calendar_version__lt=working.version)
    if not behind.exists():
        return 0
    with act(SYSTEM, "cases_replan", Subject("calendar", working.code)) as deed:
        cases = list(behind.select_for_update(skip_locked=True).order_by("id")[:limit])
        ids = {key for case in cases for key in (case.deadline_id, case.stage_deadline_id) if key}
        facts = CaseDeadline.objects.in_bulk(ids)
        moved = [case for case in cases if _replanned(deed, case, facts, working)]
        save_columns(cases, COLUMNS)
        deed.payload |= {"version": working.version, "cases": len(cases), "moved": len(moved)}
        if moved:
            _tell(moved, working)
    return len(cases)


def _replanned(deed: Deed, case: Case, facts: dict[int, CaseDeadline], working: WorkCalendar) -> bool:
    """Count the deadlines of a case again; tell whether one moved."""
    former = (case.deadline_id, case.stage_deadline_id)
    case.calendar_version = working.version
    whole = _recounted(deed, facts[case.deadline_id], working)
    case.deadline_id, case.due_at = whole.id, whole.due_at
    fact = _stage_fact(deed, case, whole, facts, working)
    if fact is not None and fact.id != former[1]:
        case.stage_deadline_id, case.stage_due_at = fact.id, fact.due_at
        procedure = procedure_version(case.family, case.procedure_version)
        stage = procedure.stages[case.state].code
        case.escalate_at = next_look(procedure, stage, fact.due_at, fact.explanation)
    has_moved = (
        case.deadline_id != former[0] or (former[1] or case.stage_deadline_id) != case.stage_deadline_id
    )
    if has_moved:
        case.changed_at = deed.at
    return has_moved


def _stage_fact(
    deed: Deed, case: Case, whole: CaseDeadline, facts: dict[int, CaseDeadline], working: WorkCalendar
) -> CaseDeadline | None:
    """Return the deadline of the stage a case is in, counted again; None where no clock of a stage runs."""
    stage = procedure_version(case.family, case.procedure_version).stages.get(case.state)
    if stage is None or case.paused_at is not None:
        return None
    if stage.limit is None:
        return whole
    former = facts.get(case.stage_deadline_id or 0)
    return _recounted(deed, former, working) if former else None


def _recounted(deed: Deed, fact: CaseDeadline, working: WorkCalendar) -> CaseDeadline:
    """Return the fact itself where its due stays, else the new one."""
    before = {"version": fact.explanation["calendar_version"], "due": fact.due_at.isoformat()}
    about = about_of(fact.explanation) | {"calendar_before": before}
    found = reckon(steps_of(fact.explanation), working, about)
    if found.due_at == fact.due_at:
        return fact
    return CaseDeadline.objects.create(
        case_id=fact.case_id,
        kind=fact.kind,
        due_at=found.due_at,
        explanation=found.explanation,
        at=deed.at,
        actor_kind=deed.actor.kind,
        actor_key=deed.actor.key,
    )


def _tell(moved: list[Case], working: WorkCalendar) -> None:
    """Leave an entry and an event for each case whose due moved."""
    payload = {"calendar": working.code, "version": working.version}
    with act(SYSTEM, "case_replan", Subject("case", moved[0].code), payload=payload) as deed:
        deed.subjects = [Subject("case", case.code) for case in moved]
        for case in moved:
            state = procedure_version(case.family, case.procedure_version).states[case.state]
            category = catalogue_version(case.family, case.catalogue_version).by_code[case.category_code]
            data = events.case_data(case, state, category, "replan")
            deed.tell(events.CHANGED, data, events.case_labels(case), key=case.code)
