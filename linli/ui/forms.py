"""Forms in the house's look: what a field, an upload and an error summary need to be drawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def render_field(bound: BoundField, hint: Any = "") -> SafeString:
    """Draw `bound`: a group of choices as a fieldset, a single tick with its label behind, all else label first."""
    if bound.is_hidden:
        return SafeString(bound)
    widget = bound.field.widget
    template = "ui/parts/field.html"
    if isinstance(widget, GROUPS):
        template = "ui/parts/field_choices.html"
    elif isinstance(widget, forms.CheckboxInput):
        template = "ui/parts/field_tick.html"
    return render_to_string(template, field_context(bound, hint))


def field_context(bound: BoundField, hint: Any = "") -> dict[str, Any]:
    """SHAPE: {field, control, hint, hint_id, errors, error_id, optional}; ids are empty where there is no such part."""
    name = bound.auto_id or bound.html_name
    hint = hint or bound.help_text
    hint_id = f"{name}-hint" if hint else ""
    error_id = f"{name}-error" if bound.errors else ""
    attributes: dict[str, Any] = {}
    if described := " ".join(part for part in (error_id, hint_id) if part):
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attributes),
        "hint": hint,
        "hint_id": hint_id,
        "errors": list(bound.errors),
        "error_id": error_id,
        "optional": not bound.field.required,
    }


def upload_context(bound: BoundField, hint: Any = "") -> dict[str, Any]:
    """Like `field_context`, with `multiple` for a field that takes several files."""
    return {**field_context(bound, hint), "multiple": bool(bound.field.widget.attrs.get("multiple"))}


def error_lines(form: Any) -> list[dict[str, str]]:
    """Return what is wrong, form-wide first, then by field: [{text, target}]; target is the control's id or empty."""
    if form is None or not getattr(form, "errors", None):
        return []
    lines = [{"text": str(error), "target": ""} for error in form.non_field_errors()]
    for bound in form:
        group = isinstance(bound.field.widget, GROUPS)
        target = f"{bound.auto_id}_0" if group else bound.auto_id
        lines += [{"text": _wrong(bound.label, error), "target": target} for error in bound.errors]
    return lines


def _wrong(label: Any, error: Any) -> str:
    return _("%(label)s：%(error)s") % {"label": label, "error": error}
