"""What the engine adds to the staff menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.room import MenuItem

items = [
    MenuItem(_("事件"), "cases:work_cases", icon="clipboard-list", permission="case.read", order=10),
    MenuItem(_("绩效指标"), "cases:figures", icon="chart-column", permission="case.figures", order=40),
]
