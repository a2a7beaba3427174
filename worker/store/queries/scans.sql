-- name: running
-- Scans that are under way, and how long the last complete one of the same window took.
select p.account, p.product, p.starts_from, p.starts_until, p.started_at,
  extract(epoch from r.finished_at - r.started_at)::double precision as last_seconds
from savvycal._scans p
left join savvycal.coverage c on (c.account, c.product, c.window_name) = (p.account, p.product, p.window_name)
left join savvycal.runs r on r.account = c.account and r.id = c.run_id and r.result in ('ok', 'partial')
where p.started_gen is not null and p.last_error is null and p.account = any ($1::text[])

-- name: open_scan
-- Requests a scan. One that is running gets a raised generation and runs once more.
insert into savvycal._scans as p (account, product, window_name, job, priority, starts_from, starts_until, due_at, reasons)
values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), array[$4::text])
on conflict on constraint scans_pkey do update
set requested_gen = p.requested_gen + 1, due_at = least(p.due_at, excluded.due_at), dead_lettered_at = null, attempts = 0,
    priority = least(p.priority, excluded.priority)
returning case when xmax = 0 then 'queued' when lease_until > clock_timestamp() then 'running' else 'merged' end

-- name: is_any_due
-- Whether a scan could be claimed now.
select exists (select from savvycal._scans
  where dead_lettered_at is null and due_at <= clock_timestamp()
    and (account, product) in (select * from unnest($1::text[], $2::text[])) and (account, product) not in (select account, product from savvycal._paused)
    and (lease_until is null or lease_until < clock_timestamp()))

-- name: claim_due
-- Takes due scans under a lease, each under a token of its own: of each account ($1) its most wanted, as many as $3 allows.
with asked as (
  select account, array_agg(product) as products, min(places) as places
  from unnest($1::text[], $2::text[], $3::integer[]) as a (account, product, places)
  where (account, product) not in (select account, product from savvycal._paused) group by account
), due as (
  select d.* from asked cross join lateral (
    select s.account, s.product, s.window_name from savvycal._scans s
    where s.account = asked.account and s.product = any (asked.products)
      and s.dead_lettered_at is null and s.due_at <= clock_timestamp()
      and (s.lease_until is null or s.lease_until < clock_timestamp())
    order by s.priority, s.due_at limit asked.places for update skip locked) d
)
update savvycal._scans p
set lease_token = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => $4), attempts = p.attempts + 1
from due where (p.account, p.product, p.window_name) = (due.account, due.product, due.window_name)
returning p.account, p.product, p.window_name, p.job, p.priority, p.requested_gen, p.started_gen, p.starts_from,
  p.starts_until, p.started_at, p.run_id, p.fence, p.iteration, p.page, p.cursor, p.split, p.iteration_ended, p.iteration_rows, p.iteration_changes,
  p.attempts, p.lease_token as token, clock_timestamp() as claimed_at

-- name: claim
-- Takes one scan under a lease.
update savvycal._scans p
set lease_token = $4, lease_until = clock_timestamp() + make_interval(secs => $5), attempts = p.attempts + 1
where p.account = $1 and p.product = $2 and p.window_name = $3 and p.dead_lettered_at is null
  and (p.account, p.product) not in (select account, product from savvycal._paused)
  and p.due_at <= clock_timestamp() and (p.lease_until is null or p.lease_until < clock_timestamp())
returning p.account, p.product, p.window_name, p.job, p.priority, p.requested_gen, p.started_gen, p.starts_from,
  p.starts_until, p.started_at, p.run_id, p.fence, p.iteration, p.page, p.cursor, p.split, p.iteration_ended, p.iteration_rows, p.iteration_changes,
  p.attempts, p.lease_token as token, clock_timestamp() as claimed_at

-- name: is_partial
-- Whether there was something that the last scan of a window could not read.
select missing is not null from savvycal.coverage where account = $1 and product = $2 and window_name = $3

-- name: begin
-- Before the first page: freezes the bounds and inserts the row of the run.
with run as (
  insert into savvycal.runs (account, job, product, window_name, started_at, result, expected_rows)
  values ($1, $6, $2, $3, clock_timestamp(), 'running', null)
  returning id, started_at
)
update savvycal._scans p
set started_gen = p.requested_gen, started_at = run.started_at, run_id = run.id, starts_from = $7, starts_until = $8, iteration = 1,
    page = 0, cursor = null, split = $9, iteration_ended = false, iteration_rows = 0, iteration_changes = 0,
    fence = nextval('savvycal._fence')
from run where p.account = $1 and p.product = $2 and p.window_name = $3 and p.lease_token = $4 and p.requested_gen >= $5
returning p.run_id, p.fence, p.started_at

-- name: hold
-- Whether the lease is still ours; locks the row until the transaction ends.
select true from savvycal._scans
where account = $1 and product = $2 and window_name = $3 and lease_token = $4 for update

-- name: advance
-- The position after the pages of a batch, in their own transaction; renews the lease. Remembers the ids they held (an
-- iteration that started over adds to what it had seen) and adds what they brought to the run. No row: the lease is lost.
-- A position alone ($21) does not wait for the disk: a server that crashes forgets a few pages, which are read again.
-- Only pages that this iteration has not seen yet are progress and reset the attempts: otherwise an iteration that always
-- fails at the same page would start over for ever.
with held as (
  update savvycal._scans p
  set iteration = $5, page = $6, cursor = $7, split = $22, iteration_ended = $8, iteration_rows = $9, iteration_changes = $10, last_error = null,
      attempts = case when exists (
        select from savvycal._scan_seen s
        where (s.account, s.product, s.window_name, s.run_id, s.iteration) = (p.account, p.product, p.window_name, p.run_id, $5)
          and s.page >= $6) then attempts else 0 end,
      lease_until = clock_timestamp() + make_interval(secs => $11)
  from (select set_config('synchronous_commit', case when $21 then 'off' else current_setting('synchronous_commit') end,
    true)) as pace
  where p.account = $1 and p.product = $2 and p.window_name = $3 and p.lease_token = $4
  returning p.account, p.product, p.window_name, p.run_id, p.iteration, p.page
), seen as (
  insert into savvycal._scan_seen as s (account, product, window_name, run_id, iteration, page, ids)
  select account, product, window_name, run_id, iteration, page, $12 from held
  on conflict on constraint scan_seen_pkey do update
  set ids = case when s.ids @> excluded.ids then s.ids else s.ids || excluded.ids end
), run as (
  update savvycal.runs r
  set iterations = held.iteration, pages = pages + $20, rows_read = rows_read + $13, rows_written = rows_written + $14,
      rows_unchanged = rows_unchanged + $15, rows_superseded = rows_superseded + $16,
      rows_quarantined = rows_quarantined + $17, rows_repaired = rows_repaired + $18, expected_rows = coalesce($19, expected_rows)
  from held where r.account = held.account and r.id = held.run_id
)
select true from held

-- name: close_scan
-- Complete: the row goes, or waits for its next run when somebody asked meanwhile.
delete from savvycal._scans
where account = $1 and product = $2 and window_name = $3 and lease_token = $4 and requested_gen = $5

-- name: reopen_scan
-- Somebody asked while it ran: it starts over.
update savvycal._scans
set done_gen = $5, started_gen = null, lease_token = null, lease_until = null, due_at = clock_timestamp(), attempts = 0
where account = $1 and product = $2 and window_name = $3 and lease_token = $4

-- name: release_scan
-- Its time slice is over: it waits, free to be claimed, where it stands.
update savvycal._scans set lease_token = null, lease_until = null, attempts = greatest(attempts - 1, 0)
where account = $1 and product = $2 and window_name = $3 and lease_token = $4

-- name: postpone_scan
-- Failed: due again after $6 seconds where it stands ($8: from the start of its iteration); dead_lettered when $7; an attempt that
-- does not count ($9) is taken back. Who asked meanwhile (after generation $10) gets a try of their own, and soon.
update savvycal._scans
set attempts = case when $9 then attempts else greatest(attempts - 1, 0) end,
    last_error = $5, lease_token = null, lease_until = null,
    due_at = clock_timestamp() + make_interval(secs => case when requested_gen > $10 then least($6, 5) else $6 end),
    dead_lettered_at = case when $7 and requested_gen = $10 then clock_timestamp() end,
    cursor = case when $8 then null else cursor end, split = case when $8 then null else split end, page = case when $8 then 0 else page end,
    iteration_rows = case when $8 then 0 else iteration_rows end
where account = $1 and product = $2 and window_name = $3 and lease_token = $4
returning dead_lettered_at is not null

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
  and not exists (select from savvycal._work t where (t.account, t.kind, t.id) = (o.account, '{kind}', o.id))
group by o.id, o.fence order by o.fence limit 5

-- name: dead_lettered
-- Scans that wait for a person, of an account, product and reason where they are given.
select account, product, window_name, job, due_at, reasons, attempts, last_error, dead_lettered_at
from savvycal._scans
where dead_lettered_at is not null and ($1::text is null or account = $1)
  and ($2::text is null or product = $2)
  and ($3::text is null or $3 = any (reasons))

-- name: retry
-- Tries dead letters of an account again: those named product/window, of a product and reason where they are given.
update savvycal._scans set dead_lettered_at = null, attempts = 0, due_at = clock_timestamp()
where account = $1 and dead_lettered_at is not null and ($2::text is null or product || '/' || window_name = $2)
  and ($3::text is null or product = $3)
  and ($4::text is null or $4 = any (reasons))

-- name: discard
-- Gives up scans of an account: those named product/window, of a product and reason where they are given. A
-- standing window is scanned again when it is due. What a scan had seen is deleted with it, and its run ends as failed.
with given_up as (
  select account, product, window_name, run_id from savvycal._scans
  where account = $1 and ($2::text is null or product || '/' || window_name = $2)
    and ($3::text is null or product = $3)
    and ($4::text is null or $4 = any (reasons)) and (lease_until is null or lease_until < clock_timestamp())
  for update
), seen as (
  delete from savvycal._scan_seen s using given_up g
  where (s.account, s.product, s.window_name) = (g.account, g.product, g.window_name)
), run as (
  update savvycal.runs r set finished_at = clock_timestamp(), result = 'failed', error = 'discarded'
  from given_up g where r.account = g.account and r.id = g.run_id and r.finished_at is null
)
delete from savvycal._scans p using given_up g
where (p.account, p.product, p.window_name) = (g.account, g.product, g.window_name)
