"""Whatever people do with invoices, transfers, files, confirmations and reversals: no rupiah appears or vanishes."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from desk.demo.bank_file import Movement
from desk.errors import Refused
from desk.rules.case import Money
from desk.rules.inputs import MoneyNote, MoneyNoteEnd
from desk.rules.outcomes import named_outcome
from desk.rules.settling import Plan, plan
from desk.services import statement_matching, statement_uses, statements, unknown_money
from desk.services.statement_matching import Matched, Waiting
from desk.services.unknown_money import Addressee
from tests import inputs
from tests.conftest import Cluster
from tests.office import PALEMBANG, Furnished, Office, Person, Ref, _opened
from tests.statements.bank import ACCOUNT, bank_file

OPENING = 5_000_000
LIMIT = 100_000
"""Above this a second person speaks: every invoice here costs more."""
EXAMPLES, STEPS = 4, 24
SEED_DAY = date(2026, 11, 23)


_LINES = """
SELECT l.id, l.amount_sen, coalesce(sum(u.amount_sen) FILTER (WHERE u.kind <> 'part'), 0)::bigint AS used,
  coalesce(sum(u.amount_sen) FILTER (WHERE u.kind = 'part'), 0)::bigint AS part
FROM desk.statement_line l LEFT JOIN desk.line_use u ON u.line_id = l.id
  AND NOT EXISTS (SELECT FROM desk.line_use_end x WHERE x.use_id = u.id)
  AND NOT EXISTS (SELECT FROM desk.payment_reversal r WHERE r.payment_id = u.payment_id)
WHERE l.amount_sen > 0 GROUP BY l.id, l.amount_sen
"""
"""Every credit with what of it is used now."""


class Treasury(RuleBasedStateMachine):
    """One office with two treasurers, its account at the bank, and files of that account cut anywhere."""

    cluster: Cluster
    furnished: Furnished
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self._leaving = contextlib.ExitStack()
        self.office: Office = self._leaving.enter_context(_opened(self.cluster, self.furnished))
        self.office.set_rule(PALEMBANG, "second_confirmation_above", str(LIMIT), date(2016, 1, 1))
        self.bank: list[Movement] = []
        self.known: set[int] = set()
        self.files: list[tuple[Path, UUID, int]] = []
        self.receipts_of_state: list[str] = []
        self.today = SEED_DAY
        self.cases: list[Ref] = []
        with self.budi.session() as session:
            self.account = statements.add_account(session, PALEMBANG, number=ACCOUNT)
        self.new_invoice(proved=True)

    def teardown(self) -> None:
        self._leaving.close()

    @property
    def budi(self) -> Person:
        return self.office.as_("budi")

    def treasurer(self, second: bool) -> Person:
        return self.office.as_("sri" if second else "budi")

    # What happens outside

    @rule(proved=st.booleans())
    def new_invoice(self, proved: bool) -> None:
        """An invoice goes out, with or without a proof that comes back."""
        if len(self.cases) < 6:
            self.cases.append(self.office.case_at(money=Money.PROOF if proved else Money.INVOICED))

    @rule(which=st.integers(0, 5), share=st.sampled_from((1, 1, 1, 2, 0.5, 0.5, 0.9)), coded=st.booleans())
    def transfer(self, which: int, share: float, coded: bool) -> None:
        """Somebody pays: exactly, twice, in parts, or too little, with the code or without."""
        invoice = self.office.facts(self.cases[which % len(self.cases)]).invoice
        assert invoice is not None
        words = f"TRF {invoice.payment_code}" if coded else "SETOR TUNAI"
        self.bank.append((self.today, int(invoice.total * share), words))

    @rule(amount=st.sampled_from((-2_500, 18_437)))
    def bank_books(self, amount: int) -> None:
        """Charges and interest."""
        self.bank.append((self.today, amount, "BIAYA" if amount < 0 else "BUNGA"))

    @rule(days=st.sampled_from((1, 3, 36)))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.office.set_clock(datetime(self.today.year, self.today.month, self.today.day, 3, tzinfo=UTC))

    # What the office does

    @precondition(lambda self: self.bank)
    @rule(start=st.integers(0, 40), length=st.integers(1, 40), second=st.booleans())
    def bring_a_file(self, start: int, length: int, second: bool) -> None:
        """A file of any stretch of the account, overlapping others; what is known is known, the rest comes in once."""
        first = start % len(self.bank)
        places = range(first, min(first + length, len(self.bank)))
        opening = OPENING + sum(amount for _, amount, _ in self.bank[:first])
        path = bank_file(self.folder / f"{uuid4()}.csv", [self.bank[at] for at in places], opening, first=first + 1)
        read, new = statements.read_file(path), set(places) - self.known
        with contextlib.nullcontext() if new else pytest.raises(Refused, match="sudah diimpor"):
            key = uuid4()
            with self.treasurer(second).session() as session:
                told = statements.import_file(session, PALEMBANG, self.account, read, key=key)
            assert told.added == len(new)
            self.files.append((path, key, told.added))
        self.known |= new

    @precondition(lambda self: self.files)
    @rule(which=st.integers(0, 20), second=st.booleans())
    def bring_a_file_again(self, which: int, second: bool) -> None:
        """The same file is dropped once more, and the answer of its import is asked for again: nothing changes."""
        path, key, added = self.files[which % len(self.files)]
        with self.treasurer(second).session() as session:
            read = statements.read_file(path)
            assert statements.import_file(session, PALEMBANG, self.account, read, key=key).added == added
        with pytest.raises(Refused, match="sudah diimpor"), self.treasurer(second).session() as session:
            statements.import_file(session, PALEMBANG, self.account, read, key=uuid4())

    @rule(which=st.integers(0, 20), second=st.booleans(), pick=st.integers(0, 5))
    def confirm(self, which: int, second: bool, pick: int) -> None:
        """A treasurer presses Enter, or picks one of the candidates."""
        person, matched = self.treasurer(second), self._free()
        if not matched.waiting:
            return
        waiting = matched.waiting[which % len(matched.waiting)]
        made = self._plan(person, waiting, matched)
        related = waiting.money.proposal.related
        if isinstance(made, str) and related:
            key = related[pick % len(related)]
            made = plan(waiting.money, (), matched.candidates, person.login, (key,))
        if isinstance(made, Plan):
            self._carry_out(person, made)

    @rule()
    def both_treasurers_at_once(self) -> None:
        """Both press Enter on the same movement at the same moment: its money is confirmed once."""
        matched = self._free()
        plans = [(each, self._plan(self.budi, each, matched)) for each in matched.waiting]
        ready = [made for _, made in plans if isinstance(made, Plan)]
        if not ready:
            return
        together = threading.Barrier(2)

        def press(person: Person) -> None:
            together.wait()
            self._carry_out(person, ready[0])

        threads = [threading.Thread(target=press, args=(self.treasurer(second),)) for second in (False, True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @rule()
    def stale_screens(self) -> None:
        """Cash comes in; two treasurers read it at the same moment, and each confirms it for another invoice."""
        self.new_invoice(proved=False)
        self.transfer(which=len(self.cases) - 1, share=1, coded=False)
        self.bring_a_file(start=0, length=len(self.bank), second=False)
        people, matched = (self.budi, self.treasurer(True)), self._free()
        for waiting in matched.waiting[-1:]:
            plans = [
                (person, plan(waiting.money, (), matched.candidates, person.login, (key,)))
                for key in sorted(matched.candidates, reverse=True)
                for person in people
            ]
            for person, made in plans:
                if isinstance(made, Plan):
                    self._carry_out(person, made)

    @rule(which=st.integers(0, 20), kind=st.sampled_from(("other", "returned")), half=st.booleans())
    def set_apart(self, which: int, kind: str, half: bool) -> None:
        """Money that is no payment, all of it or a part."""
        waiting = self._free().waiting
        if not waiting:
            return
        each = waiting[which % len(waiting)]
        amount = each.money.free_sen // (2 if half else 1)
        with self.budi.session() as session:
            statement_uses.set_apart(
                session, PALEMBANG, each.row.id, key=uuid4(), kind=kind, amount_sen=amount, note="catatan"
            )

    @rule(which=st.integers(0, 20), second=st.booleans())
    def note(self, which: int, second: bool) -> None:
        """Money that is short, over, double or late is noted with its letter."""
        matched = self._free()
        named = [(each.row.id, named_outcome(each.money, matched.candidates)) for each in matched.waiting]
        found = [(line, outcome) for line, outcome in named if outcome is not None]
        if found:
            line, outcome = found[which % len(found)]
            asked = MoneyNote(line, outcome.outcome, outcome.amount_sen, "catatan")
            self._try(self.treasurer(second), "note_money", Ref(PALEMBANG, outcome.candidate.case_id), asked)

    @rule(which=st.integers(0, 20), again=st.booleans())
    def ask_whose_it_is(self, which: int, again: bool) -> None:
        """A letter about money that nobody claims; asked again with its key it is one letter."""
        waiting = self._free().waiting
        if waiting:
            key, line = uuid4(), waiting[which % len(waiting)].row.id
            for _ in range(2 if again else 1):
                with self.budi.session() as session:
                    unknown_money.write_letter(session, PALEMBANG, line, Addressee(True, "BRI"), "", key=key)

    @rule(which=st.integers(0, 20))
    def withdraw(self, which: int) -> None:
        """A note about money was wrong."""
        open_uses = self.office.rows(
            "SELECT u.id, u.case_id FROM desk.line_use u WHERE u.kind <> 'payment' AND NOT EXISTS ("
            "SELECT FROM desk.line_use_end x WHERE x.use_id = u.id) ORDER BY u.id"
        )
        if open_uses:
            use = open_uses[which % len(open_uses)]
            if use["case_id"] is not None:
                case = Ref(PALEMBANG, use["case_id"])
                self._try(self.budi, "withdraw_money_note", case, MoneyNoteEnd(use["id"], "keliru"))
                return
            with self.budi.session() as session:
                statement_uses.withdraw_use(session, PALEMBANG, use["id"], key=uuid4(), reason="keliru")

    @rule(which=st.integers(0, 5), lasts=st.sampled_from((0, 7)))
    def billing_code(self, which: int, lasts: int) -> None:
        """A SIMPONI code is given out, with a last day of its own."""
        case = self.cases[which % len(self.cases)]
        facts = self.office.facts(case)
        code = f"8202611230{len(facts.billing):02}{which:03}"
        asked = inputs.billing(facts, code, expires_on=self.today + timedelta(days=lasts))
        self._try(self.office.as_("rina"), "record_billing_code", case, asked)

    @rule(which=st.integers(0, 5), second=st.booleans(), old=st.booleans())
    def state_payment(self, which: int, second: bool, old: bool) -> None:
        """The state's receipt proves the money, or somebody writes down an NTPN that stands elsewhere already."""
        case = self.cases[which % len(self.cases)]
        facts = self.office.facts(case)
        if not facts.billing:
            return
        used = self.receipts_of_state[-1] if old and self.receipts_of_state else ""
        ntpn = used or f"{len(self.receipts_of_state):04}{uuid4().hex[:12]}".upper()
        self.receipts_of_state.append(ntpn)
        asked = inputs.state_payment(facts, ntpn=ntpn)
        self._try(self.treasurer(second), "confirm_state_payment", case, asked)

    @rule(which=st.integers(0, 5), second=st.booleans())
    def receipt(self, which: int, second: bool) -> None:
        """The kuitansi; where it needs a second person, the other one speaks first."""
        case = self.cases[which % len(self.cases)]
        if self.office.facts(case).needs_second_person():
            self._try(self.treasurer(not second), "approve_payment", case)
        self._try(self.treasurer(second), "issue_receipt", case)

    @rule(which=st.integers(0, 5), second=st.booleans())
    def take_back(self, which: int, second: bool) -> None:
        """Kuitansi and confirmation were wrong."""
        case = self.cases[which % len(self.cases)]
        self._try(self.treasurer(second), "void_receipt", case)
        self._try(self.treasurer(second), "reverse_payment", case)

    @rule(which=st.integers(0, 5))
    def renew(self, which: int) -> None:
        """An invoice that ran out is replaced by a new one."""
        self._try(self.office.as_("rina"), "renew_invoice", self.cases[which % len(self.cases)])

    # What must always be true

    @invariant()
    def no_rupiah_appears_or_vanishes(self) -> None:
        came_in = sum(self.bank[at][1] for at in self.known if self.bank[at][1] > 0) * 100
        lines = self._one("SELECT count(*) AS n, coalesce(sum(amount_sen) FILTER (WHERE amount_sen > 0), 0) AS credit "
                          "FROM desk.statement_line")  # fmt: skip
        assert (lines["n"], lines["credit"]) == (len(self.known), came_in)
        shown = {each.row.id: each.money.free_sen for each in self._free().waiting}
        for line in self.office.rows(_LINES):
            left = line["amount_sen"] - line["used"]
            assert 0 <= line["part"] <= left, "no line is used beyond its money"
            if left and not (line["part"] and line["id"] not in shown):  # its letter is out; it waits for the rest
                assert shown.pop(line["id"]) == left
        assert not shown

    @invariant()
    def every_kuitansi_has_exactly_its_money_and_its_number(self) -> None:
        wrong = self.office.rows(
            "SELECT r.number FROM desk.receipt r JOIN desk.payment p ON p.id = r.payment_id WHERE NOT EXISTS ("
            "SELECT FROM desk.receipt_void v WHERE v.receipt_id = r.id) AND (r.amount <> p.amount OR EXISTS ("
            "SELECT FROM desk.payment_reversal x WHERE x.payment_id = p.id) OR r.amount * 100 <> ("
            "SELECT CASE p.channel WHEN 'simponi' THEN r.amount * 100 ELSE 0 END + coalesce(sum(u.amount_sen), 0) "
            "FROM desk.line_use u WHERE u.payment_id = p.id) "
            "OR r.amount > :limit AND NOT EXISTS ("
            "SELECT FROM desk.payment_approval a WHERE a.payment_id = p.id AND a.by <> p.by))",
            limit=LIMIT,
        )
        assert wrong == []
        numbers = [row["sequence"] for row in self.office.rows(
            "SELECT sequence FROM desk.receipt WHERE office_id = 1600 AND year = 2026 ORDER BY sequence")]  # fmt: skip
        assert numbers == list(range(1, len(numbers) + 1))
        twice = self.office.rows(
            "SELECT invoice_id FROM desk.payment p WHERE NOT EXISTS (SELECT FROM desk.payment_reversal x "
            "WHERE x.payment_id = p.id) GROUP BY invoice_id HAVING count(*) > 1"
        )
        assert twice == []

    @invariant()
    def every_ntpn_stands_once_and_no_letter_is_missing(self) -> None:
        twice = self.office.rows(
            "SELECT p.reference FROM desk.payment p WHERE p.channel = 'simponi' AND NOT EXISTS (SELECT FROM "
            "desk.payment_reversal x WHERE x.payment_id = p.id) GROUP BY p.reference HAVING count(*) > 1"
        )
        assert twice == []
        for row in self.office.rows(
            "SELECT kind, year, array_agg(sequence ORDER BY sequence) AS n FROM desk.letter GROUP BY 1, 2"
        ):
            assert row["n"] == list(range(1, len(row["n"]) + 1)), row["kind"]

    # Hands

    def _free(self) -> Matched:
        with self.budi.session() as session:
            return statement_matching.free_money(session, [PALEMBANG])

    def _plan(self, person: Person, waiting: Waiting, matched: Matched) -> Plan | str:
        others = [each.money for each in matched.waiting if each is not waiting]
        return plan(waiting.money, others, matched.candidates, person.login)

    def _carry_out(self, person: Person, made: Plan) -> None:
        for deed in made.deeds:
            self._try(person, "confirm_payment", Ref(PALEMBANG, deed.candidate.case_id), deed.inputs)

    def _try(self, person: Person, action: str, case: Ref, *inputs: object) -> None:
        with contextlib.suppress(Refused):
            person.do(action, case, *inputs)

    def _one(self, statement: str) -> dict[str, Any]:
        return self.office.rows(statement)[0]


def test_no_sequence_of_deeds_loses_or_makes_money(cluster: Cluster, furnished: Furnished, tmp_path: Path) -> None:
    made = type("Played", (Treasury,), {"cluster": cluster, "furnished": furnished, "folder": tmp_path})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
