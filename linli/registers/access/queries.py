"""Who somebody is, what they may do, and which rows they may see."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.kernel.errors import Forbidden
from linli.kernel.room import offered
from linli.registers.access import rules as pure
from linli.registers.access.models import Account, AreaMember, Department, Holding
from linli.registers.access.rules import HeldPost
from linli.registers.access.types import DepartmentRow, RoomRules, Sight
from linli.registers.bus.types import Grant
from linli.registers.record.types import Actor

Row = TypeVar("Row", bound=Model)
Caller = Account | AnonymousUser | HttpRequest
View = Callable[..., HttpResponse]


@lru_cache(maxsize=1)
def room_rules() -> dict[str, RoomRules]:
    """Return every room's rules by kind. ERRORS: ValueError when two rooms claim one kind."""
    found: dict[str, RoomRules] = {}
    for _config, room in offered("access_rules"):
        if room.rules.kind in found:
            raise ValueError(f"two rooms declare access rules for {room.rules.kind!r}")
        found[room.rules.kind] = room.rules
    return found


def held_posts(caller: Caller) -> tuple[HeldPost, ...]:
    """Return the posts the caller holds today. COST: one query per account object, then remembered on it."""
    account = _account(caller)
    if account is None or not account.is_active:
        return ()
    cached: tuple[HeldPost, ...] | None = getattr(account, "_held_posts", None)
    if cached is None:
        today = timezone.localdate(clock.now())
        rows = Holding.objects.filter(account=account, from_on__lte=today).filter(
            Q(to_on__isnull=True) | Q(to_on__gt=today)
        )
        cached = tuple(
            HeldPost(p.code, p.name_zh, p.name_en, p.role_id, p.department_id, tuple(p.area_codes))
            for p in (row.post for row in rows.select_related("post").order_by("id"))
        )
        account._held_posts = cached  # type: ignore[attr-defined]
    return cached


def may(caller: Caller, permission: str) -> bool:
    """Tell whether the caller holds a role named for `permission`; what no room names is denied."""
    return pure.permitted(held_posts(caller), room_rules().values(), permission)


def may_for(caller: Caller, permission: str, department: str) -> bool:
    """Tell whether the caller may do something for one department: by a post in it that is named for it."""
    posts = [post for post in held_posts(caller) if post.department == department]
    return pure.permitted(posts, room_rules().values(), permission)


def require(caller: Caller, permission: str) -> None:
    """ERRORS: Forbidden unless `may()`."""
    if not may(caller, permission):
        raise Forbidden(
            "not_permitted",
            _("您的岗位没有这项权限。"),
            _("如工作需要，请联系本单位管理员调整岗位。"),
        )


def grants(caller: Caller, kind: str) -> tuple[Grant, ...]:
    """Return what the caller may see of `kind`: the same grants filter rows and the live stream."""
    account, rule = _account(caller), room_rules().get(kind)
    if account is None or rule is None:
        return ()
    return pure.grants_of(held_posts(account), rule, account.username)


def all_grants(caller: Caller) -> tuple[Grant, ...]:
    """Return the caller's grants over every kind, for a live token."""
    return tuple(grant for kind in room_rules() for grant in grants(caller, kind))


def rows(
    caller: Caller,
    kind: str,
    queryset: QuerySet[Row],
    *,
    area: str = "area_code",
    department: str = "department_code",
    account: str = "",
    subject: str = "",
) -> QuerySet[Row]:
    """Keep the rows the caller may see. The arguments name the columns that hold each label.

    COST: a predicate on indexed columns, no join: a clerk's list costs what an administrator's does.
    """
    return queryset.filter(grants_q(grants(caller, kind), area, department, account, subject))


def grants_q(found: tuple[Grant, ...], area: str, department: str, account: str = "", subject: str = "") -> Q:
    """Return the predicate of grants over columns: the database's form of `bus.rules.admits`.

    No grant, or a condition without a column or value, matches nothing; a grant without condition everything.
    """
    total = Q(pk__in=[])
    for grant in found:
        one = Q()
        for value, column, lookup in (
            (grant.area_prefix, area, "__startswith"),
            (grant.department, department, ""),
            (grant.account, account, ""),
            (grant.subject, subject, ""),
        ):
            if value is not None:
                one &= Q(**{column + lookup: value}) if column and value else Q(pk__in=[])
        if not one:
            return Q()
        total |= one
    return total


def sight(caller: Caller, kind: str, field: str) -> Sight:
    """Return show, mask or hide for one field of a kind; a stranger sees no ruled field."""
    rule = room_rules().get(kind)
    return pure.sight_of(held_posts(caller), rule, field) if rule else "hide"


def actor_of(caller: Caller) -> Actor:
    """Return the caller as the record knows them. A visitor without account is a citizen without key."""
    account = _account(caller)
    if account is None:
        return Actor("citizen", "", str(_("市民")))
    posts = held_posts(account)
    if not posts:
        return Actor("account", account.username, account.name_zh)
    return Actor("account", account.username, account.name_zh, posts[0].code, posts[0].department)


def staff_page(permission: str = "") -> Callable[[View], View]:
    """Decorate a view for staff: strangers go to log-in, accounts without the permission get 403."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if permission:
                require(request, permission)
            elif not held_posts(request):
                raise Forbidden("not_staff", _("这是工作人员的页面。"), _("市民请使用首页的服务。"))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def departments() -> list[DepartmentRow]:
    """Return every department by code. COST: one query, a table of some dozens."""
    rows_found = Department.objects.order_by("code").values_list("code", "kind", "name_zh", "name_en")
    return [DepartmentRow(*row) for row in rows_found]


def department_exists(code: str) -> bool:
    """Tell whether there is a department of this code. COST: one query."""
    return Department.objects.filter(code=code).exists()


def departments_staffed() -> set[str]:
    """Return the departments in which somebody active holds a post today. COST: one query."""
    today = timezone.localdate(clock.now())
    held = Holding.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gt=today), from_on__lte=today, account__is_active=True
    )
    return set(held.values_list("post__department_id", flat=True).distinct())


def department_names() -> dict[str, str]:
    """Return department code → name in the active language. COST: one query."""
    english = (get_language() or "").startswith("en")
    return {row.code: (row.name_en if english else row.name_zh) for row in departments()}


def account_names(keys: list[str]) -> dict[str, str]:
    """Return user name → display name for staff shown in a story. COST: one query."""
    english = (get_language() or "").startswith("en")
    found = Account.objects.filter(username__in=keys).values_list("username", "name_zh", "name_en")
    return {username: (en if english and en else zh) for username, zh, en in found}


def post_names(keys: Iterable[str]) -> dict[str, str]:
    """Return user name → name of the post held today, the first one given where there are several. COST: one query."""
    today = timezone.localdate(clock.now())
    held = Holding.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gt=today), account__username__in=list(keys), from_on__lte=today
    ).order_by("-id")
    name = "post__name_en" if (get_language() or "").startswith("en") else "post__name_zh"
    return dict(held.values_list("account__username", name))


def area_codes(area: str) -> list[str]:
    """Return the codes a named area consists of, sorted. COST: one query."""
    return list(AreaMember.objects.filter(area=area).order_by("code").values_list("code", flat=True))


def _account(caller: Caller) -> Account | None:
    user = caller.user if isinstance(caller, HttpRequest) else caller
    return user if isinstance(user, Account) or getattr(user, "is_authenticated", False) else None  # type: ignore[return-value]
