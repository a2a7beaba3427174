-- Scans wait in _work beside objects; _scans keeps only how far a scan has come.
drop view savvycal.health;  -- it reads columns that move; schema.sql makes it again
drop function savvycal._request(text, text, text, integer, text, timestamptz);
drop index if exists savvycal.work_due;

alter table savvycal._work rename column id to key;
alter table savvycal._work add column job text not null default 'object';
alter table savvycal._work drop constraint work_pkey;
alter table savvycal._work
  add constraint work_pkey primary key (account, job, kind, key),
  add constraint work_job_known check (job in ('object', 'scan'));
comment on table savvycal._work is 'Work queue: one row per object to be reconciled and per range to be scanned. Completed work is removed, so the table is empty when everything is up to date.';
comment on column savvycal._work.key is 'Id of the object; of a scan its standing window, or first..last date of a resync.';
comment on column savvycal._work.job is 'object: it is read by id; scan: a range of the kind is listed, and _scans has its position.';
create index work_due on savvycal._work (account, job, priority, due_at) where dead_lettered_at is null;

insert into savvycal._work (account, job, kind, key, requested_gen, done_gen, due_at, priority, reasons, attempts, last_error,
  lease_token, lease_until, dead_lettered_at)
select account, 'scan', case product when 'meetings' then 'event' when 'links' then 'link' else 'appointment' end, window_name,
  requested_gen, done_gen, due_at, priority, reasons, attempts, last_error, lease_token, lease_until, dead_lettered_at
from savvycal._scans;
alter table savvycal._scans
  drop column requested_gen, drop column done_gen, drop column due_at, drop column priority, drop column reasons,
  drop column attempts, drop column last_error, drop column lease_token, drop column lease_until, drop column dead_lettered_at;
comment on table savvycal._scans is 'Position of scans: one row for each scan in _work. The position commits with its page.';
