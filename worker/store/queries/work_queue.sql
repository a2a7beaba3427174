-- name: request
-- Requests work. A request while it runs raises the generation: one more run follows.
select savvycal._request($1, $2, $3, $4, $5, $6, clock_timestamp())

-- name: request_for_user
-- Asks for an object because a person or a program wants it, within what an account may have open.
select savvycal._request_for_user($1, $2, $3)

-- name: request_many_for_user
-- The same for several objects, in the order in which everybody locks them; how often each answer was given.
select answer, count(*) as count from (
  select savvycal._request_for_user($1, $2, r.id) as answer
  from (select id from unnest($3::text[]) as u (id) order by id collate "C") r offset 0) answers
group by answer

-- name: missing_count
-- How many objects answered 404 and will be asked for again; at most $3 are counted.
select count(*) from (
  select from savvycal._work where account = $1 and job = 'object' and kind = $2 and missing_since is not null limit $3) missing

-- name: plan
-- Plans the next reconcile of objects in progress, in the order of ids: that of Python, in which everybody locks. One that
-- is due sooner stays. One that is due later is moved forward; if it was to confirm a change, it comes too early for that,
-- and its reason becomes `unconfirmed`.
insert into savvycal._work as t (account, kind, key, requested_gen, done_gen, due_at, priority, reasons)
select $1, $2, n.id, 0, 0, n.due_at, $5, '{watch}' from unnest($3::text[], $4::timestamptz[]) as n (id, due_at)
order by n.id collate "C"
on conflict on constraint work_pkey do update
set due_at = excluded.due_at, reasons = array_replace(t.reasons, 'confirm', 'unconfirmed')
where t.due_at > excluded.due_at

-- name: plan_others
-- The same for objects that are locked already: to wait for a work item that somebody has locked would be a
-- deadlock, and its owner is about to write. A reconcile that is running may have begun before: one more follows it.
with held as (
  select t.account, t.job, t.kind, t.key, n.due_at from unnest($3::text[], $4::timestamptz[]) as n (id, due_at)
  join savvycal._work t on (t.account, t.job, t.kind, t.key) = ($1, 'object', $2, n.id) for update of t skip locked
), sooner as (
  update savvycal._work t
  set due_at = least(t.due_at, held.due_at),
      requested_gen = t.requested_gen + coalesce(t.lease_until > clock_timestamp(), false)::integer, attempts = 0
  from held where (t.account, t.job, t.kind, t.key) = (held.account, held.job, held.kind, held.key)
)
insert into savvycal._work as t (account, kind, key, requested_gen, done_gen, due_at, priority, reasons)
select $1, $2, n.id, 0, 0, n.due_at, $5, '{watch}' from unnest($3::text[], $4::timestamptz[]) as n (id, due_at)
where not exists (select from savvycal._work t where (t.account, t.job, t.kind, t.key) = ($1, 'object', $2, n.id))
order by n.id collate "C"
on conflict on constraint work_pkey do nothing

-- name: plan_meetings
-- Asks for appointments by id, because lists do not show their meetings: in the manner of plan_others, and sooner than
-- what is planned for them already.
with held as (
  select t.account, t.job, t.kind, t.key, n.due_at from unnest($2::text[], $3::timestamptz[]) as n (id, due_at)
  join savvycal._work t on (t.account, t.job, t.kind, t.key) = ($1, 'object', 'appointment', n.id) for update of t skip locked
), sooner as (
  update savvycal._work t
  set due_at = least(t.due_at, held.due_at), reasons = array_remove(t.reasons, 'meeting') || '{meeting}'::text[],
      requested_gen = t.requested_gen + coalesce(t.lease_until > clock_timestamp(), false)::integer
  from held where (t.account, t.job, t.kind, t.key) = (held.account, held.job, held.kind, held.key)
)
insert into savvycal._work (account, kind, key, due_at, priority, reasons)
select $1, 'appointment', n.id, n.due_at, $4, '{meeting}' from unnest($2::text[], $3::timestamptz[]) as n (id, due_at)
where not exists (select from savvycal._work t where (t.account, t.job, t.kind, t.key) = ($1, 'object', 'appointment', n.id))
order by n.id collate "C"
on conflict on constraint work_pkey do nothing

-- name: claim
-- Takes due work of a job ($6) under a lease and gives each item its fence: of each account ($1) its most wanted, as many as
-- $5 allows. Counts the attempt at its start, so that an item that kills its worker becomes a dead letter in the end. Takes
-- along since when an object is missing: a reconcile that ends with its worker may have seen it, so it leaves no proof of
-- absence. Objects of one run share its token ($3). A scan has one of its own: after a stall its worker may claim it again
-- while the first run of it goes on, and must not take that one's lease for its own. Rows are updated by their place: how many
-- are claimed is a parameter, and for an unknown number the planner would read the whole table. One that was requested again
-- between snapshot and lock has moved; it is claimed the next time.
with asked as (
  select account, array_agg(kind) as kinds, min(places) as places
  from unnest($1::text[], $2::text[], $5::integer[]) as a (account, kind, places)
  where (account, kind) not in (select account, kind from savvycal._paused) group by account
), due as (
  select d.* from asked cross join lateral (
    select w.ctid as place, w.account, w.job, w.kind, w.key, w.missing_since from savvycal._work w
    where w.account = asked.account and w.job = $6 and w.kind = any (asked.kinds)
      and w.dead_lettered_at is null and w.due_at <= (select clock_timestamp())
      and (w.lease_until is null or w.lease_until < clock_timestamp())
    order by w.priority, w.due_at limit asked.places for update skip locked) d
)
update savvycal._work t
set lease_token = case $6 when 'scan' then gen_random_uuid() else $3 end,
    lease_until = clock_timestamp() + make_interval(secs => $4), attempts = t.attempts + 1,
    missing_since = null
where t.ctid = any (array(select place from due))
returning t.account, t.job, t.kind, t.key, t.requested_gen, t.attempts, t.priority, t.reasons,
  (select d.missing_since from due d where (d.account, d.job, d.kind, d.key) = (t.account, t.job, t.kind, t.key)) as missing_since,
  t.lease_token as token, clock_timestamp() as claimed_at, nextval('savvycal._fence') as fence

-- name: now
-- The clock that all workers share.
select clock_timestamp()

-- name: hold
-- Whether the lease is still ours; locks the row until the transaction ends.
select true from savvycal._work where account = $1 and job = $2 and kind = $3 and key = $4 and lease_token = $5 for update

-- name: forget
-- Done and nothing planned: the row goes, unless somebody asked meanwhile.
delete from savvycal._work
where account = $1 and job = $2 and kind = $3 and key = $4 and lease_token = $5 and requested_gen = $6

-- name: release
-- Done; the next run is planned for $7, or is due now if a request came meanwhile. If the planned one was to confirm what
-- this one wrote or did not find, the one that is due now comes too early for that, and gets the reason `unconfirmed`.
update savvycal._work
set done_gen = $6, attempts = 0, last_error = null, lease_token = null, lease_until = null, missing_since = $8,
    due_at = case when requested_gen > $6 then clock_timestamp() else $7 end,
    priority = case when requested_gen > $6 then priority else $9 end,
    reasons = case when requested_gen <= $6 then array[$10::text]
      else array_remove(array_remove(reasons, 'confirm'), 'unconfirmed')
        || case when $10 = 'confirm' or ($7 is not null and 'unconfirmed' = any (reasons)) then '{unconfirmed}'::text[]
           else '{}' end end
where account = $1 and job = $2 and kind = $3 and key = $4 and lease_token = $5

-- name: postpone
-- Failed: due again after $7 seconds; a dead letter when $8; an attempt that does not count ($9) is taken back; first found
-- missing at $10, null when it was seen to be there. The request stays open. Who asked meanwhile (after generation $11)
-- gets a try of their own, and soon. Answers whether it is a dead letter.
update savvycal._work
set attempts = case when $9 then attempts else greatest(attempts - 1, 0) end, last_error = $6, lease_token = null, lease_until = null,
    due_at = clock_timestamp() + make_interval(secs => case when requested_gen > $11 then least($7, 5) else $7 end),
    dead_lettered_at = case when $8 and requested_gen = $11 then clock_timestamp() end, missing_since = $10
where account = $1 and job = $2 and kind = $3 and key = $4 and lease_token = $5
returning dead_lettered_at is not null

-- name: give_back
-- Its time slice is over: it may be claimed at once, and the attempt does not count.
update savvycal._work set lease_token = null, lease_until = null, attempts = greatest(attempts - 1, 0)
where account = $1 and job = $2 and kind = $3 and key = $4 and lease_token = $5

-- name: give_back_all
-- Stopped in the middle (shutdown): the same for all items under a lease.
update savvycal._work
set lease_token = null, lease_until = null, attempts = greatest(attempts - 1, 0)
where lease_token = $1

-- name: is_any_due
-- Whether work of a job could be claimed now.
select exists (
  select from (
    select distinct account, kind from unnest($1::text[], $2::text[]) as a (account, kind)
    where (account, kind) not in (select account, kind from savvycal._paused)) asked
  cross join lateral (
    select from savvycal._work w
    where w.account = asked.account and w.job = $3 and w.kind = asked.kind
      and w.dead_lettered_at is null and w.due_at <= (select clock_timestamp())
      and (w.lease_until is null or w.lease_until < clock_timestamp())
    order by w.priority, w.due_at limit 1) d)

-- name: open_work
-- What is open, for people, of an account, kind and reason where they are given: dead letters first, then by priority.
select account, job, kind, savvycal._work_name(job, kind, key) as name, priority, reasons, requested_gen, done_gen, due_at, attempts,
  last_error, lease_until, dead_lettered_at
from savvycal._work
where ($2::text is null or account = $2) and ($3::text is null or kind = $3) and ($4::text is null or $4 = any (reasons))
order by dead_lettered_at nulls last, priority, due_at limit $1

-- name: retry
-- Tries dead letters of an account again: those of a name, kind and reason where they are given.
update savvycal._work set dead_lettered_at = null, attempts = 0, due_at = clock_timestamp()
where account = $1 and dead_lettered_at is not null
  and ($2::text is null or case job when 'object' then key else savvycal._work_name(job, kind, key) end = $2)
  and ($3::text is null or kind = $3) and ($4::text is null or $4 = any (reasons))

-- name: discard
-- Gives up work of an account that nobody holds: that of a name, kind and reason where they are given. Answers who waits
-- for an object. What a scan had seen is deleted with it, and its run ends as failed; a standing window is scanned again
-- when it is due.
with discarded as (
  delete from savvycal._work
  where account = $1 and ($2::text is null or case job when 'object' then key else savvycal._work_name(job, kind, key) end = $2)
    and ($3::text is null or kind = $3) and ($4::text is null or $4 = any (reasons))
    and (lease_until is null or lease_until < clock_timestamp())
  returning account, job, kind, key, requested_gen
), position as (
  delete from savvycal._scans p using discarded d
  where d.job = 'scan' and (p.account, p.product, p.window_name) = (d.account, savvycal._product(d.kind), d.key)
  returning p.account, p.product, p.window_name, p.run_id
), seen as (
  delete from savvycal._scan_seen s using position p
  where (s.account, s.product, s.window_name) = (p.account, p.product, p.window_name)
), run as (
  update savvycal.runs r set finished_at = clock_timestamp(), result = 'failed', error = 'discarded'
  from position p where r.account = p.account and r.id = p.run_id and r.finished_at is null
)
select d.key, case when d.job = 'object' then
  savvycal._settle_tickets(d.account, d.kind, d.key, d.requested_gen, 'dead letter', 'discarded by a person', null) end
from discarded d

-- name: lock_tombstones
-- One transaction at a time writes tombstones of an account and kind, so that their number is exact.
select pg_advisory_xact_lock(hashtextextended('savvycal:deleted:' || $1 || ':' || $2, 0))

-- name: deleted_lately
-- Tombstones of the last hour, and how many objects are stored: the delete guard compares them.
select count(*) filter (where deleted_at > clock_timestamp() - interval '1 hour') as deleted, count(*) as stored
from {table} where account = $1
