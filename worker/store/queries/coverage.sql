-- name: plan_window
-- Makes sure a standing window is in the coverage table; a new one is due at once.
insert into savvycal.coverage (account, product, window_name, next_due_at)
values ($1, $2, $3, clock_timestamp()) on conflict do nothing

-- name: is_planned
-- Whether any process has ever mirrored this product of this account.
select exists (select from savvycal.coverage where account = $1 and product = $2)

-- name: due_windows
-- Standing windows that are due and have no open scan, those due longest first.
select c.account, c.product, c.window_name, c.complete_as_of is null as never_complete
from savvycal.coverage c
where c.next_due_at <= clock_timestamp() and c.account = any ($1::text[])
  and (c.account, c.product) not in (select account, product from savvycal._paused)
  and not exists (select from savvycal._work w
    where (w.account, w.job, w.key) = (c.account, 'scan', c.window_name) and savvycal._product(w.kind) = c.product)
order by c.next_due_at, c.account, c.product, c.window_name

-- name: first_loads
-- Standing windows that were never complete and whose scans are not failing.
select c.account, c.product, c.window_name from savvycal.coverage c
left join savvycal._work w
  on (w.account, w.job, w.key) = (c.account, 'scan', c.window_name) and savvycal._product(w.kind) = c.product
left join savvycal.runs r on r.account = c.account and r.id = c.run_id
where c.complete_as_of is null and c.account = any ($1::text[])
  and w.last_error is null and coalesce(r.result, 'ok') <> 'suspect'

-- name: approved_deletions
-- How many deletions of a product a person has approved, over all of its windows.
select coalesce(max(approved_deletions), 0) from savvycal.coverage
where account = $1 and product = $2 and approved_deletions_until > clock_timestamp()

-- name: approve_deletions
-- A person approves up to $3 deletions of a product, for a day; its windows are scanned now.
update savvycal.coverage
set approved_deletions = $3, approved_deletions_until = clock_timestamp() + interval '1 day', next_due_at = clock_timestamp()
where account = $1 and product = $2

-- name: cover
-- A complete scan that the delete guard let through: what existed at its start is in the tables.
update savvycal.coverage
set starts_from = $4, starts_until = $5, complete_as_of = $6::timestamptz, row_count = $7, run_id = $8, interval_seconds = $9, missing = $10,
    next_due_at = greatest($6::timestamptz + make_interval(secs => $9), clock_timestamp())
where account = $1 and product = $2 and window_name = $3

-- name: cover_inner
-- A scan that contains another window covers that one, too, unless it was complete later.
update savvycal.coverage
set starts_from = $4, starts_until = $5, complete_as_of = $6::timestamptz, row_count = $7, run_id = $8, missing = $10,
    next_due_at = greatest(next_due_at, $6::timestamptz + make_interval(secs => $9))
where account = $1 and product = $2 and window_name = $3 and (complete_as_of is null or complete_as_of < $6::timestamptz)

-- name: retry_window
-- A suspect scan: the window is due again after $4 seconds, its coverage stays as it was.
update savvycal.coverage set next_due_at = clock_timestamp() + make_interval(secs => $4), run_id = $5
where account = $1 and product = $2 and window_name = $3
