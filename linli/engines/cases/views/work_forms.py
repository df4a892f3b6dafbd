"""What staff fill in on the page of a case: exactly what the chosen action needs or asks for, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.forms import PHOTO_TYPES, SeveralFiles
from linli.engines.cases.types import TransitionOption

TEXT_MAX = 2_000
PHOTOS_MAX = 6
# On site the photo comes first: it is taken while standing there.
FIELD_ORDER = ("department", "photo", "reason", "note")
PURPOSES = (
    ("verify", _("核实情况")),
    ("visit", _("约时间上门处置")),
    ("answer", _("回访处理结果")),
    ("other", _("其他")),
)
TOO_LONG = {"max_length": _("最多 2000 个字，现在有 %(show_value)s 个。请删减一些。")}


class SitePhotosField(forms.FileField):
    """Photos taken on site; a phone opens its camera at once."""

    widget = SeveralFiles(attrs={"accept": PHOTO_TYPES, "multiple": True, "capture": "environment"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """ERRORS: ValidationError when there are none but must be, or too many."""
        photos = [photo for photo in (data if isinstance(data, list | tuple) else [data]) if photo]
        if self.required and not photos:
            raise forms.ValidationError(_("请拍一张现场照片。"), code="required")
        if len(photos) > PHOTOS_MAX:
            raise forms.ValidationError(
                _("一次最多 %(limit)s 张照片，您选了 %(count)s 张。请去掉几张。"),
                code="too_many",
                params={"limit": PHOTOS_MAX, "count": len(photos)},
            )
        return photos


class ActionForm(forms.Form):
    """One action of the transition table: its `needs` are required fields, its `asks` optional ones.

    `departments` are groups of choices, the suggested one chosen beforehand.
    """

    def __init__(
        self,
        option: TransitionOption,
        *args: Any,
        departments: Sequence[tuple[Any, Sequence[tuple[str, str]]]] = (),
        suggested: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "act-%s", **options})
        for name in sorted((*option.needs, *option.asks), key=FIELD_ORDER.index):
            is_needed = name in option.needs
            if name == "department":
                self.fields["department"] = forms.ChoiceField(
                    label=_("派给哪个单位"),
                    required=is_needed,
                    choices=list(departments),
                    initial=suggested,
                    error_messages={
                        "required": _("请选择承办单位。"),
                        "invalid_choice": _("请从列表中选择承办单位。"),
                    },
                )
            elif name == "photo":
                self.fields["photos"] = SitePhotosField(label=_("现场照片"), required=is_needed)
            else:
                self.fields[name] = _text_field(name, is_needed, option.action)


class NoteForm(forms.Form):
    """A remark that changes nothing but the story."""

    text = forms.CharField(
        label=_("备注"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下要说明的情况。"), **TOO_LONG},
    )


class RevealForm(forms.Form):
    """Why somebody wants to see a telephone number."""

    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=PURPOSES,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择用途。"), "invalid_choice": _("请选择用途。")},
    )
    purpose_other = forms.CharField(
        label=_("其他用途"), required=False, max_length=80, help_text=_("选“其他”时填写。")
    )

    def clean(self) -> dict[str, Any]:
        """The purpose as one phrase for the record."""
        data = super().clean() or self.cleaned_data
        chosen, words = str(data.get("purpose") or ""), data.get("purpose_other", "").strip()
        if chosen == "other" and not words:
            self.add_error("purpose_other", _("请写明用途。"))
        data["phrase"] = words if chosen == "other" else str(dict(PURPOSES).get(chosen, ""))
        return data


def _text_field(name: str, is_needed: bool, action: str) -> forms.CharField:
    labels = {"reason": _("理由"), "note": _("处置情况") if action == "finish" else _("备注")}
    hints: dict[str, Any] = {"reason": _("对方会看到。写清楚原因，便于下一步办理。"), "note": ""}
    required = {"reason": _("请写明理由。"), "note": _("请用一句话写明做了什么。")}
    return forms.CharField(
        label=labels[name],
        required=is_needed,
        max_length=TEXT_MAX,
        help_text=hints[name],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": required[name], **TOO_LONG},
    )
