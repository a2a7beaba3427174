-- name: request_resync
-- Requests a resync of one object; the ticket.
select savvycal.request_resync($1, $2, $3)

-- name: find
-- Tickets, each with the last error of its work item.
select t.id, t.result, t.version, t.detail, w.last_error
from savvycal._tickets t left join savvycal._work w on (w.account, w.kind, w.id) = (t.account, t.kind, t.object_id)
where t.id = any ($1)

-- name: settle
-- Answers open tickets up to a generation.
select savvycal._settle_tickets($1, $2, $3, $4, $5, $6, $7)

-- name: is_dead_letter
-- Whether nobody asked for it again meanwhile.
select dead_lettered_at is not null from savvycal._work where account = $1 and kind = $2 and id = $3
