-- name: record
-- Stores a delivery and asks for the object it names, with priority $13; its transaction is on disk before its commit
-- returns, whatever the server's default is. One that is there already is counted, and asks for nothing.
with arrived as (
  insert into savvycal.webhook_deliveries as w
    (account, product, id, type, state, kind, object_id, occurred_at, webhook_id, secret_number, is_known_type, body)
  select $1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10::smallint, $11::boolean, $12::jsonb
  from (select set_config('synchronous_commit', 'on', true)) as durable
  on conflict on constraint webhook_deliveries_pkey do update
  set duplicate_count = w.duplicate_count + 1, last_received_at = clock_timestamp()
  returning duplicate_count = 0 as is_new
)
select is_new,
  case when is_new and $5 = 'received' then savvycal._request($1, 'object', $6, $7, $13, 'webhook', clock_timestamp()) end
from arrived

-- name: appointment_of
-- Which appointment a meeting belongs to.
select appointment_id from savvycal.meetings where account = $1 and id = $2 and appointment_id is not null

-- name: settle
-- The object was reconciled: that answers every delivery that arrived before the reconcile was claimed.
update savvycal.webhook_deliveries set state = 'applied', applied_at = clock_timestamp()
where account = $1 and kind = $2 and object_id = $3 and state = 'received' and received_at <= $4

-- name: reopen
-- For a replay: the stored deliveries of one id, or since a time; applied ones become received again.
update savvycal.webhook_deliveries w
set state = case w.state when 'applied' then 'received' else w.state end, applied_at = null
where w.account = $1 and w.state <> 'ignored'
  and case when $2::text is not null then w.id = $2 else w.received_at >= $3::timestamptz end
returning w.product, w.id, w.kind, w.object_id

-- name: forget
-- Retention, a batch at a time.
delete from savvycal.webhook_deliveries where (account, product, id) in (
  select account, product, id from savvycal.webhook_deliveries
  where received_at < (select clock_timestamp() - $1::interval) order by received_at limit 1000)
