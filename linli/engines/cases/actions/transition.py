"""Moving a case from state to state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from linli.engines.cases import events
from linli.engines.cases.actions import checks
from linli.engines.cases.actions.callers import Who, actor_and_caller, found, permit, visible_to
from linli.engines.cases.actions.deadlines import CLOCK_COLUMNS, deadlines_follow
from linli.engines.cases.models import Case, CaseAssignment, CaseAttachment, CaseStatus
from linli.engines.cases.queries.allowed import may_take
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version
from linli.engines.cases.rules.procedure import holder_of, missing_needs, transition_from, transition_named
from linli.engines.cases.types import Moved, ProcedureTable, Transition
from linli.kernel.errors import Conflict, Forbidden, Unprocessable
from linli.registers.access.queries import account_names, department_exists, department_names
from linli.registers.bus.actions import Deed, act
from linli.registers.record.types import Subject

NEED_WORDS = {
    "reason": (_("没有写理由。"), _("请写明理由，对方要看。")),
    "department": (_("没有选承办单位。"), _("请选择一个单位。")),
    "photo": (_("没有照片。"), _("请拍一张现场照片。")),
    "note": (_("没有写情况说明。"), _("请用一句话写明做了什么。")),
}


@dataclass(frozen=True, slots=True)
class _Given:
    """What came with a transition."""

    reason: str
    department: str
    note: str
    photos: tuple[str, ...]


def case_transition(
    who: Who,
    code: str,
    action: str,
    *,
    reason: str = "",
    department: str = "",
    note: str = "",
    photos: Sequence[str] = (),
) -> Moved:
    """Take a case one step along the transition table it was opened under.

    `who` is a request, an account or an actor; an account must see the case and hold the row's permission.
    The row is locked, so of two people exactly one moves the case; the other is told who did, and when.
    EFFECTS: a status fact; an assignment when a department is named, a deadline when the clock starts, attachments;
    one record entry `case_<action>`, event `case.changed`.
    ERRORS: NotFound no_case; Forbidden not_permitted, not_the_holder; Conflict case_moved; Unprocessable
    unknown_action, need_<what>, unknown_department, text_too_long, photo_unknown, too_many_photos.
    COST: six to nine statements.
    """
    actor, caller = actor_and_caller(who)
    given = _Given(reason.strip(), department.strip(), note.strip(), tuple(dict.fromkeys(photos)))
    checks.check_text(given.reason, checks.TEXT_LIMIT, "reason")
    checks.check_text(given.note, checks.TEXT_LIMIT, "note")
    with act(actor, f"case_{action}"[:64], Subject("case", code), reason=given.reason) as deed:
        case = found(visible_to(caller).select_for_update().filter(code=code).first())
        procedure = procedure_version(case.family, case.procedure_version)
        named = transition_named(procedure, action)
        if named is None:
            raise Unprocessable(
                "unknown_action", _("没有这个动作。"), _("请刷新页面，从列出的动作中选择。"), field="action"
            )
        permit(caller, named.permission)
        transition = transition_from(procedure, case.state, action)
        if transition is None:
            raise moved_meanwhile(case, procedure)
        if caller is not None and not may_take(caller, transition, case):
            raise _not_the_holder(case)
        _check_needs(transition, given)
        _move(deed, case, procedure, transition, given)
    return Moved(case.code, case.state, case.department_code, case.holder_code, case.due_at, deed.at)


def moved_meanwhile(case: Case, procedure: ProcedureTable) -> Conflict:
    """Say who moved the case, when, and where it is now."""
    last = CaseStatus.objects.get(id=case.status_id)
    english = (get_language() or "").startswith("en")
    taken = transition_named(procedure, last.action)
    state = procedure.states[case.state]
    names = account_names([last.actor_key]) if last.actor_kind == "account" else {}
    what = gettext("这件事 %(time)s 已由%(who)s“%(action)s”，现在是“%(state)s”。") % {
        "time": format_date(timezone.localtime(last.at), gettext("n月j日 H:i")),
        "who": names.get(last.actor_key, gettext("系统") if last.actor_kind == "system" else gettext("市民")),
        "action": (taken.name_en if english else taken.name_zh) if taken else gettext("登记"),
        "state": state.name_en if english else state.name_zh,
    }
    return Conflict("case_moved", what, _("请刷新页面，看看现在还需要做什么。"))


def _not_the_holder(case: Case) -> Forbidden:
    holder = department_names().get(case.holder_code, case.holder_code)
    return Forbidden(
        "not_the_holder",
        _("这件事现在由%(holder)s承办，只有承办单位能办这一步。") % {"holder": holder},
        _("请由承办单位办理；要换单位，请联系派遣员。"),
    )


def _check_needs(transition: Transition, given: _Given) -> None:
    have = {need: bool(getattr(given, "photos" if need == "photo" else need)) for need in transition.needs}
    for need in missing_needs(transition, have):
        what, mend = NEED_WORDS[need]
        raise Unprocessable(f"need_{need}", what, mend, field="photos" if need == "photo" else need)
    checks.check_photos(given.photos)
    if "department" in transition.needs and not department_exists(given.department):
        raise Unprocessable(
            "unknown_department", _("没有这个单位。"), _("请从列表中选择承办单位。"), field="department"
        )


def _move(deed: Deed, case: Case, procedure: ProcedureTable, transition: Transition, given: _Given) -> None:
    """Write the facts of one step and point the case at them."""
    former_state, former_department, former_holder = case.state, case.department_code, case.holder_code
    if "department" in transition.needs:
        _assign(deed, case, given)
    state = procedure.states[transition.to]
    case.state, case.changed_at = state.code, deed.at
    case.holder_code = holder_of(procedure, transition.holder, case.department_code)
    case.closed_at = deed.at if state.final else None
    catalogue = catalogue_version(case.family, case.catalogue_version)
    category = catalogue.by_code[case.category_code]
    deadlines_follow(deed, case, procedure, category, transition, given.reason)
    case.status_id = CaseStatus.objects.create(
        case=case,
        action=transition.action,
        state=state.code,
        department_code=case.department_code,
        reason=given.reason,
        note=given.note,
        **_by(deed),
    ).id
    attach(deed, case, transition.action, given.photos)
    case.save(update_fields=CHANGED)
    deed.payload |= {
        "from": former_state,
        "to": case.state,
        "department": case.department_code,
        "due_at": case.due_at,
        "note": given.note,
        "photos": list(given.photos),
    }
    data = events.case_data(case, state, category, transition.action)
    deed.tell(events.CHANGED, data, events.case_labels(case, former_department, former_holder))


CHANGED = (
    "state",
    "changed_at",
    "holder_code",
    "department_code",
    "closed_at",
    "status_id",
    "assignment_id",
    *CLOCK_COLUMNS,
)


def attach(deed: Deed, case: Case, stage: str, photos: Sequence[str]) -> None:
    """Write the photos of one step. COST: one statement, none without photos."""
    if photos:
        CaseAttachment.objects.bulk_create(
            [CaseAttachment(case=case, sha256=sha256, stage=stage, **_by(deed)) for sha256 in photos]
        )


def _assign(deed: Deed, case: Case, given: _Given) -> None:
    """Note who decided on the department: the rule's proposal confirmed, or a person's correction."""
    proposed = CaseAssignment.objects.get(id=case.assignment_id)
    corrected = proposed.department_code != given.department
    if corrected or not proposed.rule_id:
        case.assignment_id = CaseAssignment.objects.create(
            case=case,
            department_code=given.department,
            rule_id="",
            reason_code="person",
            reason_zh="由派遣员指定",
            reason_en="Chosen by the dispatcher",
            **_by(deed),
        ).id
    deed.payload["corrected"] = corrected
    case.department_code = given.department


def _by(deed: Deed) -> dict[str, object]:
    return {"at": deed.at, "actor_kind": deed.actor.kind, "actor_key": deed.actor.key}
