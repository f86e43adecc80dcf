"""Who holds a case: taken from the queue by one person only, kept by work, lost by time; the database is the judge."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from desk import deeds
from desk.adapters.database import run_deed
from desk.errors import Refused
from desk.rules.case import Data, Money, Original, Stage
from desk.rules.deed import Done
from desk.rules.desks import Desk, Queue
from desk.rules.inputs import HandOver
from desk.services.queues import QueueRow, queue_rows
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Person, Ref
from tests.services.test_many_at_once import lines_of, seat_of
from tests.services.workers import take_cases

SPAWN = multiprocessing.get_context("spawn")
GIVE = "UPDATE desk.cases SET claimed_by = %s WHERE office_id = %s AND id = %s"
LATER = timedelta(minutes=31)


def take(person: Person, *, queue: Queue | None = None, key: object = None) -> Done:
    request = key or uuid4()
    return run_deed(
        person.engine,
        lambda session: deeds.take_next(session, person.actor, [PALEMBANG], queue, request_id=request),  # type: ignore[arg-type]
        key=request,  # type: ignore[arg-type]
    )


def holder_of(office: Office, case: Ref) -> str | None:
    holder = office.facts(case).holder
    return holder.name if holder else None


def listed(person: Person, case: Ref) -> QueueRow:
    with person.session() as session:
        return next(row for row in queue_rows(session, [PALEMBANG], Desk.OFFICER, None) if row.id == case.id)


def test_two_workstations_that_take_the_next_case_never_get_the_same(office: Office, tmp_path: Path) -> None:
    cases = [office.new_case() for _ in range(12)]
    go = SPAWN.Event()
    processes = [
        SPAWN.Process(target=take_cases, args=(PALEMBANG, seat_of(office, who), go, tmp_path / who))
        for who in ("rina", "fajar")
    ]
    for process in processes:
        process.start()
    go.set()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    taken = Counter(lines_of(tmp_path / "rina") + lines_of(tmp_path / "fajar"))
    assert taken == Counter({str(case.id): 1 for case in cases})
    assert {holder_of(office, case) for case in cases} <= {"Rina Umpama", "Fajar Rekaan"}


def test_the_next_case_passes_over_one_that_somebody_is_taking_at_this_moment(office: Office) -> None:
    first, second = office.new_case(), office.new_case()
    rina, fajar = office.as_("rina"), office.as_("fajar")
    with rina.psql() as slow:
        slow.execute("SELECT FROM desk.cases WHERE office_id = %s AND id = %s FOR NO KEY UPDATE", [PALEMBANG, first.id])
        assert take(fajar).case_id == second.id
        with pytest.raises(Refused, match="Tidak ada permohonan yang bebas"):
            take(fajar)
    assert take(rina).case_id == first.id


def test_the_list_is_worked_off_from_its_top_and_only_in_the_queue_on_show(office: Office) -> None:
    new, clear = office.new_case(), office.clear_case()
    rina = office.as_("rina")
    assert take(rina, queue=Queue.OFFER).case_id == clear.id
    assert take(rina).case_id == new.id


def test_a_lost_answer_gives_the_same_case_again(office: Office) -> None:
    office.new_case(), office.new_case()
    key = uuid4()
    assert take(office.as_("rina"), key=key) == take(office.as_("rina"), key=key)
    assert len(office.rows("SELECT FROM desk.cases WHERE claimed_by IS NOT NULL")) == 1


def test_a_claim_is_seen_by_everybody_and_ends_by_itself(office: Office) -> None:
    case = office.new_case()
    rina, fajar = office.as_("rina"), office.as_("fajar")
    assert rina.do("claim_case", case).sentence == "Diambil, dipegang sampai 09.30."
    seen = listed(fajar, case).holder
    assert seen is not None
    assert (seen.name, f"{seen.until:%H.%M}") == ("Rina Umpama", "09.30")
    assert fajar.refusal("claim_case", case).startswith("Rina Umpama memegang permohonan ini sampai 09.30.")
    assert rina.refusal("claim_case", case) == "Anda sudah memegang permohonan ini sampai 09.30."
    office.set_clock(MORNING + LATER)
    assert listed(fajar, case).holder is None
    assert take(fajar).case_id == case.id
    assert holder_of(office, case) == "Fajar Rekaan"


def test_every_deed_of_the_holder_keeps_the_case_and_nobody_elses_does(office: Office) -> None:
    case = office.new_case()
    rina, fajar = office.as_("rina"), office.as_("fajar")
    rina.do("claim_case", case)
    office.set_clock(MORNING + timedelta(minutes=20))
    fajar.do("add_message", case)
    assert f"{office.facts(case).holder.until:%H.%M}" == "09.30"  # type: ignore[union-attr]
    rina.do("decide_fit", case)
    assert f"{office.facts(case).holder.until:%H.%M}" == "09.50"  # type: ignore[union-attr]


def test_a_new_mail_still_waits_to_be_read_after_the_case_was_taken(office: Office) -> None:
    case = office.new_case()
    rina = office.as_("rina")
    rina.do("take_mail", case)
    assert office.facts(case).new_mail
    rina.do("claim_case", case)
    rina.do("release_case", case)
    assert office.facts(case).new_mail


def test_what_is_handed_over_with_a_note_waits_for_the_colleague_over_a_weekend(office: Office) -> None:
    case = office.new_case()
    rina, fajar = office.as_("rina"), office.as_("fajar")
    rina.do("hand_over", case, HandOver(login=fajar.login, note="Saya cuti besok."))
    office.set_clock(MORNING + timedelta(days=2, hours=23))
    assert holder_of(office, case) == "Fajar Rekaan"
    assert "Fajar Rekaan memegang" in rina.refusal("hand_over", case, HandOver(login=rina.login, note="-"))
    assert rina.why_not("release_case", case) is not None
    hendra = office.as_("hendra")
    assert hendra.do("release_case", case).sentence.startswith("Dilepas dari Fajar Rekaan")
    assert take(rina).case_id == case.id


def test_an_ended_case_is_nobodys(office: Office) -> None:
    case = office.new_case()
    rina = office.as_("rina")
    rina.do("claim_case", case)
    rina.do("cancel_case", case)
    row = office.row(case)
    assert (row["stage"], row["claimed_by"], row["claimed_until"]) == (Stage.CANCELLED.value, None, None)


def give(office: Office, who: str, case: Ref, to: str | None) -> None:
    with office.as_(who).psql() as connection:
        connection.execute(GIVE, [to, case.office_id, case.id])
        connection.commit()


def test_an_ended_case_that_still_needs_somebody_does_not_stand_in_the_way_of_the_next_one(office: Office) -> None:
    rina = office.as_("rina")
    ended = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CONFIRMED)
    rina.do("close_case", ended)
    office.set_clock(MORNING + timedelta(days=9))
    rina.do("ask_late_correction", ended)
    office.as_("hendra").do("allow_late_correction", ended)
    assert listed(rina, ended).why.startswith("Perbaikan terlambat diizinkan")
    with pytest.raises(Refused, match="Tidak ada permohonan yang bebas"):
        take(rina)
    case = office.new_case()
    assert take(rina).case_id == case.id


def test_nobody_takes_a_claim_away_through_psql(office: Office) -> None:
    case = office.new_case()
    rina, fajar, budi = office.as_("rina"), office.as_("fajar"), office.as_("budi")
    give(office, "rina", case, rina.login)
    for who, to in (("fajar", fajar.login), ("fajar", None), ("budi", budi.login), ("budi", None)):
        with pytest.raises(errors.InsufficientPrivilege, match=r"dipegang Rina Umpama|Hanya petugas layanan"):
            give(office, who, case, to)
    with pytest.raises(errors.CheckViolation, match="hanya dapat dipegang petugas layanan kantor ini"):
        give(office, "rina", case, office.as_("doni").login)  # an officer of Jambi
    for claim in ("claimed_until = now() + interval '1 year'", "claimed_until = NULL"):
        with rina.psql() as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(f"UPDATE desk.cases SET {claim} WHERE id = %s".encode(), [case.id])
    assert holder_of(office, case) == "Rina Umpama"
    give(office, "hendra", case, None)  # a supervisor may
    assert holder_of(office, case) is None


def test_nobody_holds_a_case_for_longer_than_the_database_says(office: Office) -> None:
    case = office.new_case(JAMBI)
    with psycopg.connect(office.database_url(office.as_("doni").login, office.as_("doni").password)) as doni:
        for _ in range(3):
            doni.execute(GIVE, [office.as_("doni").login, JAMBI, case.id])
        doni.commit()
    row = office.row(case)
    assert row["claimed_until"] == MORNING + timedelta(minutes=30)
