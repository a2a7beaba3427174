-- name: sample
-- Stored objects in an order that the salt $3 decides.
select id from {table} where account = $1 and deleted_at is null order by md5(id || $3) limit $2

-- name: content_hash
-- What is stored of an object, to compare with what SavvyCal serves.
select content_hash from {table} where account = $1 and id = $2 and deleted_at is null

-- name: ids
-- Objects of a range that were stored before the audit began.
select o.id from {table} o where o.account = $1 and o.deleted_at is null and o.first_seen_at < $4
  and ($2::date is null or {start_at} >= $2::date) and ($3::date is null or {start_at} < $3::date)
  and not exists (select from unnest($5::timestamptz[], $6::timestamptz[]) as unread (first, last)
    where ({start_at} < unread.first) is not true and ({start_at} > unread.last) is not true)

-- name: record
-- The result of an audit, among the runs: what matched is unchanged, what differed was asked for again.
insert into savvycal.runs
  (account, job, product, window_name, started_at, finished_at, result, rows_read, rows_unchanged, rows_differing)
values ($1, 'audit', $2, 'audit', $3, clock_timestamp(), 'ok', $4, $5, $6)

-- name: plan
-- Makes sure a product of an account is in the slow audit; a new one is due at once.
insert into savvycal._audit_clock (account, product, next_due_at) values ($1, $2, clock_timestamp()) on conflict do nothing

-- name: claim_due
-- Takes samples that are due, the longest waiting first; each is due again after $4 seconds, whatever becomes of it.
with due as (
  select c.account, c.product from savvycal._audit_clock c
  where c.next_due_at <= clock_timestamp() and (c.account, c.product) in (select * from unnest($1::text[], $2::text[]))
    and (c.account, c.product) not in (select account, product from savvycal._paused)
  order by c.next_due_at limit $3 for update skip locked
)
update savvycal._audit_clock c set next_due_at = clock_timestamp() + make_interval(secs => $4)
from due where (c.account, c.product) = (due.account, due.product)
returning c.account, c.product

-- name: is_due
-- Whether a sample is due.
select exists (select from savvycal._audit_clock c
  where c.next_due_at <= clock_timestamp() and (c.account, c.product) in (select * from unnest($1::text[], $2::text[]))
    and (c.account, c.product) not in (select account, product from savvycal._paused))
