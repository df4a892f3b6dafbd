"""Citizens report: the page, what it answers when something is missing, and the confirmation."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.engines.cases.admission import LOOKUPS, REPORTS, admit
from linli.engines.cases.forms import ReportForm
from linli.engines.cases.intake import ReportIn, report_taken
from linli.engines.cases.queries.near import suggest_category
from linli.engines.cases.queries.public import case_public
from linli.engines.cases.queries.rulebook import rulebook
from linli.engines.cases.types import CatalogueTable
from linli.engines.cases.views.words import REPORT_WORDS, STEPS, in_words
from linli.kernel.errors import Refusal
from linli.registers.places.queries import city_profile, search_address
from linli.ui.templatetags.ui import named

# What the engine calls a thing, and which control of the page that is.
FIELDS = {
    "place": "address",
    "category": "kind",
    "phone": "contact_phone",
    "photos": "photos",
    "description": "description",
    "address": "address",
}
# What a link to the page may fill in.
LINKED = ("kind", "description", "address", "contact_phone", "lon", "lat")
CANDIDATES_MAX = 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, or take a report and lead to its confirmation.

    A script posts the same form and asks for JSON: {next} or {errors: [{field, text}]}.
    """
    catalogue = rulebook().catalogue
    if request.method != "POST":
        return _page(request, _form(catalogue, initial=_filled_in(request)), catalogue)
    form = _form(catalogue, request.POST, request.FILES)
    candidates: list[str] = []
    if form.is_valid():
        _guess_kind(form)
        candidates = _place_by_words(form)
    if not form.errors:
        try:
            return _taken(request, form)
        except Refusal as refusal:
            field = FIELDS.get(refusal.field or "")
            form.add_error(field, in_words(refusal))
            if wants_json(request) and refusal.field == "submission_id":
                return _problems(form, submission_reused=True)
    if wants_json(request):
        return _problems(form)
    return _page(request, form, catalogue, candidates, status=422)


@never_cache
@require_safe
def report_sent(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm a report to whoever holds its secret: number, secret, link, what comes next."""
    admit(request, LOOKUPS)
    secret = request.GET.get("s", "")
    case = case_public(code, secret)
    path = f"{reverse('cases:track', args=[case.code])}?s={secret}"
    context = {
        "case": case,
        "secret": secret,
        "track_path": path,
        "track_url": request.build_absolute_uri(path),
    }
    return render(request, "cases/report_sent.html", context)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the page's script asks."""
    return request.headers.get("Accept", "").startswith("application/json")


def map_config(pin: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give the map of the city: its centre, its bounds and, where wanted, a pin."""
    city = city_profile()
    config: dict[str, Any] = {"center": list(city.centre), "zoom": city.centre_zoom}
    return config if pin is None else config | {"pin": pin, "popup": False}


def _filled_in(request: HttpRequest) -> dict[str, str]:
    """Read what a link to the page has filled in, such as the code on a street lamp: {control: text}."""
    found = {name: text[:1_000] for name in LINKED if (text := request.GET.get(name, "").replace("\0", ""))}
    if not all(re.fullmatch(r"-?\d{1,3}(\.\d{1,9})?", found.get(name, "")) for name in ("lon", "lat")):
        found = {name: text for name, text in found.items() if name not in ("lon", "lat")}
    return found


def _form(catalogue: CatalogueTable, *data: Any, **options: Any) -> ReportForm:
    groups: dict[str, list[tuple[str, str]]] = {}
    for code in catalogue.leaves:
        category = catalogue.by_code[code]
        groups.setdefault(category.parent, []).append((code, named(category)))
    return ReportForm(
        *data,
        **options,
        kinds=[(code, named(catalogue.by_code[code])) for code in catalogue.leaves],
        categories=[(named(catalogue.by_code[parent]), leaves) for parent, leaves in groups.items()],
    )


def _guess_kind(form: ReportForm) -> None:
    """Without a chosen kind, take the one the words name."""
    data = form.cleaned_data
    if data["category"]:
        return
    found = suggest_category(data["description"])
    if found:
        data["category"] = found[0][0].code
    else:
        form.add_error("kind", _("请选是什么事；拿不准就选“别的事”。"))


def _place_by_words(form: ReportForm) -> list[str]:
    """Without a pin, look the address up. One place is taken; of several the person chooses; none is an error."""
    data = form.cleaned_data
    if data["lon"] is not None or form.errors:
        return []
    wanted = data.get("address_choice") or data["address"].strip()
    hits = search_address(wanted, CANDIDATES_MAX)
    exact = [hit for hit in hits if hit.label == wanted]
    if exact or len(hits) == 1:
        hit = (exact or hits)[0]
        data["lon"], data["lat"], data["address"] = hit.lon, hit.lat, data["address"].strip() or hit.label
        return []
    if hits:
        form.add_error("address_choice", _("有几个地方都像，请选一个。"))
        return list(dict.fromkeys(hit.label for hit in hits))
    form.add_error("address", _("找不到“%(text)s”。请写附近的路名、小区名或单位名。") % {"text": wanted})
    return []


def _taken(request: HttpRequest, form: ReportForm) -> HttpResponse:
    admit(request, REPORTS)
    data = form.cleaned_data
    said = ReportIn(
        category=data["category"],
        submission_id=data["submission_id"],
        description=data["description"],
        lon=data["lon"],
        lat=data["lat"],
        address=data["address"],
        phone=data["contact_phone"],
    )
    opened = report_taken(request, said, data["photos"])
    target = f"{reverse('cases:report_sent', args=[opened.code])}?s={opened.secret}"
    return JsonResponse({"next": target}) if wants_json(request) else redirect(target)


def _problems(form: ReportForm, submission_reused: bool = False) -> JsonResponse:
    """SHAPE: {errors: [{field, text}]}; a field is a control of the page, "" for the form as a whole."""
    errors = [
        {"field": "" if field == "__all__" else field, "text": str(text)}
        for field, texts in form.errors.items()
        for text in texts
    ]
    if submission_reused:
        errors = [{**error, "field": "submission_id"} for error in errors]
    return JsonResponse({"errors": errors}, status=422)


def _page(
    request: HttpRequest,
    form: ReportForm,
    catalogue: CatalogueTable,
    candidates: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if candidates:
        form.fields["address_choice"].choices = [(text, text) for text in candidates]  # type: ignore[attr-defined]
    chosen = form["kind"].value() or ""
    context = {
        "form": form,
        "kinds": _kind_cards(catalogue, chosen),
        "chosen_kind": chosen,
        "kinds_all": _kinds_known(catalogue),
        "words": REPORT_WORDS,
        "steps": STEPS,
        "map_config": map_config(pin={}),
        "photos_lost": bool(request.FILES),
    }
    return render(request, "cases/report.html", context, status=status)


def _kind_cards(catalogue: CatalogueTable, chosen: str) -> list[dict[str, str]]:
    """Give the plain-language choices, and the chosen one when it is not among them."""
    cards = [
        {"code": choice.category, "name": named(choice), "icon": choice.icon} for choice in catalogue.citizen
    ]
    if chosen in catalogue.by_code and chosen not in {card["code"] for card in cards}:
        category = catalogue.by_code[chosen]
        cards.insert(0, {"code": chosen, "name": named(category), "icon": category.icon})
    return cards


def _kinds_known(catalogue: CatalogueTable) -> list[dict[str, Any]]:
    """Give every kind with the words it is found by; a plain name goes before the catalogue's."""
    plain = {choice.category: choice for choice in catalogue.citizen}
    return [
        {
            "code": code,
            "name": named(plain.get(code, category)),
            "icon": plain[code].icon if code in plain else category.icon,
            "keywords": [*category.keywords, named(category)],
        }
        for code, category in ((code, catalogue.by_code[code]) for code in catalogue.leaves)
    ]
