"""What citizens fill in: a report, the search for one, a rating. Words are for people who report once a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import uuid7

PHOTOS_MAX = 3
DESCRIPTION_MAX = 1_000
PHOTO_TYPES = "image/jpeg,image/png,image/webp"
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
SCORES = ((5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意")))
Choices = Sequence[tuple[str, Any]]


class SeveralFiles(forms.FileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to three photos. What is inside them is judged by the files register, which names the file it refuses."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """ERRORS: ValidationError when there are more than three."""
        photos = [photo for photo in (data if isinstance(data, list | tuple) else [data]) if photo]
        if len(photos) > PHOTOS_MAX:
            raise forms.ValidationError(
                _("一次最多 %(limit)s 张照片，您选了 %(count)s 张。请去掉几张。"),
                code="too_many",
                params={"limit": PHOTOS_MAX, "count": len(photos)},
            )
        return photos


def clean_phone(text: str) -> str:
    """Return a telephone number without spaces and country code. ERRORS: ValidationError when it is none."""
    number = re.sub(r"[\s()（）]", "", text).removeprefix("+86").replace("—", "-")
    if number and not PHONE.fullmatch(number):
        raise forms.ValidationError(
            _("这个号码不像电话号码。请填 11 位手机号，或带区号的座机号；也可以不填。")
        )
    return number


class ReportForm(forms.Form):
    """One report. `kinds` are the plain-language kinds, `categories` the whole catalogue in groups.

    After `is_valid()`: `category` is a code or empty; `lon` and `lat` are both there or both None.
    """

    submission_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    photos = PhotosField(
        label=_("照片"),
        required=False,
        widget=SeveralFiles(attrs={"accept": PHOTO_TYPES, "multiple": True}),
    )
    kind = forms.ChoiceField(label=_("什么事"), required=False, widget=forms.RadioSelect)
    category_other = forms.ChoiceField(label=_("从完整目录里选"), required=False)
    description = forms.CharField(
        label=_("说说情况"),
        required=False,
        max_length=DESCRIPTION_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("最多 1000 个字，现在有 %(show_value)s 个。请删减一些。")},
    )
    address = forms.CharField(
        label=_("详细地点"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"max_length": _("地点最多 120 个字。请写短一些。")},
    )
    address_choice = forms.ChoiceField(label=_("您说的是哪里？"), required=False, widget=forms.RadioSelect)
    contact_phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(
        self, *args: Any, kinds: Choices, categories: Sequence[tuple[Any, Choices]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["category_other"].choices = [("", _("（不选）")), *categories]  # type: ignore[attr-defined]
        # Only what the page itself offered is taken back: places are looked up again when it is sent.
        offered = self.data.getlist("address_offered") if hasattr(self.data, "getlist") else []
        self.fields["address_choice"].choices = [(text, text) for text in offered[:8]]  # type: ignore[attr-defined]

    def clean_contact_phone(self) -> str:
        return clean_phone(self.cleaned_data["contact_phone"])

    def clean(self) -> dict[str, Any]:
        """A report needs a photo or words, a kind or words to guess it by, and a place."""
        data = super().clean() or self.cleaned_data
        data["category"] = data.get("category_other") or data.get("kind") or ""
        if (
            "photos" in data
            and "description" in data
            and not data["photos"]
            and not data["description"].strip()
        ):
            self.add_error("photos", _("请拍一张照片；不方便拍照，就在“说说情况”里写几句。"))
        if data.get("lon") is None or data.get("lat") is None:
            data["lon"] = data["lat"] = None
            if "address" in data and not (data["address"].strip() or data.get("address_choice")):
                self.add_error("address", _("请说明地点：在地图上点一下，或写出路名、小区名、单位名。"))
        return data


class TrackForm(forms.Form):
    """The number of a report, and the proof that one may see it: its secret or the phone left with it."""

    code = forms.CharField(
        label=_("编号"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("请填写编号。它在上报成功的页面上。")},
    )
    proof = forms.CharField(
        label=_("查询码或电话"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写查询码，或上报时留下的电话。")},
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    def clean_proof(self) -> str:
        return re.sub(r"\s", "", self.cleaned_data["proof"])


class RatingForm(forms.Form):
    """How content the reporter is."""

    score = forms.TypedChoiceField(
        label=_("满意度"),
        coerce=int,
        choices=SCORES,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个。")},
    )
    words = forms.CharField(
        label=_("想说的话"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("最多 500 个字，现在有 %(show_value)s 个。请删减一些。")},
    )
