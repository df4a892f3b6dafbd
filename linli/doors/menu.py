"""What doors adds to the staff menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.room import MenuItem

items = [MenuItem(_("指挥大屏"), "doors:wall", "monitor", "wall.read", order=20)]
