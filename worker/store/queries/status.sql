-- name: counts
-- How many objects are in which phase.
select account, kind, phase, sum(objects)::bigint as objects from savvycal.lifecycle_counts group by 1, 2, 3 order by 1, 2, 3

-- name: windows
-- How fresh each window is.
select account, product, window_name, complete_as_of, extract(epoch from age)::float8 as age_seconds, row_count, next_due_at, last_result,
       (select a.state from savvycal.accounts a where (a.account, a.product) = (f.account, f.product)) as state,
       (select string_agg(format('%s to %s', coalesce(m ->> 'first', 'the beginning'), coalesce(m ->> 'last', 'the end')), '; ')
          from jsonb_array_elements(missing) m) as missing
from savvycal.freshness f order by account, product, next_due_at

-- name: scans
-- What is being scanned, and how far it has come.
select p.account, p.product, p.window_name, p.job, p.iteration, p.page, r.rows_read, r.rows_written, r.expected_rows, w.attempts,
       w.last_error, w.due_at, w.dead_lettered_at
from savvycal._scans p
join savvycal._work w on (w.account, w.job, w.key) = (p.account, 'scan', p.window_name) and savvycal._product(w.kind) = p.product
left join savvycal.runs r on r.account = p.account and r.id = p.run_id
order by w.priority, w.due_at

-- name: work
-- Open work on single objects.
select count(*) filter (where dead_lettered_at is null and due_at <= clock_timestamp()) as due,
       count(*) filter (where dead_lettered_at is null and due_at > clock_timestamp()) as planned,
       count(*) filter (where dead_lettered_at is not null) as dead_lettered,
       (select last_error from savvycal._work where job = 'object' and last_error is not null order by due_at desc limit 1) as last_error
from savvycal._work where job = 'object'

-- name: recent_problems
-- What went wrong last.
select job, product, window_name, result, error, finished_at from savvycal.runs
where result in ('failed', 'suspect', 'partial') order by started_at desc limit 5

-- name: quarantined
-- Records that wait for a readable version.
select kind, id, reason, attempts, last_seen_at from savvycal.quarantine where resolved_at is null order by last_seen_at desc limit 5

-- name: quarantined_count
-- How many.
select count(*) from savvycal.quarantine where resolved_at is null

-- name: drift
-- What SavvyCal sends that its documentation does not name.
select kind, what, name, objects from savvycal.drift order by objects desc limit 10

-- name: live
-- One line for the terminal.
select (select count(*) from savvycal.events where deleted_at is null) as events,
       (select count(*) from savvycal.appointments where deleted_at is null) as appointments,
       m.meetings, m.in_progress,
       (select count(*) from savvycal.transitions) as transitions,
       (select count(*) from savvycal._work where job = 'scan' and dead_lettered_at is null) as scans,
       (select count(*) from savvycal._work where job = 'object' and dead_lettered_at is null and due_at <= clock_timestamp()) as due
from (
  select count(*) as meetings,
         count(*) filter (where m.status in ('pending', 'failed', 'update_pending', 'cancel_pending')) as in_progress
  from savvycal.meetings m where m.is_current) m

-- name: last_transition
-- The newest edge, for the live line.
select kind, id, from_status, to_status, observed_at from savvycal.transitions
where label <> 'initial' order by observed_at desc limit 1

-- name: progress
-- The longest scan that runs, for the progress bar: rows of its current iteration against what is announced or stored.
select p.product, p.window_name, p.job, p.iteration, p.iteration_rows,
       coalesce(r.expected_rows, (select row_count from savvycal.coverage c
         where (c.account, c.product, c.window_name) = (p.account, p.product, p.window_name))) as expected_rows
from savvycal._scans p join savvycal.runs r on r.account = p.account and r.id = p.run_id
join savvycal._work w on (w.account, w.job, w.key) = (p.account, 'scan', p.window_name) and savvycal._product(w.kind) = p.product
where w.dead_lettered_at is null order by p.iteration_rows desc limit 1

-- name: webhooks
-- The last day's webhooks of each product, and how many changes none of them announced.
select account, product, deliveries, duplicates, unknown_types, waiting, last_received_at, lag_p50_seconds, lag_p99_seconds,
       announced, polled, announced_late, missed, missed_share
from savvycal.webhook_health order by account, product
