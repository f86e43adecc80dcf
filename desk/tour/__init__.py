"""`desk tour`: both service standards played through the real windows, with a picture of every step.

Reading order: `sumatera_selatan` and `kota_jambi` (the stories), `stage` (office, clock, people), `seat` (one person),
`pace` and `hands` (waiting and acting), `film` (pictures), `record` (`summary.json` and the papers).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from desk.commands import screen


def play(out: Path, *, short: bool = False) -> int:
    """Plays the tour and leaves pictures, papers and `summary.json` in `out`; 0, or 1 after a sentence on stderr.

    The short one ends when the data of the first request are prepared and paid.

    It works in a database of its own that is thrown away afterwards, whatever database the user has.
    """
    screen.draw_nowhere()
    from desk.tour.film import Film
    from desk.tour.pace import Pace, TourStopped
    from desk.tour.playing import application, play_all
    from desk.tour.record import write_summary

    out.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="meja-pst-tur-"))
    try:
        with application(folder) as warnings:
            film, pace = Film(out), Pace()
            try:
                with pace.running():
                    played = play_all(folder, film, pace, out, short=short)
            except TourStopped as stopped:
                print(f"Tur berhenti setelah gambar {len(film.pictures)}. {stopped}", file=sys.stderr)
                return 1
            write_summary(out, played, film, pace, warnings, seconds=time.monotonic() - begun)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0
