-- name: request
-- Asks for a look at one object. A request while it is being worked on raises the generation: one more run follows.
select savvycal._request($1, $2, $3, $4, $5, clock_timestamp())

-- name: plan
-- Plans the next look at objects that are not settled, in the order of ids: that of Python, in which everybody locks.
-- A look that is due sooner stays; one that was to confirm a change comes too early for it now, and says so.
insert into savvycal._work as t (account, kind, id, requested_gen, done_gen, due_at, priority, reasons)
select $1, $2, n.id, 0, 0, n.due_at, $5, '{watch}' from unnest($3::text[], $4::timestamptz[]) as n (id, due_at)
order by n.id collate "C"
on conflict on constraint work_pkey do update
set due_at = excluded.due_at, reasons = array_replace(t.reasons, 'confirm', 'unconfirmed')
where t.due_at > excluded.due_at

-- name: plan_others
-- The same for objects that are locked already: to wait for a target that somebody has locked would be a deadlock, and
-- whoever has it is about to write. A look that is under way may have begun before: one more follows it.
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
-- Takes due objects under a lease, most wanted first, and gives each its fence. Counts the attempt at its start, so
-- that an object that kills its worker is dead_lettered in the end. Takes along since when it is missing: a look that ends with
-- its worker may have seen it, so it leaves no proof of absence behind.
with due as (
  select account, kind, id, missing_since from savvycal._work
  where dead_lettered_at is null and due_at <= clock_timestamp()
    and (account, kind) in (select * from unnest($1::text[], $5::text[]))
    and (lease_until is null or lease_until < clock_timestamp())
  order by priority, due_at limit $2 for update skip locked
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
-- Done; the next look is planned for $6, or is due now when somebody asked meanwhile. If that look was to confirm what
-- this one wrote, or did not find, the one that is due now comes too early for it, and says so.
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

-- name: due_count
-- How many objects are due now.
select count(*) from savvycal._work
where dead_lettered_at is null and due_at <= clock_timestamp()
  and (account, kind) in (select * from unnest($1::text[], $2::text[]))
  and (lease_until is null or lease_until < clock_timestamp())

-- name: open_work
-- What is open, for people: dead_lettered first, then the most wanted.
select account, kind, id, priority, reasons, requested_gen, done_gen, due_at, attempts, last_error, lease_until, dead_lettered_at
from savvycal._work order by dead_lettered_at nulls last, priority, due_at limit $1

-- name: retry
-- Tries dead_lettered objects of an account again: all, or one.
update savvycal._work set dead_lettered_at = null, attempts = 0, due_at = clock_timestamp()
where account = $1 and dead_lettered_at is not null and ($2::text is null or id = $2)

-- name: discard
-- Gives up what was asked about one object, and tells who waits for it.
with discarded as (
  delete from savvycal._work
  where account = $1 and id = $2 and (lease_until is null or lease_until < clock_timestamp()) returning account, kind, id, requested_gen
)
select d.id, savvycal._settle_tickets(d.account, d.kind, d.id, d.requested_gen, 'dead letter', 'discarded by a person', null)
from discarded d

-- name: lock_tombstones
-- One tombstone at a time for an account and kind, so that their number can be believed.
select pg_advisory_xact_lock(hashtextextended('savvycal:deleted:' || $1 || ':' || $2, 0))

-- name: event_deleted_lately
-- Tombstones of the last hour, and how many events are stored: too many at once are not believed.
select count(*) filter (where deleted_at > clock_timestamp() - interval '1 hour') as deleted, count(*) as stored
from savvycal.events where account = $1

-- name: appointment_deleted_lately
-- The same for appointments.
select count(*) filter (where deleted_at > clock_timestamp() - interval '1 hour') as deleted, count(*) as stored
from savvycal.appointments where account = $1
