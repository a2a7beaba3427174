-- What is wrong now, and how SavvyCal answered last: read by health, status, the page and the metrics.
-- additive: tables, indexes and in schema.sql a column at the end of a view, which programs before do not use
create table savvycal._upstream (
  account text not null default 'default',
  product text not null,
  observed_at timestamptz not null,
  cause text,
  since timestamptz,
  error text,
  cooldown_until timestamptz,
  probed_at timestamptz,
  constraint upstream_pkey primary key (account, product)
);
comment on table savvycal._upstream is 'How SavvyCal answered last, for each product of an account: the newest answer of all processes.';
comment on column savvycal._upstream.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._upstream.product is 'meetings or appointments.';
comment on column savvycal._upstream.observed_at is 'When the answer came.';
comment on column savvycal._upstream.cause is 'token_refused or upstream_down; null when it answered well.';
comment on column savvycal._upstream.since is 'Since when it fails.';
comment on column savvycal._upstream.error is 'The error, without values.';
comment on column savvycal._upstream.cooldown_until is 'Until when nobody sends, after the last 429.';
comment on column savvycal._upstream.probed_at is 'When a process last asked only to know whether SavvyCal answers.';

create table savvycal._problems (
  cause text not null,
  scope text not null,
  severity text not null,
  since timestamptz not null,
  seen_at timestamptz not null,
  sentence text not null,
  next_step text not null,
  constraint problems_pkey primary key (cause, scope),
  constraint problems_severity_known check (severity in ('red', 'yellow'))
);
comment on table savvycal._problems is 'What is wrong now: one row for each problem, from its begin to its end. Each was logged once.';
comment on column savvycal._problems.cause is 'The cause (docs/operations.md).';
comment on column savvycal._problems.scope is 'What it is about: account, account/product, account/product/window; empty for the whole installation.';
comment on column savvycal._problems.severity is 'red: the mirror is not current. yellow: something waits for a person, or for time.';
comment on column savvycal._problems.since is 'When it began.';
comment on column savvycal._problems.seen_at is 'When it was last found to hold.';
comment on column savvycal._problems.sentence is 'What is wrong, in a sentence.';
comment on column savvycal._problems.next_step is 'What to do.';

-- Dead letters, and records that cannot be read: counted every few seconds (queries/problems.sql).
create index work_dead_lettered on savvycal._work (account) where dead_lettered_at is not null;
create index quarantine_open on savvycal.quarantine (account) where resolved_at is null;

insert into savvycal.data_inventory as i (table_name, column_name, class)
select t, c, k from (values
  ('_upstream', 'none', 'account product observed_at cause since error cooldown_until probed_at'),
  ('_problems', 'none', 'cause scope severity since seen_at sentence next_step')
) as v (t, k, columns), lateral regexp_split_to_table(columns, '\s+') as c;
