"""A paper from values to pages, against LibreOffice cold and as a warm listener."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import tempfile
import zipfile
from itertools import count
from pathlib import Path

from desk import resources
from desk.adapters.paper import Paper, PaperShop
from desk.adapters.paper.libreoffice import find_soffice, pdf_by_libreoffice
from desk.adapters.word import Picture
from desk.bench.figures import Figure, measured, of_times, timed
from desk.commands import screen
from desk.rules.papers import PaperKind, example_context, optional_fields
from desk.services.papers import QR_MM, qr_png
from desk.services.template_check import examine

_LONG = 35


def measure() -> list[Figure]:
    """Fill and pages of a one-page kuitansi and of a three-page SPPD, and the check of an uploaded template."""
    screen.draw_nowhere()
    shop = PaperShop()
    try:
        shop.warm()
        return [*_paper(shop, PaperKind.RECEIPT, 1), *_paper(shop, PaperKind.SPPD, _LONG), _check(shop)]
    finally:
        shop.close()


def _paper(shop: PaperShop, kind: PaperKind, lines: int) -> list[Figure]:
    from desk.adapters.word import fill

    template = resources.template(kind.template_name).read_bytes()
    context = _context(kind, lines)
    optional = tuple(sorted(optional_fields(kind)))
    paper = shop.make(template, context, optional=optional)
    name = f"{kind.value}, {paper.pages} page" + ("s" if paper.pages > 1 else "")
    pages_aim = "< 30 ms" if paper.pages == 1 else "< 100 ms"
    cold, warm = _libreoffice(paper.docx)
    raw = warm.median if warm else None
    figures = [
        measured(f"fill {name}", lambda: fill(template, context, optional=optional), aim="< 25 ms"),
        measured(f"lay out and write the PDF of {name}", lambda: shop.pages_of(paper.docx), aim=pages_aim, raw=raw),
        measured(f"fill and pages of {name}", lambda: shop.make(template, context, optional=optional), raw=raw),
    ]
    return [*figures, *(figure for figure in (cold, warm) if figure)]


def _check(shop: PaperShop) -> Figure:
    """The whole check of an uploaded invoice template; each one is a file that the engine has not seen before."""
    shipped = resources.template(PaperKind.INVOICE.template_name).read_bytes()
    names = count(1)

    def check() -> None:
        changed = io.BytesIO(shipped)
        with zipfile.ZipFile(changed, "a") as archive:
            archive.comment = str(next(names)).encode()
        examined = examine(shop, PaperKind.INVOICE, "invoice.docx", changed.getvalue(), shipped)
        assert examined.usable

    return measured("check, fill and lay out a new template of the invoice", check, aim="< 1 s")


def example(shop: PaperShop, kind: PaperKind, lines: int) -> Paper:
    """A paper of this kind with so many data lines."""
    template = resources.template(kind.template_name).read_bytes()
    return shop.make(template, _context(kind, lines), optional=tuple(sorted(optional_fields(kind))))


def _context(kind: PaperKind, lines: int) -> dict[str, object]:
    context = dict(example_context(kind))
    context["qr"] = Picture(qr_png(str(context["qr"])), QR_MM)
    rows = context.get("baris")
    if lines > 1 and isinstance(rows, list):
        context["baris"] = [{**rows[0], "no": number} for number in range(1, lines + 1)]
    return context


def _libreoffice(docx: bytes) -> tuple[Figure | None, Figure | None]:
    """LibreOffice started for one paper, and a listener that is already running."""
    if find_soffice() is None:
        return None, None
    cold = of_times("  LibreOffice, started for it", [timed(lambda: pdf_by_libreoffice(docx)) for _ in range(3)])
    warm = _warm_listener(docx)
    return cold, of_times("  LibreOffice, warm listener", warm) if warm else None


_CONVERT = """
import sys, time, uno
from com.sun.star.beans import PropertyValue
source, target, port = sys.argv[1:4]
def prop(name, value):
    made = PropertyValue(); made.Name, made.Value = name, value; return made
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(300):
    try:
        remote = resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext"); break
    except Exception: time.sleep(0.1)
desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
for _ in range(11):
    begun = time.perf_counter()
    document = desktop.loadComponentFromURL(source, "_blank", 0, (prop("Hidden", True),))
    document.storeToURL(target, (prop("FilterName", "writer_pdf_Export"),))
    document.close(True)
    print((time.perf_counter() - begun) * 1000)
try: desktop.terminate()
except Exception: pass
"""


def _warm_listener(docx: bytes) -> list[float]:
    """Times of a LibreOffice that is already running, driven through its own bridge; empty where there is none."""
    python, soffice = shutil.which("python3", path="/usr/bin"), find_soffice()
    if python is None or soffice is None:
        return []
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="meja-pst-", ignore_cleanup_errors=True) as name:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        source, target = Path(name) / "naskah.docx", Path(name) / "naskah.pdf"
        source.write_bytes(docx)
        accept = f"--accept=socket,host=127.0.0.1,port={port};urp;"
        profile = f"-env:UserInstallation={(Path(name) / 'profil').as_uri()}"
        listener = subprocess.Popen([str(soffice), "--headless", "--norestore", profile, accept])
        try:
            done = subprocess.run(
                [python, "-c", _CONVERT, source.as_uri(), target.as_uri(), str(port)],
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        finally:
            listener.terminate()
            listener.wait(30)
    return [float(line) for line in done.stdout.split()][1:]
