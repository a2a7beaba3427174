-- name: report
-- What process $5 has in its settings, renewed after a minute or when something changed. Windows of a product that is
-- configured again count as due from now, so that they are not late at once. What is unchanged is not even locked.
with reported as (
  select n.* from unnest($1::text[], $2::text[], $3::boolean[], $4::text[]) as n (account, product, accepts_webhooks, problem)
  where not exists (select from savvycal.accounts a
    where (a.account, a.product) = (n.account, n.product) and a.is_configured and a.served_by is not null
      and a.seen_at > clock_timestamp() - interval '1 minute'
      and a.accepts_webhooks is not distinct from coalesce(n.accepts_webhooks, a.accepts_webhooks)
      and a.last_problem is not distinct from coalesce(n.problem, a.last_problem))
  order by n.account, n.product
), due as (
  update savvycal.coverage c set next_due_at = greatest(c.next_due_at, clock_timestamp())
  from reported n join savvycal.accounts a on (a.account, a.product) = (n.account, n.product) and not a.is_configured
  where (c.account, c.product) = (n.account, n.product)
)
insert into savvycal.accounts as a (account, product, is_configured, served_by, seen_at, accepts_webhooks, last_problem, last_problem_at)
select account, product, true, $5, clock_timestamp(), accepts_webhooks, problem, case when problem is not null then clock_timestamp() end
from reported
on conflict on constraint accounts_pkey do update
set is_configured = true, served_by = excluded.served_by, seen_at = excluded.seen_at,
    accepts_webhooks = coalesce(excluded.accepts_webhooks, a.accepts_webhooks),
    last_problem = coalesce(excluded.last_problem, a.last_problem),
    last_problem_at = case when excluded.last_problem <> coalesce(a.last_problem, '') then excluded.last_problem_at else a.last_problem_at end

-- name: remove
-- What is in no settings any more: this process ($3) had it and has it no longer, or the process that had it has
-- stopped and none has reported it for two minutes. What a killed process had stays configured: it is missing.
update savvycal.accounts set is_configured = false, served_by = null, accepts_webhooks = null
where is_configured and (account, product) not in (select * from unnest($1::text[], $2::text[]))
  and (served_by = $3 or (served_by is null and seen_at < clock_timestamp() - interval '2 minutes'))

-- name: leave
-- A process stops: another one may take over what it had.
update savvycal.accounts set served_by = null, seen_at = clock_timestamp() where served_by = $1

-- name: list
-- All accounts and their products, or those of one account and product.
select account, product, state, served_by, seen_at, accepts_webhooks, paused_at, paused_by, last_problem, last_problem_at
from savvycal.accounts where ($1::text is null or account = $1) and ($2::text is null or product = $2)
order by account, product

-- name: pause
-- Pauses the products of an account, or one of them. One that is paused already keeps its time.
update savvycal.accounts set paused_at = clock_timestamp(), paused_by = $3
where account = $1 and ($2::text is null or product = $2) and paused_at is null

-- name: resume
-- Ends the pause. Windows count as due from now, so that they are not late at once.
with resumed as (
  update savvycal.accounts set paused_at = null, paused_by = null
  where account = $1 and ($2::text is null or product = $2) and paused_at is not null
  returning account, product
)
update savvycal.coverage c set next_due_at = greatest(c.next_due_at, clock_timestamp())
from resumed r where (c.account, c.product) = (r.account, r.product)

-- name: note_problems
-- The most urgent of the problems that have just begun, on each product that it is about.
update savvycal.accounts a set last_problem = f.sentence, last_problem_at = f.since
from (
  select distinct on (x.account, x.product) x.account, x.product, n.sentence, n.since
  from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as n (scope, sentence, since, place)
  join savvycal.accounts x on x.account = split_part(n.scope, '/', 1) and split_part(n.scope, '/', 2) in ('', x.product)
  order by x.account, x.product, n.place) f
where (a.account, a.product) = (f.account, f.product)
