"""Climb with cases that are late: the clock's own act, by the escalation table a case was opened under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from linli.engines.cases import events
from linli.engines.cases.actions.columns import save_columns
from linli.engines.cases.models import Case, CaseDeadline, CaseEscalation
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version
from linli.engines.cases.rules.deadlines import moments
from linli.engines.cases.types import EscalationStep, ProcedureTable
from linli.kernel import clock
from linli.registers.access.queries import departments_staffed
from linli.registers.bus.actions import Deed, act
from linli.registers.calendar.queries import calendar
from linli.registers.calendar.types import WorkCalendar
from linli.registers.record.types import SYSTEM, Subject

BATCH = 250
COLUMNS = ("escalate_at", "escalated_step", "escalated_to", "supervised_at")


@dataclass(frozen=True, slots=True)
class _Climb:
    """One step of the table a case takes now."""

    case: Case
    fact: CaseDeadline
    step: EscalationStep
    scheduled_at: datetime
    is_unowned: bool


def cases_escalate(limit: int = BATCH) -> int:
    """Take a batch of the cases whose next look has come, longest waiting first, and climb with each.

    Cases another worker or a person holds are left for the next batch; nothing is looked at twice and nothing passed
    over, because the next look is set in the transaction that takes the step.
    EFFECTS: a fact and an event `case.escalated` for each step, one record entry for each case and step, 督办 and
    who has taken over on the case; nothing when nobody is waiting. Returns how many cases were looked at.
    COST: about a dozen statements a batch, one for each step of the table more.
    """
    at = clock.now()
    waiting = Case.objects.filter(escalate_at__lte=at)
    if not waiting.exists():
        return 0
    with act(SYSTEM, "cases_escalate", Subject("clock", "cases-escalate")) as deed:
        cases = list(waiting.select_for_update(skip_locked=True).order_by("escalate_at", "id")[:limit])
        climbs = list(_climbs(cases, at))
        by_step: dict[str, list[_Climb]] = defaultdict(list)
        for climb in climbs:
            by_step[climb.step.id].append(climb)
        for step, group in by_step.items():
            _climb(step, group)
        save_columns(cases, COLUMNS)
        deed.payload |= {"cases": len(cases), "steps": len(climbs)}
    return len(cases)


def _climbs(cases: list[Case], at: datetime) -> Iterator[_Climb]:
    """Find the steps that are due and not taken, and set on each case when to look next. COST: three queries."""
    ids = [case.stage_deadline_id for case in cases if case.stage_deadline_id is not None]
    facts = CaseDeadline.objects.in_bulk(ids)
    taken = set(CaseEscalation.objects.filter(deadline_id__in=ids).values_list("deadline_id", "step"))
    staffed, working = departments_staffed(), calendar()
    for case in cases:
        case.escalate_at = None
        fact = facts.get(case.stage_deadline_id or 0)
        if fact is None:
            continue
        procedure = procedure_version(case.family, case.procedure_version)
        is_unowned = case.state in procedure.unowned_states or case.holder_code not in staffed
        for moment, step in _moments(case, fact, procedure, working):
            if moment > at:
                case.escalate_at = moment
                break
            if (fact.id, step.id) not in taken and (is_unowned or not step.unowned):
                yield _Climb(case, fact, step, moment, is_unowned)


def _moments(
    case: Case, fact: CaseDeadline, procedure: ProcedureTable, working: WorkCalendar
) -> list[tuple[datetime, EscalationStep]]:
    stage = procedure.stages.get(case.state)
    rows = procedure.escalation
    return moments(rows, stage.code, fact.due_at, fact.explanation, working) if stage else []


def _climb(step: str, group: list[_Climb]) -> None:
    """Take one step of the table with the cases whose time it is: entry, fact and event for each."""
    with act(SYSTEM, "case_escalate", Subject("case", group[0].case.code), payload={"step": step}) as deed:
        deed.subjects = [Subject("case", climb.case.code) for climb in group]
        CaseEscalation.objects.bulk_create([_taken(deed, climb) for climb in group])


def _taken(deed: Deed, climb: _Climb) -> CaseEscalation:
    """Mark the case, tell whom the table names, and return the fact to keep."""
    case, step = climb.case, climb.step
    procedure = procedure_version(case.family, case.procedure_version)
    targets = [procedure.targets[key] for key in step.tell]
    told = list(dict.fromkeys(one.department or case.holder_code or case.department_code for one in targets))
    case.escalated_step, case.escalated_to = step.id, step.takes_over or case.escalated_to
    if step.supervise and case.supervised_at is None:
        case.supervised_at = deed.at
    category = catalogue_version(case.family, case.catalogue_version).by_code[case.category_code]
    data = events.case_data(case, procedure.states[case.state], category, "escalate") | {
        "step": step.id,
        "step_name_zh": step.name_zh,
        "step_name_en": step.name_en,
        "told": list(step.tell),
        "takes_over": step.takes_over,
        "unowned": climb.is_unowned,
        "stage_due_at": climb.fact.due_at,
    }
    deed.tell(events.ESCALATED, data, events.case_labels(case, *told), key=case.code)
    return CaseEscalation(
        case=case,
        deadline_id=climb.fact.id,
        step=step.id,
        scheduled_at=climb.scheduled_at,
        due_at=climb.fact.due_at,
        told=told,
        takes_over=step.takes_over,
        is_unowned=climb.is_unowned,
        supervise=step.supervise,
        name_zh=step.name_zh,
        name_en=step.name_en,
        at=deed.at,
        actor_kind=deed.actor.kind,
        actor_key=deed.actor.key,
    )
