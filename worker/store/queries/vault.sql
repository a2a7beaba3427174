-- name: heads
-- Which of these appointments may still have a secret, and the keyed hash of the one that is stored.
select a.id, s.key_id, s.keyed_hash
from savvycal.appointments a
left join savvycal._meeting_secrets s on s.account = a.account and s.appointment_id = a.id
where a.account = $1 and a.id = any ($2::text[]) and a.deleted_at is null and a.end_at + interval '24 hours' > savvycal._now()

-- name: stored
-- What is sealed for these appointments; their rows in appointments are locked.
select appointment_id, meeting_id, key_id, keyed_hash, fence from savvycal._meeting_secrets
where account = $1 and appointment_id = any ($2::text[])

-- name: move
-- Rescheduled appointments: the date of their secrets moves with them.
update savvycal._meeting_secrets s set purge_at = n.end_at + interval '24 hours'
from unnest($2::text[], $3::timestamptz[]) as n (id, end_at)
where s.account = $1 and s.appointment_id = n.id and s.purge_at <> n.end_at + interval '24 hours'

-- name: put
-- A secret as read now, unless a later fence has written another, or its time is over already.
insert into savvycal._meeting_secrets as s
  (account, appointment_id, meeting_id, key_id, host_url, password, keyed_hash, fence, stored_at, purge_at)
select $1, $2, $3, $4, $5, $6, $7, $8, savvycal._now(), $9::timestamptz + interval '24 hours'
where $9::timestamptz + interval '24 hours' > savvycal._now()
on conflict on constraint meeting_secrets_pkey do update
set meeting_id = excluded.meeting_id, key_id = excluded.key_id, host_url = $5, password = $6,  -- excluded.* wants SELECT
    keyed_hash = excluded.keyed_hash, fence = excluded.fence, stored_at = excluded.stored_at, purge_at = excluded.purge_at
where s.fence < excluded.fence

-- name: drop
-- SavvyCal serves no credentials for these appointments any more, or they are deleted.
delete from savvycal._meeting_secrets where account = $1 and appointment_id = any ($2::text[]) and fence < $3

-- name: purge
-- Secrets past their date, a batch at a time.
delete from savvycal._meeting_secrets
where (account, appointment_id) in (
  select account, appointment_id from savvycal._meeting_secrets
  where purge_at <= savvycal._now() order by purge_at limit $1 for update skip locked
)

-- name: purge_due
-- Whether there is anything to purge.
select exists (select from savvycal._meeting_secrets where purge_at <= savvycal._now())

-- name: retain
-- Deletes old history; the function holds the rules.
select savvycal._retain($1, $2)

-- name: outdated
-- A batch of secrets that another key than the first one sealed.
select account, appointment_id, meeting_id, key_id, host_url, password from savvycal._meeting_secrets
where key_id <> $1 order by account, appointment_id limit $2 for update skip locked

-- name: reseal
-- The same secret under another key; its hash is left empty, so that the next read compares it again.
update savvycal._meeting_secrets set key_id = $3, host_url = $4, password = $5, keyed_hash = $6
where account = $1 and appointment_id = $2

-- name: outdated_count
-- How many secrets another key than the first one sealed.
select count(*) from savvycal._meeting_secrets where key_id <> $1

-- name: summary
-- How many secrets are stored.
select count(*) as stored, count(*) filter (where purge_at <= savvycal._now()) as past_their_date from savvycal._meeting_secrets
