"""What can be ordered is found by any of its words; a customer's list becomes rows, and nothing of it is lost."""

from __future__ import annotations

import time

import pytest

from desk.errors import Refused
from desk.rules.catalogue import Catalogue, CatalogueChoice
from desk.rules.pasted_list import MOST, looks_like_list, read_list

SUSENAS = CatalogueChoice(
    "susenas-2025-03-kor", "Survei Sosial Ekonomi Nasional 2025 Maret (KOR)", "microdata", 10, "Susenas", 2025, "0000",
    "Indonesia",
)  # fmt: skip
PODES = CatalogueChoice("podes-2024", "Potensi Desa 2024", "microdata", 20, "Podes", 2024, "0000", "Indonesia")
MAP = CatalogueChoice(
    "peta-1671-desa-2024", "Peta digital Kota Palembang per desa/kelurahan 2024", "map_kabkota_desa", 1, "", 2024,
    "1671", "Kota Palembang",
)  # fmt: skip
PLAIN_MAP = CatalogueChoice(
    "peta-1672", "Peta digital per desa", "map_kabkota_desa", 1, "", 2024, "1672", "Kota Prabumulih"
)
SMALL = Catalogue((SUSENAS, PODES, MAP, PLAIN_MAP))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("susenas 2025 maret", SUSENAS),
        ("kor 2025 susenas", SUSENAS),
        ("1671", MAP),
        ("palembang desa", MAP),
        ("peta 1672", PLAIN_MAP),
        ("tensi des", PODES),
    ],
)
def test_parts_in_any_order_find_an_item(typed: str, found: CatalogueChoice) -> None:
    assert SMALL.find(typed)[0] == found


def test_what_is_nowhere_finds_nothing() -> None:
    assert SMALL.find("sensus pertanian") == []
    assert SMALL.find("  ") == []
    assert PLAIN_MAP.shown == "Peta digital per desa · 1672 Kota Prabumulih"
    assert MAP.shown == MAP.title


def test_ten_thousand_items_are_searched_while_typing() -> None:
    many = Catalogue(
        [
            CatalogueChoice(
                f"peta-{area}-{year}", f"Peta digital Kabupaten {area} per desa {year}", "m", 1, "", year, str(area)
            )
            for area in range(1000, 3500)
            for year in (2021, 2022, 2023, 2024)
        ]
    )
    assert len(many) == 10_000
    began = time.perf_counter()
    assert many.find("peta 2771 2024")[0].code == "peta-2771-2024"
    assert time.perf_counter() - began < 0.5, "a key press must not be felt; usually some milliseconds"


def test_the_shortest_name_comes_first_and_one_that_begins_so_before_one_that_holds_it() -> None:
    titles = ("Peta Podes 2024", "Podes 2024 lengkap", "Podes 2024", "Indeks kota podes2024")
    items = Catalogue([CatalogueChoice(f"x-{place}", title) for place, title in enumerate(titles)])
    assert [each.title for each in items.find("podes")] == [titles[2], titles[1], titles[0], titles[3]]
    assert [each.title for each in items.find("podes", limit=1)] == [titles[2]]
    assert items.named("x 0") == items[0], "a code is a name too"
    assert Catalogue().find("podes") == []
    assert Catalogue().named("podes") is None


def test_a_letter_names_items_in_its_own_order_and_the_longer_name_hides_the_shorter() -> None:
    letter = "Mohon Potensi Desa 2024, lalu peta digital per desa; bukan Survei Sosial."
    assert SMALL.named_in(letter) == [PODES, PLAIN_MAP]
    longer = CatalogueChoice("y", "Potensi Desa 2024 Sumatera")
    assert Catalogue((PODES, longer)).named_in("potensi desa 2024 - sumatera") == [longer]


def test_a_table_from_excel_is_read_by_its_heads() -> None:
    pasted = (
        "No\tNama Data\tTahun\tKabupaten/Kota\tVariabel\tUkuran\n"
        "1\tSusenas Maret KOR\t2025\t\tpengeluaran, pendidikan\t1,2 GB\n"
        "2\tPeta desa\t2024\tKota Palembang\t\t\n"
        "3\tSensus Ekonomi\t2026\tKota Jambi\tomzet\t\n"
    )
    first, second, third = read_list(pasted, SMALL)
    assert (first.choice, first.detail, first.quantity) == (SUSENAS, "pengeluaran, pendidikan", "1,2 GB")
    assert (second.choice, second.detail) == (MAP, "Kota Palembang")
    assert (third.choice, third.title, third.detail) == (None, "Sensus Ekonomi 2026", "Kota Jambi · omzet")


def test_a_list_in_a_message_is_read_line_by_line() -> None:
    lines = read_list("1. Podes 2024\n2) susenas 2025 maret kor\n- Data hujan harian\n\n", SMALL)
    assert [line.choice for line in lines] == [PODES, SUSENAS, None]
    assert lines[2].title == "Data hujan harian"


def test_rows_without_heads_keep_every_cell() -> None:
    [line] = read_list("Podes\tsemua kecamatan\t2024\t300 MB", SMALL)
    assert line.choice == PODES
    assert (line.detail, line.quantity) == ("semua kecamatan · 2024", "300 MB")


def test_what_is_no_list_is_refused_and_one_name_is_none() -> None:
    assert not looks_like_list("Podes 2024")
    assert looks_like_list("Podes 2024\nSusenas")
    with pytest.raises(Refused, match="tidak memuat daftar data"):
        read_list("\n \n", SMALL)
    with pytest.raises(Refused, match=f"paling banyak {MOST}"):
        read_list("Podes\n" * (MOST + 1), SMALL)
