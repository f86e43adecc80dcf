"""Locks the data of a delivery into AES zip files, streamed: any size in the same memory, all parts or none."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desk.errors import Refused, Unavailable
from desk.rules.package import (
    LIST_NAME,
    README_NAME,
    DataFile,
    PackageOrder,
    PackagePart,
    file_list,
    readme,
    split,
)
from desk.rules.quantities import bytes_text

if TYPE_CHECKING:
    from pyzipper import AESZipFile

Tell = Callable[[int, int], None]
"""Bytes read and bytes to read in all; may raise to stop the work."""

PIECE: Final = 1024 * 1024
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for each other when they are read out on the phone."""
_PACKS_WELL: Final = 0.9


def new_password() -> str:
    """Four groups of four, to be read out: 79 bits, as `k7mq-2xva-p9tc-hw3e`."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def why_changed(file: DataFile, tell: Callable[[int], None]) -> str | None:
    """The sentence that a file is not what the second officer checked, or None; `tell` gets the bytes of each piece."""
    digest = hashlib.sha256()
    for piece in _pieces(file, tell):
        digest.update(piece)
    return None if digest.hexdigest() == file.sha256 else _changed(file)


def pack(order: PackageOrder, folder: Path, password: str, tell: Tell) -> tuple[PackagePart, ...]:
    """Writes the package into a folder and gives its parts; each file is compared with what was checked on the way.

    Refused when a file has changed or the channel cannot carry it, Unavailable when one cannot be read or the folder
    cannot be written. Whatever goes wrong, nothing half-made stays: parts get their names when all are finished.
    """
    parts = split(order)
    if isinstance(parts, str):
        raise Refused(parts)
    whole = sum(file.size for file in order.files)
    _room_for(whole, folder)
    read = 0

    def on_piece(size: int) -> None:
        nonlocal read
        read += size
        tell(read, whole)

    made: list[tuple[Path, Path]] = []
    try:
        for at, positions in enumerate(parts, start=1):
            name = order.base_name + (f"-bagian-{at}-dari-{len(parts)}" if len(parts) > 1 else "") + ".zip"
            unfinished, finished = folder / f"{name}.belum-selesai", folder / name
            made.append((unfinished, finished))
            _write(unfinished, order, parts, positions, password, on_piece)
        packed = tuple(_part(unfinished, finished.name) for unfinished, finished in made)
        for unfinished, finished in made:
            unfinished.replace(finished)
    except OSError as error:
        raise Unavailable(
            f"Paket tidak dapat ditulis ke {folder} ({error.strerror or error}). Periksa sambungan dan sisa ruangnya, "
            "lalu buat lagi; paket yang belum selesai sudah dibuang."
        ) from error
    finally:
        for unfinished, _ in made:
            _discard(unfinished)
    return packed


def read_part(part: PackagePart, path: Path) -> bytes:
    """The bytes of a part as they were when the package was recorded.

    Refused when they are others now, Unavailable when the file or its folder is away.
    """
    try:
        if path.stat().st_size != part.size:
            raise Refused(_part_changed(part))
        data = path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"Paket {part.name} tidak dapat dibaca di {path.parent} ({error.strerror or error}). Periksa apakah "
            "foldernya tersambung dan paketnya masih ada."
        ) from error
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise Refused(_part_changed(part))
    return data


def _part_changed(part: PackagePart) -> str:
    return f"Paket {part.name} sudah berubah sejak dibuat. Kirim data sekali lagi dengan paket baru."


def _write(
    path: Path,
    order: PackageOrder,
    parts: Sequence[Sequence[int]],
    positions: Iterable[int],
    password: str,
    on_piece: Callable[[int], None],
) -> None:
    from pyzipper import WZ_AES, AESZipFile

    package = AESZipFile(path, "w", encryption=WZ_AES)
    try:
        package.setpassword(password.encode("ascii"))
        _add(package, README_NAME, [readme(order, parts).encode("utf-8-sig")])
        _add(package, LIST_NAME, [file_list(order).encode("utf-8-sig")])
        if order.receipt is not None:
            _add(package, order.receipt[0], [order.receipt[1]])
        names = order.names_inside
        for position in positions:
            file = order.files[position]
            digest = hashlib.sha256()
            _add(package, names[position], _hashed(_pieces(file, on_piece), digest))
            if digest.hexdigest() != file.sha256:
                raise Refused(_changed(file))
        package.close()
    except BaseException:
        _let_go(package)
        raise


def _let_go(package: AESZipFile) -> None:
    """Closes the file of a package that is thrown away: its list is not written, for that could fail once more."""
    stream, package.fp = package.fp, None
    if stream is not None:
        with contextlib.suppress(OSError):
            stream.close()


def _add(package: AESZipFile, name: str, pieces: Iterable[bytes]) -> None:
    from pyzipper import ZIP_DEFLATED, ZIP_STORED
    from pyzipper.zipfile_aes import AESZipInfo

    entry = AESZipInfo(name)
    source = iter(pieces)
    first = next(source, b"")
    packs_well = len(zlib.compress(first, 1)) < len(first) * _PACKS_WELL
    entry.compress_type = ZIP_DEFLATED if packs_well else ZIP_STORED
    with package.open(entry, "w", force_zip64=True) as inside:
        inside.write(first)
        for piece in source:
            inside.write(piece)


def _hashed(pieces: Iterable[bytes], digest: hashlib._Hash) -> Iterable[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _pieces(file: DataFile, on_piece: Callable[[int], None]) -> Iterable[bytes]:
    """The bytes of a file; Refused at once when its size is not the one that was checked."""
    try:
        with Path(file.path).open("rb") as stream:
            if os.fstat(stream.fileno()).st_size != file.size:
                raise Refused(_changed(file))
            while piece := stream.read(PIECE):
                on_piece(len(piece))
                yield piece
    except OSError as error:
        raise Unavailable(
            f"{file.name} tidak dapat dibaca di {file.path} ({error.strerror or error}). Periksa apakah foldernya "
            "tersambung dan berkasnya masih ada."
        ) from error


def _changed(file: DataFile) -> str:
    return (
        f"{file.name} sudah berubah sejak diperiksa petugas kedua. Kembalikan data untuk disiapkan dan diperiksa ulang."
    )


def _room_for(size: int, folder: Path) -> None:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise Unavailable(f"Folder {folder} tidak dapat dibuka. Pilih folder lain.") from error
    if free < size:
        raise Unavailable(
            f"Sisa ruang di {folder} {bytes_text(free)}, paket memerlukan sampai {bytes_text(size)}. "
            "Pilih folder lain atau kosongkan ruang."
        )


def _part(path: Path, name: str) -> PackagePart:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return PackagePart(name, path.stat().st_size, digest.hexdigest())


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # a share that is gone: what lies there bears "belum-selesai" in its name
        return
