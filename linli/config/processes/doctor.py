"""`linli doctor`: say in words what is wrong with a home and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable

from linli.config.processes import check_machine, check_running
from linli.config.processes.finding import Finding, Grade, wrong
from linli.config.processes.logs import speak
from linli.config.processes.words import say
from linli.kernel.home import Home

MARKS = {Grade.GOOD: "✓", Grade.NOTE: "!", Grade.WRONG: "✗"}
Check = Callable[[], "Finding | list[Finding] | None"]


def main(arguments: list[str]) -> int:
    """Check everything, print the findings; return 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="linli doctor")
    parser.add_argument("--english", action="store_true", help="speak English")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    if options.english:
        os.environ["LINLI_LANGUAGE"] = "en"
    home = Home.current()
    findings = examine(home)
    if options.json:
        facts = [
            {"check": f.check, "grade": f.grade.value, "sentence": f.sentence, "mend": f.mend}
            for f in findings
        ]
        speak(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        report(home, findings)
    return 1 if any(finding.grade is Grade.WRONG for finding in findings) else 0


def examine(home: Home) -> list[Finding]:
    """Run every check, from the machine up to the city; a check that breaks is itself a finding."""
    checks: list[tuple[str, Check]] = [
        ("python", check_machine.python_version),
        ("disk", lambda: check_machine.disk_space(home)),
        ("memory", check_machine.memory),
        ("clock", lambda: check_machine.clock(home)),
        ("secrets", lambda: check_machine.secrets_modes(home)),
        ("frontend", check_machine.front_end),
        ("owner", lambda: check_machine.postgres_owner(home)),
        ("forgotten", check_machine.forgotten_databases),
        ("processes", lambda: check_running.processes(home)),
        ("ports", lambda: check_running.home_ports(home)),
        ("database", lambda: check_running.database(home)),
        ("bus", lambda: check_running.bus(home)),
    ]
    found: list[Finding] = []
    for name, check in checks:
        try:
            result = check()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            mend = ("把这句话连同日志报告给开发者", "report this sentence with the logs")
            result = wrong(name, f"检查 {name} 没有完成：{said}", f"the check {name} broke: {said}", *mend)
        found += result if isinstance(result, list) else [result] if result else []
    return found


def report(home: Home, findings: list[Finding]) -> None:
    """Print one line per finding, and below it what to do."""
    speak(say(f"目录 {home.path}", f"home {home.path}"))
    for finding in findings:
        speak(f"{MARKS[finding.grade]} {finding.sentence}")
        if finding.mend and finding.grade is not Grade.GOOD:
            speak(say(f"    怎么办：{finding.mend}", f"    what to do: {finding.mend}"))
    faults = sum(finding.grade is Grade.WRONG for finding in findings)
    if faults:
        speak(say(f"共 {faults} 处需要处理", f"{faults} things need mending"))
    else:
        speak(say("一切正常", "all is well"))
