"""Tables of the whole case.

Revision ID: 0001
Revises: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE FUNCTION desk.now() RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER "
        "SET search_path = pg_catalog, pg_temp AS $$ BEGIN "
        "RETURN coalesce((SELECT i.clock FROM desk.installation i), pg_catalog.now()); END $$"
    )
    op.create_table('action_rule',
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('duties', postgresql.ARRAY(sa.String(length=20)), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('action', name=op.f('action_rule_pkey')),
    schema='desk'
    )
    op.create_table('installation',
    sa.Column('one', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('training', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('clock', sa.DateTime(timezone=True), nullable=True),
    sa.Column('oldest_program', sa.String(length=20), server_default='0.1.0', nullable=False),
    sa.CheckConstraint('clock IS NULL OR training', name=op.f('installation_clock_check')),
    sa.CheckConstraint('one', name=op.f('installation_one_check')),
    sa.PrimaryKeyConstraint('one', name=op.f('installation_pkey')),
    schema='desk'
    )
    op.create_table('office',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=4), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('zone', sa.String(length=40), server_default='Asia/Jakarta', nullable=False),
    sa.Column('province_id', sa.BigInteger(), nullable=True),
    sa.Column('profile', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.ForeignKeyConstraint(['province_id'], ['desk.office.id'], name=op.f('office_province_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('office_pkey')),
    sa.UniqueConstraint('code', name=op.f('office_code_key')),
    schema='desk'
    )
    op.create_table('person',
    sa.Column('login', sa.String(length=63), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('nip', sa.Text(), server_default='', nullable=False),
    sa.Column('position', sa.Text(), server_default='', nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.PrimaryKeyConstraint('login', name=op.f('person_pkey')),
    schema='desk'
    )
    op.create_table('catalogue_item',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('survey', sa.Text(), server_default='', nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=True),
    sa.Column('area_code', sa.Text(), server_default='', nullable=False),
    sa.Column('area_name', sa.Text(), server_default='', nullable=False),
    sa.Column('level', sa.Text(), server_default='', nullable=False),
    sa.Column('format', sa.Text(), server_default='', nullable=False),
    sa.Column('tariff', sa.String(length=60), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('catalogue_item_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'code', name=op.f('catalogue_item_pkey')),
    schema='desk'
    )
    op.create_index('catalogue_item_title_idx', 'catalogue_item', ['office_id', 'title'], unique=False, schema='desk')
    op.create_table('change',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('change_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'version', name=op.f('change_pkey')),
    schema='desk'
    )
    op.create_table('counter',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('last', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('last_hash', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('counter_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'kind', 'year', name=op.f('counter_pkey')),
    schema='desk'
    )
    op.create_table('customer',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('customer_class', sa.String(length=30), nullable=False),
    sa.Column('institution', sa.Text(), server_default='', nullable=False),
    sa.Column('position', sa.Text(), server_default='', nullable=False),
    sa.Column('email', sa.Text(), server_default='', nullable=False),
    sa.Column('phone', sa.Text(), server_default='', nullable=False),
    sa.Column('address', sa.Text(), server_default='', nullable=False),
    sa.Column('id_number', sa.Text(), server_default='', nullable=False),
    sa.Column('npwp', sa.Text(), server_default='', nullable=False),
    sa.Column('row_version', sa.BigInteger(), server_default='1', nullable=False),
    sa.CheckConstraint("customer_class IN ('central_government', 'other_government', 'company', 'university', 'person')", name=op.f('customer_customer_class_check')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('customer_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('customer_pkey')),
    schema='desk'
    )
    op.create_table('duty',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('login', sa.String(length=63), nullable=False),
    sa.Column('duty', sa.String(length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('stands_in_for', sa.String(length=63), nullable=True),
    sa.CheckConstraint("duty IN ('officer', 'treasurer', 'supervisor', 'administrator', 'auditor')", name=op.f('duty_duty_check')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('duty_days_check')),
    sa.ForeignKeyConstraint(['login'], ['desk.person.login'], name=op.f('duty_login_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('duty_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'login', 'duty', 'starts_on', name=op.f('duty_pkey')),
    schema='desk'
    )
    op.create_index('duty_login_idx', 'duty', ['login'], unique=False, schema='desk')
    op.create_table('file_chunk',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('no', sa.BigInteger(), nullable=False),
    sa.Column('bytes', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('octet_length(bytes) <= 262144', name=op.f('file_chunk_size_check')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('file_chunk_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'sha256', 'no', name=op.f('file_chunk_pkey')),
    schema='desk'
    )
    op.create_table('holiday',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('decree', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("kind IN ('public', 'joint_leave', 'office')", name=op.f('holiday_kind_check')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('holiday_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'day', name=op.f('holiday_pkey')),
    schema='desk'
    )
    op.create_table('office_clock',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('office_clock_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', name=op.f('office_clock_pkey')),
    schema='desk'
    )
    op.create_table('rule',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('value', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('basis', sa.Text(), server_default='', nullable=False),
    sa.Column('confirmed', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('rule_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'key', 'valid_from', name=op.f('rule_pkey')),
    schema='desk'
    )
    op.create_table('template',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('template_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('template_pkey')),
    sa.UniqueConstraint('office_id', 'kind', 'version', name=op.f('template_office_id_kind_version_key')),
    schema='desk'
    )
    op.create_table('cases',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('customer_name', sa.Text(), nullable=False),
    sa.Column('institution', sa.Text(), server_default='', nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('stage', sa.String(length=30), server_default='new', nullable=False),
    sa.Column('money', sa.String(length=30), server_default='none', nullable=False),
    sa.Column('original', sa.String(length=30), server_default='none', nullable=False),
    sa.Column('data', sa.String(length=30), server_default='none', nullable=False),
    sa.Column('abstract', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('requirements', postgresql.ARRAY(sa.String(length=30)), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('address_confirmed', sa.Text(), server_default='', nullable=False),
    sa.Column('clear_on', sa.Date(), nullable=True),
    sa.Column('service_due', sa.Date(), nullable=True),
    sa.Column('service_due_why', sa.Text(), server_default='', nullable=False),
    sa.Column('correction_due', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('wake_on', sa.Date(), nullable=True),
    sa.Column('officer_queue', sa.String(length=20), nullable=True),
    sa.Column('officer_why', sa.Text(), server_default='', nullable=False),
    sa.Column('mail_queue', sa.String(length=20), nullable=True),
    sa.Column('mail_why', sa.Text(), server_default='', nullable=False),
    sa.Column('treasurer_queue', sa.String(length=20), nullable=True),
    sa.Column('treasurer_why', sa.Text(), server_default='', nullable=False),
    sa.Column('supervisor_queue', sa.String(length=20), nullable=True),
    sa.Column('supervisor_why', sa.Text(), server_default='', nullable=False),
    sa.Column('claimed_by', sa.String(length=63), nullable=True),
    sa.Column('registered_at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.Column('row_version', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('words', postgresql.TSVECTOR(), sa.Computed("to_tsvector('simple'::regconfig, number || ' ' || customer_name || ' ' || institution)", persisted=True), nullable=False),
    sa.CheckConstraint("channel IN ('email', 'live_chat', 'whatsapp', 'forum', 'desk')", name=op.f('cases_channel_check')),
    sa.CheckConstraint("data IN ('none', 'preparing', 'prepared', 'checked', 'delivered', 'correcting', 'confirmed')", name=op.f('cases_data_check')),
    sa.CheckConstraint("money IN ('none', 'invoiced', 'expired', 'proof', 'confirmed', 'receipted', 'free')", name=op.f('cases_money_check')),
    sa.CheckConstraint("original IN ('none', 'issued', 'awaited', 'received', 'refused', 'accepted', 'filed')", name=op.f('cases_original_check')),
    sa.CheckConstraint("stage IN ('new', 'clear', 'active', 'closed', 'redirected', 'cancelled')", name=op.f('cases_stage_check')),
    sa.CheckConstraint('office_id > 0', name=op.f('cases_of_an_office_check')),
    sa.ForeignKeyConstraint(['office_id', 'customer_id'], ['desk.customer.office_id', 'desk.customer.id'], name=op.f('cases_office_id_customer_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('cases_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name='cases_request_id_pkey'),
    sa.UniqueConstraint('office_id', 'number', name=op.f('cases_office_id_number_key')),
    sa.UniqueConstraint('office_id', 'year', 'sequence', name=op.f('cases_office_id_year_sequence_key')),
    schema='desk'
    )
    op.create_index('cases_changed_idx', 'cases', ['office_id', 'changed_at', 'id'], unique=False, schema='desk')
    op.create_index('cases_customer_idx', 'cases', ['office_id', 'customer_id'], unique=False, schema='desk')
    op.create_index('cases_mail_idx', 'cases', ['office_id', 'mail_queue', 'due_on'], unique=False, schema='desk', postgresql_where=sa.text('mail_queue IS NOT NULL'))
    op.create_index('cases_officer_idx', 'cases', ['office_id', 'officer_queue', 'due_on'], unique=False, schema='desk', postgresql_where=sa.text('officer_queue IS NOT NULL'))
    op.create_index('cases_supervisor_idx', 'cases', ['office_id', 'supervisor_queue', 'due_on'], unique=False, schema='desk', postgresql_where=sa.text('supervisor_queue IS NOT NULL'))
    op.create_index('cases_treasurer_idx', 'cases', ['office_id', 'treasurer_queue', 'due_on'], unique=False, schema='desk', postgresql_where=sa.text('treasurer_queue IS NOT NULL'))
    op.create_index('cases_words_idx', 'cases', ['words'], unique=False, schema='desk', postgresql_using='gin')
    op.create_table('case_line',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), server_default='', nullable=False),
    sa.Column('catalogue_code', sa.Text(), server_default='', nullable=False),
    sa.Column('tariff', sa.String(length=60), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('fit', sa.String(length=30), server_default='undecided', nullable=False),
    sa.Column('fit_reason', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("fit IN ('undecided', 'fits', 'does_not', 'ask')", name=op.f('case_line_fit_check')),
    sa.CheckConstraint('quantity > 0', name=op.f('case_line_quantity_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('case_line_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('case_line_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('case_line_pkey')),
    schema='desk'
    )
    op.create_index('case_line_case_idx', 'case_line', ['office_id', 'case_id', 'position'], unique=False, schema='desk')
    op.create_table('document',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=True),
    sa.Column('paper', sa.String(length=30), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('copy', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('number', sa.Text(), server_default='', nullable=False),
    sa.Column('template_id', sa.Uuid(), nullable=True),
    sa.Column('template_sha256', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("(kind = 'paper') = (paper IS NOT NULL)", name=op.f('document_paper_check')),
    sa.CheckConstraint("kind IN ('incoming', 'id_card', 'paper', 'proof', 'scan', 'letter')", name=op.f('document_kind_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('document_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('document_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('document_pkey')),
    schema='desk'
    )
    op.create_index('document_case_idx', 'document', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_index('document_paper_idx', 'document', ['office_id', 'subject_id', 'paper', 'copy', 'content_type'], unique=True, schema='desk', postgresql_where="kind = 'paper'")
    op.create_table('event',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('result', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('event_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('event_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name='event_request_id_pkey'),
    schema='desk'
    )
    op.create_index('event_case_idx', 'event', ['office_id', 'case_id', 'at'], unique=False, schema='desk')
    op.create_table('fit_decision',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('line_title', sa.Text(), nullable=False),
    sa.Column('fit', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("fit IN ('undecided', 'fits', 'does_not', 'ask')", name=op.f('fit_decision_fit_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('fit_decision_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('fit_decision_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('fit_decision_pkey')),
    schema='desk'
    )
    op.create_index('fit_decision_case_idx', 'fit_decision', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('gate_override',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('missing', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('gate_override_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('gate_override_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('gate_override_pkey')),
    schema='desk'
    )
    op.create_index('gate_override_case_idx', 'gate_override', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('invoice',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('full_price', sa.BigInteger(), nullable=False),
    sa.Column('relief_percent', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('payment_code', sa.String(length=40), server_default='', nullable=False),
    sa.Column('tariff_basis', sa.Text(), server_default='', nullable=False),
    sa.Column('charges_note', sa.Text(), server_default='', nullable=False),
    sa.Column('relief_basis', sa.Text(), server_default='', nullable=False),
    sa.Column('customer', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('payment_block', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('replaces', sa.Uuid(), nullable=True),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint('total >= 0 AND full_price >= total', name=op.f('invoice_total_check')),
    sa.CheckConstraint('valid_until > issued_on', name=op.f('invoice_validity_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('invoice_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('invoice_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('invoice_pkey')),
    sa.UniqueConstraint('office_id', 'id', 'by', name=op.f('invoice_office_id_id_by_key')),
    sa.UniqueConstraint('office_id', 'year', 'sequence', name=op.f('invoice_office_id_year_sequence_key')),
    schema='desk'
    )
    op.create_index('invoice_case_idx', 'invoice', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_index('invoice_payment_code_idx', 'invoice', ['office_id', 'payment_code'], unique=False, schema='desk')
    op.create_table('letter',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('letter_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('letter_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('letter_pkey')),
    sa.UniqueConstraint('office_id', 'kind', 'year', 'sequence', name=op.f('letter_office_id_kind_year_sequence_key')),
    schema='desk'
    )
    op.create_index('letter_case_idx', 'letter', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('message',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('sender', sa.Text(), server_default='', nullable=False),
    sa.Column('subject', sa.Text(), server_default='', nullable=False),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('message_id', sa.Text(), server_default='', nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("channel IN ('email', 'live_chat', 'whatsapp', 'forum', 'desk')", name=op.f('message_channel_check')),
    sa.CheckConstraint("kind IN ('incoming', 'outgoing', 'internal')", name=op.f('message_kind_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('message_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('message_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('message_pkey')),
    schema='desk'
    )
    op.create_index('message_case_idx', 'message', ['office_id', 'case_id', 'said_at'], unique=False, schema='desk')
    op.create_index('message_mail_idx', 'message', ['office_id', 'message_id'], unique=False, schema='desk', postgresql_where=sa.text("message_id <> ''"))
    op.create_table('preparation',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('attempt', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('preparation_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('preparation_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('preparation_pkey')),
    sa.UniqueConstraint('office_id', 'case_id', 'attempt', name=op.f('preparation_office_id_case_id_attempt_key')),
    sa.UniqueConstraint('office_id', 'id', 'by', name=op.f('preparation_office_id_id_by_key')),
    schema='desk'
    )
    op.create_index('preparation_case_idx', 'preparation', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('relief',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('recipient', sa.String(length=30), nullable=False),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('letter_number', sa.Text(), nullable=False),
    sa.Column('letter_date', sa.Date(), nullable=False),
    sa.Column('percent', sa.BigInteger(), nullable=False),
    sa.Column('basis', sa.Text(), server_default='', nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=True),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("purpose IN ('government', 'education', 'disaster', 'commercial')", name=op.f('relief_purpose_check')),
    sa.CheckConstraint("recipient IN ('central_government', 'regional_government', 'education', 'foreign_mission', 'international', 'other')", name=op.f('relief_recipient_check')),
    sa.CheckConstraint('percent BETWEEN 1 AND 100', name=op.f('relief_percent_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('relief_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('relief_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('relief_pkey')),
    sa.UniqueConstraint('office_id', 'id', 'by', name=op.f('relief_office_id_id_by_key')),
    schema='desk'
    )
    op.create_index('relief_case_idx', 'relief', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('agreement',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('invoice_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('copies', sa.BigInteger(), nullable=False),
    sa.Column('customer', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('abstract', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('signatory', sa.Text(), server_default='', nullable=False),
    sa.Column('clauses', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('stamp_value', sa.BigInteger(), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint('copies BETWEEN 1 AND 9', name=op.f('agreement_copies_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('agreement_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'invoice_id'], ['desk.invoice.office_id', 'desk.invoice.id'], name=op.f('agreement_office_id_invoice_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('agreement_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('agreement_pkey')),
    sa.UniqueConstraint('office_id', 'year', 'sequence', name=op.f('agreement_office_id_year_sequence_key')),
    schema='desk'
    )
    op.create_index('agreement_case_idx', 'agreement', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('delivery',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('preparation_id', sa.Uuid(), nullable=False),
    sa.Column('override_id', sa.Uuid(), nullable=True),
    sa.Column('receipt_id', sa.Uuid(), nullable=True),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('delivered_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('manifest', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("channel IN ('email', 'live_chat', 'whatsapp', 'forum', 'desk')", name=op.f('delivery_channel_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('delivery_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'preparation_id'], ['desk.preparation.office_id', 'desk.preparation.id'], name=op.f('delivery_office_id_preparation_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('delivery_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('delivery_pkey')),
    sa.UniqueConstraint('office_id', 'case_id', 'sequence', name=op.f('delivery_office_id_case_id_sequence_key')),
    schema='desk'
    )
    op.create_table('invoice_end',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('invoice_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("kind IN ('void', 'expired', 'replaced')", name=op.f('invoice_end_kind_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('invoice_end_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'invoice_id'], ['desk.invoice.office_id', 'desk.invoice.id'], name=op.f('invoice_end_office_id_invoice_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('invoice_end_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('invoice_end_pkey')),
    sa.UniqueConstraint('office_id', 'invoice_id', 'kind', name=op.f('invoice_end_office_id_invoice_id_kind_key')),
    schema='desk'
    )
    op.create_table('invoice_line',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('invoice_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), server_default='', nullable=False),
    sa.Column('tariff', sa.String(length=60), nullable=False),
    sa.Column('tariff_name', sa.Text(), server_default='', nullable=False),
    sa.Column('article', sa.Text(), server_default='', nullable=False),
    sa.Column('unit', sa.Text(), server_default='', nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('full_amount', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('explanation', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint('quantity > 0 AND amount >= 0', name=op.f('invoice_line_amounts_check')),
    sa.ForeignKeyConstraint(['office_id', 'invoice_id'], ['desk.invoice.office_id', 'desk.invoice.id'], name=op.f('invoice_line_office_id_invoice_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('invoice_line_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'invoice_id', 'position', name=op.f('invoice_line_pkey')),
    schema='desk'
    )
    op.create_table('payment',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('invoice_id', sa.Uuid(), nullable=False),
    sa.Column('issued_by', sa.String(length=63), nullable=False),
    sa.Column('proof_by', sa.String(length=63), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('reference', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("channel IN ('transfer', 'simponi')", name=op.f('payment_channel_check')),
    sa.CheckConstraint('"by" <> issued_by AND "by" IS DISTINCT FROM proof_by', name=op.f('payment_second_person_check')),
    sa.CheckConstraint('amount > 0', name=op.f('payment_amount_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('payment_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'invoice_id', 'issued_by'], ['desk.invoice.office_id', 'desk.invoice.id', 'desk.invoice.by'], name=op.f('payment_office_id_invoice_id_issued_by_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('payment_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('payment_pkey')),
    sa.UniqueConstraint('office_id', 'id', 'amount', name=op.f('payment_office_id_id_amount_key')),
    sa.UniqueConstraint('office_id', 'invoice_id', name=op.f('payment_office_id_invoice_id_key')),
    schema='desk'
    )
    op.create_index('payment_case_idx', 'payment', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('payment_proof',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('invoice_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('payer', sa.Text(), nullable=False),
    sa.Column('bank', sa.Text(), server_default='', nullable=False),
    sa.Column('reference', sa.Text(), server_default='', nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=True),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('payment_proof_amount_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('payment_proof_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'invoice_id'], ['desk.invoice.office_id', 'desk.invoice.id'], name=op.f('payment_proof_office_id_invoice_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('payment_proof_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('payment_proof_pkey')),
    schema='desk'
    )
    op.create_index('payment_proof_case_idx', 'payment_proof', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('preparation_check',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('preparation_id', sa.Uuid(), nullable=False),
    sa.Column('made_by', sa.String(length=63), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint('"by" <> made_by', name=op.f('preparation_check_second_person_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('preparation_check_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'preparation_id', 'made_by'], ['desk.preparation.office_id', 'desk.preparation.id', 'desk.preparation.by'], name=op.f('preparation_check_office_id_preparation_id_made_by_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('preparation_check_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('preparation_check_pkey')),
    sa.UniqueConstraint('office_id', 'preparation_id', name=op.f('preparation_check_office_id_preparation_id_key')),
    schema='desk'
    )
    op.create_table('prepared_file',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('preparation_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.BigInteger(), nullable=True),
    sa.Column('variables', sa.BigInteger(), nullable=True),
    sa.Column('line_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f('prepared_file_sha256_check')),
    sa.CheckConstraint('size >= 0', name=op.f('prepared_file_size_check')),
    sa.ForeignKeyConstraint(['office_id', 'preparation_id'], ['desk.preparation.office_id', 'desk.preparation.id'], name=op.f('prepared_file_office_id_preparation_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('prepared_file_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'preparation_id', 'position', name=op.f('prepared_file_pkey')),
    schema='desk'
    )
    op.create_table('print_entry',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('mark', sa.String(length=10), nullable=False),
    sa.Column('printer', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("mark IN ('ASLI', 'SALINAN')", name=op.f('print_entry_mark_check')),
    sa.ForeignKeyConstraint(['office_id', 'document_id'], ['desk.document.office_id', 'desk.document.id'], name=op.f('print_entry_office_id_document_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('print_entry_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('print_entry_pkey')),
    schema='desk'
    )
    op.create_index('print_entry_original_idx', 'print_entry', ['office_id', 'document_id'], unique=True, schema='desk', postgresql_where="mark = 'ASLI'")
    op.create_table('relief_decision',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('relief_id', sa.Uuid(), nullable=False),
    sa.Column('requested_by', sa.String(length=63), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint('"by" <> requested_by', name=op.f('relief_decision_second_person_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('relief_decision_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'relief_id', 'requested_by'], ['desk.relief.office_id', 'desk.relief.id', 'desk.relief.by'], name=op.f('relief_decision_office_id_relief_id_requested_by_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('relief_decision_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('relief_decision_pkey')),
    sa.UniqueConstraint('office_id', 'relief_id', name=op.f('relief_decision_office_id_relief_id_key')),
    schema='desk'
    )
    op.create_table('view_entry',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'document_id'], ['desk.document.office_id', 'desk.document.id'], name=op.f('view_entry_office_id_document_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('view_entry_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('view_entry_pkey')),
    schema='desk'
    )
    op.create_index('view_entry_document_idx', 'view_entry', ['office_id', 'document_id'], unique=False, schema='desk')
    op.create_table('correction',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('delivery_id', sa.Uuid(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('due_why', sa.Text(), server_default='', nullable=False),
    sa.Column('receipt_number', sa.Text(), server_default='', nullable=False),
    sa.Column('wrong', sa.Text(), nullable=False),
    sa.Column('origin', sa.String(length=30), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=True),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("origin IN ('preparation', 'catalogue', 'request')", name=op.f('correction_origin_check')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('correction_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'delivery_id'], ['desk.delivery.office_id', 'desk.delivery.id'], name=op.f('correction_office_id_delivery_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('correction_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('correction_pkey')),
    sa.UniqueConstraint('office_id', 'delivery_id', name=op.f('correction_office_id_delivery_id_key')),
    schema='desk'
    )
    op.create_table('custody',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('copy', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('step', sa.String(length=30), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('stamp_kind', sa.String(length=30), nullable=True),
    sa.Column('stamp_value', sa.BigInteger(), nullable=True),
    sa.Column('stamp_reference', sa.Text(), server_default='', nullable=False),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.CheckConstraint("step <> 'accepted' OR (signed_on IS NOT NULL AND stamp_kind IS NOT NULL AND stamp_value IS NOT NULL)", name=op.f('custody_accepted_with_stamp_check')),
    sa.CheckConstraint("step <> 'accepted' OR stamp_value >= CASE WHEN signed_on >= DATE '2022-01-01' THEN 10000 WHEN signed_on >= DATE '2021-01-01' THEN 9000 ELSE 6000 END", name=op.f('custody_stamp_in_force_check')),
    sa.CheckConstraint("step IN ('sent', 'posted', 'received', 'accepted', 'refused', 'filed')", name=op.f('custody_step_check')),
    sa.CheckConstraint('copy >= 1', name=op.f('custody_copy_check')),
    sa.ForeignKeyConstraint(['office_id', 'agreement_id'], ['desk.agreement.office_id', 'desk.agreement.id'], name=op.f('custody_office_id_agreement_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('custody_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('custody_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('custody_pkey')),
    schema='desk'
    )
    op.create_index('custody_case_idx', 'custody', ['office_id', 'case_id', 'agreement_id', 'copy', 'position'], unique=False, schema='desk')
    op.create_table('proof_rejection',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('proof_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('proof_rejection_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'proof_id'], ['desk.payment_proof.office_id', 'desk.payment_proof.id'], name=op.f('proof_rejection_office_id_proof_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('proof_rejection_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('proof_rejection_pkey')),
    sa.UniqueConstraint('office_id', 'proof_id', name=op.f('proof_rejection_office_id_proof_id_key')),
    schema='desk'
    )
    op.create_table('receipt',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('replaces', sa.Uuid(), nullable=True),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('payer', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.Text(), server_default='', nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('receipt_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'payment_id', 'amount'], ['desk.payment.office_id', 'desk.payment.id', 'desk.payment.amount'], name=op.f('receipt_office_id_payment_id_amount_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'replaces'], ['desk.receipt.office_id', 'desk.receipt.id'], name=op.f('receipt_office_id_replaces_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('receipt_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('receipt_pkey')),
    sa.UniqueConstraint('office_id', 'payment_id', 'replaces', name=op.f('receipt_office_id_payment_id_replaces_key'), postgresql_nulls_not_distinct=True),
    sa.UniqueConstraint('office_id', 'year', 'sequence', name=op.f('receipt_office_id_year_sequence_key')),
    schema='desk'
    )
    op.create_index('receipt_case_idx', 'receipt', ['office_id', 'case_id'], unique=False, schema='desk')
    op.create_table('receipt_void',
    sa.Column('office_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('receipt_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=63), server_default=sa.text('session_user'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('desk.now()'), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'case_id'], ['desk.cases.office_id', 'desk.cases.id'], name=op.f('receipt_void_office_id_case_id_fkey')),
    sa.ForeignKeyConstraint(['office_id', 'receipt_id'], ['desk.receipt.office_id', 'desk.receipt.id'], name=op.f('receipt_void_office_id_receipt_id_fkey')),
    sa.ForeignKeyConstraint(['office_id'], ['desk.office.id'], name=op.f('receipt_void_office_id_fkey')),
    sa.PrimaryKeyConstraint('office_id', 'id', name=op.f('receipt_void_pkey')),
    sa.UniqueConstraint('office_id', 'receipt_id', name=op.f('receipt_void_office_id_receipt_id_key')),
    schema='desk'
    )


def downgrade() -> None:
    op.drop_table('receipt_void', schema='desk')
    op.drop_index('receipt_case_idx', table_name='receipt', schema='desk')
    op.drop_table('receipt', schema='desk')
    op.drop_table('proof_rejection', schema='desk')
    op.drop_index('custody_case_idx', table_name='custody', schema='desk')
    op.drop_table('custody', schema='desk')
    op.drop_table('correction', schema='desk')
    op.drop_index('view_entry_document_idx', table_name='view_entry', schema='desk')
    op.drop_table('view_entry', schema='desk')
    op.drop_table('relief_decision', schema='desk')
    op.drop_index('print_entry_original_idx', table_name='print_entry', schema='desk', postgresql_where="mark = 'ASLI'")
    op.drop_table('print_entry', schema='desk')
    op.drop_table('prepared_file', schema='desk')
    op.drop_table('preparation_check', schema='desk')
    op.drop_index('payment_proof_case_idx', table_name='payment_proof', schema='desk')
    op.drop_table('payment_proof', schema='desk')
    op.drop_index('payment_case_idx', table_name='payment', schema='desk')
    op.drop_table('payment', schema='desk')
    op.drop_table('invoice_line', schema='desk')
    op.drop_table('invoice_end', schema='desk')
    op.drop_table('delivery', schema='desk')
    op.drop_index('agreement_case_idx', table_name='agreement', schema='desk')
    op.drop_table('agreement', schema='desk')
    op.drop_index('relief_case_idx', table_name='relief', schema='desk')
    op.drop_table('relief', schema='desk')
    op.drop_index('preparation_case_idx', table_name='preparation', schema='desk')
    op.drop_table('preparation', schema='desk')
    op.drop_index('message_mail_idx', table_name='message', schema='desk', postgresql_where=sa.text("message_id <> ''"))
    op.drop_index('message_case_idx', table_name='message', schema='desk')
    op.drop_table('message', schema='desk')
    op.drop_index('letter_case_idx', table_name='letter', schema='desk')
    op.drop_table('letter', schema='desk')
    op.drop_index('invoice_payment_code_idx', table_name='invoice', schema='desk')
    op.drop_index('invoice_case_idx', table_name='invoice', schema='desk')
    op.drop_table('invoice', schema='desk')
    op.drop_index('gate_override_case_idx', table_name='gate_override', schema='desk')
    op.drop_table('gate_override', schema='desk')
    op.drop_index('fit_decision_case_idx', table_name='fit_decision', schema='desk')
    op.drop_table('fit_decision', schema='desk')
    op.drop_index('event_case_idx', table_name='event', schema='desk')
    op.drop_table('event', schema='desk')
    op.drop_index('document_paper_idx', table_name='document', schema='desk', postgresql_where="kind = 'paper'")
    op.drop_index('document_case_idx', table_name='document', schema='desk')
    op.drop_table('document', schema='desk')
    op.drop_index('case_line_case_idx', table_name='case_line', schema='desk')
    op.drop_table('case_line', schema='desk')
    op.drop_index('cases_words_idx', table_name='cases', schema='desk', postgresql_using='gin')
    op.drop_index('cases_treasurer_idx', table_name='cases', schema='desk', postgresql_where=sa.text('treasurer_queue IS NOT NULL'))
    op.drop_index('cases_supervisor_idx', table_name='cases', schema='desk', postgresql_where=sa.text('supervisor_queue IS NOT NULL'))
    op.drop_index('cases_officer_idx', table_name='cases', schema='desk', postgresql_where=sa.text('officer_queue IS NOT NULL'))
    op.drop_index('cases_mail_idx', table_name='cases', schema='desk', postgresql_where=sa.text('mail_queue IS NOT NULL'))
    op.drop_index('cases_customer_idx', table_name='cases', schema='desk')
    op.drop_index('cases_changed_idx', table_name='cases', schema='desk')
    op.drop_table('cases', schema='desk')
    op.drop_table('template', schema='desk')
    op.drop_table('rule', schema='desk')
    op.drop_table('office_clock', schema='desk')
    op.drop_table('holiday', schema='desk')
    op.drop_table('file_chunk', schema='desk')
    op.drop_index('duty_login_idx', table_name='duty', schema='desk')
    op.drop_table('duty', schema='desk')
    op.drop_table('customer', schema='desk')
    op.drop_table('counter', schema='desk')
    op.drop_table('change', schema='desk')
    op.drop_index('catalogue_item_title_idx', table_name='catalogue_item', schema='desk')
    op.drop_table('catalogue_item', schema='desk')
    op.drop_table('person', schema='desk')
    op.drop_table('office', schema='desk')
    op.drop_table('installation', schema='desk')
    op.drop_table('action_rule', schema='desk')
    op.execute("DROP FUNCTION desk.now()")
