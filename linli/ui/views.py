"""What a person prefers (language, theme, type size), and the gallery of parts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel.errors import NotFound
from linli.ui import gallery as samples

YEAR_S = 365 * 86400
CHOICES = {
    "theme": ("linli_theme", ("auto", "light", "dark")),
    "size": ("linli_size", ("normal", "large")),
}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a choice of language, theme or type size in a cookie and go back to the page it was made on.

    EFFECTS: cookies only; nothing is stored about the person.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    for name, (cookie, values) in CHOICES.items():
        value = request.POST.get(name)
        if value in values:
            response.set_cookie(cookie, value, max_age=YEAR_S, samesite="Lax", path="/")
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_S, samesite="Lax", path="/")
    return response


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every part in every state in the public frame; a POST shows the form with its errors."""
    form = samples.SampleForm(request.POST or None, request.FILES or None)
    checked = request.method == "POST" and form.is_valid()
    return render(
        request, "ui/gallery/public.html", {**samples.context(request), "form": form, "checked": checked}
    )


def gallery_part(request: HttpRequest, part: str) -> HttpResponse:
    """Show the parts in the staff frame, on the wall, or a list without rows."""
    return render(request, f"ui/gallery/{part}.html", samples.context(request))


def gallery_refusal(request: HttpRequest) -> HttpResponse:
    """Show how a refusal looks, by refusing."""
    raise NotFound("sample_refusal", _("这里没有页面。"), _("请检查地址，或从首页重新进入。"))
