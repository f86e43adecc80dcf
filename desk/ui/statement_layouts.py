"""The menu of bank layouts: taken from a file, written into a file for another office, no longer used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from desk.ui import message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.adapters.bank_files import Profile
    from desk.ui.background import Task
    from desk.ui.workstation import Workstation

Say = Callable[[str], object]


def fill_menu(menu: QMenu, owner: QWidget, workstation: Workstation, office_id: int, say: Say) -> None:
    """Build the menu from what the office has described; the office's own layouts are read first."""
    from desk.services import statements

    menu.clear()
    menu.addAction("Sedang membaca …").setEnabled(False)

    def show(own: list[Profile]) -> None:
        from desk.adapters.bank_files import shipped_profiles

        menu.clear()
        taken = menu.addAction("Impor profil dari berkas …")
        taken.triggered.connect(lambda: _take(owner, workstation, office_id, say))
        menu.addSection("Profil kantor ini")
        for profile in own:
            entry = menu.addMenu(f"{profile.title} ({profile.bank})")
            entry.addAction("Ekspor ke berkas …").triggered.connect(
                lambda _=False, p=profile: _write(owner, workstation, p, say)
            )
            entry.addAction("Hapus").triggered.connect(
                lambda _=False, p=profile: _withdraw(owner, workstation, office_id, p, say)
            )
        if not own:
            menu.addAction("Belum ada; impor berkas yang belum dikenal untuk membuatnya").setEnabled(False)
        shipped = menu.addMenu("Profil bawaan")
        for profile in shipped_profiles():
            export = shipped.addAction(f"Ekspor {profile.title} …")
            export.triggered.connect(lambda _=False, p=profile: _write(owner, workstation, p, say))

    workstation.read(owner, lambda session: statements.profiles(session, office_id), show)


def _take(owner: QWidget, workstation: Workstation, office_id: int, say: Say) -> None:
    from desk.adapters.bank_files import profile_from_file
    from desk.services import statements
    from desk.ui.forms.file_field import file_dialog

    def keep(profile: Profile) -> None:
        def deed() -> None:
            with workstation.link.transaction() as session:
                statements.keep_profile(session, office_id, profile)

        said = f"Profil {profile.title} disimpan; berkas dengan susunan itu sekarang dikenal."
        workstation.background.run_work(owner, deed, lambda _none: say(said))

    def chosen(name: str) -> None:
        def read(_task: Task) -> Profile:
            return profile_from_file(Path(name))

        workstation.background.run_slow(owner, read, keep)

    dialog = file_dialog(owner, "Pilih berkas profil bank (.toml)", many=False)
    dialog.fileSelected.connect(chosen)
    dialog.open()


def _write(owner: QWidget, workstation: Workstation, profile: Profile, say: Say) -> None:
    from desk.adapters.bank_files import profile_to_toml
    from desk.adapters.files import write_atomically
    from desk.ui.forms.file_field import file_dialog

    def chosen(name: str) -> None:
        path, content = Path(name), profile_to_toml(profile).encode("utf-8")
        workstation.background.run_slow(
            owner,
            lambda _task: write_atomically(path, content),
            lambda _none: say(f"Profil {profile.title} ditulis ke {path.name}."),
        )

    dialog = file_dialog(owner, "Simpan profil bank", many=False, save_as=f"{profile.id}.toml")
    dialog.fileSelected.connect(chosen)
    dialog.open()


def _withdraw(owner: QWidget, workstation: Workstation, office_id: int, profile: Profile, say: Say) -> None:
    from desk.services import statements

    text = f"Berkas dengan susunan {profile.title} tidak dikenal lagi. Mutasi yang sudah diimpor tetap ada."
    if not message.confirm(owner, "Hapus profil bank", text, "Hapus profil"):
        return

    def work(session: Session) -> None:
        statements.withdraw_profile(session, office_id, profile.id)

    def deed() -> None:
        with workstation.link.transaction() as session:
            work(session)

    workstation.background.run_work(owner, deed, lambda _none: say(f"Profil {profile.title} dihapus."))
