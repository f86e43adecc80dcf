"""What became of the deeds that were sent when the program or the line broke off.

Their drafts keep the key of the deed. A key that stands in the story was done: the draft is not offered again, and the
person reads what was recorded. A key that stands nowhere was not done, and the form offers its draft as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from desk.services.recorded import RecordedDeed
    from desk.ui.forms.drafts import Drafts
    from desk.ui.own_duties import OwnDuties
    from desk.ui.queue import QueueView
    from desk.ui.saved_views import SavedViews
    from desk.ui.workstation import Workstation


SETTLE_AFTER_MS = 600
"""The first list comes first: looking for drafts loads the forms, which takes a tenth of a second of one processor."""


def after_opening(
    owner: QObject, workstation: Workstation, queue: QueueView, views: SavedViews, say: Callable[..., object]
) -> OwnDuties:
    """What the window looks up once it stands: deeds of unknown outcome, a run that broke off, kept views.

    Gives what looks after the duties of the person from now on.
    """
    from desk.ui.own_duties import OwnDuties

    settle_drafts(owner, workstation, say)
    go_on_after_crash(owner, workstation, queue, say)
    QTimer.singleShot(SETTLE_AFTER_MS, owner, views.read)
    return OwnDuties(owner, workstation, say)


def settle_drafts(owner: QObject, workstation: Workstation, say: Callable[[str], object]) -> None:
    """Look up the keys of all drafts of this person, forget those that were done, and say which.

    It begins a moment after the window: nobody waits for it.
    """

    def look(_task: object) -> tuple[Drafts, tuple[UUID, ...]]:
        from desk.ui.forms import opening
        from desk.ui.forms.drafts import Drafts

        drafts = Drafts(workstation.drafts or opening.drafts_folder(training=workstation.training))
        return drafts, drafts.keys()

    def ask(found: tuple[Drafts, tuple[UUID, ...]]) -> None:
        from desk.services.recorded import recorded_deeds

        drafts, keys = found
        if keys:
            workstation.read(owner, lambda session: recorded_deeds(session, keys), lambda done: forget(drafts, done))

    def forget(drafts: Drafts, done: tuple[RecordedDeed, ...]) -> None:
        if done:
            keys = {deed.key for deed in done}
            workstation.background.run_slow(owner, lambda _task: drafts.forget(keys), lambda _none: say(told(done)))

    QTimer.singleShot(SETTLE_AFTER_MS, owner, lambda: workstation.background.run_slow(owner, look, ask))


def go_on_after_crash(
    owner: QObject, workstation: Workstation, queue: QueueView, say: Callable[[str, Callable[[], object]], object]
) -> None:
    """Say that a deed for many cases broke off with the program, with a way to go on where it stood."""
    from desk.ui.many_run import ManyRun, broken_off

    def found(run: ManyRun) -> None:
        sentence = f"“{run.action.label}” untuk {len(run.cases)} permohonan terputus sebelum selesai."
        say(sentence, lambda: queue.many_of_window().go_on(run))

    QTimer.singleShot(SETTLE_AFTER_MS, owner, lambda: broken_off(owner, workstation, found))


def told(done: tuple[RecordedDeed, ...]) -> str:
    """The sentence about deeds whose answer never came."""
    first = f"{done[0].number}: {done[0].sentence}"
    rest = f" Begitu pula {len(done) - 1} tindakan lain." if len(done) > 1 else ""
    return f"Yang hasilnya belum diketahui ternyata sudah tercatat. {first}{rest}"
