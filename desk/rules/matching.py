"""Money on the account and the invoices it may pay: proposals with a class and reasons, never a choice between equals.

The classes, from strong to weak: *certain* needs a whole payment code and the exact amount, and is never wrong;
*likely* needs the exact amount and one more sign that only one invoice fits; *ambiguous* shows candidates and chooses
none; *none* fits nothing or is no payment (taken back, paid twice). The treasurer confirms; nothing here books.

The cost grows with the number of lines and of invoices, not with their product (`matching_index`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from desk.rules.dates import short_text
from desk.rules.matching_codes import CodesFound
from desk.rules.matching_groups import part_payments, reversed_credits
from desk.rules.matching_index import MOST_SHOWN, InvoiceIndex, OpenInvoice, PayerSign, Remark, shown
from desk.rules.matching_names import CUT, WHOLE
from desk.rules.matching_proposal import MatchClass, Proposal, is_bank_charge
from desk.rules.statement import SEN, StatementLine, chronological, sen_text, whole_rupiah

__all__ = ["InvoiceIndex", "MatchClass", "OpenInvoice", "Proposal", "match"]

_NO_SENDER = re.compile(
    r"\b(setor(an)?\s+tunai|tunai|cash|atm|cdm|loket|teller)\b|pemindahan dari \d+ \|[ 0]*$", re.IGNORECASE
)


def match(
    lines: Iterable[StatementLine],
    invoices: Iterable[OpenInvoice] | InvoiceIndex,
    *,
    newest_first: bool = False,
    paid: Mapping[str, StatementLine] | None = None,
    taken_back: Mapping[int, StatementLine] | None = None,
) -> list[Proposal]:
    """Give a proposal for every credit of a statement, in file order; debits only tell what was taken back.

    An `InvoiceIndex` may be handed over where several statements meet the same invoices. `paid` names invoices (by
    `key`) that were confirmed before, with the movement that paid them; `taken_back` is given where it was found in
    more lines than these (`reversed_credits`).
    """
    index = invoices if isinstance(invoices, InvoiceIndex) else InvoiceIndex(invoices)
    ordered = chronological(lines, newest_first=newest_first)
    proposals = _Matching(index, ordered, paid or {}, taken_back).run()
    return sorted(proposals, key=lambda proposal: proposal.line.no)


class _Matching:
    """One run over the lines in booking order; remembers which invoices earlier lines have paid."""

    def __init__(
        self,
        index: InvoiceIndex,
        lines: Sequence[StatementLine],
        paid: Mapping[str, StatementLine],
        taken_back: Mapping[int, StatementLine] | None,
    ) -> None:
        self._index = index
        self._lines = lines
        self._paid = {place: paid[each.key] for place, each in enumerate(index.invoices) if each.key in paid}
        """Invoices that an earlier line paid by their code, exactly."""
        self._claimed: dict[int, StatementLine] = {}
        """Invoices that an earlier line probably paid."""
        self._taken_back = reversed_credits(lines) if taken_back is None else taken_back
        self._remarks: dict[int, Remark] = {}
        self._codes: dict[int, CodesFound] = {}
        of_code: dict[int, list[StatementLine]] = defaultdict(list)
        for line in lines:
            if line.amount_sen <= 0:
                continue
            remark = self._remarks[line.no] = Remark.of(line)
            codes = self._codes[line.no] = index.codes.find(remark.text)
            if (
                len(codes.whole) == 1
                and len(codes.whole[0]) == 1
                and not codes.foreign
                and line.no not in self._taken_back
            ):
                of_code[codes.whole[0][0]].append(line)
        amounts = {place: index.invoices[place].amount * SEN for place in of_code}
        self._parts = part_payments(of_code, amounts)

    def run(self) -> list[Proposal]:
        return [self._propose(line) for line in self._lines if line.amount_sen > 0]

    def _propose(self, line: StatementLine) -> Proposal:
        codes, remark = self._codes[line.no], self._remarks[line.no]
        if line.no in self._taken_back:
            return self._reversed(line, codes, remark)
        if line.reversal:
            return self._returned(line, codes, remark)
        if codes.whole:
            return self._by_codes(line, codes)
        if codes.foreign:
            return self._by_foreign_code(line, codes, remark)
        return self._by_damaged_code(line, codes, remark) or self._without_code(line, codes, remark)

    # Bookings that are no payment

    def _reversed(self, line: StatementLine, codes: CodesFound, remark: Remark) -> Proposal:
        back = self._taken_back[line.no]
        reason = f"Dana ini ditarik kembali oleh bank pada {short_text(back.booked_on)}."
        return self._answer(
            line, MatchClass.NONE, related=self._pointed_at(line, codes, remark), flags=("reversed",), reasons=(reason,)
        )

    def _returned(self, line: StatementLine, codes: CodesFound, remark: Remark) -> Proposal:
        """A credit with which the bank takes a debit back looks like a payment and is none."""
        reason = "Bank menandai dana masuk ini sebagai pembatalan atau koreksi, bukan pembayaran baru."
        related = self._pointed_at(line, codes, remark)
        kind = MatchClass.AMBIGUOUS if related else MatchClass.NONE
        return self._answer(line, kind, related=related, flags=("reversal",), reasons=(reason,))

    def _pointed_at(self, line: StatementLine, codes: CodesFound, remark: Remark) -> list[int]:
        """Give the invoices that a line would have paid."""
        if codes.whole:
            return [place for owners in codes.whole for place in owners]
        places = self._index.with_amount_and_name(line.amount_sen, remark)
        return shown(place for place, _ in self._index.best_payers(places, remark))

    # Whole codes

    def _by_codes(self, line: StatementLine, codes: CodesFound) -> Proposal:
        places = [place for owners in codes.whole for place in owners]
        if codes.foreign:
            reason = f"Berita memuat kode {self._keys(places)} dan kode lain yang tidak dikenal."
            return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=("unknown_code",), reasons=(reason,))
        if any(len(owners) > 1 for owners in codes.whole):
            reason = f"Kode dalam berita dimiliki beberapa invoice: {self._keys(places)}."
            return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=("conflict",), reasons=(reason,))
        if len(places) > 1:
            return self._by_several_codes(line, places, is_loose=codes.loose)
        return self._by_one_code(line, places[0], is_loose=codes.loose)

    def _by_one_code(self, line: StatementLine, place: int, *, is_loose: bool) -> Proposal:
        invoice = self._index.invoices[place]
        code = f"Kode {invoice.key} lengkap dalam berita."
        if line.amount_sen != invoice.amount * SEN:
            return self._other_amount(line, place, code)
        if earlier := self._paid.get(place):
            paid = f"Invoice ini sudah dibayar mutasi tanggal {short_text(earlier.booked_on)}."
            return self._answer(line, MatchClass.NONE, related=[place], flags=("double_payment",), reasons=(code, paid))
        if self._claimed.get(place):
            return self._maybe_twice(line, place, (code,))
        if line.booked_on < invoice.issued:
            early = f"Invoice baru terbit {short_text(invoice.issued)}, sesudah mutasi ini."
            return self._answer(
                line, MatchClass.AMBIGUOUS, related=[place], flags=("before_issue",), reasons=(code, early)
            )
        self._paid[place] = line
        found = (code, "Nominal sama persis.")
        if line.booked_on > invoice.expires:
            late = f"Invoice berlaku sampai {short_text(invoice.expires)}; pembayaran ini terlambat."
            return self._answer(line, MatchClass.LIKELY, [place], flags=("expired",), reasons=(*found, late))
        if is_loose:
            loose = "Kode dilanjutkan angka lain; periksa beritanya."
            return self._answer(line, MatchClass.LIKELY, [place], reasons=(*found, loose))
        return self._answer(line, MatchClass.CERTAIN, [place], reasons=found)

    def _other_amount(self, line: StatementLine, place: int, code: str) -> Proposal:
        invoice = self._index.invoices[place]
        short_sen = invoice.amount * SEN - line.amount_sen
        difference = f"short_by:{whole_rupiah(short_sen)}" if short_sen > 0 else f"over_by:{whole_rupiah(-short_sen)}"
        words = f"Nominal {'kurang' if short_sen > 0 else 'lebih'} {sen_text(abs(short_sen))} dari tagihan."
        others = [
            other for other in shown(self._open_with_amount(line)) if other != place and other not in self._claimed
        ]
        is_part = self._parts.get(line.no) == place
        flags: tuple[str, ...] = ("part_payment" if is_part else "amount_differs", difference)
        reasons: tuple[str, ...] = (code, words)
        if others:
            reasons = (code, f"Nominalnya justru sama dengan {self._keys(others)}.")
            return self._answer(
                line, MatchClass.AMBIGUOUS, related=[place, *others], flags=("conflict",), reasons=reasons
            )
        if earlier := self._paid.get(place):
            reasons = (*reasons, f"Invoice ini sudah dibayar mutasi tanggal {short_text(earlier.booked_on)}.")
            flags = ("double_payment", *flags)
            return self._answer(line, MatchClass.AMBIGUOUS, related=[place], flags=flags, reasons=reasons)
        if not self._index.counts_on(place, line.booked_on):
            is_late = line.booked_on > invoice.expires
            reasons = (*reasons, f"Invoice {'tidak berlaku lagi' if is_late else 'belum terbit'} pada tanggal ini.")
            flags = ("expired" if is_late else "before_issue", *flags)
            return self._answer(line, MatchClass.AMBIGUOUS, related=[place], flags=flags, reasons=reasons)
        if is_part:
            self._claimed[place] = line
            reasons = (*reasons, "Bersama mutasi lain dengan kode yang sama, jumlahnya tepat.")
            return self._answer(line, MatchClass.LIKELY, [place], flags=flags, reasons=reasons)
        if place not in self._claimed and is_bank_charge(short_sen, invoice.amount * SEN):
            self._claimed[place] = line
            reasons = (*reasons, "Selisihnya sebesar biaya bank.")
            return self._answer(line, MatchClass.LIKELY, [place], flags=flags, reasons=reasons)
        return self._answer(line, MatchClass.AMBIGUOUS, related=[place], flags=flags, reasons=reasons)

    def _by_several_codes(self, line: StatementLine, places: list[int], *, is_loose: bool) -> Proposal:
        total_sen = sum(self._index.invoices[place].amount for place in places) * SEN
        codes = f"Berita memuat {len(places)} kode lengkap: {self._keys(places)}."
        if line.amount_sen != total_sen:
            reasons = (codes, f"Jumlah tagihannya {sen_text(total_sen)}, tidak sama dengan nominal mutasi.")
            return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=("amount_differs",), reasons=reasons)
        if any(place in self._paid or place in self._claimed for place in places):
            reasons = (codes, "Sebagian sudah dibayar mutasi sebelumnya.")
            return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=("double_payment",), reasons=reasons)
        invoices = [self._index.invoices[place] for place in places]
        if any(line.booked_on < invoice.issued for invoice in invoices):
            reasons = (codes, "Sebagian invoice baru terbit sesudah mutasi ini.")
            return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=("before_issue",), reasons=reasons)
        self._paid.update(dict.fromkeys(places, line))
        found = (codes, "Nominal tepat sejumlah tagihannya.")
        if any(line.booked_on > invoice.expires for invoice in invoices):
            late = "Sebagian invoice sudah tidak berlaku; pembayaran ini terlambat."
            return self._answer(line, MatchClass.LIKELY, places, flags=("expired",), reasons=(*found, late))
        return self._answer(line, MatchClass.LIKELY if is_loose else MatchClass.CERTAIN, places, reasons=found)

    # Foreign, cut and damaged codes

    def _by_foreign_code(self, line: StatementLine, codes: CodesFound, remark: Remark) -> Proposal:
        reason = f"Kode {', '.join(code.upper() for code in codes.foreign)} bukan invoice yang terbuka."
        near = self._open_with_name(line, remark) or shown(self._open_with_amount(line))
        if not near:
            return self._answer(line, MatchClass.NONE, flags=("unknown_code",), reasons=(reason,))
        reasons = (reason, f"Nominalnya sama dengan {self._keys(near)}; kodenya tidak.")
        return self._answer(line, MatchClass.AMBIGUOUS, related=near, flags=("unknown_code",), reasons=reasons)

    def _by_damaged_code(self, line: StatementLine, codes: CodesFound, remark: Remark) -> Proposal | None:
        """Give the answer for a code that is cut or damaged; None when none stands there or it fits nothing."""
        if not codes.fragments and not codes.bare:
            return None
        places = self._index.with_amount_and_code(line.amount_sen, codes, remark)
        fits = [place for place in places if self._is_open(place, line)]
        if not fits:
            paid = [place for place in places if place in self._paid]
            if len(paid) == 1 and self._index.payer_sign(paid[0], remark).level >= CUT:
                return self._paid_twice(line, paid[0])
            return None
        if len(fits) > 1:
            named = [place for place, _ in self._index.best_payers(fits[:MOST_SHOWN], remark)]
            if len(named) != 1:
                reason = "Kode terpotong atau rusak, dan beberapa invoice cocok."
                return self._answer(
                    line, MatchClass.AMBIGUOUS, related=shown(named or fits), flags=("same_amount",), reasons=(reason,)
                )
            fits = named
        return self._likely(line, fits[0], ("Kode terpotong atau rusak, tetapi cocok.", "Nominal sama persis."))

    # No code at all

    def _without_code(self, line: StatementLine, codes: CodesFound, remark: Remark) -> Proposal:
        has_strange_code = bool(codes.fragments)
        places = [
            place for place in self._index.with_amount_and_name(line.amount_sen, remark) if self._is_open(place, line)
        ]
        named = self._index.best_payers(places, remark)
        if len(named) == 1 and not has_strange_code:
            place, sign = named[0]
            return self._likely(line, place, ("Nominal sama persis.", _sign_text(sign)))
        if named:
            return self._several_fit(line, named, has_strange_code=has_strange_code)
        if not has_strange_code and (answer := self._by_sum(line, remark)):
            return answer
        if answer := self._no_longer_open(line, remark):
            return answer
        near = shown(self._open_with_amount(line))
        if not near:
            return self._answer(line, MatchClass.NONE, reasons=("Tidak ada invoice terbuka yang cocok.",))
        if len(near) > 1:
            flags, reason = ("same_amount",), f"Nominal ini sama dengan {len(near)} invoice; tidak ada petunjuk lain."
        elif has_strange_code:
            flags, reason = ("unknown_code",), "Nominalnya cocok, tetapi kode dalam berita tidak."
        elif line.counterparty == "" and _NO_SENDER.search(line.description):
            flags, reason = ("no_name",), "Hanya nominal yang cocok; tidak ada kode dan nama pengirim."
        else:
            flags, reason = ("other_payer",), "Hanya nominal yang cocok; nama pengirim lain dari pemesan."
        return self._answer(line, MatchClass.AMBIGUOUS, related=near, flags=flags, reasons=(reason,))

    def _several_fit(
        self, line: StatementLine, named: Sequence[tuple[int, PayerSign]], *, has_strange_code: bool
    ) -> Proposal:
        places = shown(place for place, _ in named)
        if len(named) == 1 and has_strange_code:
            reason = "Nominal dan nama cocok, tetapi kode dalam berita tidak."
            return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=("unknown_code",), reasons=(reason,))
        is_similar = any(sign.level < WHOLE for _, sign in named)
        flags = ("same_amount", "similar_names") if is_similar else ("same_amount",)
        reason = f"Nominal dan nama cocok dengan {len(named)} invoice: {self._keys(places)}."
        return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=flags, reasons=(reason,))

    def _by_sum(self, line: StatementLine, remark: Remark) -> Proposal | None:
        index, day = self._index, line.booked_on
        ways = index.sums_of_payer(
            line.amount_sen,
            remark,
            lambda place: place not in self._paid and place not in self._claimed and index.counts_on(place, day),
        )
        if not ways:
            return None
        places = list(dict.fromkeys(place for way in ways for place in way))
        if len(ways) > 1:
            reason = "Nominal ini dapat menjadi jumlah beberapa invoice pengirim yang sama dengan lebih dari satu cara."
            return self._answer(line, MatchClass.AMBIGUOUS, related=places, flags=("same_amount",), reasons=(reason,))
        self._claimed.update(dict.fromkeys(places, line))
        reasons = (f"Nominal tepat jumlah {len(places)} invoice pengirim ini.", "Nama pengirim cocok.")
        return self._answer(line, MatchClass.LIKELY, places, reasons=reasons)

    def _no_longer_open(self, line: StatementLine, remark: Remark) -> Proposal | None:
        """Give the answer for amount and name of an invoice that is paid already or does not count on that day."""
        places = self._index.with_amount_and_name(line.amount_sen, remark)
        named = [place for place, sign in self._index.best_payers(places, remark) if sign.level >= CUT]
        paid = [place for place in named if place in self._paid]
        if paid:
            return self._paid_twice(line, paid[0])
        late = [place for place in named if line.booked_on > self._index.invoices[place].expires]
        if late:
            until = short_text(self._index.invoices[late[0]].expires)
            reason = f"Nominal dan nama cocok dengan {self._keys(late)}, tetapi berlaku sampai {until}."
            return self._answer(line, MatchClass.NONE, related=shown(late), flags=("expired",), reasons=(reason,))
        return None

    # Shared

    def _likely(self, line: StatementLine, place: int, reasons: tuple[str, ...]) -> Proposal:
        if place in self._claimed:
            return self._maybe_twice(line, place, reasons)
        self._claimed[place] = line
        return self._answer(line, MatchClass.LIKELY, [place], reasons=reasons)

    def _maybe_twice(self, line: StatementLine, place: int, reasons: tuple[str, ...]) -> Proposal:
        earlier = f"Mutasi tanggal {short_text(self._claimed[place].booked_on)} mungkin sudah membayar invoice ini."
        return self._answer(
            line, MatchClass.AMBIGUOUS, related=[place], flags=("double_payment",), reasons=(*reasons, earlier)
        )

    def _paid_twice(self, line: StatementLine, place: int) -> Proposal:
        reason = f"Cocok dengan {self._keys([place])}, yang sudah dibayar {short_text(self._paid[place].booked_on)}."
        return self._answer(line, MatchClass.NONE, related=[place], flags=("double_payment",), reasons=(reason,))

    def _is_open(self, place: int, line: StatementLine) -> bool:
        return place not in self._paid and self._index.counts_on(place, line.booked_on)

    def _open_with_amount(self, line: StatementLine) -> Iterable[int]:
        return (place for place in self._index.with_amount(line.amount_sen) if self._is_open(place, line))

    def _open_with_name(self, line: StatementLine, remark: Remark) -> list[int]:
        places = self._index.with_amount_and_name(line.amount_sen, remark)
        return shown(
            place for place, _ in self._index.best_payers((p for p in places if self._is_open(p, line)), remark)
        )

    def _keys(self, places: Iterable[int]) -> str:
        keys = [self._index.invoices[place].key for place in places]
        return ", ".join(keys[:5]) + (f" dan {len(keys) - 5} lainnya" if len(keys) > 5 else "")

    def _answer(
        self,
        line: StatementLine,
        kind: MatchClass,
        invoices: Iterable[int] = (),
        *,
        related: Iterable[int] = (),
        flags: tuple[str, ...] = (),
        reasons: tuple[str, ...] = (),
    ) -> Proposal:
        keys = self._index.invoices
        return Proposal(
            line,
            kind,
            tuple(keys[place].key for place in invoices),
            tuple(keys[place].key for place in related),
            flags,
            reasons,
        )


def _sign_text(sign: PayerSign) -> str:
    if sign.other == "proof":
        return "Nomor referensinya sama dengan bukti bayar."
    if sign.other == "account":
        return "Rekening pengirim pernah membayar untuk pemesan ini."
    if sign.level == WHOLE:
        return "Nama pengirim sama."
    return "Nama pengirim cocok, terpotong oleh bank." if sign.level == CUT else "Nama pengirim mirip."
