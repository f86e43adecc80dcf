"""Lists of a large office: the figures of a day from sets and keys, the state of a mail inside its query.

Revision ID: 0045
Revises: 0044

Why it is built this way: "What the row policies cost" of docs/decisions/drills.md.
"""

from alembic import op

revision = "0045"
down_revision = "0044"

STATE = """
CREATE OR REPLACE FUNCTION desk.step_state(p_kind text, p_until timestamptz, p_now timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE RETURN CASE
  WHEN p_kind = 'failed' AND p_until > p_now THEN 'later'
  WHEN p_kind IN ('taken', 'handing') AND p_until > p_now THEN p_kind
  WHEN p_kind = 'handing' THEN 'unsure'
  WHEN p_kind IN ('failed', 'taken', 'again') THEN 'waiting'
  ELSE coalesce(p_kind, 'waiting') END
"""
STATE_AS_IT_WAS = """
CREATE OR REPLACE FUNCTION desk.step_state(p_kind text, p_until timestamptz, p_now timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN p_kind = 'failed' AND p_until > p_now THEN 'later'
    WHEN p_kind IN ('taken', 'handing') AND p_until > p_now THEN p_kind
    WHEN p_kind = 'handing' THEN 'unsure'
    WHEN p_kind IN ('failed', 'taken', 'again') THEN 'waiting'
    ELSE coalesce(p_kind, 'waiting') END;
END $$;
"""

# Of a day: what was confirmed, given and withdrawn on it. Of all days before its end: money in force without a valid
# kuitansi, by subtracting sets. Rows are looked up by their keys, whatever the planner believes about an office.
DAY = """
CREATE OR REPLACE FUNCTION desk.day_figures(p_office bigint, p_day date) RETURNS TABLE (
  payments bigint, payments_amount bigint, receipts bigint, receipts_amount bigint, voids bigint, voids_amount bigint,
  last_number text, last_hash text, open jsonb, differences jsonb
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH day AS MATERIALIZED (
    SELECT (p_day::timestamp AT TIME ZONE o.zone) AS begins, ((p_day + 1)::timestamp AT TIME ZONE o.zone) AS ends,
      coalesce((SELECT d.at FROM desk.day_close d WHERE d.office_id = p_office AND d.day = p_day), 'infinity') AS closed
    FROM desk.office o WHERE o.id = p_office
  ), taken_back AS MATERIALIZED (
    SELECT x.payment_id FROM desk.payment_reversal x, day z WHERE x.office_id = p_office AND x.at < z.closed
  ), paid AS MATERIALIZED (
    SELECT p.id, p.case_id, p.amount FROM desk.payment p, day z
    WHERE p.office_id = p_office AND p.at >= z.begins AND p.at < z.ends
      AND NOT EXISTS (SELECT FROM taken_back b WHERE b.payment_id = p.id)
  ), given AS MATERIALIZED (
    SELECT r.id, r.case_id, r.payment_id, r.number, r.amount, r.replaces FROM desk.receipt r
    WHERE r.office_id = p_office AND r.issued_on = p_day
  ), withdrawn AS MATERIALIZED (
    SELECT r.case_id, r.number, r.amount FROM day z CROSS JOIN desk.receipt_void x
    CROSS JOIN LATERAL (SELECT t.* FROM desk.receipt t
      WHERE t.office_id = x.office_id AND t.id = x.receipt_id LIMIT 1) r
    WHERE x.office_id = p_office AND x.at >= z.begins AND x.at < z.ends
  ), last AS (
    SELECT r.number, r.hash FROM desk.receipt r WHERE r.office_id = p_office AND r.issued_on <= p_day
      AND r.year = extract(year FROM p_day) ORDER BY r.sequence DESC LIMIT 1
  ), waiting AS MATERIALIZED (
    SELECT p.id FROM desk.payment p, day z WHERE p.office_id = p_office AND p.at < z.ends
    EXCEPT SELECT b.payment_id FROM taken_back b
    EXCEPT SELECT v.payment_id FROM (
      SELECT r.id, r.payment_id FROM desk.receipt r WHERE r.office_id = p_office
      EXCEPT
      SELECT x.receipt_id, r.payment_id FROM desk.receipt_void x
      CROSS JOIN LATERAL (SELECT t.payment_id FROM desk.receipt t
        WHERE t.office_id = x.office_id AND t.id = x.receipt_id LIMIT 1) r
      WHERE x.office_id = p_office) v
  ), odd AS (
    SELECT g.case_id, g.number, g.amount, CASE WHEN g.replaces IS NULL THEN 'late' ELSE 'replacement' END AS why
    FROM given g WHERE g.replaces IS NOT NULL OR NOT EXISTS (SELECT FROM paid p WHERE p.id = g.payment_id)
    UNION ALL
    SELECT w.case_id, w.number, w.amount, 'void' FROM withdrawn w
    UNION ALL
    SELECT p.case_id, '', p.amount, 'later' FROM paid p
    WHERE NOT EXISTS (SELECT FROM given g WHERE g.payment_id = p.id AND g.replaces IS NULL)
  )
  SELECT (SELECT count(*) FROM paid), (SELECT coalesce(sum(amount), 0)::bigint FROM paid),
    (SELECT count(*) FROM given), (SELECT coalesce(sum(amount), 0)::bigint FROM given),
    (SELECT count(*) FROM withdrawn), (SELECT coalesce(sum(amount), 0)::bigint FROM withdrawn),
    coalesce((SELECT number FROM last), ''), coalesce((SELECT hash FROM last), ''),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('case_id', p.case_id, 'case', c.number, 'amount', p.amount)
       ORDER BY c.number), '[]') FROM waiting w
     CROSS JOIN LATERAL (SELECT t.* FROM desk.payment t WHERE t.office_id = p_office AND t.id = w.id LIMIT 1) p
     CROSS JOIN LATERAL (SELECT t.number FROM desk.cases t
       WHERE t.office_id = p_office AND t.id = p.case_id LIMIT 1) c),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('case_id', o.case_id, 'case', c.number, 'number', o.number,
       'amount', o.amount, 'why', o.why) ORDER BY c.number, o.number, o.why), '[]') FROM odd o
     CROSS JOIN LATERAL (SELECT t.number FROM desk.cases t
       WHERE t.office_id = p_office AND t.id = o.case_id LIMIT 1) c)
$$;
"""
DAY_AS_IT_WAS = """
CREATE OR REPLACE FUNCTION desk.day_figures(p_office bigint, p_day date) RETURNS TABLE (
  payments bigint, payments_amount bigint, receipts bigint, receipts_amount bigint, voids bigint, voids_amount bigint,
  last_number text, last_hash text, open jsonb, differences jsonb
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH zone AS (SELECT o.zone AS name FROM desk.office o WHERE o.id = p_office),
  paid AS (
    SELECT p.id, p.case_id, p.amount, (p.at AT TIME ZONE z.name)::date AS on_day FROM desk.payment p, zone z
    WHERE p.office_id = p_office AND p.at < ((p_day + 1)::timestamp AT TIME ZONE z.name)
    AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id
      AND x.at < coalesce((SELECT d.at FROM desk.day_close d WHERE d.office_id = p_office AND d.day = p_day), 'infinity'))
  ), given AS (
    SELECT r.id, r.case_id, r.payment_id, r.number, r.amount, r.replaces, r.issued_on, p.on_day AS paid_on,
      (x.at AT TIME ZONE z.name)::date AS void_on
    FROM desk.receipt r CROSS JOIN zone z LEFT JOIN paid p ON p.id = r.payment_id
    LEFT JOIN desk.receipt_void x ON x.office_id = r.office_id AND x.receipt_id = r.id
    WHERE r.office_id = p_office
  ), last AS (
    SELECT r.number, r.hash FROM desk.receipt r WHERE r.office_id = p_office AND r.issued_on <= p_day
      AND r.year = extract(year FROM p_day) ORDER BY r.sequence DESC LIMIT 1
  ), odd AS (
    SELECT g.case_id, g.number, g.amount, CASE WHEN g.replaces IS NULL THEN 'late' ELSE 'replacement' END AS why
    FROM given g WHERE g.issued_on = p_day AND (g.replaces IS NOT NULL OR g.paid_on IS DISTINCT FROM p_day)
    UNION ALL
    SELECT g.case_id, g.number, g.amount, 'void' FROM given g WHERE g.void_on = p_day
    UNION ALL
    SELECT p.case_id, '', p.amount, 'later' FROM paid p WHERE p.on_day = p_day AND NOT EXISTS (
      SELECT FROM given g WHERE g.payment_id = p.id AND g.replaces IS NULL AND g.issued_on = p_day)
  )
  SELECT (SELECT count(*) FROM paid WHERE on_day = p_day),
    (SELECT coalesce(sum(amount), 0)::bigint FROM paid WHERE on_day = p_day),
    (SELECT count(*) FROM given WHERE issued_on = p_day),
    (SELECT coalesce(sum(amount), 0)::bigint FROM given WHERE issued_on = p_day),
    (SELECT count(*) FROM given WHERE void_on = p_day),
    (SELECT coalesce(sum(amount), 0)::bigint FROM given WHERE void_on = p_day),
    coalesce((SELECT number FROM last), ''), coalesce((SELECT hash FROM last), ''),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('case_id', p.case_id, 'case', c.number, 'amount', p.amount)
       ORDER BY c.number), '[]') FROM paid p JOIN desk.cases c ON c.office_id = p_office AND c.id = p.case_id
     WHERE NOT EXISTS (SELECT FROM given g WHERE g.payment_id = p.id AND g.void_on IS NULL)),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('case_id', o.case_id, 'case', c.number, 'number', o.number,
       'amount', o.amount, 'why', o.why) ORDER BY c.number, o.number, o.why), '[]')
     FROM odd o JOIN desk.cases c ON c.office_id = p_office AND c.id = o.case_id)
$$;
"""


def upgrade() -> None:
    op.execute(STATE)
    op.execute(DAY)


def downgrade() -> None:
    op.execute(DAY_AS_IT_WAS)
    op.execute(STATE_AS_IT_WAS)
