-- name: suppression
-- The key of an account's suppression list, locked against a rotation.
select key_id, sealed from savvycal._suppression_keys where account = $1

-- name: put_suppression
-- Made at the first erasure; the first one stays.
insert into savvycal._suppression_keys (account, key_id, sealed) values ($1, $2, $3) on conflict do nothing

-- name: outdated_suppression
-- Keys of suppression lists that another key than the first one sealed.
select account, key_id, sealed from savvycal._suppression_keys where key_id <> $1 for update

-- name: reseal_suppression
-- The same key under another one.
update savvycal._suppression_keys set key_id = $2, sealed = $3 where account = $1

-- name: hold
-- Taken by a transaction that writes what was read: beside others of its kind, but never beside an erasure.
select pg_advisory_xact_lock_shared(hashtextextended('savvycal:erase:' || $1, 0))

-- name: is_mirrored
-- Whether anything was ever read of an account.
select exists (select from savvycal.coverage where account = $1) or exists (select from savvycal.snapshots where account = $1)

-- name: lock
-- Taken by an erasure: waits for transactions that write what was read, and keeps new ones out.
select pg_advisory_xact_lock(hashtextextended('savvycal:erase:' || $1, 0))

-- name: erased_count
-- How many people were erased from an account.
select count(*) from savvycal._suppressed where account = $1

-- name: suppressed
-- Everybody who was erased from an account.
select keyed_hash from savvycal._suppressed where account = $1

-- name: suppress
-- One more.
insert into savvycal._suppressed (account, keyed_hash, erased_at) values ($1, $2, savvycal._now()) on conflict do nothing

-- name: snapshots_with
-- Versions whose document holds one of these texts, locked.
select kind, id, version, body,
  version = case kind when 'event' then (select e.version from savvycal.events e where (e.account, e.id) = (s.account, s.id))
    when 'appointment' then (select a.version from savvycal.appointments a where (a.account, a.id) = (s.account, s.id))
    when 'link' then (select l.version from savvycal.links l where (l.account, l.id) = (s.account, s.id)) end as is_current
from savvycal.snapshots s
where account = $1 and (lower(body::text) like any ($2::text[]) or body::text ~ $3)
order by kind, id, version for update

-- name: blank_reasons
-- Reasons of these objects and of their meetings, and any that holds one of these texts: nobody knows the name in them.
update savvycal.transitions t set reason = null
where account = $1 and reason is not null
  and (lower(reason) like any ($4::text[]) or reason ~ $5 or exists (
    select from unnest($2::text[], $3::text[]) as n (kind, id)
    where (t.kind, t.id) = (n.kind, n.id) or t.kind = 'meeting' and exists (
      select from savvycal.meetings m where m.account = $1 and m.id = t.id and coalesce(m.event_id, m.appointment_id) = n.id)))

-- name: rewrite_snapshot
-- The version without the person.
update savvycal.snapshots set body = $5 where account = $1 and kind = $2 and id = $3 and version = $4

-- name: rewrite_meeting
-- A meeting without the person, where it still holds what that version held.
update savvycal.meetings set conferencing_provider = $7, external_meeting_id = $8, join_url = $9, error_message = $10
where account = $1 and id = $2
  and (conferencing_provider, external_meeting_id, join_url, error_message) is not distinct from ($3, $4, $5, $6)

-- name: meetings_with
-- Meetings that still hold one of these texts although no version does, because history is kept for some days only.
select id, conferencing_provider, external_meeting_id, join_url, error_message from savvycal.meetings,
  concat_ws(' ', external_meeting_id, join_url, error_message) as said
where account = $1 and (lower(said) like any ($2::text[]) or said ~ $3) for update of meetings

-- name: quarantine_with
-- Unreadable records that hold one of these texts.
select kind, id, body from savvycal.quarantine
where account = $1 and (lower(body::text) like any ($2::text[]) or body::text ~ $3) for update

-- name: rewrite_quarantine
-- The record without the person.
update savvycal.quarantine set body = $4 where account = $1 and kind = $2 and id = $3

-- name: has_deliveries
-- Whether this schema has webhook deliveries.
select to_regclass('savvycal.webhook_deliveries') is not null

-- name: deliveries_with
-- Deliveries whose payload holds one of these texts.
select ctid::text as place, body from savvycal.webhook_deliveries
where account = $1 and (lower(body::text) like any ($2::text[]) or body::text ~ $3) for update

-- name: rewrite_delivery
-- The delivery without the person.
update savvycal.webhook_deliveries set body = $2 where ctid = $1::text::tid

-- name: object_count
-- Objects of an account: how much of it an erasure takes along.
select (select count(*) from savvycal.events where account = $1) + (select count(*) from savvycal.appointments where account = $1)
