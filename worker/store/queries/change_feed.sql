-- name: publish
-- Gives committed changes their places. How many there were.
select savvycal._publish_changes($1)
