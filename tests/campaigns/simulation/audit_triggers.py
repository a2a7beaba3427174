"""Triggers that write down what happens to the tables, in its true order, for the checker.

They stand on `sim.now()`: the scheduler's clock in simulation, the real one (`REAL_CLOCK`) where processes run freely.
"""

REAL_CLOCK = """
create schema if not exists sim;
create or replace function sim.now() returns timestamptz language sql volatile as 'select clock_timestamp()';
"""

AUDIT_TRIGGERS = r"""
create table if not exists sim.writes (
  seq bigint generated always as identity, at timestamptz not null, op text not null, account text not null,
  kind text not null, id text not null, fence bigint, version integer, deleted boolean, token uuid,
  xid text not null default pg_current_xact_id()::text);
create or replace function sim.note_write() returns trigger language plpgsql as $$ begin
  insert into sim.writes (at, op, account, kind, id, fence, version, deleted)
  values (sim.now(), 'write', new.account, tg_argv[0], new.id, new.fence, new.version, new.deleted_at is not null);
  return null;
end $$;
create or replace function sim.note_claim() returns trigger language plpgsql as $$ begin
  if new.lease_token is not null and (tg_op = 'INSERT' or new.lease_token is distinct from old.lease_token) then
    insert into sim.writes (at, op, account, kind, id, token)
    values (sim.now(), 'claim', new.account, new.kind, new.key, new.lease_token);
  end if;
  if 'missing' = any (new.reasons) and (tg_op = 'INSERT' or 'missing' <> all (old.reasons)) then
    insert into sim.writes (at, op, account, kind, id) values (sim.now(), 'ask', new.account, new.kind, new.key);
  end if;
  return null;
end $$;
create or replace function sim.note_cover() returns trigger language plpgsql as $$ begin
  if new.complete_as_of is distinct from old.complete_as_of then
    insert into sim.writes (at, op, account, kind, id, version)
    values (sim.now(), 'cover', new.account, new.product, new.window_name, new.run_id);
  end if;
  return null;
end $$;
create or replace trigger audit_coverage after update on savvycal.coverage
  for each row execute function sim.note_cover();
create or replace trigger audit_events after insert or update on savvycal.events
  for each row execute function sim.note_write('event');
create or replace trigger audit_appointments after insert or update on savvycal.appointments
  for each row execute function sim.note_write('appointment');
create or replace trigger audit_links after insert or update on savvycal.links
  for each row execute function sim.note_write('link');
create or replace trigger audit_work after insert or update on savvycal._work
  for each row when (new.job = 'object') execute function sim.note_claim();
"""
