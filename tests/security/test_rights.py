"""Who may do what with which table, written down: a table, a role or a function that is not here fails the test."""

from __future__ import annotations

from typing import Any, Final

from desk.adapters import roles
from tests.office import Office

OFFICER, TREASURER, SUPERVISOR, ADMINISTRATOR = (
    roles.OFFICER, roles.TREASURER, roles.SUPERVISOR, roles.ADMINISTRATOR,
)  # fmt: skip
_EVERYDAY = (OFFICER, TREASURER, SUPERVISOR)

INSERTED_BY: Final[dict[str, tuple[str, ...]]] = {
    # what an officer states
    **dict.fromkeys(
        (
            "agreement", "binder", "binder_label", "case_line", "case_link", "correction", "custody", "customer",
            "delivery", "fit_decision", "late_correction", "outgoing_part", "override_request",
            "invoice", "invoice_end", "invoice_line", "payment_proof", "preparation", "preparation_check",
            "preparation_task", "prepared_file", "relief", "reminder", "request_copy", "section_answer",
            "section_question",
        ),
        (OFFICER,),
    ),
    # money
    **dict.fromkeys(("billing_code", "letter"), (OFFICER, TREASURER)),
    **dict.fromkeys(
        ("day_close", "deposit_void", "month_handover", "payment", "proof_rejection", "receipt", "receipt_void"),
        (TREASURER,),
    ),
    **dict.fromkeys(("bank_account", "bank_profile", "statement_file"), (TREASURER,)),
    **dict.fromkeys(("line_use", "line_use_end", "payment_reversal"), (TREASURER,)),
    "payment_approval": (TREASURER, SUPERVISOR),
    # decisions
    **dict.fromkeys(("gate_override", "late_correction_decision", "relief_decision"), (SUPERVISOR,)),
    "override_refusal": (SUPERVISOR,),
    "results_note": (OFFICER, SUPERVISOR),
    "rule_proposal": (ADMINISTRATOR,),
    "rule_decision": (SUPERVISOR, ADMINISTRATOR),
    **dict.fromkeys(("ready_text", "template_activation"), (SUPERVISOR, ADMINISTRATOR)),
    # the register of letter numbers
    **dict.fromkeys(("letter_number", "letter_number_end"), (OFFICER, SUPERVISOR)),
    # settings
    **dict.fromkeys(("catalogue_item", "holiday", "mail_account", "rule", "template"), (ADMINISTRATOR,)),
    # what came from the scanner
    **dict.fromkeys(("scan_part", "scan_placement", "scan_stack"), (OFFICER, TREASURER)),
    # files, conversation and prints
    **dict.fromkeys(
        (
            "delivery_failure",
            "document", "file_chunk", "incoming_answer", "incoming_mail", "incoming_mark", "message",
            "outgoing_file", "outgoing_mail", "print_entry", "print_failure",
        ),
        _EVERYDAY,
    ),
    # nobody: written by functions of the database, or by its owner
    **dict.fromkeys(
        (
            "action_rule", "alembic_version", "backup_entry", "cases", "change", "counter", "deposit", "deposit_line",
            "destroyed_file", "destruction", "doctor_check",
            "duty",
            "event",
            "installation", "office",
            "office_clock", "outgoing_step", "presence", "saved_view", "search_entry", "case_look",
            "people_event", "person", "statement_line", "stocktake", "stocktake_line", "view_entry",
        ),
        (),
    ),
}  # fmt: skip
UPDATED_BY: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("cases", OFFICER): frozenset({"abstract", "channel", "claimed_by", "customer_name", "institution"}),
    ("cases", TREASURER): frozenset({"claimed_by"}),  # a row lock needs it
    ("cases", SUPERVISOR): frozenset({"claimed_by"}),
    # A row lock needs a right to update; the trigger `final` refuses the change itself.
    ("bank_account", roles.DEFINER): frozenset({"id"}),
    ("binder", roles.DEFINER): frozenset({"id"}),
    ("statement_line", roles.DEFINER): frozenset({"id"}),
    ("letter_number", roles.DEFINER): frozenset({"subject_id"}),  # once: the paper that carries a kept number
    ("case_line", OFFICER): frozenset({"fit", "fit_reason"}),
    ("customer", OFFICER): frozenset(
        {
            "address", "customer_class", "email", "id_number", "institution", "name", "npwp", "phone", "position",
        }
    ),
}  # fmt: skip
DELETED_BY: Final = {("case_line", OFFICER)}
BORN_WITH: Final = {"office_id", "id", "customer_id", "customer_name", "institution", "channel", "abstract"}
"""What an officer may give a new case; its course and its tracks begin where the database says."""

NOT_READ_BY_PEOPLE: Final = {"file_chunk", "counter", "search_entry"}
WITHOUT_POLICY: Final = {
    "action_rule",
    "alembic_version",
    "backup_entry",
    "doctor_check",
    "duty",
    "installation",
    "office",
    "person",
}
"""What everybody must read to know who and where they are."""

WRITTEN_BY_FUNCTIONS: Final = {
    ("cases", "UPDATE"),
    ("change", "INSERT"),
    ("counter", "INSERT"),
    ("counter", "UPDATE"),
    ("deposit", "INSERT"),
    ("deposit_line", "INSERT"),
    ("destroyed_file", "INSERT"),
    ("destruction", "INSERT"),
    ("event", "INSERT"),
    ("letter_number", "INSERT"),
    ("file_chunk", "DELETE"),  # of scans that have their place, or none; of what is due to be erased
    ("rule", "INSERT"),  # a value that a second person agreed to
    ("office_clock", "INSERT"),
    ("office_clock", "UPDATE"),
    ("statement_line", "INSERT"),
    ("stocktake", "INSERT"),
    ("stocktake_line", "INSERT"),
    ("incoming_mail", "UPDATE"),  # a row lock needs it; a trigger refuses every change
    ("outgoing_mail", "UPDATE"),  # a row lock needs it; a trigger refuses every change
    ("outgoing_step", "INSERT"),
    ("case_look", "INSERT"),
    ("case_look", "UPDATE"),
    ("presence", "DELETE"),  # of who has left
    ("presence", "INSERT"),
    ("presence", "UPDATE"),
    ("saved_view", "DELETE"),
    ("saved_view", "INSERT"),
    ("saved_view", "UPDATE"),
    ("search_entry", "DELETE"),  # of a line that was taken out of a request
    ("search_entry", "INSERT"),
    ("search_entry", "UPDATE"),
    ("view_entry", "INSERT"),
}
CALLED_BY_PEOPLE: Final = {
    "add_person", "add_statement_lines", "announce", "approve_stand_in", "change_password", "change_person",
    "copies_now",
    "day_figures", "document_bytes", "earlier_open_day", "end_duty", "ended_mark", "examine", "find_words",
    "format_number",
    "drop_view", "give_password", "has_duty", "keep_view", "let_go", "look_at", "look_away",
    "mail_bytes", "my_offices", "note_case_file", "note_outgoing", "now", "number_shape",
    "outgoing_state", "record_deed", "record_deposit", "record_stocktake",
    "rule_value", "scan_bytes", "set_duty", "statement_hash",
    "joined_cases", "living_case", "step_state", "take_back", "take_outgoing",
    "template_on", "today", "used_of_line", "add_working_days", "warning_day",
    "erase_expired", "expired_files", "kept_days", "preparation_tasks", "product_of",
}  # fmt: skip
DEFINERS: Final = {
    "add_statement_lines": roles.DEFINER,
    "announce": roles.DEFINER,
    **dict.fromkeys(
        (
            "copy_request", "guard_case_link", "guard_link_kept", "guard_merged", "guard_section_answer",
            "guard_section_question",
        ),
        roles.DEFINER,
    ),
    "guard_statement_file": roles.DEFINER,
    "decide_rule": roles.DEFINER,
    **dict.fromkeys(("guard_outgoing_data", "guard_sample"), roles.DEFINER),
    **dict.fromkeys(
        (
            "guard_billing_code", "guard_deposit", "guard_state_payment",
            "check_payment_parts", "guard_line_use", "guard_line_use_end", "guard_payment_approval",
            "guard_payment_reversal",
        ),
        roles.DEFINER,
    ),
    **dict.fromkeys(
        (
            "check_bytes", "check_invoice_sum", "close_day", "need_open_day", "record_deposit",
            "check_tracks", "describe_binder", "describe_delivery", "guard_custody", "guard_invoice",
            "record_stocktake",
            "guard_invoice_end",
            "guard_line", "guard_payment", "guard_placement", "guard_print_failure", "guard_receipt",
            "guard_receipt_void", "guard_scan", "let_go_of_scan", "mark_print", "scan_bytes",
        ),
        roles.DEFINER,
    ),
    "chain_receipt": roles.DEFINER,
    "document_bytes": roles.DEFINER,
    **dict.fromkeys(("drop_view", "find_words", "keep_view", "look_at", "look_away",
    "note_words"), roles.DEFINER),
    "give_number": roles.DEFINER,
    **dict.fromkeys(
        (
            "erase_expired", "guard_closing", "guard_correction", "guard_late_correction", "guard_results_note",
            "guard_invoice_relief", "guard_relief", "guard_relief_decision",
            "promise_delivery",
        ),
        roles.DEFINER,
    ),
    **dict.fromkeys(("fill_letter_number", "guard_letter_number_end"), roles.DEFINER),
    "guard_delivery": roles.DEFINER,
    **dict.fromkeys(
        (
            "guard_delivery_failure", "guard_incoming_answer", "guard_outgoing_file", "guard_outgoing_part",
            "guard_outgoing_mail", "mail_bytes", "note_outgoing",
            "take_outgoing",
        ),
        roles.DEFINER,
    ),
    "has_duty": roles.OWNER,
    "my_offices": roles.OWNER,
    "next_number": roles.DEFINER,
    "now": "",  # whoever migrates: it reads one cell, and the tables did not exist when it was made
    "note_case_file": roles.DEFINER,
    "examine": roles.BACKUP,
    "change_person": roles.REGISTRAR,
    "record_deed": roles.DEFINER,
    **dict.fromkeys(
        (
            "add_person", "approve_stand_in", "change_password", "end_duty", "give_password", "let_go", "set_duty",
            "take_back",
        ),
        roles.REGISTRAR,
    ),
}  # fmt: skip
GROUPS: Final = (roles.PERSON, *roles.DUTIES)


def privileges(office: Office) -> set[tuple[str, str, str]]:
    """(table, role, verb) of every right of the groups of people on whole tables."""
    rows = office.rows(
        "SELECT c.relname AS name, a.grantee::regrole::text AS role, a.privilege_type AS verb "
        "FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'desk'::regnamespace AND a.grantee <> 0 AND a.grantee <> c.relowner"
    )
    return {(row["name"], row["role"], row["verb"]) for row in rows}


def tables(office: Office) -> set[str]:
    """Everything that holds rows; a sequence does not, and a right on one would show among the privileges."""
    rows = office.rows(
        "SELECT relname FROM pg_class "
        "WHERE relnamespace = 'desk'::regnamespace AND relkind NOT IN ('i', 'I', 't', 'c', 'S')"
    )
    return {row["relname"] for row in rows}


def test_every_table_is_written_down_here(busy_office: Office) -> None:
    assert tables(busy_office) == set(INSERTED_BY)


def test_each_duty_states_its_own_facts_and_nobody_changes_or_removes_them(busy_office: Office) -> None:
    held = {right for right in privileges(busy_office) if right[1] in GROUPS}
    expected = {(table, group, "INSERT") for table, groups in INSERTED_BY.items() for group in groups}
    expected |= {(table, group, "DELETE") for table, group in DELETED_BY}
    expected |= {(table, roles.PERSON, "SELECT") for table in INSERTED_BY if table not in NOT_READ_BY_PEOPLE}
    assert held == expected


def test_only_these_columns_may_be_changed(busy_office: Office) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for row in busy_office.rows(
        "SELECT c.relname AS name, a.grantee::regrole::text AS role, a.privilege_type AS verb, t.attname AS attribute "
        "FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a "
        "WHERE c.relnamespace = 'desk'::regnamespace AND a.privilege_type <> 'INSERT'"
    ):
        assert row["verb"] == "UPDATE"
        found.setdefault((row["name"], row["role"]), set()).add(row["attribute"])
    assert found == UPDATED_BY


def test_a_new_case_is_given_its_customer_and_its_request_and_nothing_else(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT c.relname AS name, a.grantee::regrole::text AS role, t.attname AS attribute "
        "FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a "
        "WHERE c.relnamespace = 'desk'::regnamespace AND a.privilege_type = 'INSERT'"
    )
    assert {(row["name"], row["role"]) for row in rows} == {("cases", OFFICER)}
    assert {row["attribute"] for row in rows} == BORN_WITH


def test_the_functions_of_the_database_write_exactly_what_no_person_may(busy_office: Office) -> None:
    held = {
        (table, verb) for table, role, verb in privileges(busy_office) if role == roles.DEFINER and verb != "SELECT"
    }
    assert held == WRITTEN_BY_FUNCTIONS


def test_the_backup_reads_and_nothing_else_and_nothing_is_open_to_everybody(busy_office: Office) -> None:
    assert {verb for _, role, verb in privileges(busy_office) if role == roles.BACKUP} == {"SELECT"}
    public = "SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee = 0 AND c.relnamespace = "
    assert not busy_office.rows(public + "'desk'::regnamespace")
    assert not busy_office.rows(public + "'public'::regnamespace")


def test_only_these_functions_may_be_called_by_people(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT p.proname AS name, coalesce(array_agg(a.grantee::regrole::text) FILTER (WHERE a.grantee <> 0), '{}') "
        "AS roles, coalesce(bool_or(a.grantee = 0), p.proacl IS NULL) AS open FROM pg_proc p "
        "LEFT JOIN LATERAL aclexplode(p.proacl) a ON true WHERE p.pronamespace = 'desk'::regnamespace "
        "GROUP BY p.oid"
    )
    assert not [row["name"] for row in rows if row["open"]], "open to PUBLIC"
    assert {row["name"] for row in rows if roles.PERSON in row["roles"]} == CALLED_BY_PEOPLE
    assert not [row["name"] for row in rows if set(row["roles"]) & set(roles.DUTIES)]


def test_functions_with_more_rights_than_their_caller_have_a_pinned_path_and_a_powerless_owner(
    busy_office: Office,
) -> None:
    rows = busy_office.rows(
        "SELECT proname AS name, prosecdef AS definer, proconfig AS config, pg_get_userbyid(proowner) AS owner, "
        " prosqlbody IS NOT NULL AS bound FROM pg_proc WHERE pronamespace = 'desk'::regnamespace"
    )
    for row in rows:
        if row["bound"] and not row["definer"]:
            continue  # its names were looked up once, when it was made; no path of a session changes them
        assert row["config"] == ["search_path=pg_catalog, pg_temp"], row["name"]
    migrator = busy_office.rows("SELECT current_user::text AS name")[0]["name"]
    owners = {name: owner or migrator for name, owner in DEFINERS.items()}
    assert {row["name"]: row["owner"] for row in rows if row["definer"]} == owners
    for row in busy_office.rows("SELECT * FROM pg_roles WHERE rolname = ANY (:names)", names=list(roles.GROUPS)):
        for power in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolcanlogin", "rolreplication"):
            held = (row["rolname"], power)
            # The registrar makes logins, and nobody may become the registrar.
            assert row[power] is (held == (roles.REGISTRAR, "rolcreaterole")), held
    assert not busy_office.rows(
        "SELECT FROM pg_auth_members WHERE roleid = ANY (CAST(:owners AS regrole[]))",
        owners=[roles.REGISTRAR, roles.DEFINER, roles.RECORDER],
    )
    assert not busy_office.rows(
        "SELECT FROM pg_class WHERE relnamespace = 'desk'::regnamespace AND relowner = CAST(:definer AS regrole)",
        definer=roles.DEFINER,
    )


def test_every_persons_login_is_nothing_but_a_person_with_duties(busy_office: Office) -> None:
    for person in busy_office.people():
        role = busy_office.rows("SELECT * FROM pg_roles WHERE rolname = :login", login=person.login)[0]
        assert not any(role[power] for power in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb"))
        assert role["rolconnlimit"] == 8
        member_of = {
            row["name"]
            for row in busy_office.rows(
                "SELECT roleid::regrole::text AS name FROM pg_auth_members WHERE member = CAST(:login AS regrole)",
                login=person.login,
            )
        }
        duties = {f"desk_{duty.value}" for duties in person.actor.duties.values() for duty in duties}
        assert member_of == duties | {roles.PERSON}


# the shape of the tables


def test_every_row_of_an_office_is_behind_a_forced_policy(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT relname AS name, relrowsecurity AS on, relforcerowsecurity AS forced FROM pg_class "
        "WHERE relnamespace = 'desk'::regnamespace AND relkind IN ('r', 'p')"
    )
    assert {row["name"] for row in rows if not (row["on"] and row["forced"])} == WITHOUT_POLICY
    mine = "(office_id = ANY (( SELECT desk.my_offices() AS my_offices)::bigint[]))"
    policies: dict[str, list[dict[str, Any]]] = {}
    for row in busy_office.rows(
        "SELECT tablename AS name, policyname, permissive, roles::text AS roles, cmd, qual, with_check "
        "FROM pg_policies WHERE schemaname = 'desk'"
    ):
        policies.setdefault(row["name"], []).append(row)
    assert set(policies) == set(INSERTED_BY) - WITHOUT_POLICY
    for table, found in policies.items():
        for policy in found:
            if policy["policyname"] == "backup":
                assert (policy["roles"], policy["cmd"]) == (f"{{{roles.BACKUP}}}", "SELECT"), table
            elif policy["policyname"] == "functions":  # a condition would keep the index of the words from being used
                assert (table, policy["roles"]) == ("search_entry", f"{{{roles.DEFINER}}}")
                assert policy["qual"] == policy["with_check"] == "true"
            elif policy["permissive"] == "PERMISSIVE":
                assert policy["qual"] == policy["with_check"] == mine, table


def test_a_duty_states_facts_only_in_its_own_office_and_on_its_days(busy_office: Office) -> None:
    found = {
        row["name"]: row["with_check"]
        for row in busy_office.rows(
            "SELECT tablename AS name, with_check FROM pg_policies "
            "WHERE schemaname = 'desk' AND permissive = 'RESTRICTIVE' AND cmd = 'INSERT'"
        )
    }
    stated = {**INSERTED_BY, "cases": (OFFICER,)}  # a case by some of its columns only
    assert set(found) == {table for table, groups in stated.items() if groups}
    for table, condition in found.items():
        duties = ",".join(group.removeprefix("desk_") for group in stated[table])
        assert condition == f"desk.has_duty(office_id, '{{{duties}}}'::text[])", table


def test_the_office_stands_first_in_every_key(busy_office: Office) -> None:
    keys = busy_office.rows(
        "SELECT c.conname AS name, t.relname AS table, c.contype AS kind, "
        " (SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]) AS first, "
        " (SELECT attname FROM pg_attribute WHERE attrelid = c.confrelid AND attnum = c.confkey[1]) AS first_there, "
        " c.confrelid::regclass::text AS there FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        "WHERE t.relnamespace = 'desk'::regnamespace AND c.contype IN ('p', 'u', 'f')"
    )
    assert len(keys) > 100
    strange = [
        key["name"]
        for key in keys
        if key["table"] not in WITHOUT_POLICY
        and (
            key["first"] != "office_id"
            or (key["kind"] == "f" and key["there"] != "desk.office" and key["first_there"] != "office_id")
        )
    ]
    assert strange == []


def test_the_office_stands_first_in_every_unique_index(busy_office: Office) -> None:
    indexes = busy_office.rows(
        "SELECT i.indexrelid::regclass::text AS name, t.relname AS table, "
        " (SELECT attname FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = i.indkey[0]) AS first "
        "FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
        "WHERE t.relnamespace = 'desk'::regnamespace AND i.indisunique"
    )
    assert [i["name"] for i in indexes if i["table"] not in WITHOUT_POLICY and i["first"] != "office_id"] == []


def test_every_fact_is_signed_by_the_server_and_final(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT t.relname AS name, array_agg(g.tgname::text ORDER BY g.tgname) AS triggers, "
        " bool_and(g.tgenabled IN ('O', 'A')) AS working "
        "FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid "
        "WHERE t.relnamespace = 'desk'::regnamespace AND NOT g.tgisinternal GROUP BY t.relname"
    )
    triggers = {row["name"]: set(row["triggers"]) for row in rows if row["working"]}
    signed = {
        row["name"]
        for row in busy_office.rows(
            "SELECT t.relname AS name FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid "
            "WHERE t.relnamespace = 'desk'::regnamespace AND t.relkind = 'r' AND a.attname IN ('by', 'at') "
            "GROUP BY t.relname HAVING count(*) = 2"
        )
    } - {"rule"}  # settings, not facts: a later row takes over
    assert signed
    for table in signed:
        assert {"a_sign", "final", "final_all"} <= triggers[table], table


def test_amounts_are_whole_rupiah_everywhere(busy_office: Office) -> None:
    inexact = busy_office.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'desk' "
        "AND data_type IN ('numeric', 'real', 'double precision', 'money')"
    )
    assert inexact == []
