-- Work is claimed per account in turn, and what people may ask for is bounded.
drop index if exists savvycal.targets_due;
create index work_due on savvycal._work (account, priority, due_at) where dead_lettered_at is null;
create index work_resyncs on savvycal._work (account) where 'resync' = any (reasons);
create index work_missing on savvycal._work (account, kind) where missing_since is not null;

create or replace function savvycal._request_for_user(of_account text, of_kind text, of_id text)
returns text language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  urgent_max constant integer := 100;
  open_max constant integer := 5000;
  open_count integer;
begin
  select count(*) into open_count
  from (select from savvycal._work t where t.account = of_account and 'resync' = any (t.reasons) limit open_max) t;
  if open_count >= open_max and not exists (
    select from savvycal._work t where (t.account, t.kind, t.id) = (of_account, of_kind, of_id)) then
    return 'refused';
  end if;
  return savvycal._request(of_account, of_kind, of_id, case when open_count < urgent_max then 0 else 10 end, 'resync',
    clock_timestamp());
end $$;
comment on function savvycal._request_for_user(text, text, text) is
  'A resync of one object that somebody asked for: before everything else while an account has few open, behind its other objects after that, and refused when there are too many.';

create or replace function savvycal.request_resync(of_kind text, of_id text, of_account text default 'default')
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare answer text;
begin
  if of_kind not in ('event', 'appointment') then
    raise exception 'request_resync: kind must be event or appointment' using errcode = '22023';
  end if;
  if of_id !~ '^[A-Za-z0-9_.:-]{1,128}$' then
    raise exception 'request_resync: that is not the id of an event or appointment' using errcode = '22023';
  end if;
  if not exists (
    select from savvycal.coverage c
    where c.account = of_account and c.product = case of_kind when 'event' then 'meetings' else 'appointments' end) then
    raise exception 'request_resync: nothing of that kind is mirrored here for an account of that name' using errcode = '22023';
  end if;
  answer := savvycal._request_for_user(of_account, of_kind, of_id);
  if answer = 'refused' then
    raise exception 'request_resync: 5000 objects of that account wait to be read again; ask for a range or for everything instead'
      using errcode = '54000';
  end if;
  perform pg_notify('savvycal_work', '');
  return answer;
end $$;
comment on function savvycal.request_resync(text, text, text) is
  'Asks the worker to read one object again now. Answers queued, merged (it was waiting already) or running (one more look follows).';

revoke all on function savvycal._request_for_user(text, text, text) from public;
