-- Which accounts exist, where they are configured, and which are paused: read by people, and by every claim.
-- additive: a table, views and in schema.sql a column at the end of a view, which programs before do not use
create table savvycal.accounts (
  account text not null,
  product text not null,
  state text not null generated always as (
    case when not is_configured then 'not configured' when paused_at is not null then 'paused' else 'synced' end) stored,
  is_configured boolean not null,
  served_by text,
  seen_at timestamptz not null,
  accepts_webhooks boolean,
  paused_at timestamptz,
  paused_by text,
  last_problem text,
  last_problem_at timestamptz,
  constraint accounts_pkey primary key (account, product)
);
comment on table savvycal.accounts is 'What each SavvyCal account mirrors: one row per product, also for products that were removed from the settings.';
comment on column savvycal.accounts.account is 'Name of the account in the settings (default for a single one).';
comment on column savvycal.accounts.product is 'meetings, appointments or links; links are read with the token of meetings.';
comment on column savvycal.accounts.state is 'synced, paused by a person, or not configured: its rows stay as they were, and nothing about them is a problem.';
comment on column savvycal.accounts.is_configured is 'Whether the settings of a process name a token for it.';
comment on column savvycal.accounts.served_by is 'Process (host:pid:start) that has it in its settings and reported it last; null: none does now.';
comment on column savvycal.accounts.seen_at is 'When a process last reported it; renewed each minute.';
comment on column savvycal.accounts.accepts_webhooks is 'Whether the settings of a process that serves HTTP have a secret for its webhooks; null: no such process has reported.';
comment on column savvycal.accounts.paused_at is 'Since when it is paused; null: it is not.';
comment on column savvycal.accounts.paused_by is 'Who paused it.';
comment on column savvycal.accounts.last_problem is 'The last problem that began, in a sentence; it may be over (health.problems lists those that hold).';
comment on column savvycal.accounts.last_problem_at is 'When that problem began.';

-- What is mirrored already. Products that no process reports within two minutes show as not configured.
insert into savvycal.accounts (account, product, is_configured, seen_at)
select distinct account, product, true, now() from savvycal.coverage;
