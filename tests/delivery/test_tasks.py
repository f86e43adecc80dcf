"""The task list of a preparation: by product, ticked by its maker, complete before the second officer sees a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from PySide6.QtWidgets import QCheckBox
from sqlalchemy import text

from desk.rules.case import Data, Product
from desk.rules.inputs import TaskTicks
from desk.rules.preparation import ordered_variables
from desk.services.case_file import case_view
from desk.ui import theme
from desk.ui.case_pages import summary_html
from tests import inputs
from tests.office import PALEMBANG, Office, Person, Ref
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]
TICK = (
    "INSERT INTO desk.preparation_task (office_id, id, case_id, product, task) "
    "VALUES (%s, gen_random_uuid(), %s, %s, %s)"
)
HAND_OVER = (
    "INSERT INTO desk.preparation (office_id, id, case_id, version, attempt) VALUES (%s, gen_random_uuid(), %s, 1, 1)"
)
SHORT = '{"full": [{"code": "opened", "label": "berkas dibuka kembali"}], "map": []}'


def begun(office: Office, **asked: Any) -> Ref:
    """A case whose preparation has just begun: one whole dataset and one map."""
    case = office.case_at(**asked)
    office.team(case.office_id)[0].do("start_preparation", case)
    return case


def asked_of(office: Office, case: Ref) -> list[tuple[str, str]]:
    return [(task.product.value, task.code) for task in office.facts(case).tasks]


def refused_in_psql(person: Person, statement: str, *values: Any) -> str:
    with person.psql() as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(statement, values)
    return str(refused.value)


def test_files_go_to_the_second_officer_when_every_task_of_every_product_is_ticked(office: Office) -> None:
    rina, fajar = office.as_("rina"), office.as_("fajar")
    case = begun(office)
    products = {task.product for task in office.facts(case).tasks}
    assert products == {Product.FULL, Product.MAP}, "one list for each product that was ordered"

    refusal = rina.refusal("finish_preparation", case)
    assert refusal.startswith("Tugas penyiapan belum dicentang: berkas sumber diambil")
    assert "peta dibuka kembali" in refusal
    done = rina.do("tick_tasks", case, TaskTicks(tasks=frozenset({"full.source", "map.level"})))
    assert "(5 tugas lagi)" in done.sentence
    fajar.do("tick_tasks", case, TaskTicks(tasks=frozenset({"full.source", "full.identity"})))
    ticked = {task.key: task.by for task in office.facts(case).tasks if task.by}
    assert ticked == {"full.source": rina.login, "map.level": rina.login, "full.identity": fajar.login}, (
        "the first stays"
    )
    assert "berkas sumber" not in rina.refusal("finish_preparation", case), "what is ticked is named no more"

    rina.do("tick_tasks", case)
    assert rina.why_not("tick_tasks", case) == "Semua tugas penyiapan sudah dicentang."
    rina.do("finish_preparation", case)
    shown = office.facts(case).tasks
    assert all(task.by for task in shown), "the list stays in the view of the case"
    with rina.session() as session:
        view = case_view(session, *case)
    page = summary_html(view.facts, view.customer, theme.LIGHT, view.names)
    assert "TUGAS PENYIAPAN · 7 DARI 7" in page
    assert "Rina Umpama, 23 Nov 2026" in page

    fajar.do("return_data", case, inputs.REASON)
    assert not any(task.by for task in office.facts(case).tasks), "files that are made again are ticked again"
    assert "belum dicentang" in rina.refusal("finish_preparation", case)


def test_the_database_keeps_the_gate_and_the_ticks(office: Office) -> None:
    rina, budi = office.as_("rina"), office.as_("budi")
    waiting = office.case_at(data=Data.NONE)
    case = begun(office)
    assert "Tugas penyiapan belum dicentang" in refused_in_psql(rina, HAND_OVER, *case)
    assert "hanya dicentang selama data disiapkan" in refused_in_psql(rina, TICK, *waiting, "full", "source")
    assert "tidak ada pada daftar" in refused_in_psql(rina, TICK, *case, "full", "apa_saja")
    assert "tidak ada pada daftar" in refused_in_psql(rina, TICK, *case, "variables", "chosen"), "not ordered"
    assert "permission denied" in refused_in_psql(budi, TICK, *case, "full", "source")
    forged = TICK.replace("task)", "task, by, attempt)").replace("%s)", "%s, 'fajar', 7) RETURNING by, attempt")
    with rina.psql() as connection:
        assert connection.execute(forged, (*case, "full", "source")).fetchone() == {"by": rina.login, "attempt": 1}
    rina.do("tick_tasks", case, TaskTicks(tasks=frozenset({"full.source"})))
    assert "preparation_task_office_id_case_id_attempt_product_task_key" in refused_in_psql(
        rina, TICK, *case, "full", "source"
    )
    for change in ("UPDATE desk.preparation_task SET label = 'lain'", "DELETE FROM desk.preparation_task"):
        assert "permission denied" in refused_in_psql(rina, change)
    with office.as_("doni").psql() as connection:
        assert connection.execute("SELECT FROM desk.preparation_task").fetchall() == [], "another office"


def test_a_preparation_keeps_the_list_of_the_day_on_which_it_began(office: Office) -> None:
    before = begun(office)
    office.set_rule(PALEMBANG, "preparation_tasks", SHORT, since=datetime(2026, 11, 24, tzinfo=UTC).date())
    office.set_clock(datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
    after = begun(office)
    assert len(asked_of(office, before)) == 7
    assert asked_of(office, after) == [("full", "opened")]
    office.team()[0].do("tick_tasks", after)
    office.team()[0].do("finish_preparation", after)


@pytest.mark.parametrize(
    ("tariff", "detail", "product"),
    [
        ("microdata", "Provinsi Sumatera Selatan", Product.FULL),
        ("microdata", "R101, R102; B5R1", Product.VARIABLES),
        ("microdata", "R101 ,\n r_102.a ", Product.VARIABLES),
        ("microdata", "R101", Product.FULL),
        ("microdata", "1601, 1602", Product.FULL),
        ("microdata", "", Product.FULL),
        ("microdata_processed", "", Product.VARIABLES),
        ("map_kabkota_desa", "R101, R102", Product.MAP),
        ("publication", "", Product.PUBLICATION),
    ],
)
def test_the_database_reads_the_order_as_the_program_does(
    busy_office: Office, tariff: str, detail: str, product: Product
) -> None:
    with busy_office.owner() as connection:
        found = connection.execute(text("SELECT desk.product_of(:t, :d)"), {"t": tariff, "d": detail}).scalar_one()
    assert Product.of(found) is product
    if tariff == "microdata":
        assert bool(ordered_variables(detail)) == (product is Product.VARIABLES)


def test_the_form_shows_what_is_left(qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation]) -> None:
    case = begun(office)
    office.as_("fajar").do("tick_tasks", case, TaskTicks(tasks=frozenset({"full.source"})))
    rina = Clerk(qtbot, sit_down("rina"), office)
    form = rina.open("tick_tasks", case)
    boxes = form.fields["tasks"].findChildren(QCheckBox)
    assert boxes[0].text() == "Data mikro lengkap: nama, alamat, dan keterangan pengenal responden dihapus"
    assert len(boxes) == 6
