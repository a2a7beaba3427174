-- What `check --live` found out, among the facts of an account. Statements are named by the comments.

-- name: has_facts
select to_regclass('savvycal.account_facts') is not null

-- name: forget
delete from savvycal.account_facts where account = $1 and product = any($2::text[]) and source = 'check'
  and fact like 'check.%'

-- name: record
insert into savvycal.account_facts (account, product, fact, value, source, observed_at)
select $1, product, 'check.' || fact, value, 'check', clock_timestamp()
from unnest($2::text[], $3::text[], $4::text[]) as found (product, fact, value)
