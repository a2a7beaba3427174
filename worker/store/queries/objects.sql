-- name: fences
-- Taken before the requests they belong to are sent; what is written under one is overwritten under a later one only.
select nextval('savvycal._fence') from generate_series(1, $1)

-- name: advance_fence_sequence
-- Fences go on from a later one that a row carries, at most a million at once; whether there was one. By nextval, which
-- never goes back, whoever else takes a fence meanwhile.
select count(nextval('savvycal._fence')) > 0 from generate_series(1, least($1 - (
  select coalesce(last_value, 0) from pg_sequences where schemaname = 'savvycal' and sequencename = '_fence'), 1000000))

-- name: unlike
-- Which of these objects are not stored with these bytes: only they are worth decoding. One lookup by the primary key for
-- each (LIMIT keeps it so): before there are statistics, «= any» was answered by reading the whole account (measured).
-- What waits in the quarantine is worth it, too, even when it reads as stored: that is what ends its waiting.
select n.id, case when q.id is null then o.raw_hash end as raw_hash from unnest($2::text[], $3::bytea[]) as n (id, raw_hash)
left join lateral (
  select s.raw_hash from {table} s where s.account = $1 and s.id = n.id and s.deleted_at is null limit 1) as o on true
left join savvycal.quarantine q on (q.account, q.kind, q.id) = ($1, '{kind}', n.id) and q.resolved_at is null
where o.raw_hash is distinct from n.raw_hash or q.id is not null

-- name: stored
-- What decide() compares with, locked in the order given (of ids), so that two workers never wait for each other in a
-- circle. Each by its primary key, as above.
select o.id, {state} as state, o.version, o.fence, o.raw_hash, o.content_hash, o.transition_seq,
  o.deleted_at is not null as deleted, {updated_at} as updated_at
from unnest($2::text[]) as n (id)
cross join lateral (
  select * from {table} s where s.account = $1 and s.id = n.id limit 1 for update) as o

-- name: raw_hashes
-- The bytes as served last; nothing else changes.
update {table} o set raw_hash = n.raw_hash from unnest($2::text[], $3::bytea[]) as n (id, raw_hash)
where o.account = $1 and o.id = n.id and o.raw_hash <> n.raw_hash

-- name: bodies
-- Their bodies at these versions. A statement of its own: one that had to wait for a lock sees the snapshots of before
-- its wait, and so not the one that was written meanwhile.
select n.id, o.body from unnest($3::text[], $4::int[]) as n (id, version)
cross join lateral (
  select body from savvycal.snapshots s
  where s.account = $1 and s.kind = $2 and s.id = n.id and s.version = n.version limit 1) as o

-- name: meetings
-- The meetings of these objects, former ones included; that of an event carries the event's own id.
select m.*, m.{parent} as object_id from unnest($2::text[]) as n (id)
cross join lateral (
  select * from savvycal.meetings where account = $1 and {meeting_key} = n.id and {parent} is not null offset 0) as m

-- name: lock_new
-- One writer of new objects at a time for an account and kind: two windows that overlap meet over the same new object.
select pg_advisory_xact_lock(hashtextextended('savvycal:' || $1 || ':' || $2, 0))

-- name: retire_meeting
-- A meeting that another one replaced, or that its object no longer carries.
update savvycal.meetings set is_current = false, replaced_by = $3, changed_at = $4 where account = $1 and id = $2

-- name: update_meeting
-- A known meeting as seen now.
update savvycal.meetings
set status = $3, phase = $4, conferencing_provider = $5, external_meeting_id = $6, join_url = $7, error_message = $8,
    has_host_url = $9, has_password = $10, is_current = true, replaced_by = null, transition_seq = $11, changed_at = $12
where account = $1 and id = $2

-- name: deleted
-- A deletion is a change: row, version, transition and feed move together; the last body stays.
with deleted as (
  update {table} o
  set deleted_at = $3, deleted_reason = $4, fence = $5, version = version + 1,
      transition_seq = transition_seq + {has_lifecycle}::integer, changed_at = greatest(changed_at, $3)
  where account = $1 and id = $2 and deleted_at is null and fence < $5
  returning o.account, '{kind}' as kind, o.id, {state} as status, o.version, o.transition_seq
), snapshot as (
  insert into savvycal.snapshots (account, kind, id, version, observed_at, via, is_deleted, changed_fields, body)
  select d.account, d.kind, d.id, d.version, $3, $6, true, array['deleted_at'], coalesce(s.body, '{}') from deleted d
  left join savvycal.snapshots s on (s.account, s.kind, s.id, s.version) = (d.account, d.kind, d.id, d.version - 1)
), edge as (
  insert into savvycal.transitions (account, kind, id, seq, from_status, to_status, label, observed_at, via, version, reason)
  select account, kind, id, transition_seq, status, 'deleted', 'direct', $3, $6, version, $4 from deleted where {has_lifecycle}
), change as (
  insert into savvycal._unpublished_changes (account, kind, id, version, change, changed_at)
  select account, kind, id, version, 'deleted', $3 from deleted
)
select version from deleted

-- name: retire_meetings
-- The meetings of a deleted object are current no more.
update savvycal.meetings m set is_current = false, changed_at = $3 where m.account = $1 and m.{meeting_key} = $2 and m.is_current

-- name: fence
-- The fence under which the object was last written.
select fence from {table} where account = $1 and id = $2

-- name: known
-- When a stored object last changed, as far as it is there.
select changed_at from {table} where account = $1 and id = $2 and deleted_at is null

-- name: quarantine
-- Keeps what can be kept of a record that cannot be read; seen again, it counts up.
insert into savvycal.quarantine as q
  (account, kind, id, reason, attempts, first_seen_at, last_seen_at, byte_count, body)
values ($1, $2, $3, $4, 1, $5, $5, $6, $7)
on conflict on constraint quarantine_pkey do update
set reason = excluded.reason, attempts = q.attempts + 1, last_seen_at = excluded.last_seen_at, resolved_at = null,
    byte_count = excluded.byte_count, body = excluded.body

-- name: resolve_quarantine
-- A readable version arrived.
update savvycal.quarantine set resolved_at = $4
where account = $1 and kind = $2 and id = any ($3::text[]) and resolved_at is null
