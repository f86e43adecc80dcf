"""The package in which data leave: what goes into it, how it is split, and the lists that lie beside the data.

Standards, prosedur 7: kuitansi, microdata and maps are sent over the channel of the case. The package is locked; its
password goes another way than the package (`domain.md` 8) and is nowhere kept.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from desk.rules.case import Channel, State
from desk.rules.quantities import bytes_text

LIST_NAME = "DAFTAR-BERKAS.csv"
README_NAME = "BACA-SAYA.txt"
PASSWORD_FIELD = "{{ sandi }}"  # noqa: S105 - a place, not a password
_OVERHEAD = 64 * 1024
"""Bytes that a part needs beside the data: names, lists, the locks of a few hundred files."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file as the second officer checked it; `path` is where it lies on the office's disk."""

    name: str
    path: str
    size: int
    sha256: str
    rows: int | None = None
    variables: int | None = None


@dataclass(frozen=True, slots=True)
class PackageOrder:
    """What the package of one case is made of; `receipt` is the scanned kuitansi, (name, bytes), where there is one."""

    number: str
    agreement_number: str
    version: int
    channel: Channel
    files: tuple[DataFile, ...]
    clauses: tuple[str, ...]
    limit: int | None  # bytes of one part on this channel; None: no limit known
    receipt: tuple[str, bytes] | None = None
    password_message: str = ""  # the words that bring the password, with PASSWORD_FIELD where it comes

    @property
    def base_name(self) -> str:
        """The name of the package without its ending, allowed on Windows."""
        return f"{self.number}-data-v{self.version}"

    @property
    def names_inside(self) -> tuple[str, ...]:
        """One name per file, as it lies in the package: a name that the package itself needs is moved aside."""
        taken = {LIST_NAME.casefold(), README_NAME.casefold()}
        if self.receipt is not None:
            taken.add(self.receipt[0].casefold())
        names = []
        for file in self.files:
            name, count = file.name, 1
            while name.casefold() in taken:
                count += 1
                pure = PurePath(file.name)
                name = f"{pure.stem} ({count}){pure.suffix}"
            taken.add(name.casefold())
            names.append(name)
        return tuple(names)


class PasswordWay(State):
    """How the password reaches the customer: never the way the package goes."""

    PHONE = "phone", "telepon"
    WHATSAPP = "whatsapp", "WhatsApp"
    EMAIL = "email", "surel"
    BY_HAND = "by_hand", "diserahkan langsung"


@dataclass(frozen=True, slots=True)
class PackagePart:
    """One file of a finished package."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DataPackage:
    """A finished package, where each part lies on this computer, and the way its password goes."""

    parts: tuple[PackagePart, ...]
    password_by: PasswordWay
    paths: tuple[str, ...] = ()


def why_not_password_way(channel: Channel, way: PasswordWay) -> str | None:
    """Whoever reads the one message must not hold both."""
    if way.value == channel.value:
        return f"Paket dikirim lewat {channel.label}; kata sandinya harus lewat jalan lain."
    return None


def split(order: PackageOrder) -> tuple[tuple[int, ...], ...] | str:
    """The positions of the files in each part, in their order; or the sentence why the channel cannot carry them.

    A file is never cut: who receives a part can open it without the others.
    """
    if order.limit is None:
        return (tuple(range(len(order.files))),)
    room = order.limit - _OVERHEAD - (len(order.receipt[1]) if order.receipt else 0)
    too_large = [file for file in order.files if file.size > room]
    if too_large:
        return (
            f"{too_large[0].name} ({bytes_text(too_large[0].size)}) melebihi batas kanal {order.channel.label}, "
            f"{bytes_text(order.limit)}. Bagi berkasnya, atau serahkan lewat media lain lalu catat alamat itu."
        )
    parts: list[list[int]] = [[]]
    left = room
    for position, file in enumerate(order.files):
        if file.size > left and parts[-1]:
            parts.append([])
            left = room
        parts[-1].append(position)
        left -= file.size
    return tuple(tuple(part) for part in parts)


def file_list(order: PackageOrder) -> str:
    """The manifest as Excel opens it here (`;`): name, bytes, SHA-256, rows, variables."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(["Berkas", "Ukuran (byte)", "SHA-256", "Jumlah baris", "Jumlah peubah"])
    for name, file in zip(order.names_inside, order.files, strict=True):
        shown = f"'{name}" if name[:1] in "=+-@" else name
        table.writerow([shown, file.size, file.sha256, _count(file.rows), _count(file.variables)])
    return out.getvalue()


def readme(order: PackageOrder, parts: Sequence[Sequence[int]]) -> str:
    """The words beside the data: what it is, what it may be used for, and what to do with an earlier version."""
    lines = [
        f"Data permohonan {order.number}, versi {order.version}",
        f"Perjanjian: {order.agreement_number}" if order.agreement_number else "",
        "",
        f"Paket ini memuat {len(order.files)} berkas data"
        + (f" dalam {len(parts)} bagian." if len(parts) > 1 else ".")
        + f" Nama, ukuran, dan sidik jari SHA-256 tiap berkas tercantum dalam {LIST_NAME}.",
    ]
    if order.version > 1:
        lines.append("")
        lines.append(
            f"Versi {order.version} menggantikan versi {order.version - 1}. "
            "Hapus versi sebelumnya beserta seluruh salinannya; jangan dipakai lagi."
        )
    lines += ["", "Ketentuan penggunaan data (ringkas dari SPPD):"]
    lines += [f"{position}. {clause}" for position, clause in enumerate(order.clauses, start=1)]
    return "\r\n".join(lines) + "\r\n"


def _count(value: int | None) -> str | int:
    return "" if value is None else value
