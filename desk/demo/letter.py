"""An invented letter of a customer as a one-page PDF, made here so that nothing real lies in the demo."""

from __future__ import annotations

from collections.abc import Sequence


def letter_pdf(lines: Sequence[str]) -> bytes:
    """A page of A4 with these lines (Latin letters only), readable by every PDF program."""
    shown = "".join(f"({_escaped(line)}) Tj T* " for line in lines)
    content = f"BT /F1 12 Tf 18 TL 70 770 Td {shown}ET".encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font 6 0 R >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /F1 5 0 R >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + end % (len(objects) + 1, table, len(objects) + 1, len(made))


def relief_letter(institution: str, number: str) -> bytes:
    """The application for nol rupiah that a customer attaches."""
    return letter_pdf(
        (
            institution.upper(), "", f"Nomor: {number}", "Hal: Permohonan data nol rupiah", "",
            "Kepada Kepala Badan Pusat Statistik setempat", "",
            "Dengan ini kami memohon data untuk pendidikan dan penelitian nonkomersial", "dengan tarif nol rupiah.", "",
            "Abstraksi penggunaan data terlampir.", "", "Pimpinan", "", "(surat contoh, bukan surat sesungguhnya)",
        )
    )  # fmt: skip


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
