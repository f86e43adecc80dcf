"""The part of the manual that is written from the table of actions: `poe manual` writes it, `poe check` compares it.

`actions.md` says who may do what, with which form, papers and refusals; `states.md` draws the tracks.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import itertools
import sys
import textwrap
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.actions import ACTIONS, Action
from desk.rules.case import TRACKS, Data, Money, Original, Stage, State
from desk.rules.custody import EXPECTED, TO_FILE, Custody
from desk.rules.inputs import Question, questions
from desk.rules.originals import track_of
from desk.rules.people import Duty, duty_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FOLDER = Path(__file__).parent.parent / "docs" / "manual"
_WRITTEN = (
    "<!-- Ditulis oleh `uv run poe manual` dari tabel tindakan `desk/actions.py`. Ubah tabelnya, bukan halaman ini. -->"
)
_ACTIONS_LEAD = (
    "Semua yang dapat dilakukan pada sebuah permohonan. Tombol yang belum dapat dipakai menyebut alasannya; "
    "kalimat yang mungkin muncul tercantum pada setiap tindakan."
)
_STATES_LEAD = (
    "Setelah invoice dan SPPD keluar, uang, naskah, dan data berjalan sendiri-sendiri dan bertemu lagi pada "
    "pengiriman. Bila sebuah tindakan menuju beberapa keadaan, isi permohonan yang menentukan."
)
_ONE_COPY = (
    "Gambar ini untuk satu rangkap. Dengan beberapa rangkap, keadaan naskah mengikuti rangkap yang paling "
    "membutuhkan perhatian: yang di meja surat, lalu yang ditolak, lalu yang ditunggu."
)
_TRACK_NAMES: dict[type[State], str] = {Stage: "Permohonan", Money: "Uang", Original: "Naskah", Data: "Data"}
_KINDS = {
    "text": "satu baris",
    "paragraph": "beberapa baris",
    "date": "tanggal",
    "rupiah": "rupiah utuh",
    "number": "bilangan",
    "percent": "persen",
    "choice": "pilih satu",
    "relief": "pilih satu",
    "ticks": "centang",
    "file": "berkas",
    "files": "beberapa berkas",
    "abstract": "judul dan empat bagian abstraksi",
    "lines": "daftar data",
    "fit": "putusan per baris",
    "prepared": "berkas data",
    "counted": "baris dan peubah tiap berkas, dihitung pemeriksa",
    "package": "paket terkunci dari berkas data yang lolos pemeriksaan",
    "copy": "rangkap naskah",
    "colleague": "petugas kantor ini",
    "line": "baris data",
    "billing": "kode billing permohonan",
    "some_lines": "beberapa baris data",
    "needs": "centang dari daftar persyaratan kantor",
    "tasks": "centang, dari tugas penyiapan yang masih terbuka",
    "section_question": "pilih satu pertanyaan yang menunggu jawaban",
    "case_number": "nomor permohonan lain",
}

# How one copy of the SPPD moves; the track of several copies follows from them (`track_of`).
_COPY_STEPS: dict[str, tuple[frozenset[Custody], Custody]] = {
    "note_courier": (EXPECTED, Custody.POSTED),
    "receive_original": (EXPECTED, Custody.RECEIVED),
    "accept_original": (frozenset({Custody.RECEIVED}), Custody.ACCEPTED),
    "refuse_original": (frozenset({Custody.RECEIVED}), Custody.REFUSED),
    "countersign_original": (frozenset({Custody.ACCEPTED}), Custody.COUNTERSIGNED),
    "file_original": (TO_FILE, Custody.FILED),
    "move_original": (frozenset({Custody.FILED}), Custody.FILED),
    "lend_original": (frozenset({Custody.FILED}), Custody.LENT),
    "return_original": (frozenset({Custody.LENT}), Custody.FILED),
    "hand_out_original": (TO_FILE | {Custody.FILED}, Custody.HANDED_OUT),
}


def pages() -> dict[str, str]:
    """Gives the text of every generated page by its file name."""
    return {"actions.md": _actions_page(), "states.md": _states_page()}


def write(folder: Path = FOLDER) -> None:
    """Writes the generated pages; the written ones beside them stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def outdated(folder: Path = FOLDER) -> list[str]:
    """Gives the names of the pages that differ from the table or are missing."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


# What a person can do


def _actions_page() -> str:
    actions = ACTIONS.values()
    overview = _table(
        ("Tindakan", "Siapa", "Tombol", "Naskah yang dibuat"),
        ((f"[{action.label}](#{action.id})", _who(action), _keys(action), _papers(action)) for action in actions),
    )
    parts = [_WRITTEN, "# Tindakan", _ACTIONS_LEAD, "## Ringkasan", overview]
    for duty in Duty:
        own = ", ".join(action.label for action in actions if duty in action.who)
        parts.append(f"**{duty.label.capitalize()}**: {own or 'tidak mengubah permohonan'}.")
    for action in actions:
        parts += _section(action)
    return "\n\n".join(parts) + "\n"


def _section(action: Action) -> Iterator[str]:
    yield f'<a id="{action.id}"></a>\n\n## {action.label}'
    yield action.help
    yield _table(
        ("", ""),
        [
            ("Siapa", _who(action)),
            *([("Tombol", _keys(action))] if action.shortcut else []),
            ("Saat", _when(action)),
            ("Menjadi", _leaves(action)),
            *([("Naskah", _papers(action))] if action.prints else []),
            *([("Keluar", "teks dan berkas untuk kanal permohonan ditawarkan")] if action.sends else []),
            *([("Beberapa sekaligus", "ya, dengan hasil tiap permohonan")] if action.many else []),
            *([("Ditanyakan dulu", action.confirm.format(signer="…"))] if action.confirm else []),
            ("Nama di riwayat", f"`{action.id}`"),
        ],
    )
    if action.asks is not None:
        yield "Isian:"
        yield _table(
            ("Isian", "Wajib", "Bentuk", "Keterangan"),
            (
                (asked.label, "ya" if asked.required else "", _form(asked), asked.help)
                for asked in questions(action.asks)
                if asked.name != "version"  # the form knows which one it was opened on
            ),
        )
    if refusals := sentences(action):
        yield "Ditolak dengan kalimat:"
        yield "\n".join(f"* {sentence}" for sentence in refusals)


def _who(action: Action) -> str:
    return duty_names(action.who)


def _keys(action: Action) -> str:
    return f"`{action.shortcut.replace('Return', 'Enter')}`" if action.shortcut else ""


def _papers(action: Action) -> str:
    return ", ".join(kind.label for kind in action.prints)


def _when(action: Action) -> str:
    return _states(action.before) or ("belum ada permohonan" if action.handler is None else "kapan saja")


def _leaves(action: Action) -> str:
    if action.handler is None:
        return f"Permohonan “{Stage.NEW.label}”"
    return _states(action.after) or "keadaan tetap"


def _states(states: frozenset[State]) -> str:
    named = []
    for track, name in _TRACK_NAMES.items():
        labels = [f"“{state.label}”" for state in track if state in states]
        if labels:
            named.append(f"{name} {' / '.join(labels)}")
    return "; ".join(named)


def _form(question: Question) -> str:
    choices = f": {', '.join(choice.label for choice in question.choices)}" if question.choices else ""
    return _KINDS[question.kind] + choices


# The sentences of a refusal, read from the rules themselves


def sentences(action: Action) -> list[str]:
    """Gives the sentences with which an action can be refused; “…” stands for what depends on the case."""
    found: dict[str, None] = {}
    seen: set[object] = set()
    for function in (action.why_not, action.handler):
        if function is not None:
            found |= dict.fromkeys(_sentences_of(function, seen))
    return list(found)


def _sentences_of(function: Callable[..., Any], seen: set[object]) -> Iterator[str]:
    """The sentences that a rule returns or a deed refuses with, and those of the rules it asks."""
    if function in seen:
        return
    seen.add(function)
    is_rule = function.__name__.lstrip("_").startswith("why_not")
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Return) and node.value is not None and is_rule:
            yield from _texts(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("Refused", "Overtaken"):
                yield from itertools.chain.from_iterable(_texts(argument) for argument in node.args)
            called = function.__globals__.get(node.func.id)
            if inspect.isfunction(called) and called.__module__.startswith("desk."):
                yield from _sentences_of(called, seen)


def _texts(value: ast.expr) -> Iterator[str]:
    """The sentences in an expression: text that ends with a full stop, with “…” for what is filled in."""
    match value:
        case ast.Constant(value=str(text)):
            if text.endswith("."):
                yield text
        case ast.JoinedStr(values=pieces):
            text = "".join(str(piece.value) if isinstance(piece, ast.Constant) else "…" for piece in pieces)
            if text.endswith("."):
                yield text
        case _:
            for inner in ast.iter_child_nodes(value):
                if isinstance(inner, ast.expr):
                    yield from _texts(inner)


# The tracks


def _states_page() -> str:
    parts = [_WRITTEN, "# Keadaan permohonan", _STATES_LEAD]
    for track, name in _TRACK_NAMES.items():
        moves = edges(track)
        parts += [f"## {name}", _diagram(track, moves)]
        if track is Original:
            parts.append(_ONE_COPY)
        rows = ((start.label, ACTIONS[by].label, end.label) for (start, end), ids in moves.items() for by in ids)
        parts.append(_table(("Dari", "Tindakan", "Menjadi"), rows))
    return "\n\n".join(parts) + "\n"


def edges(track: type[State]) -> dict[tuple[State, State], list[str]]:
    """Gives the moves of a track that can happen, each with the ids of the actions that make it."""
    found: dict[tuple[State, State], set[str]] = defaultdict(set)
    for by, start, end in _moves():
        if isinstance(start, track) and start is not end and not (track is Original and by in _COPY_STEPS):
            found[start, end].add(by)
    if track is Original:
        for by, (starts, step) in _COPY_STEPS.items():
            for start in {track_of((before,)) for before in starts} - {track_of((step,))}:
                found[start, track_of((step,))].add(by)
    in_order = [(start, end) for start in track for end in track if (start, end) in found]
    return {move: [by for by in ACTIONS if by in found[move]] for move in in_order}


@cache
def _moves() -> frozenset[tuple[str, State, State]]:
    """Every move of one track by an action, from positions of the four tracks that a new case can reach."""
    first = tuple(next(iter(track)) for track in TRACKS)
    moves, waiting, known = set(), [first], {first}
    while waiting:
        position = waiting.pop()
        for action in ACTIONS.values():
            if action.handler is None or not all(_starts_from(action, state) for state in position):
                continue
            ends = [_ends(action, state) for state in position]
            moves |= {
                (action.id, start, end) for start, track_ends in zip(position, ends, strict=True) for end in track_ends
            }
            new = set(itertools.product(*ends)) - known
            known |= new
            waiting += new
    return frozenset(moves)


@cache
def _starts_from(action: Action, state: State) -> bool:
    wanted = [other for other in type(state) if other in action.before]
    return not wanted or state in wanted


@cache
def _ends(action: Action, state: State) -> tuple[State, ...]:
    """Where an action can leave a track: where it stands, when the action may leave it there."""
    ends = tuple(other for other in type(state) if other in action.after)
    return (state,) if not ends or (state in ends and len(ends) == 2) else ends


def _diagram(track: type[State], moves: dict[tuple[State, State], list[str]]) -> str:
    names = [f'    state "{state.label}" as {state.value}' for state in track]
    arrows = [
        f"    {start.value} --> {end.value} : {' / '.join(ACTIONS[by].label for by in ids)}"
        for (start, end), ids in moves.items()
    ]
    first = next(iter(track)).value
    return "\n".join(["```mermaid", "stateDiagram-v2", *names, f"    [*] --> {first}", *arrows, "```"])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def main() -> int:
    """Writes the pages; with `--check` only says which are outdated, exit code 1 when any is."""
    parser = argparse.ArgumentParser(prog="python -m desk.manual", description="Write the generated manual pages.")
    parser.add_argument("--check", action="store_true", help="compare only")
    if not parser.parse_args().check:
        write()
        return 0
    old = outdated()
    for name in old:
        print(f"docs/manual/{name} is not what the table of actions says; run: uv run poe manual", file=sys.stderr)
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
