-- name: request_resync
-- Requests a resync of one object; the ticket.
select savvycal.request_resync($1, $2, $3)

-- name: find
-- Tickets, each with the last error of its work item.
select t.id, t.result, t.version, t.detail, w.last_error
from savvycal._tickets t left join savvycal._work w
  on (w.account, w.job, w.kind, w.key) = (t.account, 'object', t.kind, t.object_id)
where t.id = any ($1)

-- name: settle
-- Answers open tickets up to a generation.
select savvycal._settle_tickets($1, $2, $3, $4, $5, $6, $7)
