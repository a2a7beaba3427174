-- name: running
-- Scans that are under way, and how long the last complete one of the same window took.
select p.account, p.product, p.starts_from, p.starts_until, p.started_at,
  extract(epoch from r.finished_at - r.started_at)::double precision as last_seconds
from savvycal._scans p
join savvycal._work w on (w.account, w.job, w.key) = (p.account, 'scan', p.window_name) and savvycal._product(w.kind) = p.product
left join savvycal.coverage c on (c.account, c.product, c.window_name) = (p.account, p.product, p.window_name)
left join savvycal.runs r on r.account = c.account and r.id = c.run_id and r.result in ('ok', 'partial')
where p.started_gen is not null and w.last_error is null and p.account = any ($1::text[])

-- name: open_scan
-- Requests a scan, then inserts its position, unless it has one: in this order, which waits for whoever closes the scan.
with asked as materialized (select savvycal._request($1, 'scan', $7, $3, $8, $4, clock_timestamp()) as answer), position as (
  insert into savvycal._scans (account, product, window_name, job, starts_from, starts_until)
  select $1, $2, $3, $4, $5, $6 from asked
  on conflict on constraint scans_pkey do nothing
)
select answer from asked

-- name: position
-- The position of a claimed scan.
select job, started_gen, starts_from, starts_until, started_at, run_id, fence, iteration, page, cursor, split, iteration_ended,
  iteration_rows, iteration_changes
from savvycal._scans where account = $1 and product = $2 and window_name = $3

-- name: is_partial
-- Whether there was something that the last scan of a window could not read.
select missing is not null from savvycal.coverage where account = $1 and product = $2 and window_name = $3

-- name: begin
-- Before the first page, under a lease that is held: freezes the bounds and inserts the row of the run.
with run as (
  insert into savvycal.runs (account, job, product, window_name, started_at, result, expected_rows)
  values ($1, $5, $2, $3, clock_timestamp(), 'running', null)
  returning id, started_at
)
update savvycal._scans p
set started_gen = $4, started_at = run.started_at, run_id = run.id, starts_from = $6, starts_until = $7, iteration = 1,
    page = 0, cursor = null, split = $8, iteration_ended = false, iteration_rows = 0, iteration_changes = 0,
    fence = nextval('savvycal._fence')
from run where p.account = $1 and p.product = $2 and p.window_name = $3
returning p.run_id, p.fence, p.started_at

-- name: advance
-- The position after the pages of a batch, in their own transaction; renews the lease. Remembers the ids they held (an
-- iteration that started over adds to what it had seen) and adds what they brought to the run. No row: the lease is lost.
-- A position alone ($21) does not wait for the disk: a server that crashes forgets a few pages, which are read again.
-- Only pages that this iteration has not seen yet are progress and reset the attempts: otherwise an iteration that always
-- fails at the same page would start over for ever.
with held as (
  update savvycal._work w
  set last_error = null, lease_until = clock_timestamp() + make_interval(secs => $11),
      attempts = case when exists (
        select from savvycal._scan_seen s
        where (s.account, s.product, s.window_name, s.run_id, s.iteration) = ($1, $2, $3, $24, $5) and s.page >= $6) then attempts else 0 end
  from (select set_config('synchronous_commit', case when $21 then 'off' else current_setting('synchronous_commit') end,
    true)) as pace
  where (w.account, w.job, w.kind, w.key) = ($1, 'scan', $23, $3) and w.lease_token = $4
  returning true
), moved as (
  update savvycal._scans p
  set iteration = $5, page = $6, cursor = $7, split = $22, iteration_ended = $8, iteration_rows = $9, iteration_changes = $10
  from held where p.account = $1 and p.product = $2 and p.window_name = $3
  returning p.account, p.product, p.window_name, p.run_id, p.iteration, p.page
), seen as (
  insert into savvycal._scan_seen as s (account, product, window_name, run_id, iteration, page, ids)
  select account, product, window_name, run_id, iteration, page, $12 from moved
  on conflict on constraint scan_seen_pkey do update
  set ids = case when s.ids @> excluded.ids then s.ids else s.ids || excluded.ids end
), run as (
  update savvycal.runs r
  set iterations = moved.iteration, pages = pages + $20, rows_read = rows_read + $13, rows_written = rows_written + $14,
      rows_unchanged = rows_unchanged + $15, rows_superseded = rows_superseded + $16,
      rows_quarantined = rows_quarantined + $17, rows_repaired = rows_repaired + $18, expected_rows = coalesce($19, expected_rows)
  from moved where r.account = moved.account and r.id = moved.run_id
)
select true from moved

-- name: restart_iteration
-- The position led nowhere: it goes on from the start of its iteration.
update savvycal._scans set cursor = null, split = null, page = 0, iteration_rows = 0
where account = $1 and product = $2 and window_name = $3

-- name: forget_position
-- The scan is over: its position goes with its work item.
delete from savvycal._scans p where p.account = $1 and p.product = $2 and p.window_name = $3
  and not exists (select from savvycal._work w where (w.account, w.job, w.kind, w.key) = ($1, 'scan', $4, $3))

-- name: start_over
-- Somebody asked while it ran: it begins again.
update savvycal._scans set started_gen = null where account = $1 and product = $2 and window_name = $3

-- name: finish_run
-- The result of a run.
update savvycal.runs set finished_at = clock_timestamp(), result = $3, error = $4 where account = $1 and id = $2

-- name: forget_seen
-- The scan is over, or starts again.
delete from savvycal._scan_seen where account = $1 and product = $2 and window_name = $3

-- name: missing
-- Stored objects of the range that the scan did not see and that nothing has written since it began. EXCEPT, because
-- without statistics an anti join may become a loop over both (measured: hours instead of 0.1 s).
select o.id from {table} o
where o.account = $1 and o.deleted_at is null and o.fence < $5
  and ($6::date is null or {start_at} >= $6::date) and ($7::date is null or {start_at} < $7::date)
  and not exists (select from unnest($8::timestamptz[], $9::timestamptz[]) as unread (first, last)
    where ({start_at} < unread.first) is not true and ({start_at} > unread.last) is not true)
except
select unnest(s.ids) from savvycal._scan_seen s
where (s.account, s.product, s.window_name, s.run_id) = ($1, $2, $3, $4)

-- name: stored
-- How many objects of the range are stored, and the latest fence among them.
select count(*), coalesce(max(o.fence), 0) as fence from {table} o
where o.account = $1 and o.deleted_at is null
  and ($2::date is null or {start_at} >= $2::date) and ($3::date is null or {start_at} < $3::date)
  and not exists (select from unnest($4::timestamptz[], $5::timestamptz[]) as unread (first, last)
    where ({start_at} < unread.first) is not true and ({start_at} > unread.last) is not true)

-- name: unread
-- Stored objects where a scan could not read, those read longest ago first. Those in the work queue are left out.
select o.id from {table} o
join unnest($2::timestamptz[], $3::timestamptz[]) as unread (first, last)
  on ({start_at} < unread.first) is not true and ({start_at} > unread.last) is not true
where o.account = $1 and o.deleted_at is null
  and not exists (select from savvycal._work t where (t.account, t.job, t.kind, t.key) = (o.account, 'object', '{kind}', o.id))
group by o.id, o.fence order by o.fence limit 5
