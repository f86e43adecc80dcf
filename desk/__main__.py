"""The `desk` command: without a word it opens the windows, with a word it does that one thing."""

from __future__ import annotations

import multiprocessing
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit code (`desk.commands.outcome`); `words` are those after `desk`."""
    multiprocessing.freeze_support()  # first: in the packaged program a child process starts here too
    from desk.commands import log_file, outcome, parser, speech

    speech.use_utf8()
    log_file.open_log()
    return outcome.of(parser.chosen(sys.argv[1:] if words is None else words))


if __name__ == "__main__":
    sys.exit(main())
