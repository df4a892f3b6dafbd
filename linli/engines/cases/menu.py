"""What the engine adds to the staff menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.room import MenuItem

items = [MenuItem(_("事件"), "cases:work_cases", icon="clipboard-list", permission="case.read", order=10)]
