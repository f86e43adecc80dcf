"""What a file really is, told by its first bytes and its inner structure; the ending of its name is never trusted."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from enum import Enum

ZIP_TROUBLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on damaged, locked or exotic archives; several are undocumented, all mean "cannot be read"."""


class FileType(Enum):
    """A kind of file: its key, what the desk calls it, its media type and the endings it may honestly carry."""

    PDF = ("pdf", "dokumen PDF", "application/pdf", (".pdf",))
    PNG = ("png", "gambar PNG", "image/png", (".png",))
    JPEG = ("jpeg", "gambar JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"))
    GIF = ("gif", "gambar GIF", "image/gif", (".gif",))
    BMP = ("bmp", "gambar BMP", "image/bmp", (".bmp", ".dib"))
    TIFF = ("tiff", "gambar TIFF", "image/tiff", (".tif", ".tiff"))
    WEBP = ("webp", "gambar WebP", "image/webp", (".webp",))
    HEIC = ("heic", "gambar HEIC (iPhone)", "image/heic", (".heic", ".heif", ".hif"))
    SVG = ("svg", "gambar SVG", "image/svg+xml", (".svg",))
    MP4 = ("mp4", "video", "video/mp4", (".mp4", ".m4v", ".mov", ".3gp", ".m4a"))
    AUDIO = ("audio", "rekaman suara", "audio/ogg", (".ogg", ".opus", ".oga", ".mp3", ".wav", ".amr", ".aac"))
    DOCX = (
        "docx",
        "dokumen Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx", ".dotx"),
    )
    DOCM = ("docm", "dokumen Word bermakro", "application/vnd.ms-word.document.macroEnabled.12", (".docm", ".dotm"))
    XLSX = (
        "xlsx",
        "lembar Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx", ".xltx"),
    )
    XLSM = (
        "xlsm",
        "lembar Excel bermakro",
        "application/vnd.ms-excel.sheet.macroEnabled.12",
        (".xlsm", ".xltm", ".xlam", ".xlsb"),
    )
    PPTX = (
        "pptx",
        "salindia PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        (".pptx", ".ppsx", ".potx"),
    )
    PPTM = (
        "pptm",
        "salindia PowerPoint bermakro",
        "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
        (".pptm", ".ppsm", ".potm", ".ppam"),
    )
    LOCKED_OFFICE = (
        "locked_office",
        "dokumen Office yang terkunci kata sandi",
        "application/x-ole-storage",
        (".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm"),
    )
    DOC = ("doc", "dokumen Word lama", "application/msword", (".doc", ".dot"))
    XLS = ("xls", "lembar Excel lama", "application/vnd.ms-excel", (".xls", ".xlt"))
    PPT = ("ppt", "salindia PowerPoint lama", "application/vnd.ms-powerpoint", (".ppt", ".pps"))
    OLE_MACRO = (
        "ole_macro",
        "dokumen Office lama bermakro",
        "application/x-ole-storage",
        (".doc", ".xls", ".ppt", ".dot", ".xlt", ".pps"),
    )
    ODT = ("odt", "dokumen OpenDocument", "application/vnd.oasis.opendocument.text", (".odt", ".ott"))
    ODS = ("ods", "lembar OpenDocument", "application/vnd.oasis.opendocument.spreadsheet", (".ods", ".ots"))
    RTF = ("rtf", "dokumen RTF", "application/rtf", (".rtf", ".doc"))
    MSG = ("msg", "surel Outlook (.msg)", "application/vnd.ms-outlook", (".msg",))
    OLE = ("ole", "berkas Office lama", "application/x-ole-storage", (".vsd", ".pub", ".mpp", ".db"))
    EML = ("eml", "surel (.eml)", "message/rfc822", (".eml", ".mht", ".mhtml"))
    TNEF = ("tnef", "bungkusan winmail.dat dari Outlook", "application/ms-tnef", (".dat", ".tnef"))
    CALENDAR = ("ics", "undangan kalender", "text/calendar", (".ics", ".ical", ".vcs"))
    CONTACT = ("vcf", "kartu kontak", "text/vcard", (".vcf",))
    HTML = ("html", "halaman web (HTML)", "text/html", (".html", ".htm", ".xhtml", ".doc", ".xls"))
    XML = (
        "xml",
        "berkas XML",
        "application/xml",
        (".xml", ".kml", ".gml", ".gpx", ".qgs", ".qml", ".xsd", ".sld", ".prj", ".sdmx"),
    )
    CSV = ("csv", "tabel teks (CSV)", "text/csv", (".csv", ".tsv", ".txt", ".tab", ".dat", ".asc"))
    TXT = (
        "txt",
        "berkas teks",
        "text/plain",
        (".txt", ".csv", ".tsv", ".md", ".log", ".json", ".geojson", ".prj", ".cpg", ".do", ".sps", ".r", ".sta",
         ".mt940", ".ini", ".toml", ".yaml", ".yml", ".tex", ".bib", ".dat", ".asc"),
    )  # fmt: skip
    ZIP = ("zip", "arsip ZIP", "application/zip", (".zip", ".kmz", ".qgz"))
    RAR = ("rar", "arsip RAR", "application/vnd.rar", (".rar",))
    SEVEN_ZIP = ("7z", "arsip 7-Zip", "application/x-7z-compressed", (".7z",))
    GZIP = ("gz", "arsip GZIP", "application/gzip", (".gz", ".tgz"))
    TAR = ("tar", "arsip TAR", "application/x-tar", (".tar",))
    CAB = ("cab", "arsip CAB", "application/vnd.ms-cab-compressed", (".cab",))
    DISK_IMAGE = ("iso", "citra cakram", "application/x-iso9660-image", (".iso", ".img", ".vhd", ".vhdx"))
    SQLITE = ("sqlite", "basis data SQLite/GeoPackage", "application/geopackage+sqlite3", (".gpkg", ".sqlite", ".db"))
    SHP = ("shp", "peta shapefile", "application/vnd.shp", (".shp", ".shx"))
    DBF = ("dbf", "tabel dBASE", "application/vnd.dbf", (".dbf",))
    STATA = ("dta", "data Stata", "application/x-stata-dta", (".dta",))
    SPSS = ("sav", "data SPSS", "application/x-spss-sav", (".sav", ".zsav"))
    PARQUET = ("parquet", "data Parquet", "application/vnd.apache.parquet", (".parquet",))
    PROGRAM = ("exe", "program", "application/x-msdownload", (".exe", ".dll", ".com", ".scr", ".sys", ".ocx", ".cpl"))
    SHORTCUT = ("lnk", "pintasan Windows", "application/x-ms-shortcut", (".lnk",))
    JAVA = ("jar", "program Java/Android", "application/java-archive", (".jar", ".apk", ".war"))
    SCRIPT = ("script", "skrip", "text/x-script", (".sh", ".py", ".pl", ".rb", ".js", ".ps1"))
    EMPTY = ("empty", "berkas kosong", "application/x-empty", ())
    UNKNOWN = ("unknown", "berkas yang jenisnya tidak dikenal", "application/octet-stream", ())

    def __init__(self, key: str, label: str, media_type: str, endings: tuple[str, ...]) -> None:
        self.key = key
        self.label = label
        self.media_type = media_type
        self.endings = endings


PROGRAM_TYPES = frozenset({FileType.PROGRAM, FileType.SHORTCUT, FileType.JAVA, FileType.SCRIPT, FileType.DISK_IMAGE})
MACRO_TYPES = frozenset({FileType.DOCM, FileType.XLSM, FileType.PPTM, FileType.OLE_MACRO})
OPEN_XML_TYPES = frozenset({FileType.DOCX, FileType.XLSX, FileType.PPTX}) | MACRO_TYPES - {FileType.OLE_MACRO}

_SIGNATURES: tuple[tuple[bytes, FileType], ...] = (
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"GIF87a", FileType.GIF),
    (b"GIF89a", FileType.GIF),
    (b"II*\x00", FileType.TIFF),
    (b"MM\x00*", FileType.TIFF),
    (b"Rar!\x1a\x07", FileType.RAR),
    (b"7z\xbc\xaf\x27\x1c", FileType.SEVEN_ZIP),
    (b"\x1f\x8b\x08", FileType.GZIP),
    (b"MSCF\x00\x00\x00\x00", FileType.CAB),
    (b"SQLite format 3\x00", FileType.SQLITE),
    (b"\x7fELF", FileType.PROGRAM),
    (b"\xfe\xed\xfa\xce", FileType.PROGRAM),
    (b"\xfe\xed\xfa\xcf", FileType.PROGRAM),
    (b"\xce\xfa\xed\xfe", FileType.PROGRAM),
    (b"\xcf\xfa\xed\xfe", FileType.PROGRAM),
    (b"\xca\xfe\xba\xbe", FileType.JAVA),
    (b"L\x00\x00\x00\x01\x14\x02\x00", FileType.SHORTCUT),
    (b"MZ", FileType.PROGRAM),
    (b"#!", FileType.SCRIPT),
    (b"\x78\x9f\x3e\x22", FileType.TNEF),
    (b"{\\rtf", FileType.RTF),
    (b"OggS", FileType.AUDIO),
    (b"ID3", FileType.AUDIO),
    (b"#!AMR", FileType.AUDIO),
    (b"PAR1", FileType.PARQUET),
    (b"<stata_dta>", FileType.STATA),
    (b"$FL2@(#)", FileType.SPSS),
    (b"$FL3@(#)", FileType.SPSS),
    (b"vhdxfile", FileType.DISK_IMAGE),
)

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_MAIL_HEADER = re.compile(
    rb"(?:return-path|received|delivered-to|from|to|cc|subject|date|message-id|mime-version|reply-to|x-[\w-]+"
    rb"|content-type|dkim-signature|arc-[\w-]+|authentication-results|references|in-reply-to):[ \t\S]",
    re.IGNORECASE,
)


def sniff(data: bytes) -> FileType:
    """The kind of file that `data` is, by content alone; FileType.UNKNOWN when no rule fits. Never raises."""
    if not data:
        return FileType.EMPTY
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _sniff_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(data)
    for signature, kind in sorted(_SIGNATURES, key=lambda pair: -len(pair[0])):
        if data.startswith(signature):
            return kind
    if re.search(rb"(?:^|[\r\n\0 ])%PDF-\d", data[:1024].removeprefix(b"\xef\xbb\xbf")):
        return FileType.PDF
    return _sniff_container(data) or _sniff_table(data) or _sniff_text(data)


def _sniff_container(data: bytes) -> FileType | None:
    if data[4:8] == b"ftyp":
        return FileType.HEIC if data[8:12] in _HEIF_BRANDS else FileType.MP4
    if data[:4] == b"RIFF":
        return FileType.WEBP if data[8:12] == b"WEBP" else FileType.AUDIO
    if data[257:262] == b"ustar":
        return FileType.TAR
    if data[0x8001:0x8006] == b"CD001":
        return FileType.DISK_IMAGE
    if data[:2] == b"BM" and len(data) > 26 and struct.unpack_from("<I", data, 14)[0] in (12, 40, 52, 56, 108, 124):
        return FileType.BMP
    return None


def _sniff_table(data: bytes) -> FileType | None:
    """Shapefiles and dBASE tables have no unmistakable signature: their header fields must agree with each other."""
    if data[:4] == b"\x00\x00\x27\x0a" and data[28:32] == b"\xe8\x03\x00\x00":
        return FileType.SHP
    if len(data) >= 33 and data[0] in (0x03, 0x30, 0x31, 0x83, 0x8B, 0x8C, 0xF5):
        _, month, day = data[1:4]
        header = int(struct.unpack_from("<H", data, 8)[0])
        if 1 <= month <= 12 and 1 <= day <= 31 and header >= 33 and data[header - 1 : header] in (b"\r", b"\x00", b""):
            return FileType.DBF
    return None


def _sniff_zip(data: bytes) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()}
            media = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except ZIP_TROUBLE:
        # A cut archive still shows the names of its first members.
        names = set(re.findall(r"word/|xl/|ppt/|\[Content_Types\]\.xml", data[:65536].decode("latin-1")))
        media = b""
    if b"opendocument.text" in media:
        return FileType.ODT
    if b"opendocument.spreadsheet" in media:
        return FileType.ODS
    if "[Content_Types].xml" in names:
        macros = any(name.lower().rsplit("/", 1)[-1] in {"vbaproject.bin", "workbook.bin"} for name in names)
        for folder, plain, macro in (
            ("word/", FileType.DOCX, FileType.DOCM),
            ("xl/", FileType.XLSX, FileType.XLSM),
            ("ppt/", FileType.PPTX, FileType.PPTM),
        ):
            if any(name.startswith(folder) for name in names):
                return macro if macros else plain
    if names & {"META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"}:
        return FileType.JAVA
    return FileType.ZIP


def _sniff_ole(data: bytes) -> FileType:
    """Compound files name their streams in UTF-16; the names tell the program that wrote them."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return FileType.LOCKED_OFFICE
    if has("__substg1.0_") or has("__properties_version1.0"):
        return FileType.MSG
    if has("_VBA_PROJECT"):
        return FileType.OLE_MACRO
    for stream, kind in (
        ("WordDocument", FileType.DOC),
        ("PowerPoint Document", FileType.PPT),
        ("Workbook", FileType.XLS),
        ("Book", FileType.XLS),
    ):
        if has(stream):
            return kind
    return FileType.OLE


def _sniff_text(data: bytes) -> FileType:
    text = _as_text(data[:8192])
    if text is None:
        return FileType.UNKNOWN
    start = text.lstrip().lower()
    if start.startswith(("<?xml", "<!--")):
        if "<svg" in start:
            return FileType.SVG
        return FileType.HTML if "<html" in start else FileType.XML
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        return FileType.HTML
    if start.startswith("<svg"):
        return FileType.SVG
    if start.startswith("begin:vcalendar"):
        return FileType.CALENDAR
    if start.startswith("begin:vcard"):
        return FileType.CONTACT
    if looks_like_mail(data):
        return FileType.EML
    return FileType.CSV if _is_table(text) else FileType.TXT


def looks_like_mail(data: bytes) -> bool:
    """True when the first lines are mail headers (at least two of them, or one and a blank line)."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").replace(b"\r\n", b"\n")
    lines = [line for line in head.partition(b"\n\n")[0].split(b"\n") if not line.startswith((b" ", b"\t"))]
    if lines and lines[0].startswith(b"From "):  # the separator line of a mailbox file
        lines = lines[1:]
    return bool(lines) and bool(_MAIL_HEADER.match(lines[0])) and (len(lines) > 1 or b"\n\n" in head)


def _as_text(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if any(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in data):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4 and len(data) == 8192:  # the window cut one character in two
            return data[: error.start].decode("utf-8-sig")
    text = data.decode("cp1252", "replace")
    letters = sum(char.isalnum() or char.isspace() or char in ".,;:-/\"'()" for char in text)
    return text if letters > 0.85 * len(text) else None


def _is_table(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()][:20]
    if len(lines) < 2:
        return False
    return any(len({line.count(sign) for line in lines}) == 1 and sign in lines[0] for sign in ";\t,|")
