-- name: load
-- What has been found out about one product of an account.
select fact, value, observed_at from savvycal.account_facts where account = $1 and product = $2

-- name: record
-- Keeps a finding. The same again costs no row, unless it was last confirmed a day ago; another value keeps the one before.
insert into savvycal.account_facts as f (account, product, fact, value, source, observed_at)
values ($1, $2, $3, $4, $5, clock_timestamp())
on conflict on constraint account_facts_pkey do update
set previous_value = case when f.value = excluded.value then f.previous_value else f.value end,
    value = excluded.value, source = excluded.source, observed_at = excluded.observed_at
where f.value <> excluded.value or f.observed_at < excluded.observed_at - interval '1 day'

-- name: forget_checked
-- What an earlier check found and this one did not see: deleted, so that nobody takes it for what is so now.
delete from savvycal.account_facts
where account = $1 and product = any ($2::text[]) and source = 'probe' and fact like 'check.%' and fact <> all ($3::text[])

-- name: joinable
-- Conferencing types of which some event has had a join_url.
select distinct conferencing_type from savvycal.events
where account = $1 and conferencing_join_url is not null and conferencing_type is not null

-- name: settle
-- A conferencing type that has no link: what waits for one is skipped, and nobody watches it any more. The event's version
-- stays, because its body did; a line in the change feed tells readers that its meeting moved. Events are locked first, in
-- the order in which everybody locks: that line names their version, and must not come after one of a later version.
with e as materialized (
  select o.account, o.id, o.version, o.start_at, o.end_at from savvycal.events o
  where o.account = $1 and o.conferencing_type = $2 and o.conferencing_join_url is null and o.phase <> 'canceled'
    and o.deleted_at is null
    and exists (select from savvycal.meetings m where m.account = o.account and m.event_id = o.id and m.status = $5)
  order by o.id collate "C" for no key update of o
), moved as (
  update savvycal.meetings m
  set status = $3, phase = $4, transition_seq = m.transition_seq + 1, changed_at = clock_timestamp()
  from e where m.account = e.account and m.event_id = e.id and m.status = $5 and m.is_current
  returning m.account, m.id, m.transition_seq, e.version, e.start_at, e.end_at
), edges as (
  insert into savvycal.transitions (account, kind, id, seq, from_status, to_status, label, observed_at, via, version)
  select account, 'meeting', id, transition_seq, $5, $3, 'direct', clock_timestamp(), 'watch', version from moved
), told as (
  insert into savvycal._unpublished_changes (account, kind, id, version, change, changed_at)
  select account, 'event', id, version, 'updated', clock_timestamp() from moved
)
select id, start_at, end_at from moved

-- name: end_watch
-- What is settled is watched no more; what somebody else asked for stays, and so does what somebody has locked (it ends by
-- itself when it is next read).
delete from savvycal._work where (account, job, kind, key) in (
  select account, job, kind, key from savvycal._work
  where account = $1 and job = 'object' and kind = 'event' and key = any ($2::text[]) and reasons = '{watch}' and requested_gen = done_gen
    and lease_token is null
  for update skip locked)

-- name: without_meeting
-- Appointments that may have a meeting nobody has read yet: asked for by id, soonest start first, the past last.
insert into savvycal._work (account, kind, key, due_at, priority, reasons)
select a.account, 'appointment', a.id,
  clock_timestamp() + make_interval(secs => case when a.end_at < now() then 20 else 0 end
    + least(abs(extract(epoch from a.start_at - now())) / 1e6, 15)), $2, '{meeting}'
from savvycal.appointments a
where a.account = $1 and a.deleted_at is null
  and not exists (select from savvycal.meetings m where m.account = a.account and m.appointment_id = a.id)
  and not exists (select from savvycal._work t where (t.account, t.job, t.kind, t.key) = (a.account, 'object', 'appointment', a.id))
order by a.id collate "C"
on conflict on constraint work_pkey do nothing

-- name: drop_meeting_reads
-- Lists show meetings after all: nobody has to ask for them one by one. What somebody else asked for stays.
delete from savvycal._work where (account, job, kind, key) in (
  select account, job, kind, key from savvycal._work
  where account = $1 and job = 'object' and kind = 'appointment' and reasons = '{meeting}' and lease_token is null
  for update skip locked)
