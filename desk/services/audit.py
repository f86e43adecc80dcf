"""The audit log: sealed, signed, and verified against its own chain, the signed heads, and the facts as they stand now.

Three proofs belong together (`docs/decisions/audit.md`): the chain finds what was changed inside it, the heads that
are kept elsewhere find a chain that was cut or computed anew, and the comparison finds facts changed behind the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from desk.adapters.seals import BlockHead, SignedHead, SigningKey
from desk.models import NATIONAL, Head
from desk.rules.dates import date_text

FACTS: Mapping[str, str] = {
    "agreement": "SPPD",
    "custody": "Catatan naskah asli",
    "day_close": "Penutupan hari",
    "delivery": "Pengiriman",
    "deposit": "Setoran",
    "deposit_line": "Kuitansi dalam setoran",
    "deposit_void": "Pembatalan setoran",
    "event": "Riwayat permohonan",
    "gate_override": "Izin pengiriman",
    "invoice": "Invoice",
    "invoice_end": "Pembatalan invoice",
    "invoice_line": "Baris invoice",
    "line_use": "Peruntukan mutasi",
    "line_use_end": "Penarikan peruntukan mutasi",
    "payment": "Pembayaran",
    "payment_approval": "Persetujuan pembayaran",
    "payment_proof": "Bukti bayar",
    "payment_reversal": "Pembatalan pembayaran",
    "preparation_check": "Pemeriksaan data",
    "proof_rejection": "Penolakan bukti bayar",
    "receipt": "Kuitansi",
    "receipt_void": "Pembatalan kuitansi",
    "relief": "Permohonan nol rupiah",
    "relief_decision": "Putusan nol rupiah",
    "statement_file": "Berkas mutasi rekening",
}
"""The tables that are compared with the log: money, and what let data leave. Their rows are final."""

_PAGE = 100_000
"""Rows of the log that one question looks at: about a second of work for the server."""

_REPORT = "Jangan mengubah apa pun; buat cadangan basis data dan laporkan kepada pemeriksa."


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be: the check that saw it, the office (None: all of them), the thing, and a sentence."""

    check: str
    office_id: int | None
    subject: str
    sentence: str


def seal(session: Session) -> int:
    """Seals what finished transactions have written and gives the number of rows; 0 while somebody else seals."""
    return int(session.execute(text("SELECT audit.seal()")).scalar_one())


def heads(session: Session) -> list[BlockHead]:
    """The last sealed block of every office whose heads this person may sign."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (b.office_id) c.id AS chain, b.office_id, b.no, b.hash "
            "FROM audit.block b, audit.chain c ORDER BY b.office_id, b.no DESC"
        )
    )
    return [BlockHead(row.chain, row.office_id, row.no, row.hash) for row in rows]


def keep(session: Session, signed: Sequence[SignedHead]) -> None:
    """Keeps signed heads beside their blocks; the copies that prove something are those off the server."""
    rows = [
        {
            "office_id": head.office_id,
            "no": head.no,
            "public_key": head.public_key,
            "hash": head.hash,
            "signed_at": head.signed_at,
            "signature": head.signature,
        }
        for head in signed
    ]
    if rows:
        session.execute(insert(Head).on_conflict_do_nothing(), rows)


def sign_heads(session: Session, key: SigningKey, moment: datetime) -> list[SignedHead]:
    """Signs the last sealed block of every office that is this person's to sign, keeps the heads, and gives them.

    For the auditor's login and the treasurer's day close. Call `seal` in a transaction of its own before: a signed head
    whose block was rolled back would look like a block that was taken away. Then write the heads into a file off the
    server (`desk.adapters.seals.append_heads`) before this transaction ends; `desk.ui.sealing.Sealing` does all three.
    """
    person = session.execute(text("SELECT session_user")).scalar_one()
    signed = [key.sign(head, signed_by=person, signed_at=moment) for head in heads(session)]
    keep(session, signed)
    return signed


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is to verify: sealed blocks, the entries in them, and heads kept in the database."""

    blocks: int
    entries: int
    heads: int


def extent(session: Session) -> Extent:
    """How much of the log this person can verify."""
    row = session.execute(_EXTENT).one()
    return Extent(row.blocks, row.entries, row.heads)


Progress = Callable[[int, int], object]
"""Hears how many steps are done, of how many."""


def verify(
    session: Session, signed: Iterable[SignedHead] = (), progress: Progress = lambda _at, _of: None
) -> Iterator[Finding]:
    """What is wrong with the log of the offices this person audits; nothing means intact.

    `signed` are heads that were kept off the server; without them a log that was cut or computed anew looks intact.
    For the auditor, or the owner of the database; anybody else is refused by the database. A step is a run of blocks
    or a table of facts, at most some seconds of work for the server.
    """
    known = {row.id: _Office(row.id, row.code, row.zone) for row in session.execute(_OFFICE_NAMES)}
    codes: list[int] = list(session.execute(_AUDITED).scalar_one())
    audited = [known.get(code) or _Office(code, str(code), "Asia/Jakarta") for code in sorted({NATIONAL, *codes})]
    pages = {office: _pages_of(session, office) for office in audited}
    at, of = 0, sum(len(runs) + len(FACTS) for runs in pages.values())
    for office, runs in pages.items():
        for first, last in runs:
            yield from _broken_blocks(session, office, first, last)
            progress(at := at + 1, of)
        yield from _unsealed(session, office)
    yield from _heads_that_differ(session, signed, {office.id: office for office in audited})
    for office in audited:
        for table in FACTS:
            yield from _facts_that_differ(session, office, table)
            progress(at := at + 1, of)


@dataclass(frozen=True, slots=True)
class _Office:
    id: int
    code: str
    zone: str

    @property
    def named(self) -> str:
        return "nasional" if self.id == NATIONAL else f"kantor {self.code}"

    def when(self, moment: datetime) -> str:
        local = moment.astimezone(ZoneInfo(self.zone))
        return f"{date_text(local.date())} pukul {local:%H.%M}"


_OFFICE_NAMES = text("SELECT id, code, zone FROM desk.office")
# Whom the policies bind sees the offices he or she audits; the owner of the database sees all that the log knows.
_AUDITED = text("""
SELECT CASE WHEN row_security_active('audit.log') THEN audit.my_offices('{auditor}')
  ELSE ARRAY(SELECT id FROM desk.office UNION SELECT office_id FROM audit.block) END
""")
# The last row is the highest block that the log itself names: it may be one that is gone.
_SPANS = text("""
SELECT no, rows FROM audit.block WHERE office_id = :office
UNION ALL SELECT max(block), 0 FROM audit.log WHERE office_id = :office AND block IS NOT NULL HAVING max(block) > 0
ORDER BY 1
""")
_PROBLEMS = text("""
SELECT p.block, p.problem, p.told, p.found, b.sealed_at FROM audit.problems(:office, :first, :last) p
LEFT JOIN audit.block b ON b.office_id = :office AND b.no = p.block
""")
_EXTENT = text("""
SELECT count(*) AS blocks, coalesce(sum(b.rows), 0)::bigint AS entries, (SELECT count(*) FROM audit.head) AS heads
FROM audit.block b
""")
_UNSEALED = text("""
SELECT count(*) AS rows, min(at) AS since FROM audit.log
WHERE office_id = :office AND block IS NULL AND at < clock_timestamp() - interval '1 day'
""")
_DIFFERENCES = text("SELECT key, number, problem, actor, at FROM audit.differences(:office, :table)")
_BLOCK_HASHES = text("SELECT no, hash FROM audit.block WHERE office_id = :office AND no = ANY (:numbers)")
_KEPT_HEADS = text("""
SELECT c.id AS chain, h.office_id, h.no, h.hash, h.signed_by, h.signed_at, h.public_key, h.signature
FROM audit.head h, audit.chain c ORDER BY h.office_id, h.no
""")

_BLOCK_WORDS = {
    "no_block": "Blok audit {block} {office} tidak ada, padahal {found} catatan menyebutnya.",
    "block_before_missing": "Blok audit sebelum blok {block} {office} hilang.",
    "rows_gone": "Semua catatan dalam blok audit {block} {office} hilang, seharusnya {told}.",
    "row_count": "Blok audit {block} {office} berisi {found} catatan, seharusnya {told}.",
    "content": "Isi catatan dalam blok audit {block} {office} diubah setelah disegel pada {sealed}.",
    "link": "Blok audit {block} {office} tidak menyambung dengan blok sebelumnya.",
    "block_hash": "Segel blok audit {block} {office} tidak cocok dengan isinya.",
}
_FACT_WORDS = {
    "changed": "{thing} {name} {office} berbeda dengan catatan audit {when}: diubah tanpa tercatat.",
    "vanished": "{thing} {name} {office} yang dicatat {when} tidak ada lagi: dihapus tanpa tercatat.",
    "unlogged": "{thing} {name} {office} tidak ada dalam catatan audit: ditambahkan tanpa tercatat.",
    "rewritten": "{thing} {name} {office} diubah atau dihapus oleh {actor} {when}, padahal bersifat tetap.",
}


def _broken_blocks(session: Session, office: _Office, first: int, last: int) -> Iterator[Finding]:
    for row in session.execute(_PROBLEMS, {"office": office.id, "first": first, "last": last}):
        sealed = office.when(row.sealed_at) if row.sealed_at else ""
        words = _BLOCK_WORDS[row.problem].format(
            block=row.block, office=office.named, told=row.told, found=row.found, sealed=sealed
        )
        yield Finding("audit_block", office.id, f"blok {row.block}", f"{words} {_REPORT}")


def _pages_of(session: Session, office: _Office) -> list[tuple[int, int]]:
    return list(_pages(session.execute(_SPANS, {"office": office.id}).all()))


def _pages(blocks: Sequence[Row[Any]]) -> Iterator[tuple[int, int]]:
    """First and last numbers of runs of blocks that hold about `_PAGE` rows each."""
    first, last, rows = 1, 0, 0
    for block in blocks:
        last, rows = block.no, rows + block.rows
        if rows >= _PAGE:
            yield first, last
            first, rows = last + 1, 0
    if first <= last:
        yield first, last


def _unsealed(session: Session, office: _Office) -> Iterator[Finding]:
    row = session.execute(_UNSEALED, {"office": office.id}).one()
    if row.rows:
        yield Finding(
            "audit_unsealed",
            office.id,
            f"{row.rows} catatan",
            f"{row.rows} catatan audit {office.named} sejak {office.when(row.since)} belum disegel. "
            "Jalankan “desk audit seal”, dan jadwalkan di server.",
        )


def _heads_that_differ(
    session: Session, signed: Iterable[SignedHead], offices: Mapping[int, _Office]
) -> Iterator[Finding]:
    """Compares every signed head of these offices, from the file and from the database, with the block it names."""
    chain = session.execute(text("SELECT id FROM audit.chain")).scalar_one()
    kept = [_head_of(row) for row in session.execute(_KEPT_HEADS)]
    all_heads = dict.fromkeys(head for head in (*signed, *kept) if head.office_id in offices)
    strangers = [head for head in all_heads if head.chain != chain]
    if strangers:
        yield Finding(
            "audit_head",
            None,
            f"{len(strangers)} kepala blok",
            f"{len(strangers)} kepala blok yang ditandatangani milik catatan audit lain, bukan milik basis data ini. "
            "Periksa apakah berkas dan basis datanya benar; bila benar, catatan auditnya telah diganti.",
        )
    hashes = {office: _hashes(session, office, all_heads) for office in offices}
    for head in all_heads:
        if head.chain != chain:
            continue
        office = offices[head.office_id]
        signer = f"{head.signed_by} pada {office.when(head.signed_at)}"
        if not head.is_genuine():
            words = f"Tanda tangan {signer} pada blok audit {head.no} {office.named} tidak sah. Pakai salinan lain."
        elif head.no not in hashes[head.office_id]:
            words = f"Blok audit {head.no} {office.named} yang ditandatangani {signer} tidak ada lagi. {_REPORT}"
        elif hashes[head.office_id][head.no] != head.hash:
            words = f"Blok audit {head.no} {office.named} bukan lagi yang ditandatangani {signer}. {_REPORT}"
        else:
            continue
        yield Finding("audit_head", office.id, f"blok {head.no}", words)


def _hashes(session: Session, office: int, signed: Iterable[SignedHead]) -> dict[int, str]:
    numbers = sorted({head.no for head in signed if head.office_id == office})
    rows = session.execute(_BLOCK_HASHES, {"office": office, "numbers": numbers})
    return {row.no: row.hash for row in rows}


def _head_of(row: Row[Any]) -> SignedHead:
    return SignedHead(
        UUID(str(row.chain)),
        row.office_id,
        row.no,
        row.hash,
        row.signed_by,
        row.signed_at,
        row.public_key,
        row.signature,
    )


def _facts_that_differ(session: Session, office: _Office, table: str) -> Iterator[Finding]:
    for row in session.execute(_DIFFERENCES, {"office": office.id, "table": table}):
        words = _FACT_WORDS[row.problem].format(
            thing=FACTS[table],
            name=row.number or row.key or "(semua baris)",
            office=office.named,
            when=f"pada {office.when(row.at)}" if row.at else "",
            actor=row.actor,
        )
        yield Finding("audit_fact", office.id, f"{table} {row.key}", f"{words} {_REPORT}")
