-- name: timeline
-- All that is known of one object.
select at, what, version, status, via, fields, detail from savvycal.timeline($1, $2, $3)
