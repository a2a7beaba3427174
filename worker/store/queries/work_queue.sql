-- name: request
-- Requests a reconcile of one object. A request during a reconcile raises the generation: one more reconcile follows.
select savvycal._request($1, $2, $3, $4, $5, clock_timestamp())

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
  select from savvycal._work where account = $1 and kind = $2 and missing_since is not null limit $3) missing

-- name: plan
-- Plans the next reconcile of objects in progress, in the order of ids: that of Python, in which everybody locks. One that
-- is due sooner stays. One that is due later is moved forward; if it was to confirm a change, it comes too early for that,
-- and its reason becomes `unconfirmed`.
insert into savvycal._work as t (account, kind, id, requested_gen, done_gen, due_at, priority, reasons)
select $1, $2, n.id, 0, 0, n.due_at, $5, '{watch}' from unnest($3::text[], $4::timestamptz[]) as n (id, due_at)
order by n.id collate "C"
on conflict on constraint work_pkey do update
set due_at = excluded.due_at, reasons = array_replace(t.reasons, 'confirm', 'unconfirmed')
where t.due_at > excluded.due_at

-- name: plan_others
-- The same for objects that are locked already: to wait for a work item that somebody has locked would be a
-- deadlock, and its owner is about to write. A reconcile that is running may have begun before: one more follows it.
with held as (
  select t.account, t.kind, t.id, n.due_at from unnest($3::text[], $4::timestamptz[]) as n (id, due_at)
  join savvycal._work t on (t.account, t.kind, t.id) = ($1, $2, n.id) for update of t skip locked
), sooner as (
  update savvycal._work t
  set due_at = least(t.due_at, held.due_at),
      requested_gen = t.requested_gen + coalesce(t.lease_until > clock_timestamp(), false)::integer, attempts = 0
  from held where (t.account, t.kind, t.id) = (held.account, held.kind, held.id)
)
insert into savvycal._work as t (account, kind, id, requested_gen, done_gen, due_at, priority, reasons)
select $1, $2, n.id, 0, 0, n.due_at, $5, '{watch}' from unnest($3::text[], $4::timestamptz[]) as n (id, due_at)
order by n.id collate "C"
on conflict on constraint work_pkey do nothing

-- name: plan_meetings
-- Asks for appointments by id, because lists do not show their meetings: in the manner of plan_others, and sooner than
-- what is planned for them already.
with held as (
  select t.account, t.kind, t.id, n.due_at from unnest($2::text[], $3::timestamptz[]) as n (id, due_at)
  join savvycal._work t on (t.account, t.kind, t.id) = ($1, 'appointment', n.id) for update of t skip locked
), sooner as (
  update savvycal._work t
  set due_at = least(t.due_at, held.due_at), reasons = array_remove(t.reasons, 'meeting') || '{meeting}'::text[],
      requested_gen = t.requested_gen + coalesce(t.lease_until > clock_timestamp(), false)::integer
  from held where (t.account, t.kind, t.id) = (held.account, held.kind, held.id)
)
insert into savvycal._work (account, kind, id, due_at, priority, reasons)
select $1, 'appointment', n.id, n.due_at, $4, '{meeting}' from unnest($2::text[], $3::timestamptz[]) as n (id, due_at)
order by n.id collate "C"
on conflict on constraint work_pkey do nothing

-- name: claim
-- Takes due objects under a lease and gives each its fence: of each account ($1) its most wanted, as many as $5 allows.
-- Counts the attempt at its start, so that an object that kills its worker becomes a dead letter in the end. Takes along
-- since when it is missing: a reconcile that ends with its worker may have seen it, so it leaves no proof of absence.
with asked as (
  select account, array_agg(kind) as kinds, min(places) as places
  from unnest($1::text[], $2::text[], $5::integer[]) as a (account, kind, places)
  where (account, kind) not in (select account, kind from savvycal._paused) group by account
), due as (
  select d.* from asked cross join lateral (
    select w.account, w.kind, w.id, w.missing_since from savvycal._work w
    where w.account = asked.account and w.kind = any (asked.kinds)
      and w.dead_lettered_at is null and w.due_at <= clock_timestamp()
      and (w.lease_until is null or w.lease_until < clock_timestamp())
    order by w.priority, w.due_at limit asked.places for update skip locked) d
)
update savvycal._work t
set lease_token = $3, lease_until = clock_timestamp() + make_interval(secs => $4), attempts = t.attempts + 1,
    missing_since = null
from due where (t.account, t.kind, t.id) = (due.account, due.kind, due.id)
returning t.account, t.kind, t.id, t.requested_gen, t.attempts, t.priority, t.reasons, due.missing_since,
  clock_timestamp() as claimed_at, nextval('savvycal._fence') as fence

-- name: now
-- The clock that all workers share.
select clock_timestamp()

-- name: hold
-- Whether the lease is still ours; locks the row until the transaction ends.
select true from savvycal._work where account = $1 and kind = $2 and id = $3 and lease_token = $4 for update

-- name: forget
-- Done and nothing planned: the row goes, unless somebody asked meanwhile.
delete from savvycal._work
where account = $1 and kind = $2 and id = $3 and lease_token = $4 and requested_gen = $5

-- name: release
-- Done; the next reconcile is planned for $6, or is due now if a request came meanwhile. If the planned one was to confirm
-- what this one wrote or did not find, the one that is due now comes too early for that, and gets the reason `unconfirmed`.
update savvycal._work
set done_gen = $5, attempts = 0, last_error = null, lease_token = null, lease_until = null, missing_since = $7,
    due_at = case when requested_gen > $5 then clock_timestamp() else $6 end,
    priority = case when requested_gen > $5 then priority else $8 end,
    reasons = case when requested_gen <= $5 then array[$9::text]
      else array_remove(array_remove(reasons, 'confirm'), 'unconfirmed')
        || case when $9 = 'confirm' or ($6 is not null and 'unconfirmed' = any (reasons)) then '{unconfirmed}'::text[]
           else '{}' end end
where account = $1 and kind = $2 and id = $3 and lease_token = $4

-- name: postpone
-- Failed: due again after $6 seconds; dead_lettered when $7; an attempt that does not count ($8) is taken back; first found
-- missing at $9, null when it was seen to be there. The request stays open. Who asked meanwhile (after generation $10)
-- gets a try of their own, and soon.
update savvycal._work
set attempts = case when $8 then attempts else greatest(attempts - 1, 0) end, last_error = $5, lease_token = null, lease_until = null,
    due_at = clock_timestamp() + make_interval(secs => case when requested_gen > $10 then least($6, 5) else $6 end),
    dead_lettered_at = case when $7 and requested_gen = $10 then clock_timestamp() end, missing_since = $9
where account = $1 and kind = $2 and id = $3 and lease_token = $4

-- name: give_back
-- Stopped in the middle (shutdown): due at once for the next worker, and the attempt does not count.
update savvycal._work
set lease_token = null, lease_until = null, attempts = greatest(attempts - 1, 0)
where lease_token = $1

-- name: is_any_due
-- Whether an object could be claimed now.
select exists (select from savvycal._work
  where dead_lettered_at is null and due_at <= clock_timestamp()
    and (account, kind) in (select * from unnest($1::text[], $2::text[])) and (account, kind) not in (select account, kind from savvycal._paused)
    and (lease_until is null or lease_until < clock_timestamp()))

-- name: open_work
-- What is open, for people, of an account, kind and reason where they are given: dead letters first, then by priority.
select account, kind, id, priority, reasons, requested_gen, done_gen, due_at, attempts, last_error, lease_until, dead_lettered_at
from savvycal._work
where ($2::text is null or account = $2) and ($3::text is null or kind = $3) and ($4::text is null or $4 = any (reasons))
order by dead_lettered_at nulls last, priority, due_at limit $1

-- name: retry
-- Tries dead letters of an account again: those of an id, kind and reason where they are given.
update savvycal._work set dead_lettered_at = null, attempts = 0, due_at = clock_timestamp()
where account = $1 and dead_lettered_at is not null and ($2::text is null or id = $2)
  and ($3::text is null or kind = $3) and ($4::text is null or $4 = any (reasons))

-- name: discard
-- Gives up what was asked about objects of an account: those of an id, kind and reason where they are given. Answers who
-- waits for it.
with discarded as (
  delete from savvycal._work
  where account = $1 and ($2::text is null or id = $2)
    and ($3::text is null or kind = $3) and ($4::text is null or $4 = any (reasons))
    and (lease_until is null or lease_until < clock_timestamp())
  returning account, kind, id, requested_gen
)
select d.id, savvycal._settle_tickets(d.account, d.kind, d.id, d.requested_gen, 'dead letter', 'discarded by a person', null)
from discarded d

-- name: lock_tombstones
-- One transaction at a time writes tombstones of an account and kind, so that their number is exact.
select pg_advisory_xact_lock(hashtextextended('savvycal:deleted:' || $1 || ':' || $2, 0))

-- name: deleted_lately
-- Tombstones of the last hour, and how many objects are stored: the delete guard compares them.
select count(*) filter (where deleted_at > clock_timestamp() - interval '1 hour') as deleted, count(*) as stored
from {table} where account = $1
