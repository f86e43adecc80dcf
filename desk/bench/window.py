"""A workstation as a process of its own, for measuring: opens the windows, waits for the queue, says when and how big.

Run as `python -m desk.bench.window`; the address of the database comes on standard input, so that no password stands
in the list of processes.
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Opens the queue of one person and prints one line of JSON; then reads cases and prints the memory."""
    url_text = sys.stdin.readline().strip()
    from PySide6.QtCore import QEventLoop, QTimer
    from sqlalchemy import make_url

    from desk.ui.app import make_application
    from desk.ui.entering import enter
    from desk.ui.main_window import MainWindow
    from desk.ui.theme import Choice, theme
    from desk.ui.workstation import Workstation

    app = make_application([])
    theme.apply(app, Choice.LIGHT)
    entered = enter(make_url(url_text))
    workstation = Workstation(entered.link, entered.actor, entered.offices, now=entered.now)
    window = MainWindow(workstation)
    window.resize(1366, 768)
    window.show()
    workstation.start()
    loop = QEventLoop()
    model = window.queue.list.model()
    looking = QTimer(interval=2)
    looking.timeout.connect(lambda: loop.quit() if model.rowCount() else None)
    looking.start()
    loop.exec()
    window.grab()
    usable = time.time()
    looking.stop()
    for row in range(min(40, model.rowCount())):
        window.queue.list.setCurrentIndex(model.index(row, 0))
        QTimer.singleShot(60, loop.quit)
        loop.exec()
    import psutil

    print(json.dumps({"usable": usable, "memory": psutil.Process().memory_info().rss}), flush=True)
    window.close()
    workstation.close()


if __name__ == "__main__":
    main()
