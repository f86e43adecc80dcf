"""What a printer says about itself before it gets an order: Qt hands an order over and does not hear it refused."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from typing import Any


class _Option(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("value", ctypes.c_char_p))


class _Destination(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("instance", ctypes.c_char_p),
        ("is_default", ctypes.c_int),
        ("num_options", ctypes.c_int),
        ("options", ctypes.POINTER(_Option)),
    )


def why_not_accepting(printer: str) -> str | None:
    """Give the sentence why the printer takes no orders now, or None: it takes them, or nothing is known about it.

    Asks CUPS through its library, on a worker; on Windows the spooler itself refuses an order, and Qt says so.
    """
    return None if sys.platform == "win32" else _why_not_by_cups(printer)


def _why_not_by_cups(printer: str) -> str | None:
    library = _libcups()
    if library is None:
        return None
    name, _, instance = printer.partition("/")
    found = library.cupsGetNamedDest(None, name.encode(), instance.encode() or None)
    if not found:
        return f"Pencetak {printer} tidak ditemukan. Nyalakan atau pilih pencetak lain, lalu coba lagi."
    try:
        told = _told(found.contents)
    finally:
        library.cupsFreeDests(1, found)
    if told.get("printer-is-accepting-jobs", "true") == "true" and told.get("printer-state", "3") != _STOPPED:
        return None
    message = told.get("printer-state-message", "").strip().rstrip(".")
    about = f" ({message})" if message else ""
    return f"Pencetak {printer} sedang tidak menerima cetakan{about}. Periksa pencetaknya, lalu coba lagi."


_STOPPED = "5"


def _told(destination: _Destination) -> dict[str, str]:
    options = (destination.options[at] for at in range(destination.num_options))
    return {option.name.decode(): (option.value or b"").decode("utf-8", "replace") for option in options}


def _libcups() -> Any:
    name = ctypes.util.find_library("cups")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.cupsGetNamedDest.restype = ctypes.POINTER(_Destination)
    library.cupsGetNamedDest.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p)
    library.cupsFreeDests.argtypes = (ctypes.c_int, ctypes.POINTER(_Destination))
    return library
