"""Log-in, and the token with which a page may listen."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.registers.access.api import token_response
from linli.registers.access.models import Account
from linli.registers.access.queries import all_grants


class LoginForm(AuthenticationForm):
    """User name and password, with words a person can act on."""

    error_messages = {
        "invalid_login": _("用户名或密码不对。请检查后重试；连续 5 次不对会锁定 30 分钟。"),
        "inactive": _("这个账号已停用。请联系本单位管理员。"),
    }
    username = forms.CharField(label=_("用户名"), max_length=64)
    password = forms.CharField(label=_("密码"), strip=False, widget=forms.PasswordInput)


class Login(LoginView):
    """Log in by password. A demo home lists its accounts so that one click fills the form."""

    form_class = LoginForm
    template_name = "access/login.html"
    redirect_authenticated_user = False

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the demo accounts, in a demo home only."""
        context = super().get_context_data(**kwargs)
        if settings.LINLI_DEMO:
            found = Account.objects.filter(is_active=True).prefetch_related("holdings__post__role")
            context["demo_accounts"] = [
                (account, next((h.post for h in account.holdings.all()), None))
                for account in found.order_by("id")
            ]
        return context


@never_cache
@require_GET
def live_token(request: HttpRequest) -> JsonResponse:
    """Return {token, url, expires_at} for the live stream: the caller's grants, good for five minutes.

    A visitor without account gets public events only; a page that follows one case gets its token there.
    """
    account = request.user.username if request.user.is_authenticated else ""
    return token_response(request, account, all_grants(request))
