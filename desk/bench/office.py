"""A throw-away office of any size: a private server, a few people, and as many cases as asked for."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, text

from desk import installation
from desk.adapters.database import engine_for
from desk.adapters.embedded import EmbeddedServer
from desk.rules.people import Actor, Duty

OFFICE = 1600
OPEN_CASES = 200
_PEOPLE: Mapping[str, Duty] = {
    "ukur_petugas": Duty.OFFICER,
    "ukur_petugas_dua": Duty.OFFICER,
    "ukur_bendahara": Duty.TREASURER,
    "ukur_pemeriksa": Duty.AUDITOR,
}

_GROW = """
SET LOCAL session_replication_role = replica;
INSERT INTO desk.customer (office_id, id, name, customer_class, institution, email, phone, address, id_number)
SELECT {office}, md5('k' || n)::uuid, 'Pengguna Contoh ' || n, 'person', 'Universitas Contoh ' || mod(n, 97),
  'orang' || n || '@example.org', '+62812' || lpad(n::text, 8, '0'), 'Jl. Khayal No. ' || n, '9901015203950001'
FROM generate_series({first}, {last}) n;
INSERT INTO desk.cases (office_id, id, year, sequence, number, customer_id, customer_name, institution, channel, stage,
  abstract, clear_on, service_due, due_on, officer_queue, officer_why, registered_at, changed_at)
SELECT {office}, md5('c' || n)::uuid, 2026, n, 'PST-1600-2026-' || lpad(n::text, 6, '0'), md5('k' || n)::uuid,
  'Pengguna Contoh ' || n, 'Universitas Contoh ' || mod(n, 97), 'email',
  CASE WHEN n > {closed} THEN 'clear' ELSE 'closed' END,
  '{{"title": "Judul", "background": "Latar", "purpose": "Tujuan", "method": "Metode", "planned_output": "Hasil"}}',
  CASE WHEN n > {closed} THEN current_date END, CASE WHEN n > {closed} THEN current_date + mod(n, 10)::int END,
  CASE WHEN n > {closed} THEN current_date + mod(n, 10)::int END,
  CASE WHEN n > {closed} THEN 'offer' END,
  CASE WHEN n > {closed} THEN 'Permintaan clear, buat invoice dan SPPD' ELSE '' END,
  now() - (({last} - n) || ' minutes')::interval, now() - (({last} - n) || ' minutes')::interval
FROM generate_series({first}, {last}) n;
INSERT INTO desk.case_line (office_id, id, case_id, position, title, tariff, quantity, fit, fit_reason)
SELECT {office}, md5('l' || n || '-' || p)::uuid, md5('c' || n)::uuid, p, 'Susenas Maret 2025 KOR bagian ' || p,
  'microdata', 401293350, 'fits', 'Sesuai tujuan.'
FROM generate_series({first}, {last}) n, generate_series(1, 3) p WHERE n > {closed};
INSERT INTO desk.message (office_id, id, case_id, kind, channel, sender, subject, body, by, at, said_at)
SELECT {office}, md5('m' || n)::uuid, md5('c' || n)::uuid, 'incoming', 'email', 'Pengguna Contoh ' || n,
  'Permintaan data nomor ' || n, 'Selamat pagi. Mohon data Susenas ' || 2000 + mod(n, 25) || ' untuk kabupaten ' ||
  mod(n, 514) || ', guna penelitian tentang pengeluaran rumah tangga. Terlampir abstraksi dan kartu identitas saya.',
  'ukur_petugas', now() - (({last} - n) || ' minutes')::interval, now() - (({last} - n) || ' minutes')::interval
FROM generate_series({first}, {last}) n;
INSERT INTO desk.search_entry (office_id, kind, id, case_id, at, words)
SELECT office_id, 'case', id, id, registered_at,
  desk.words_of(to_jsonb(c) - 'words', '{{number,customer_name,institution,abstract.title}}')
FROM desk.cases c WHERE office_id = {office} AND sequence BETWEEN {first} AND {last};
INSERT INTO desk.search_entry (office_id, kind, id, at, words)
SELECT k.office_id, 'customer', k.id, now(), desk.words_of(to_jsonb(k), '{{email,phone}}')
FROM desk.customer k JOIN generate_series({first}, {last}) n ON k.id = md5('k' || n)::uuid WHERE k.office_id = {office};
INSERT INTO desk.search_entry (office_id, kind, id, case_id, at, words)
SELECT m.office_id, 'message', m.id, m.case_id, m.at, desk.words_of(to_jsonb(m), '{{sender,subject,body}}')
FROM desk.message m JOIN generate_series({first}, {last}) n ON m.id = md5('m' || n)::uuid WHERE m.office_id = {office};
INSERT INTO desk.counter (office_id, kind, year, last) VALUES ({office}, 'case', 2026, {last})
ON CONFLICT (office_id, kind, year) DO UPDATE SET last = excluded.last;
"""


@dataclass
class BenchOffice:
    """The server, the people, and how many cases there are."""

    url: URL = field(repr=False)
    owner: Engine = field(repr=False)
    passwords: Mapping[str, str] = field(repr=False)
    cases: int = 0

    def url_of(self, login: str, *, port: int | None = None) -> URL:
        """The address of one person, on request through another port (a slow line)."""
        url = self.url.set(username=login, password=self.passwords[login])
        return url.set(port=port) if port else url

    def engine_of(self, login: str, *, port: int | None = None) -> Engine:
        """The engine of one person."""
        return engine_for(self.url_of(login, port=port), application_name="desk bench")

    def actor(self, login: str) -> Actor:
        """The person who acts."""
        return Actor(login, login, "", {OFFICE: frozenset({_PEOPLE[login]})})

    def grow(self, cases: int, *, opened: int = OPEN_CASES) -> None:
        """Adds cases until there are so many; the newest `opened` ones are clear and wait for their invoice."""
        if cases <= self.cases:
            return
        with self.owner.begin() as connection:
            connection.exec_driver_sql(grow_statement(OFFICE, self.cases + 1, cases, cases - opened))
        with self.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        self.cases = cases

    def close_open_cases(self) -> None:
        """Ends what is still open, so that a grown office has exactly its new open cases."""
        with self.owner.begin() as connection:
            connection.execute(text("UPDATE desk.cases SET stage = 'closed', officer_queue = NULL, due_on = NULL"))


def grow_statement(office: int, first: int, last: int, closed: int) -> str:
    """The SQL that adds the cases `first` to `last` to an office, all up to `closed` ended."""
    return _GROW.format(office=office, first=first, last=last, closed=closed)


@contextmanager
def bench_office(settings: Mapping[str, str] | None = None) -> Iterator[BenchOffice]:
    """A prepared office on a private server that is thrown away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="meja-pst-ukur-"))
    server = EmbeddedServer(folder / "server", durable=False, settings={"max_connections": "60", **(settings or {})})
    server.start()
    try:
        owner = create_engine(server.url(), pool_size=1)
        installation.prepare(owner)
        passwords = {login: secrets.token_urlsafe(12) for login in _PEOPLE}
        with owner.begin() as connection:
            for description in installation.shipped_offices():
                installation.add_office(connection, description, invented=True)
            for login, duty in _PEOPLE.items():
                installation.add_person(
                    connection,
                    installation.NewPerson(login, login, "", "", {OFFICE: [duty]}, passwords[login]),
                )
                connection.exec_driver_sql(f"ALTER ROLE {login} CONNECTION LIMIT -1")
        yield BenchOffice(server.url(), owner, passwords)
        owner.dispose()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
