"""What doors adds to the staff menu."""

from __future__ import annotations

from linli.kernel.room import MenuItem

items: list[MenuItem] = []
