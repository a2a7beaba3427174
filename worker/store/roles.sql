-- Roles of savvycal-sync: optional, safe to apply again, and to be applied again after each change of the schema.
-- Run by the owner of the schema. Creating them needs CREATEROLE; where they exist already it does not.
-- They cannot log in: grant them to your logins, or give them LOGIN and a password, then their time limits hold too.
do $$
declare
  role_name text;
  setting record;
begin
  foreach role_name in array array['savvycal_worker', 'savvycal_reader', 'savvycal_pii_reader', 'savvycal_secret_reader'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin noinherit nocreatedb nocreaterole', role_name);
    end if;
    execute format('revoke all on all tables in schema savvycal from %I', role_name);
    execute format('revoke all on all sequences in schema savvycal from %I', role_name);
    execute format('revoke all on all functions in schema savvycal from %I', role_name);
    execute format('revoke all on schema savvycal from %I', role_name);
    execute format('grant usage on schema savvycal to %I', role_name);
  end loop;
  for setting in values
    ('savvycal_worker', 'statement_timeout', '25s'), ('savvycal_worker', 'lock_timeout', '5s'),
    ('savvycal_worker', 'idle_in_transaction_session_timeout', '30s'), ('savvycal_worker', 'search_path', 'pg_catalog, pg_temp'),
    ('savvycal_worker', 'log_error_verbosity', 'terse'),
    ('savvycal_reader', 'statement_timeout', '60s'), ('savvycal_reader', 'idle_in_transaction_session_timeout', '60s'),
    ('savvycal_reader', 'search_path', 'savvycal, pg_catalog, pg_temp'),
    ('savvycal_pii_reader', 'statement_timeout', '60s'), ('savvycal_pii_reader', 'idle_in_transaction_session_timeout', '60s'),
    ('savvycal_pii_reader', 'search_path', 'savvycal, pg_catalog, pg_temp'),
    ('savvycal_secret_reader', 'statement_timeout', '5s'), ('savvycal_secret_reader', 'idle_in_transaction_session_timeout', '10s'),
    ('savvycal_secret_reader', 'search_path', 'pg_catalog, pg_temp')
  loop
    begin
      execute format('alter role %I set %I = %s', setting.column1, setting.column2,
        case when setting.column2 = 'search_path' then setting.column3 else quote_literal(setting.column3) end);
    exception when insufficient_privilege then
      raise notice 'role % keeps its %: setting it needs more rights', setting.column1, setting.column2;
    end;
  end loop;
end $$;

-- The worker: no DDL, no DELETE on history (_retain() holds the rules for that), and it never reads back what it sealed.
grant usage on sequence savvycal._fence to savvycal_worker;
do $$
declare
  object_table text;
begin  -- tables of objects, one for each kind: those with a content hash
  for object_table in select table_name from savvycal.data_inventory where column_name = 'content_hash' loop
    execute format('grant select, insert, update on savvycal.%I to savvycal_worker', object_table);
  end loop;
end $$;
grant select, insert, update on savvycal.meetings, savvycal.coverage, savvycal.runs, savvycal.quarantine, savvycal.account_facts,
  savvycal.accounts
  to savvycal_worker;
grant select, insert, delete on savvycal.event_attendees, savvycal.event_answers, savvycal.appointment_history to savvycal_worker;
grant select, insert on savvycal.transitions, savvycal.snapshots, savvycal._unpublished_changes to savvycal_worker;
grant select on savvycal.changes to savvycal_worker;
grant select, insert, update, delete on savvycal.webhook_deliveries, savvycal._work, savvycal._scans, savvycal._scan_seen, savvycal._audit_clock,
  savvycal._upstream, savvycal._problems to savvycal_worker;
grant insert, update, delete on savvycal._meeting_secrets to savvycal_worker;
grant select (account, appointment_id, meeting_id, key_id, keyed_hash, fence, stored_at, purge_at)
  on savvycal._meeting_secrets to savvycal_worker;
grant select on savvycal._meta, savvycal._tickets, savvycal._suppressed, savvycal._suppression_keys, savvycal.data_inventory, savvycal.freshness,
  savvycal._windows, savvycal._paused,
  savvycal.lifecycle_counts, savvycal.drift, savvycal.health, savvycal.polled_changes, savvycal.webhook_health to savvycal_worker;
grant execute on function savvycal._now(), savvycal._product(text), savvycal._retain(text, integer, integer), savvycal._publish_changes(integer),
  savvycal._settle_tickets(text, text, text, bigint, text, text, timestamptz),
  savvycal._work_name(text, text, text), savvycal._request(text, text, text, text, integer, text, timestamptz),
  savvycal._request_for_user(text, text, text),
  savvycal.request_resync(text, text, text), savvycal.timeline(text, text, text) to savvycal_worker;

-- Readers: what the data inventory says. Neither reads the internal tables; neither writes anything.
do $$
declare
  found record;
begin
  for found in
    select r.role_name, i.table_name, string_agg(quote_ident(i.column_name), ', ' order by i.column_name) as columns
    from savvycal.data_inventory i
    join (values ('savvycal_reader', array['none']), ('savvycal_pii_reader', array['none', 'personal'])) r (role_name, classes)
      on i.class = any (r.classes)
    where i.table_name not like '\_%' and to_regclass('savvycal.' || i.table_name) is not null
    group by 1, 2
  loop
    execute format('grant select (%s) on savvycal.%I to %I', found.columns, found.table_name, found.role_name);
  end loop;
end $$;
grant execute on function savvycal._now(), savvycal._product(text), savvycal.request_resync(text, text, text), savvycal.changes_since(text, text, integer),
  savvycal.feed_cursor(), savvycal.feed_snapshot(text), savvycal.timeline_public(text, text, text),
  savvycal.is_current(text, date, date, interval, text), savvycal._account_must_be_known(text), savvycal.ticket_result(text), savvycal.wait(text, double precision),
  savvycal.wait_until(text, text, double precision, text)
  to savvycal_reader, savvycal_pii_reader;
grant execute on function savvycal.next_up(integer, text, text), savvycal.timeline(text, text, text),
  savvycal.diff(text, text, integer, integer, text), savvycal._fields(jsonb), savvycal.as_of(text, text, timestamptz, text),
  savvycal._time(text) to savvycal_pii_reader;
grant execute on function savvycal._time(text) to savvycal_reader;

-- Secrets: ciphertext through the function that leaves a row in the audit, and nothing else.
grant execute on function savvycal.open_meeting_secret(text, text, text) to savvycal_secret_reader;
