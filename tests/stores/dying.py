"""A process of its own that works on a ledger and is killed by SIGKILL at a given line of the code of the store or the desk.

    python dying.py TASK URL ARCHIVE PAGES MEMORY [LINE]

TASK is add, regroup or judge. Without LINE it does its work and prints, as JSON, how many lines it went through and which of them
were in the archive's and the transactions' own functions. The clock stands still and hashes are not random: a run that was never
killed and one that was killed and begun again must leave the same bytes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from newsroom import Remembered, arrived

import tocsin.desk
import tocsin.store.changes
from tocsin.desk import Desk
from tocsin.ledger import Judgement
from tocsin.store import open_store

NOW = "2026-11-23T12:00:00Z"
CODE = str(Path(tocsin.desk.__file__).parent)
WATCHED = (f"{CODE}/store/", f"{CODE}/desk.py", f"{CODE}/grouping.py")
KEEN = ("_write", "put", "writing", "_changing", "sweep")  # where a stop would hurt most


class Countdown:
    """Counts the lines that are gone through, and ends the process before the one of that number is run."""

    def __init__(self, last: int) -> None:
        self.last, self.lines, self.keen = last, 0, list[int]()

    def enter(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        return self.line if frame.f_code.co_filename.startswith(WATCHED) else None

    def line(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        if event == "line":
            self.lines += 1
            if frame.f_code.co_name in KEEN:
                self.keen.append(self.lines)
            if self.lines == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.line


def work(task: str, url: str, archive: str, pages: str, memory: str) -> None:
    desk = Desk(open_store(url, Path(archive)), Remembered(Path(memory)))
    if task == "add":
        desk.add(arrived(Path(pages)))
    elif task == "regroup":
        desk.regroup()
    else:
        first, second, *_ = (one.id for one in desk.store.all_claims())
        if desk.store.judgement("j-1") is None:
            desk.judge(Judgement(id="j-1", at=NOW, user="ana", action="same", claims=(first, second)))
    desk.store.close()


def main() -> None:
    *arguments, last = sys.argv[1:] if len(sys.argv) == 7 else [*sys.argv[1:], "0"]
    tocsin.desk.now = tocsin.store.changes.now = lambda: NOW  # type: ignore[attr-defined]
    counted = Countdown(int(last))
    sys.settrace(counted.enter)
    work(*arguments)
    sys.settrace(None)
    print(json.dumps({"lines": counted.lines, "keen": counted.keen}))


if __name__ == "__main__":
    main()
