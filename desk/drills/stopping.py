"""Ctrl+C and SIGTERM end a drill in order: its servers, processes and folders first, asked once or more often."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_AGAIN_SECONDS = 0.05


class _Wish:
    """Whether somebody asked to stop, and how many pieces of work may not be broken off now."""

    asked = False
    held = 0


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Lets a signal end the block as KeyboardInterrupt, once; what fails while it ends is not its outcome.

    Python drops an exception that happens to be raised while an object is being taken down; the drill would then go on
    and never hear of it again. So a dropped one is raised anew.
    """
    _Wish.asked, hook = False, sys.unraisablehook

    def dropped(what: Any) -> None:
        if not (_Wish.asked and issubclass(what.exc_type, KeyboardInterrupt)):
            hook(what)
            return
        for each in _SIGNALS:
            signal.signal(each, _stop)
        threading.Timer(_AGAIN_SECONDS, _ask_again).start()

    before = {each: signal.signal(each, _stop) for each in _SIGNALS}
    sys.unraisablehook = dropped
    try:
        yield
    except Exception as error:
        if _Wish.asked:
            raise KeyboardInterrupt from error
        raise
    finally:
        sys.unraisablehook = hook
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def not_broken_off() -> Iterator[None]:
    """A piece of work that a signal does not break off: a process half started would be nobody's; it ends after it."""
    before = _Wish.asked
    _Wish.held += 1
    try:
        yield
    finally:
        _Wish.held -= 1
    if _Wish.asked and not before and not _Wish.held:
        raise KeyboardInterrupt


def _stop(_number: int, _frame: object) -> None:
    for each in _SIGNALS:
        signal.signal(each, _heard)  # not SIG_IGN, which processes that are started later would inherit
    _Wish.asked = True
    if not _Wish.held:
        raise KeyboardInterrupt


def _ask_again() -> None:
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:  # a real signal, which also ends a wait
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _heard(_number: int, _frame: object) -> None:
    """Asking twice hurries nothing."""
