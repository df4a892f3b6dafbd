"""Notes and photos beside the steps, the reporter's rating, and showing a contact."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from linli.engines.cases import events
from linli.engines.cases.actions import checks
from linli.engines.cases.actions.callers import Who, actor_and_caller, found, permit, visible_to
from linli.engines.cases.actions.transition import attach
from linli.engines.cases.models import Case, CaseNote, CaseRating, CaseReporter
from linli.engines.cases.queries.public import case_of_reporter
from linli.engines.cases.queries.rulebook import catalogue_version, procedure_version
from linli.engines.cases.secrets import name_cipher, phone_cipher
from linli.engines.cases.types import Contact, Rated
from linli.kernel.errors import Conflict, Unprocessable
from linli.registers.bus.actions import Deed, act
from linli.registers.record.actions import look
from linli.registers.record.types import Actor, Subject


def case_note(who: Who, code: str, text: str) -> None:
    """Write a remark on a case; its state and its deadline stay as they are.

    EFFECTS: one fact, one record entry, event `case.changed`. ERRORS: NotFound; Forbidden; Unprocessable need_note.
    """
    actor, caller = actor_and_caller(who)
    text = text.strip()
    checks.check_text(text, checks.TEXT_LIMIT, "note")
    if not text:
        raise Unprocessable("need_note", _("没有写内容。"), _("请写下要说明的情况。"), field="note")
    with act(actor, "case_note", Subject("case", code), payload={"note": text}) as deed:
        permit(caller, "case.note")
        case = found(visible_to(caller).select_for_update().filter(code=code).first())
        CaseNote.objects.create(case=case, at=deed.at, actor_kind=actor.kind, actor_key=actor.key, text=text)
        _touch(deed, case, "note")


def case_attach(who: Who, code: str, photos: Sequence[str]) -> None:
    """Add stored photos to a case outside any step.

    EFFECTS: one fact a photo, one record entry, event `case.changed`. ERRORS: NotFound; Forbidden; Unprocessable
    need_photo, photo_unknown, too_many_photos.
    """
    actor, caller = actor_and_caller(who)
    photos = tuple(dict.fromkeys(photos))
    if not photos:
        raise Unprocessable("need_photo", _("没有照片。"), _("请选择要补充的照片。"), field="photos")
    checks.check_photos(photos)
    with act(actor, "case_attach", Subject("case", code), payload={"photos": list(photos)}) as deed:
        permit(caller, "case.note")
        case = found(visible_to(caller).select_for_update().filter(code=code).first())
        attach(deed, case, "attach", photos)
        _touch(deed, case, "attach")


def case_rate(code: str, secret: str, score: int, words: str = "") -> Rated:
    """Take in the reporter's rating of a finished case, once.

    EFFECTS: one fact, one record entry under the case's code, event `case.rated` with the score, never the words.
    ERRORS: NotFound for an unknown code or a wrong secret alike; Unprocessable bad_score; Conflict not_finished,
    rated_already.
    """
    if isinstance(score, bool) or score not in range(1, 6):
        raise Unprocessable("bad_score", _("评分须是 1 到 5。"), _("请选一到五颗星。"), field="score")
    words = words.strip()
    checks.check_text(words, checks.TEXT_LIMIT, "words")
    known = case_of_reporter(code, secret)
    actor = Actor("citizen", known.code)
    with act(
        actor, "case_rate", Subject("case", known.code), payload={"score": score, "words": words}
    ) as deed:
        case = Case.objects.select_for_update().get(id=known.id)
        if case.closed_at is None:
            raise Conflict("not_finished", _("这件事还没有办结。"), _("办结后再来评价。"))
        if case.rating is not None:
            raise Conflict("rated_already", _("这件事已经评价过了。"), _("每件事只评价一次，感谢您。"))
        CaseRating.objects.create(
            case=case, at=deed.at, actor_kind=actor.kind, actor_key=actor.key, score=score, words=words
        )
        case.rating = score
        _touch(deed, case, "rate", events.RATED)
    return Rated(case.code, score)


def case_reporter_reveal(who: Who, code: str, purpose: str) -> Contact:
    """Show a case's contact in full to somebody who may, for a stated purpose.

    EFFECTS: one record entry of the look, before anything is shown. ERRORS: NotFound; Forbidden; Refusal
    purpose_missing.
    """
    actor, caller = actor_and_caller(who)
    permit(caller, "case.reveal")
    case = found(visible_to(caller).filter(code=code).first())
    row = CaseReporter.objects.filter(case=case).order_by("-id").first()
    look(actor, purpose, [Subject("case", code)], ["reporter_name", "reporter_phone"])
    if row is None:
        return Contact()
    return Contact(
        name=name_cipher().open(row.name_sealed) if row.name_sealed else "",
        phone=phone_cipher().open(row.phone_sealed) if row.phone_sealed else "",
        given=True,
    )


def _touch(deed: Deed, case: Case, action: str, event: str = events.CHANGED) -> None:
    """Mark a case as changed, nothing else of it moving, and tell so."""
    case.changed_at = deed.at
    case.save(update_fields=("changed_at", "rating"))
    state = procedure_version(case.family, case.procedure_version).states[case.state]
    category = catalogue_version(case.family, case.catalogue_version).by_code[case.category_code]
    data = events.case_data(case, state, category, action)
    if case.rating is not None:
        data["rating"] = case.rating
    deed.tell(event, data, events.case_labels(case))
