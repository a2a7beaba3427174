-- name: work
-- The work queue: what is due, in progress and dead, and how old the oldest due item is. What is paused or not configured
-- any more is left out, as nobody is to do it.
select count(*) filter (where lease_until is null or lease_until <= clock_timestamp()) as due,
       count(*) filter (where lease_until > clock_timestamp()) as in_progress,
       (select count(*) from savvycal._work where dead_lettered_at is not null) as dead_letter,
       coalesce(extract(epoch from clock_timestamp() - min(due_at)
         filter (where lease_until is null or lease_until <= clock_timestamp())), 0)::float8 as oldest_due_seconds
from savvycal._work where job = 'object' and dead_lettered_at is null and due_at <= clock_timestamp()
  and (account, kind) not in (
    select a.account, case a.product when 'meetings' then 'event' else rtrim(a.product, 's') end from savvycal.accounts a where a.state <> 'synced')

-- name: runs
-- The runs of the last hour, by job and result.
select account, product, job, result, count(*) as runs, coalesce(sum(rows_read), 0)::bigint as rows_read,
       coalesce(sum(rows_differing), 0)::bigint as rows_differing,
       coalesce(max(extract(epoch from coalesce(finished_at, clock_timestamp()) - started_at)), 0)::float8 as longest_seconds
from savvycal.runs where started_at > clock_timestamp() - interval '1 hour' group by 1, 2, 3, 4

-- name: versions
-- The versions written in the last hour, by what led to them; a backfill's are left out.
select account, kind, via, count(*) as versions from savvycal.snapshots
where via <> 'backfill' and account = any ($1::text[]) and kind = any ($2::text[])
  and observed_at > clock_timestamp() - interval '1 hour' group by 1, 2, 3

-- name: stuck
-- Meetings ahead whose conferencing does not come.
select account, count(*) as meetings from savvycal.stuck_meetings group by 1

-- name: drift
-- What SavvyCal sends that no documentation names.
select account, count(*) as names from savvycal.drift group by 1

-- name: credentials
-- Credentials that are stored, and those past their date.
select account, count(*) as stored, count(*) filter (where purge_at <= savvycal._now()) as overdue from savvycal._meeting_secrets group by 1

-- name: changes
-- The changes of each minute of the last hour that had some; 59 is the current minute. Only the newest 5,000 changes are read, so
-- that a busy feed costs no more.
select 59 - floor(extract(epoch from clock_timestamp() - changed_at) / 60)::integer as minute, count(*) as changes
from (select changed_at from savvycal.changes order by position desc limit 5000) c
where changed_at > clock_timestamp() - interval '1 hour' group by 1 order by 1
