-- name: now
-- The clock that all facts are compared with, and whether the server takes writes.
select clock_timestamp() as now, current_setting('transaction_read_only') = 'on' or pg_is_in_recovery() as is_read_only

-- name: upstreams
-- How SavvyCal answered last. What nobody renews belongs to an account that is not configured any more.
select account, product, observed_at, cause, since, error, cooldown_until from savvycal._upstream
where observed_at > clock_timestamp() - interval '10 minutes' order by account, product

-- name: windows
-- Each window of what is configured: how fresh it is, whether somebody scans it, and since when its scans are suspect.
select c.account, c.product, c.window_name, c.complete_as_of, c.next_due_at, c.interval_seconds, c.is_paused,
       exists (select from savvycal._work w where (w.account, w.job, w.key) = (c.account, 'scan', c.window_name)
         and savvycal._product(w.kind) = c.product and w.lease_until > clock_timestamp() - interval '1 minute') as is_scanning,
       (select string_agg(format('%s to %s', coalesce(m ->> 'first', 'the beginning'), coalesce(m ->> 'last', 'the end')), '; ')
          from jsonb_array_elements(c.missing) m) as missing,
       (select min(r.finished_at) from savvycal.runs r
         where r.account = c.account and r.product = c.product and r.window_name = c.window_name and r.result = 'suspect'
           and r.started_at > greatest(c.complete_as_of, clock_timestamp() - interval '1 day')) as suspect_since
from savvycal._windows c order by c.account, c.product, c.next_due_at

-- name: paused
-- Configured accounts with the products of theirs that a person paused.
select account, array_agg(product order by product) as products, min(paused_at) as since
from savvycal.accounts where state = 'paused' group by account

-- name: dead_letters
-- Objects and scans that wait for a person.
select account, count(*) as count, min(dead_lettered_at) as since from savvycal._work where dead_lettered_at is not null group by 1

-- name: quarantined
-- Records that wait for a readable version.
select account, count(*) as count, min(first_seen_at) as since from savvycal.quarantine where resolved_at is null group by 1

-- name: credentials_overdue
-- Credentials that a worker should have deleted by now.
select account, count(*) as count, min(purge_at) + $1::interval as since from savvycal._meeting_secrets
where purge_at <= savvycal._now() - $1::interval group by 1

-- name: audit_differences
-- What the audits of the last hour found.
select account, sum(rows_differing)::bigint as count, min(started_at) as since from savvycal.runs
where job = 'audit' and started_at > clock_timestamp() - interval '1 hour' and rows_differing > 0
group by 1 having sum(rows_differing) > $1

-- name: feeds_held_back
-- Changes that are stored and have no place in the feed yet.
select account, count(*) as count, min(changed_at) + $1::interval as since from savvycal._unpublished_changes
group by 1 having min(changed_at) < clock_timestamp() - $1::interval

-- name: record_upstream
-- How a product answered a process: the newest answer of all processes counts. Ages are in seconds.
insert into savvycal._upstream as u (account, product, observed_at, cause, since, error, cooldown_until)
values ($1, $2, clock_timestamp() - make_interval(secs => $3), $4, clock_timestamp() - make_interval(secs => $5), $6,
  clock_timestamp() + make_interval(secs => $7))
on conflict on constraint upstream_pkey do update
set observed_at = excluded.observed_at, cause = excluded.cause, error = excluded.error,
    since = case when u.cause = excluded.cause then u.since else excluded.since end,
    cooldown_until = coalesce(excluded.cooldown_until, u.cooldown_until)
where excluded.observed_at > u.observed_at

-- name: claim_probe
-- Whether this process is to ask a product that nobody heard of for so many seconds: one process of all does. What is
-- paused is not asked.
insert into savvycal._upstream as u (account, product, observed_at, probed_at)
select $1, $2, 'epoch', clock_timestamp() where ($1, $2) not in (select account, product from savvycal._paused)
on conflict on constraint upstream_pkey do update set probed_at = clock_timestamp()
where greatest(u.observed_at, u.probed_at) < clock_timestamp() - make_interval(secs => $3)
returning true

-- name: try_lock
-- One process at a time records problems, so that none ends what another has just begun.
select pg_try_advisory_xact_lock(hashtextextended('savvycal:problems', 0))

-- name: begin
-- Problems that hold; those that are new come back as such.
insert into savvycal._problems as p (cause, scope, severity, since, seen_at, sentence, next_step)
select n.cause, n.scope, n.severity, n.since, clock_timestamp(), n.sentence, n.next_step
from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[])
  as n (cause, scope, severity, since, sentence, next_step)
on conflict on constraint problems_pkey do update
set seen_at = clock_timestamp(), sentence = excluded.sentence, next_step = excluded.next_step
returning p.cause, p.scope, p.since, p.xmax = 0 as is_new

-- name: end
-- Problems of the accounts ($4) that hold no more. What a process sees for itself ends when none has seen it for half a minute,
-- and so do problems of accounts that no process follows.
delete from savvycal._problems p
where not exists (select from unnest($1::text[], $2::text[]) n (cause, scope) where (n.cause, n.scope) = (p.cause, p.scope))
  and (not p.cause = any ($3::text[]) and split_part(p.scope, '/', 1) = any (array_append($4::text[], ''))
    or p.seen_at < clock_timestamp() - interval '30 seconds')
returning p.cause, p.scope, p.since, extract(epoch from clock_timestamp() - p.since)::float8 as lasted_seconds

-- name: known
-- Since when each problem holds.
select cause, scope, since from savvycal._problems
