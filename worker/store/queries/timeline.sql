-- name: timeline
-- All that is known of one object, in order; the last $4 rows where that is given.
select at, what, version, status, via, fields, detail from (
  select * from savvycal.timeline($1, $2, $3) with ordinality t (at, what, version, status, via, fields, detail, number)
  order by number desc limit $4) newest
order by number
