"""One case as staff see it: the story, the people in it as far as they may be seen, what may be done now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.models import (
    Case,
    CaseAssignment,
    CaseAttachment,
    CaseDeadline,
    CaseEscalation,
    CaseLocation,
    CaseNote,
    CaseRating,
    CaseReporter,
    CaseStatus,
)
from linli.engines.cases.queries.allowed import may_take
from linli.engines.cases.queries.due_words import due_sentences, moment
from linli.engines.cases.queries.rulebook import procedure_version
from linli.engines.cases.queries.visible import Caller, case_rows, cases_visible
from linli.engines.cases.rules.procedure import transition_named, transitions_from
from linli.engines.cases.secrets import name_cipher, phone_cipher
from linli.engines.cases.types import CaseDetail, Contact, Photo, ProcedureTable, StoryLine, TransitionOption
from linli.kernel.crypt import mask_name, mask_phone
from linli.kernel.errors import NotFound
from linli.registers.access.queries import account_names, sight
from linli.registers.files.queries import photo_url

OPENED = ("登记", "Reported")


def case_detail(caller: Caller, code: str) -> CaseDetail:
    """Return everything the caller may see of one case.

    ERRORS: NotFound for a case that is not there or not to be seen. COST: twelve queries, whatever its length.
    """
    case = cases_visible(caller).filter(code=code.strip().upper()).first()
    if case is None:
        raise NotFound(
            "no_case", _("没有这件案件，或您的岗位看不到它。"), _("请检查编号；如工作需要，请联系派遣员。")
        )
    procedure = procedure_version(case.family, case.procedure_version)
    photos = _photos(case)
    deadline = CaseDeadline.objects.get(id=case.deadline_id)
    assignment = CaseAssignment.objects.get(id=case.assignment_id)
    location = CaseLocation.objects.get(id=case.location_id)
    return CaseDetail(
        row=case_rows((case,))[0],
        story=_story(case, procedure, photos),
        photos=photos,
        contact=_contact(caller, case),
        reason_zh=assignment.reason_zh,
        reason_en=assignment.reason_en,
        due_explanation=deadline.explanation,
        due_sentences=tuple(due_sentences(deadline.kind, deadline.explanation)),
        urban_unit=location.urban_unit,
        dedicated=location.dedicated,
        procedure_version=case.procedure_version,
        options=transitions_open_to(caller, case),
    )


def transitions_open_to(caller: Caller, case: Case) -> tuple[TransitionOption, ...]:
    """Return what the caller may do with a case now, the usual action first."""
    procedure = procedure_version(case.family, case.procedure_version)
    options = [
        TransitionOption(
            action=row.action,
            name_zh=row.name_zh,
            name_en=row.name_en,
            to=procedure.states[row.to],
            needs=row.needs,
            asks=row.asks,
            usual=row.usual,
        )
        for row in transitions_from(procedure, case.state)
        if may_take(caller, row, case)
    ]
    return tuple(sorted(options, key=lambda option: not option.usual))


def _photos(case: Case) -> tuple[Photo, ...]:
    rows = CaseAttachment.objects.filter(case=case).order_by("id")
    return tuple(
        Photo(row.sha256, row.stage, row.at, photo_url(row.sha256), photo_url(row.sha256, 320))
        for row in rows
    )


def _contact(caller: Caller, case: Case) -> Contact:
    """Read the contact masked, or not at all, as the field rules say. Full only by `case_reporter_reveal`."""
    row = CaseReporter.objects.filter(case=case).order_by("-id").first()
    if row is None:
        return Contact()
    name = phone = ""
    if row.name_sealed and sight(caller, "case", "reporter_name") != "hide":
        name = mask_name(name_cipher().open(row.name_sealed))
    if row.phone_sealed and sight(caller, "case", "reporter_phone") != "hide":
        phone = mask_phone(phone_cipher().open(row.phone_sealed))
    return Contact(name, phone, given=True)


def _story(case: Case, procedure: ProcedureTable, photos: tuple[Photo, ...]) -> tuple[StoryLine, ...]:
    """Tell what happened, newest first. COST: five queries and one for the names."""
    statuses = list(CaseStatus.objects.filter(case=case).order_by("id"))
    notes = list(CaseNote.objects.filter(case=case).order_by("id"))
    ratings = list(CaseRating.objects.filter(case=case))
    names = _names([*statuses, *notes, *ratings])
    climbed = CaseEscalation.objects.filter(case=case).order_by("id")
    replanned = CaseDeadline.objects.filter(case=case, explanation__has_key="calendar_before").order_by("id")
    told = [
        *(_status_line(row, procedure, names, photos) for row in statuses),
        *(StoryLine("note", row.at, names[_who(row)], "备注", "Note", row.text) for row in notes),
        *(
            StoryLine(
                "rating",
                row.at,
                names[_who(row)],
                f"评价 {row.score} 分",
                f"Rated {row.score} of 5",
                row.words,
            )
            for row in ratings
        ),
        *(_climb_line(row, procedure) for row in climbed),
        *(_replan_line(row) for row in replanned),
    ]
    told += [
        StoryLine("photo", photo.at, "", "补充照片", "Photo added", photos=(photo,))
        for photo in photos
        if photo.stage == "attach"
    ]
    told.sort(key=lambda line: line.at)
    return tuple(told[::-1])  # turned round after sorting: of one moment, the later fact comes first


def _climb_line(row: CaseEscalation, procedure: ProcedureTable) -> StoryLine:
    """Tell a step of the escalation: what was late, and who has taken over."""
    english = (get_language() or "").startswith("en")
    target = procedure.targets.get(row.takes_over)
    words = [gettext("应于 %(time)s 前完成本环节。") % {"time": moment(row.due_at.isoformat())}]
    if target is not None:
        words.append(gettext("现由%(who)s过问。") % {"who": target.name_en if english else target.name_zh})
    return StoryLine("escalation", row.at, gettext("系统"), row.name_zh, row.name_en, "".join(words))


def _replan_line(row: CaseDeadline) -> StoryLine:
    """Tell that a republished calendar moved a due time."""
    words = gettext("工作日历重新公布，到期时间由 %(old)s 改为 %(new)s。") % {
        "old": moment(row.explanation["calendar_before"]["due"]),
        "new": moment(row.due_at.isoformat()),
    }
    return StoryLine("deadline", row.at, gettext("系统"), "时限重算", "Deadline counted again", words)


def _status_line(
    row: CaseStatus, procedure: ProcedureTable, names: Mapping[tuple[str, str], str], photos: Iterable[Photo]
) -> StoryLine:
    taken = transition_named(procedure, row.action)
    zh, en = (taken.name_zh, taken.name_en) if taken else OPENED
    return StoryLine(
        kind="status",
        at=row.at,
        actor=names[_who(row)],
        title_zh=zh,
        title_en=en,
        text="\n".join(part for part in (row.reason, row.note) if part),
        state=procedure.states[row.state],
        department_code=row.department_code,
        photos=tuple(photo for photo in photos if photo.stage == row.action and photo.at == row.at),
    )


def _who(row: CaseStatus | CaseNote | CaseRating) -> tuple[str, str]:
    return row.actor_kind, row.actor_key


def _names(facts: Iterable[CaseStatus | CaseNote | CaseRating]) -> dict[tuple[str, str], str]:
    keys = {_who(row) for row in facts}
    accounts = account_names([key for kind, key in keys if kind == "account"])
    words = {"citizen": gettext("市民"), "system": gettext("系统"), "device": gettext("设备")}
    return {
        (kind, key): accounts.get(key, key) if kind == "account" else words.get(kind, kind)
        for kind, key in keys
    }
