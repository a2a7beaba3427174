-- name: bookings
-- Bookings from now on, soonest first; with a text, those of three months around now that hold it, or the one with that id.
select * from (
  select e.account, 'event' as kind, e.id, e.start_at, e.summary as title, e.state as status, e.phase, e.deleted_at is not null as is_deleted,
         (select a.display_name from savvycal.event_attendees a where a.account = e.account and a.event_id = e.id and a.id = e.scheduler_id limit 1) as booked_by
  from savvycal.events e
  where ($1 = '' and e.start_at >= now() and e.deleted_at is null) or ($1 <> '' and e.start_at between now() - interval '90 days' and now() + interval '90 days'
    and (e.summary ilike $2 or exists (select from savvycal.event_attendees a where a.account = e.account and a.event_id = e.id
      and (a.display_name ilike $2 or a.email ilike $2))))
  order by e.start_at, e.account limit 50) e
union all
select * from (
  select a.account, 'appointment', a.id, a.start_at, a.service_name, a.status, a.phase, a.deleted_at is not null,
         coalesce(nullif(concat_ws(' ', a.client_data_first_name, a.client_data_last_name), ''), nullif(concat_ws(' ', a.client_first_name, a.client_last_name), ''))
  from savvycal.appointments a
  where ($1 = '' and a.start_at >= now() and a.deleted_at is null) or ($1 <> '' and a.start_at between now() - interval '90 days' and now() + interval '90 days'
    and (a.service_name ilike $2 or a.client_email ilike $2 or a.client_data_email ilike $2
      or concat_ws(' ', a.client_data_first_name, a.client_data_last_name) ilike $2 or concat_ws(' ', a.client_first_name, a.client_last_name) ilike $2))
  order by a.start_at, a.account limit 50) a
order by start_at, id limit 50

-- name: booking_by_id
-- The booking with that id, in whatever account.
select account, 'event' as kind, id, start_at, summary as title, state as status, phase, deleted_at is not null as is_deleted, null as booked_by
from savvycal.events where id = $1
union all
select account, 'appointment', id, start_at, service_name, status, phase, deleted_at is not null, null from savvycal.appointments where id = $1

-- name: work
-- Open work, what is due first.
select account, kind, key as name, case when lease_until > clock_timestamp() then 'in progress' when due_at <= clock_timestamp() then 'due' else 'planned' end as state,
       due_at, reasons, attempts, last_error
from savvycal._work where job = 'object' and dead_lettered_at is null order by due_at > clock_timestamp(), priority, due_at limit 100

-- name: dead_letters
-- Objects and scans that wait for a person.
select account, case job when 'scan' then job else kind end as kind, savvycal._work_name(job, kind, key) as name, dead_lettered_at,
       attempts, last_error
from savvycal._work where dead_lettered_at is not null
order by dead_lettered_at limit 100

-- name: quarantine
-- Records that cannot be read.
select account, kind, id as name, reason, attempts, first_seen_at, last_seen_at from savvycal.quarantine
where resolved_at is null order by last_seen_at desc limit 100

-- name: runs
-- The newest runs.
select account, job, product, window_name, started_at, finished_at, result, pages, rows_read, rows_written, error from savvycal.runs
where started_at > now() - interval '7 days' order by started_at desc limit 100

-- name: deliveries
-- The newest webhook deliveries.
select account, product, type, state, kind, object_id as name, received_at, lag_seconds, duplicate_count from savvycal.webhook_deliveries
order by received_at desc limit 100

-- name: drift
-- What SavvyCal sends that no documentation names.
select account, kind, what, name, objects from savvycal.drift order by objects desc limit 100

-- name: newest_changes
-- The end of the change feed, newest first.
select extract(epoch from clock_timestamp() - c.changed_at)::float8 as age_seconds, c.change, c.account, c.kind, c.id, coalesce(e.summary, a.service_name, l.name) as title,
       coalesce(e.state, a.status, l.state) as status, coalesce(e.phase, a.phase) as phase
from (select * from savvycal.changes order by position desc limit 8) c
left join savvycal.events e on c.kind = 'event' and (e.account, e.id) = (c.account, c.id)
left join savvycal.appointments a on c.kind = 'appointment' and (a.account, a.id) = (c.account, c.id)
left join savvycal.links l on c.kind = 'link' and (l.account, l.id) = (c.account, c.id)
order by c.position desc

-- name: mirrored
-- How many objects the last complete scan of everything saw, by product.
select product, sum(row_count)::bigint as objects from savvycal.coverage where window_name = 'all' and row_count is not null
group by 1 order by 1
