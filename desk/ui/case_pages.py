"""The pages of a case as rich text: summary, conversation and story, made from frozen facts alone.

Everything that came from outside is escaped; nothing is loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING
from uuid import UUID

from desk.rules.acceptance import acceptance_sentence, results_sentence
from desk.rules.case import AgreementFacts, BillingFacts, CaseFacts, Fit, LineFacts, MessageKind, Stage
from desk.rules.clocks import clocks
from desk.rules.custody import Custody
from desk.rules.dates import day_text, local_moment, short_text
from desk.rules.office_hours import always_open
from desk.rules.quantities import bytes_text, count_text
from desk.rules.rupiah import rupiah
from desk.rules.tariff import ItemKind
from desk.ui.changes_page import changes_html
from desk.ui.due import due_text, due_tone
from desk.ui.theme import Tokens, Tone

if TYPE_CHECKING:
    from desk.rules.attempts import Attempt
    from desk.rules.changes import CopiedRequest
    from desk.services.case_file import CustomerEntry, MessageEntry, StoryEntry
    from desk.services.joined import LinkEntry

_MISSING = "belum ada"


def summary_html(
    case: CaseFacts,
    customer: CustomerEntry,
    tokens: Tokens,
    names: Mapping[str, str] | None = None,
    held: str = "",
    *,
    links: Sequence[LinkEntry] = (),
    before: CopiedRequest | None = None,
    attempts: Sequence[Attempt] = (),
) -> str:
    """The whole case on one page: request, lines, papers, money, data, contact; first what it is joined to and what
    changed since it went back to the customer."""
    parts = [_joined(case, links, tokens)]
    if case.questions:
        parts += [_section("Ditanyakan kepada seksi", tokens), _questions(case, names or {}, tokens)]
    if before is not None and case.stage is Stage.NEW:
        parts += [_section("Perubahan sejak dikembalikan", tokens), changes_html(before, case, tokens)]
    parts += [
        *_clocks(case, tokens),
        _section("Abstraksi", tokens),
        _abstract(case, tokens),
        _section(f"Data yang diminta · {len(case.lines)} baris", tokens),
        _lines(case.lines, tokens),
        _section("Invoice dan pembayaran", tokens),
        _facts(_money(case), tokens),
        _section("SPPD", tokens),
        _facts(_agreement(case, held), tokens),
        _section("Data", tokens),
        _facts(_data(case, names or {}), tokens),
        _tasks(case, names or {}, tokens),
        _attempts(attempts, tokens),
        _section("Pengguna data", tokens),
        _facts(_contact(case, customer), tokens),
    ]
    return _page("".join(parts), tokens)


def _joined(case: CaseFacts, links: Sequence[LinkEntry], tokens: Tokens) -> str:
    """Where the case went, came from, or goes on; a number opens that case."""
    rows = []
    for link in links:
        number = f'<a style="color:{tokens.accent}" href="case:{link.case_id}">{escape(link.number)}</a>'
        rows.append((link.words, f"{number} · {_text(link.customer_name)}"))
    if case.consultation:
        rows.append(("Konsultasi", _text(case.consultation)))
    if not rows:
        return ""
    body = "".join(
        f'<tr><td width="112" style="color:{tokens.muted}">{escape(name)}</td><td>{shown}</td></tr>'
        for name, shown in rows
    )
    return _section("Terkait", tokens) + f'<table width="100%" cellspacing="0" cellpadding="2">{body}</table>'


def _questions(case: CaseFacts, names: Mapping[str, str], tokens: Tokens) -> str:
    facts = []
    for one in case.questions:
        about = f"{one.line_title}: " if one.line_title else ""
        late = " (terlambat)" if one.due_on < case.today else ""
        asked = f"ditanya {short_text(one.asked_on)} oleh {names.get(one.asked_by, one.asked_by)}"
        due = f"jawaban paling lambat {short_text(one.due_on)}{late}"
        facts.append((one.section.label, f"{about}{one.question}\n{asked}, {due}"))
    return _facts(facts, tokens)


def _clocks(case: CaseFacts, tokens: Tokens) -> list[str]:
    """The clocks of an open case: each with its day, how near it is, and why; nothing when none runs."""
    rows = []
    for clock in clocks(case):
        tone = due_tone(clock.on, case.warned or always_open(case.today)) if clock.promise else Tone.PLAIN
        ink = tokens.text if tone is Tone.PLAIN else tokens.ink(tone)
        when = f"{due_text(clock.on, case.today)}, {day_text(clock.on)}" if clock.on else "berhenti"
        if clock.on and due_text(clock.on, case.today) in day_text(clock.on):
            when = day_text(clock.on)
        if not clock.promise:
            when = f"diingatkan {when}" if clock.on else "menunggu"
        rows.append(
            f'<tr><td width="92" style="color:{tokens.muted}">{_text(clock.name)}</td>'
            f'<td><span style="color:{ink}">{_text(when[:1].upper() + when[1:])}</span><br>'
            f'<span style="color:{tokens.muted}">{_text(clock.sentence)}</span></td></tr>'
        )
    if not rows:
        return []
    body = f'<table width="100%" cellspacing="0" cellpadding="4">{"".join(rows)}</table>'
    return [_section("Waktu", tokens), body]


def conversation_html(
    messages: Iterable[MessageEntry],
    zone: str,
    today: date,
    tokens: Tokens,
    *,
    earlier: int = 0,
    new: frozenset[UUID] = frozenset(),
) -> str:
    """The conversation, oldest first; internal notes say so in words and stand on their own ground.

    `earlier` messages are not here and can be asked for; those in `new` are marked.
    """
    parts = [_message(entry, zone, today, tokens, new=entry.id in new) for entry in messages]
    if earlier:
        more = f"Tampilkan pesan sebelumnya ({earlier})"
        parts.insert(0, f'<p><a href="#earlier" style="color:{tokens.accent}">{more}</a></p>')
    return _page("".join(parts) or _quiet("Belum ada percakapan.", tokens), tokens)


def _word_for(entry: StoryEntry) -> str:
    """A deed that must say why gives its Alasan, a sending says to whom; other things written down are a Keterangan."""
    from desk.actions import ACTIONS
    from desk.rules.inputs import DataSent, Reason, SentBy

    action = ACTIONS.get(entry.action)
    asks = action.asks if action is not None else None
    return "Alasan" if asks is Reason else "Dikirim ke" if asks in (SentBy, DataSent) else "Keterangan"


def story_html(story: Sequence[StoryEntry], zone: str, today: date, tokens: Tokens) -> str:
    """What was done, by whom and why, newest first; the story comes oldest first."""
    rows = []
    for entry in reversed(story):
        reason = (
            f'<div style="color:{tokens.muted}">{_word_for(entry)}: {_text(entry.reason)}</div>' if entry.reason else ""
        )
        rows.append(
            f'<tr><td width="92" style="color:{tokens.muted}">{_moment(entry.at, zone, today)}</td>'
            f'<td>{_text(entry.sentence)} <span style="color:{tokens.muted}">· {escape(entry.actor)}</span>'
            f"{reason}</td></tr>"
        )
    body = f'<table width="100%" cellspacing="0" cellpadding="5">{"".join(rows)}</table>' if rows else ""
    return _page(body or _quiet("Belum ada riwayat.", tokens), tokens)


def _page(body: str, tokens: Tokens) -> str:
    return f'<div style="color:{tokens.text}; line-height:135%">{body}</div>'


def _section(title: str, tokens: Tokens) -> str:
    return (
        f'<p style="color:{tokens.muted}; font-size:11px; font-weight:600; margin:12px 0 2px 0">'
        f"{escape(title.upper())}</p>"
    )


def _quiet(text: str, tokens: Tokens) -> str:
    return f'<p style="color:{tokens.muted}">{escape(text)}</p>'


def _text(text: str) -> str:
    return escape(text.strip()).replace("\n", "<br>")


def _strong(text: str) -> str:
    return f'<span style="font-weight:600">{_text(text)}</span>'


def _moment(moment: datetime, zone: str, today: date) -> str:
    """Day and time on the office's clock; the year only when it is another one."""
    local = local_moment(moment, zone)
    day = short_text(local.date())
    return f"{day if local.year != today.year else day.rsplit(' ', 1)[0]} {local:%H.%M}"


def _facts(facts: Iterable[tuple[str, str]], tokens: Tokens) -> str:
    rows = "".join(
        f'<tr><td width="112" style="color:{tokens.muted}">{escape(name)}</td><td>{_text(value) or _MISSING}</td></tr>'
        for name, value in facts
    )
    return f'<table width="100%" cellspacing="0" cellpadding="2">{rows}</table>'


def _abstract(case: CaseFacts, tokens: Tokens) -> str:
    abstract = case.abstract
    title = f"<p style='margin:0'>{_strong(abstract.title)}</p>" if abstract.title else ""
    missing = abstract.missing()
    gaps = (
        f'<p style="color:{tokens.soon}; margin:2px 0">Belum lengkap: {escape(", ".join(missing))}.</p>'
        if missing
        else ""
    )
    parts = [
        ("Latar belakang", abstract.background),
        ("Tujuan", abstract.purpose),
        ("Metode", abstract.method),
        ("Rancangan hasil", abstract.planned_output),
    ]
    return title + gaps + _facts([(name, text) for name, text in parts if text.strip()], tokens)


_FIT_MARK = {Fit.UNDECIDED: "○", Fit.FITS: "✓", Fit.DOES_NOT: "✕", Fit.ASK: "?"}


def _lines(lines: tuple[LineFacts, ...], tokens: Tokens) -> str:
    inks = {Fit.FITS: tokens.done, Fit.DOES_NOT: tokens.late, Fit.ASK: tokens.soon, Fit.UNDECIDED: tokens.muted}
    rows = []
    for line in lines:
        detail = " · ".join(part for part in (_amount(line), line.detail) if part)
        reason = f'<br><span style="color:{tokens.muted}">{_text(line.fit_reason)}</span>' if line.fit_reason else ""
        rows.append(
            f'<tr><td width="16" align="right" style="color:{tokens.muted}">{line.position}</td>'
            f"<td>{_text(line.title)}"
            f'<br><span style="color:{tokens.muted}">{_text(detail)}</span>'
            f'<br><span style="color:{inks[line.fit]}">{_FIT_MARK[line.fit]} {escape(line.fit.label)}</span>'
            f"{reason}</td></tr>"
        )
    if not rows:
        return _quiet("Daftar data belum ada.", tokens)
    return f'<table width="100%" cellspacing="0" cellpadding="3">{"".join(rows)}</table>'


def _amount(line: LineFacts) -> str:
    """How much is asked for, in what its tariff counts."""
    kind = next((kind for kind in ItemKind if line.tariff.startswith(kind.value)), None)
    if kind is ItemKind.MICRODATA:
        return bytes_text(line.quantity)
    return f"{count_text(line.quantity)} {kind.counted_in if kind else ''}".strip()


def _money(case: CaseFacts) -> list[tuple[str, str]]:
    facts = [("Keadaan", case.money.label)]
    if case.invoice:
        facts += [
            ("Invoice", case.invoice.number),
            ("Jumlah", rupiah(case.invoice.total)),
            ("Berlaku sampai", day_text(case.invoice.valid_until)),
            ("Kode bayar", case.invoice.payment_code),
        ]
    facts += [("Kode billing", _billing(code, case.today)) for code in case.billing]
    paid = case.payment
    if paid.proof_amount is not None:
        facts.append(("Bukti bayar", _with_day(rupiah(paid.proof_amount), paid.proof_paid_on)))
    if paid.payment_amount is not None:
        facts.append(("Diterima", _with_day(rupiah(paid.payment_amount), paid.payment_on)))
    if paid.receipt_number:
        facts.append(("Kuitansi", paid.receipt_number + ("" if paid.receipt_scanned else " (belum dipindai)")))
    if case.relief:
        decided = {None: "menunggu penyelia", True: "disetujui", False: "ditolak"}[case.relief.approved]
        facts.append(("Nol rupiah", f"{case.relief.percent}%, {decided}"))
    return [(name, value) for name, value in facts if value]


def _billing(code: BillingFacts, today: date) -> str:
    ended = "berakhir" if code.expires_on < today else "berlaku sampai"
    return f"{code.code}, {rupiah(code.amount)}, {ended} {short_text(code.expires_on)}"


def _agreement(case: CaseFacts, held: str) -> list[tuple[str, str]]:
    facts = [("Keadaan", case.original.label)]
    if case.signer:
        facts.append(("Ditandatangani", f"{case.signer} ({case.customer_class.label})"))
    if case.agreement:
        facts += [
            ("Nomor", case.agreement.number),
            ("Terbit", day_text(case.agreement.issued_on)),
            ("Dipegang", held.replace("; ", "\n") or _copies(case.agreement)),
        ]
    return facts


def _copies(agreement: AgreementFacts) -> str:
    return ", ".join(Custody.of(step).label for step in agreement.copy_states) or f"{agreement.copies} rangkap"


def _data(case: CaseFacts, names: Mapping[str, str]) -> list[tuple[str, str]]:
    facts = [("Keadaan", case.data.label)]
    if case.sample:
        facts.append(("Contoh", case.sample))
    if case.files.version:
        facts.append(("Berkas", f"{case.files.files} berkas, versi {case.files.version}"))
    if case.files.made_by:
        facts.append(("Disiapkan", names.get(case.files.made_by, case.files.made_by)))
    if case.files.checked_by:
        facts.append(("Diperiksa", names.get(case.files.checked_by, case.files.checked_by)))
    if case.files.delivered_on:
        facts.append(("Dikirim", day_text(case.files.delivered_on)))
    if taken := acceptance_sentence(case):
        facts.append(("Penerimaan", taken))
    if case.late is not None:
        decided = {None: "menunggu putusan penyelia", True: "diizinkan penyelia", False: "ditolak penyelia"}
        facts.append(("Perbaikan terlambat", f"{case.late.wrong} ({decided[case.late.allowed]})"))
    if owed := results_sentence(case):
        facts.append(("Hasil ke BPS", owed))
    return facts


def _tasks(case: CaseFacts, names: Mapping[str, str], tokens: Tokens) -> str:
    """The task list of the preparation: what is done, by whom and when; nothing before it has begun."""
    rows = []
    for task in case.tasks:
        ink, mark = (tokens.done, "✓") if task.by else (tokens.soon, "○")
        said = f"{names.get(task.by, task.by)}, {short_text(task.on)}" if task.by and task.on else "belum"
        rows.append(
            f'<tr><td width="16" style="color:{ink}">{mark}</td><td>{_text(task.label[:1].upper() + task.label[1:])}'
            f' <span style="color:{tokens.muted}">· {escape(task.product.label)}, {escape(said)}</span></td></tr>'
        )
    if not rows:
        return ""
    done = sum(bool(task.by) for task in case.tasks)
    body = f'<table width="100%" cellspacing="0" cellpadding="2">{"".join(rows)}</table>'
    return _section(f"Tugas penyiapan · {done} dari {len(rows)}", tokens) + body


def _attempts(attempts: Sequence[Attempt], tokens: Tokens) -> str:
    """The delivery sheet: each sending with its parts and what became of it; nothing before the first."""
    rows = []
    for each in attempts:
        ink = tokens.done if each.arrived else tokens.late if each.failed else tokens.soon
        parts = "".join(f'<br><span style="color:{tokens.muted}">{_text(part)}</span>' for part in each.parts_said())
        when = f"{short_text(each.at.date())}<br>{each.at:%H.%M}"
        rows.append(
            f'<tr><td width="92" style="color:{tokens.muted}">{when}</td><td>{_text(each.what())} '
            f'<span style="color:{tokens.muted}">· {escape(each.officer)}</span>{parts}'
            f'<br><span style="color:{ink}">{_text(each.outcome())}</span></td></tr>'
        )
    if not rows:
        return ""
    body = f'<table width="100%" cellspacing="0" cellpadding="4">{"".join(rows)}</table>'
    return _section(f"Lembar pengiriman · {len(rows)} kali", tokens) + body


def _contact(case: CaseFacts, customer: CustomerEntry) -> list[tuple[str, str]]:
    facts = [
        ("Golongan", case.customer_class.label),
        ("Kanal", case.channel.label),
        ("Jabatan", customer.position),
        ("Nomor identitas", customer.id_number),
        ("NPWP", customer.npwp),
        ("Surel", case.email),
        ("Telepon", case.phone),
        ("Alamat", case.address),
        ("Alamat tujuan", case.address_confirmed or "belum dikonfirmasi"),
    ]
    return [(name, value) for name, value in facts if value]


def _with_day(text: str, day: date | None) -> str:
    return f"{text}, {day_text(day)}" if day else text


def _message(entry: MessageEntry, zone: str, today: date, tokens: Tokens, *, new: bool = False) -> str:
    grounds = {
        MessageKind.INCOMING: tokens.background,
        MessageKind.OUTGOING: tokens.accent_soft,
        MessageKind.INTERNAL: tokens.soon_soft,
    }
    subject = f"{_strong(entry.subject)}<br>" if entry.subject else ""
    channel = "" if entry.kind is MessageKind.INTERNAL else f" · {escape(entry.channel.label)}"
    ink = tokens.soon if entry.kind is MessageKind.INTERNAL else tokens.muted
    joined = f" · dari {escape(entry.of_case)}" if entry.of_case else ""
    head = f"{escape(entry.sender)} · {escape(entry.kind.label)}{channel} · {_moment(entry.at, zone, today)}{joined}"
    if entry.ready:
        head += f" · {escape(entry.ready)}"
    if new:
        head = f'<span style="color:{tokens.accent}; font-weight:600">● Baru</span> · {head}'
    files = "".join(
        f'<br><span style="color:{tokens.muted}; font-size:12px">Lampiran: {escape(name)}</span>'
        for name in entry.files
    )
    return (
        f'<table width="100%" cellspacing="0" cellpadding="10" style="margin-bottom:8px"><tr>'
        f'<td bgcolor="{grounds[entry.kind]}"><span style="color:{ink}; font-size:12px">{head}</span><br>'
        f"{subject}{_text(entry.text)}{files}</td></tr></table>"
    )
