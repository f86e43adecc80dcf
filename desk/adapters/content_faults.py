"""What contradicts itself in a restored database: numbers, counters, files, and the sealed log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SERIES: Final = {
    "invoice": "'invoice'", "agreement": "'sppd'", "receipt": "'receipt'", "letter": "kind", "cases": "'case'",
}  # fmt: skip
_NUMBERS = " UNION ALL ".join(
    f"SELECT office_id, {series} AS kind, year, count(*) AS count, max(sequence) AS last FROM desk.{table} GROUP BY 1, 2, 3"  # noqa: S608, E501
    for table, series in _SERIES.items()
)
_ALWAYS_EMPTY: Final = {
    "Nomor {kind} kantor {office} tahun {year} tidak berurutan: {count} naskah, nomor terakhir {last}.":
        f"SELECT office_id AS office, kind, year, count, last FROM ({_NUMBERS}) n WHERE count <> last",  # noqa: S608
    "Penghitung nomor {kind} kantor {office} tahun {year} tidak cocok dengan naskahnya.":
        "SELECT coalesce(c.office_id, n.office_id) AS office, coalesce(c.kind, n.kind) AS kind, "  # noqa: S608
        "coalesce(c.year, n.year) AS year "
        f"FROM desk.counter c FULL JOIN ({_NUMBERS}) n ON n.office_id = c.office_id AND n.kind = c.kind "
        "AND n.year = c.year WHERE c.last IS DISTINCT FROM n.last",
    "Catatan audit kantor {office}, blok {block}, tidak cocok dengan segelnya.":
        "SELECT o.office_id AS office, p.block FROM (SELECT DISTINCT office_id FROM audit.block) o, "
        "audit.problems(o.office_id, 1, 9223372036854775807) p",
    "Isi berkas {sha256} kantor {office} tidak cocok dengan hash-nya.":
        "SELECT office_id AS office, sha256 FROM desk.file_chunk GROUP BY 1, 2 "
        "HAVING encode(sha256(string_agg(bytes, ''::bytea ORDER BY no)), 'hex') <> sha256",
}  # fmt: skip


def content_faults(connection: Connection) -> list[str]:
    """Gives what contradicts itself, as sentences; empty for the database of an office. Reads every file once."""
    return [
        sentence.format_map(row)
        for sentence, question in _ALWAYS_EMPTY.items()
        for row in connection.exec_driver_sql(question).mappings()
    ]
