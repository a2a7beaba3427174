-- From any build before numbered migrations (main up to 906797f, which all called themselves version 1) to names and
-- types that 0001_baseline.sql completes. Nothing here needs to know which build it was: each step looks at the shape.
-- Locks: every table of the schema, until it commits. Stop the daemon first. Rewrites snapshots where bodies were jsonb.

-- Views and functions hold no data; 0001 makes them again. A view of your own on top of one stops this with its name.
do $$
declare
  found record;
begin
  for found in
    select format('drop view savvycal.%I', c.relname) as statement
    from pg_class c where c.relnamespace = 'savvycal'::regnamespace and c.relkind = 'v'
      and exists (select from unnest(array[
        'event_bodies', 'appointment_bodies', 'reschedules', 'freshness', 'webhook_health', 'health', 'upcoming', 'polled_changes',
        'stuck_meetings', 'lifecycle_counts', 'drift']) with ordinality as ours (name, place) where ours.name = c.relname)
    order by array_position(array['webhook_health', 'health'], c.relname::text) nulls last
  loop
    execute found.statement;
  end loop;
  drop trigger if exists tell_of_changes on savvycal.changes;
  for found in
    select format('drop function %s', p.oid::regprocedure) as statement
    from pg_proc p where p.pronamespace = 'savvycal'::regnamespace
      and p.proname in ('_tell_of_changes', 'changes_since', '_request', 'request_resync', 'open_meeting_secret', '_retain', '_now')
  loop
    execute found.statement;
  end loop;
end $$;

create function pg_temp.rename_column(of_table text, was text, becomes text) returns void language plpgsql as $$
begin
  if exists (select from pg_attribute where attrelid = to_regclass('savvycal.' || of_table) and attname = was and not attisdropped) then
    execute format('alter table savvycal.%I rename column %I to %I', of_table, was, becomes);
  end if;
end $$;

create function pg_temp.rename_constraint(of_table text, was text, becomes text) returns void language plpgsql as $$
begin
  if exists (select from pg_constraint where conrelid = to_regclass('savvycal.' || of_table) and conname = was) then
    execute format('alter table savvycal.%I rename constraint %I to %I', of_table, was, becomes);
  end if;
end $$;

create function pg_temp.has_column(of_table text, named text, of_type regtype) returns boolean language sql as $$
  select exists (select from pg_attribute
                 where attrelid = to_regclass('savvycal.' || of_table) and attname = named and atttypid = of_type and not attisdropped)
$$;

-- Ids that a running scan has seen: losing them only postpones the question what it did not see.
drop table if exists savvycal._pass_seen;
do $$ begin
  if to_regclass('savvycal._work') is null then
    alter table if exists savvycal._targets rename to _work;
  end if;
  if to_regclass('savvycal._scans') is null then
    alter table if exists savvycal._passes rename to _scans;
  end if;
end $$;

select pg_temp.rename_constraint('_work', 'targets_' || part, 'work_' || part)
from unnest(array['pkey', 'kind_known', 'gen_order', 'lease_whole']) part;
select pg_temp.rename_constraint('_scans', 'passes_' || part, 'scans_' || part)
from unnest(array['pkey', 'gen_order', 'lease_whole']) part;
select pg_temp.rename_column(of_table, was, becomes) from (values
  ('_work', 'parked_at', 'dead_lettered_at'), ('_scans', 'parked_at', 'dead_lettered_at'),
  ('_scans', 'walk', 'iteration'), ('_scans', 'walk_ended', 'iteration_ended'), ('_scans', 'walk_rows', 'iteration_rows'),
  ('_scans', 'walk_news', 'iteration_changes'),
  ('events', 'digest', 'raw_hash'), ('events', 'fingerprint', 'content_hash'),
  ('events', 'gone_at', 'deleted_at'), ('events', 'gone_reason', 'deleted_reason'),
  ('appointments', 'digest', 'raw_hash'), ('appointments', 'fingerprint', 'content_hash'),
  ('appointments', 'gone_at', 'deleted_at'), ('appointments', 'gone_reason', 'deleted_reason'),
  ('coverage', 'pace_seconds', 'interval_seconds'), ('coverage', 'missing_allowed', 'approved_deletions'),
  ('coverage', 'missing_allowed_until', 'approved_deletions_until'),
  ('runs', 'walks', 'iterations'), ('runs', 'rows_overtaken', 'rows_superseded'),
  ('_meeting_secrets', 'fingerprint', 'keyed_hash'), ('_suppressed', 'fingerprint', 'keyed_hash')
) as names (of_table, was, becomes);

-- Columns that the first builds did not have.
alter table savvycal.coverage
  add column if not exists interval_seconds double precision,
  add column if not exists approved_deletions bigint,
  add column if not exists approved_deletions_until timestamptz,
  add column if not exists missing jsonb;
alter table savvycal.runs
  add column if not exists rows_repaired bigint not null default 0,
  add column if not exists rows_differing bigint not null default 0;
alter table savvycal._scans add column if not exists split text;

-- Bodies are kept exactly as they were written; jsonb had sorted their keys already.
do $$ begin
  if pg_temp.has_column('snapshots', 'body', 'jsonb') then
    alter table savvycal.snapshots alter column body type json using body::text::json;
  end if;
end $$;

-- Values and the laws about them.
alter table savvycal.changes drop constraint if exists changes_change_known;
update savvycal.changes set change = case change
  when 'first' then 'created' when 'changed' then 'updated' when 'gone' then 'deleted' when 'revived' then 'restored' end
where change in ('first', 'changed', 'gone', 'revived');
alter table savvycal.changes
  add constraint changes_change_known check (change in ('created', 'updated', 'deleted', 'restored', 'erased'));

alter table savvycal.transitions drop constraint if exists transitions_label_known;
alter table savvycal.transitions drop constraint if exists transitions_first_has_no_from;
alter table savvycal.transitions drop constraint if exists transitions_initial_has_no_from;
update savvycal.transitions set label = case label when 'first' then 'initial' when 'skipped' then 'gap' end
where label in ('first', 'skipped');
alter table savvycal.transitions
  add constraint transitions_label_known check (label in ('initial', 'direct', 'gap', 'anomalous')),
  add constraint transitions_initial_has_no_from check ((label = 'initial') = (from_status is null));

alter table savvycal.runs drop constraint if exists runs_result_known;
alter table savvycal.runs
  add constraint runs_result_known check (result in ('running', 'ok', 'partial', 'suspect', 'failed'));

do $$ begin
  if to_regclass('savvycal.account_facts') is not null then
    alter table savvycal.account_facts drop constraint if exists account_facts_source_known;
    alter table savvycal.account_facts
      add constraint account_facts_source_known check (source in ('list', 'get', 'webhook', 'error', 'probe'));
  end if;
end $$;

-- Indexes whose columns or conditions changed; 0001 makes them again.
drop index if exists savvycal.events_start_at, savvycal.appointments_start_at, savvycal.targets_due;

drop function pg_temp.rename_column(text, text, text), pg_temp.rename_constraint(text, text, text),
  pg_temp.has_column(text, text, regtype);
