"""The `linli` command: its own verbs, and every other one as a management command of Django.

The own verbs do not import Django, so that the supervisor stays small and the doctor works when Django does not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from linli.kernel.home import Home

SERVICES = ("postgres", "nats", "web", "live", "simulate")


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    verb, rest = (given[0], given[1:]) if given else ("help", [])
    if verb == "up":
        from linli.config.processes.up import main as up

        return up(rest)
    if verb == "doctor":
        from linli.config.processes.doctor import main as doctor

        return doctor(rest)
    if verb in SERVICES:
        serve(verb)
    if verb in ("help", "--help", "-h") and not rest:
        sys.stdout.write(own_verbs())
    return manage([verb, *rest])


def own_verbs() -> str:
    """Say what the verbs that are not management commands do."""
    from linli.config.processes.words import say

    return say(
        """\
linli up         启动整座城市：数据库、总线、网页、实时流、后台任务（linli up --help）
linli doctor     检查哪里不对、怎么办
linli postgres | nats | web | live | simulate
                 在前台单独运行一个服务（systemd 用）
""",
        """\
linli up         start a whole city: database, bus, web, live stream, worker (linli up --help)
linli doctor     say what is wrong and what to do
linli postgres | nats | web | live | simulate
                 run one service in the foreground (for systemd)
""",
    )


def serve(name: str) -> NoReturn:
    """Become one of the services, in the foreground, for systemd and for looking closely."""
    from linli.config.processes import nats, postgres_cluster, web
    from linli.config.processes.words import Trouble

    home = Home.current()
    commands: dict[str, Callable[[], list[str]]] = {
        "nats": lambda: nats.server_command(home),
        "web": lambda: web.web_command(home),
        "live": lambda: web.live_command(home),
        "simulate": web.simulator_command,
    }
    try:
        if name == "postgres":
            info = postgres_cluster.prepare(home)
            if info.os_user:
                become(info.os_user)
            os.chdir("/")
            command = postgres_cluster.server_command(info)
            os.execve(command[0], command, postgres_cluster.server_environment())
        command = commands[name]()
    except Trouble as trouble:
        sys.exit(str(trouble))
    os.environ.update(web.child_environment(home))
    os.execv(command[0], command)


def become(user: str) -> None:
    """Give up root for an unprivileged user."""
    import pwd

    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def manage(arguments: list[str]) -> int:
    """Run a management command; its name may be written with hyphens."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    from django.core.management import execute_from_command_line

    from linli.kernel.home import HomeIncomplete

    verb = arguments[0].replace("-", "_") if not arguments[0].startswith("-") else arguments[0]
    try:
        execute_from_command_line(["linli", verb, *arguments[1:]])
    except HomeIncomplete as incomplete:
        sys.exit(str(incomplete))
    return 0


if __name__ == "__main__":
    sys.exit(main())
