"""How a command ends: an exit code, and a sentence instead of a traceback."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import TYPE_CHECKING

from desk.commands import log_file, speech
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

DONE = 0
REFUSED = 1
"""The input is not right, or the rules say no."""
MISUNDERSTOOD = 2
"""The command line is incomplete or misspelt."""
UNAVAILABLE = 3
"""Something outside failed: a file, the database, the screen."""
BUG = 4
"""The program itself failed; the log has the rest under the number that was told."""
INTERRUPTED = 130

log = logging.getLogger(__name__)


def of(run: Callable[[], int]) -> int:
    """Runs a command and gives its exit code; trouble is told in a sentence."""
    try:
        code = run()
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a closed pipe is still understood
    except Refused as refusal:
        speech.say(str(refusal))
        return REFUSED
    except Unavailable as trouble:
        log.warning("unavailable: %s", trouble, exc_info=trouble.__cause__)
        speech.say(str(trouble))
        return UNAVAILABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return DONE
    except Exception:  # the last door of the program: whatever comes here is a bug and is written down as one
        reference = secrets.token_hex(4).upper()
        log.exception("bug %s", reference)
        speech.say(
            f"Program menemui kesalahan yang tidak terduga, nomor rujukan {reference}. "
            f"Sampaikan nomor ini dan berkas {log_file.path()} kepada administrator."
        )
        return BUG
    return code


def _forget_output() -> None:
    """The reader of a pipe (`desk … | head`) is gone: nothing more is written, not even at the end of Python."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
