"""The calendar's part of a city folder: `calendar/calendar.json`."""

from __future__ import annotations

from datetime import UTC, date, time, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from chinese_calendar import constants as announced

from linli.kernel import clock
from linli.kernel.city import CityFileError, Problem, Progress, read_json
from linli.registers.calendar.actions import calendar_publish
from linli.registers.record.types import SYSTEM

FILE = "calendar.json"
NAMES_EN = {
    "New Year's Day": ("元旦", "New Year's Day"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-Sweeping Day"),
    "Labour Day": ("劳动节", "Labour Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "National Day": ("国庆节", "National Day"),
    "Mid-autumn Festival": ("中秋节", "Mid-Autumn Festival"),
    "Anti-Fascist 70th Day": ("抗战胜利 70 周年纪念日", "70th anniversary of the victory over fascism"),
}


def check(folder: Path) -> list[Problem]:
    """Check the calendar file; an empty list means it can be loaded."""
    try:
        data = read_json(folder / "calendar" / FILE)
    except CityFileError as error:
        return [error.problem]
    return list(_problems(data))


def load(folder: Path, progress: Progress) -> None:
    """Publish the calendar as a new version when it differs from the current one."""
    data = read_json(folder / "calendar" / FILE)
    progress("工作日历", 0, 1)
    calendar_publish(SYSTEM, data["code"], resolve(data))
    progress("工作日历", 1, 1)


def resolve(data: dict[str, Any]) -> dict[str, Any]:
    """Write out the announced days, the city's own taking precedence, so that the version needs no package.

    A single day the city adds in a year not announced does not make that year known: `holidays.last_year` says so.
    SHAPE: {timezone, windows, weekend, first_year, last_year, holidays: [{on, name_zh, name_en}], makeup_days}.
    """
    first_year = data["holidays"]["first_year"]
    weekend = set(data["weekend"])
    days = {on: ("holiday", *_names(name)) for on, name in announced.holidays.items()}
    days |= {on: ("workday", *_names(name)) for on, name in announced.workdays.items()}
    for row in data["days"]:
        days[date.fromisoformat(row["on"])] = (row["kind"], row["name_zh"], row["name_en"])
    last_year = last_announced_year(data)
    holidays, makeup_days = [], []
    for on, (kind, name_zh, name_en) in sorted(days.items()):
        if on.year < first_year:
            continue
        row = {"on": on.isoformat(), "name_zh": name_zh, "name_en": name_en}
        if kind == "holiday":
            holidays.append(row)
        elif on.isoweekday() in weekend:
            makeup_days.append(row)
    return {
        "timezone": data["timezone"],
        "windows": data["windows"],
        "weekend": sorted(weekend),
        "first_year": first_year,
        "last_year": last_year,
        "holidays": holidays,
        "makeup_days": makeup_days,
    }


def _names(english: str) -> tuple[str, str]:
    return NAMES_EN.get(english, (english, english))


def _problems(data: Any) -> list[Problem]:
    def problem(where: str, what: str, mend: str, severity: str = "error") -> Problem:
        return Problem(f"calendar/{FILE}", where, what, mend, severity)

    missing = [
        key for key in ("code", "timezone", "weekend", "windows", "holidays", "days") if key not in data
    ]
    if missing:
        return [problem("", f"缺少 {', '.join(missing)}", "补上这些字段")]
    found = []
    if data["timezone"] not in available_timezones():
        found.append(problem("timezone", f"没有时区 {data['timezone']}", "用 IANA 名称，例如 Asia/Shanghai"))
    found += [problem(where, what, mend) for where, what, mend in _window_problems(data["windows"])]
    weekend = data["weekend"]
    if not all(isinstance(day, int) and 1 <= day <= 7 for day in weekend) or len(set(weekend)) > 6:
        found.append(
            problem("weekend", "周末须是 1（周一）到 7（周日）的数，且一周至少有一个工作日", "例如 [6, 7]")
        )
    first_year = data["holidays"].get("first_year")
    if not isinstance(first_year, int) or first_year < min(announced.holidays).year:
        found.append(
            problem(
                "holidays.first_year", "起始年早于已有的节假日资料", f"不早于 {min(announced.holidays).year}"
            )
        )
    found += [problem("holidays", what, mend, severity) for what, mend, severity in _year_problems(data)]
    for index, row in enumerate(data["days"]):
        found += [problem(f"days[{index}]", what, mend) for what, mend in _day_problems(row)]
    return found


def _year_problems(data: Any) -> list[tuple[str, str, str]]:
    """Name the years without announced holidays: a past one is an error, the present one is counted 暂按."""
    this_year = clock.now().astimezone(_zone(data)).year
    last_year = last_announced_year(data)
    mend = "更新 chinesecalendar，或在 days 中写出放假与调休，并写 holidays.last_year"
    if last_year < this_year - 1:
        years = "、".join(str(year) for year in range(last_year + 1, this_year))
        return [(f"已过去的 {years} 年没有节假日资料，按周末计算会改写历史", mend, "error")]
    if last_year < this_year:
        return [(f"{this_year} 年没有节假日资料，时限暂按周末计算", mend, "warning")]
    return []


def last_announced_year(data: Any) -> int:
    """Return the last year whose holidays are known: what the city says, else what the package holds."""
    return int(data["holidays"].get("last_year") or max(announced.holidays).year)


def _zone(data: Any) -> tzinfo:
    return ZoneInfo(data["timezone"]) if data["timezone"] in available_timezones() else UTC


def _window_problems(windows: Any) -> list[tuple[str, str, str]]:
    if not windows:
        return [("windows", "没有工作时段", '至少写一段，例如 ["08:30", "12:00"]')]
    found, previous = [], time(0)
    for index, window in enumerate(windows):
        try:
            opens, closes = (time.fromisoformat(text) for text in window)
        except (TypeError, ValueError):
            found.append((f"windows[{index}]", f"{window} 不是一对时间", '写成 ["08:30", "12:00"]'))
            continue
        if opens >= closes:
            found.append((f"windows[{index}]", "开始不早于结束", "调换或修改这一段"))
        if opens < previous:
            found.append((f"windows[{index}]", "与前一段重叠或次序颠倒", "按先后排列，互不重叠"))
        previous = closes
    return found


def _day_problems(row: Any) -> list[tuple[str, str]]:
    missing = [key for key in ("on", "kind", "name_zh", "name_en", "source") if not row.get(key)]
    if missing:
        return [(f"缺少 {', '.join(missing)}", "补上；来源 source 必填，便于核对")]
    try:
        date.fromisoformat(row["on"])
    except ValueError:
        return [(f"{row['on']} 不是日期", "写成 2027-01-01")]
    if row["kind"] not in ("holiday", "workday"):
        return [(f"kind 是 {row['kind']}", "只能是 holiday(放假)或 workday(调休上班)")]
    return []
