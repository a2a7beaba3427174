-- name: settle
-- Answers open tickets up to a generation.
select savvycal._settle_tickets($1, $2, $3, $4, $5, $6, $7)

-- name: is_dead_letter
-- Whether nobody asked for it again meanwhile.
select dead_lettered_at is not null from savvycal._work where account = $1 and kind = $2 and id = $3
