-- A feed with positions, deletions as changes, history that is written once, tickets.
-- The tables, functions and views of schema.sql are applied after this file.

alter table savvycal.transitions add column version integer, add column reason text;

drop view savvycal.event_bodies, savvycal.appointment_bodies, savvycal.link_bodies, savvycal.reschedules;
alter table savvycal.snapshots drop column superseded_at;
alter table savvycal.snapshots add column is_deleted boolean not null default false;

drop trigger tell_of_changes on savvycal.changes;
drop function savvycal._tell_of_changes();
drop function savvycal.changes_since(text, text, integer);
alter table savvycal.changes add column position bigint;
update savvycal.changes c set position = n.position
from (select account, xid, seq, row_number() over (order by seq) as position from savvycal.changes) n
where (c.account, c.xid, c.seq) = (n.account, n.xid, n.seq);
alter table savvycal.changes drop constraint changes_pkey, drop column xid, drop column seq, alter column position set not null,
  add constraint changes_pkey primary key (position);

-- A deletion that was recorded before becomes a version, a transition and a change of its own.
with deleted as (
  update savvycal.events set version = version + 1, transition_seq = transition_seq + 1, changed_at = greatest(changed_at, deleted_at)
  where deleted_at is not null
  returning account, 'event' as kind, id, state as status, version, transition_seq, deleted_at, deleted_reason
), deleted_appointments as (
  update savvycal.appointments
  set version = version + 1, transition_seq = transition_seq + 1, changed_at = greatest(changed_at, deleted_at)
  where deleted_at is not null
  returning account, 'appointment' as kind, id, status, version, transition_seq, deleted_at, deleted_reason
), deleted_links as (
  update savvycal.links set version = version + 1, changed_at = greatest(changed_at, deleted_at)
  where deleted_at is not null
  returning account, 'link' as kind, id, state as status, version, transition_seq, deleted_at, deleted_reason
), all_kinds as (
  select * from deleted union all select * from deleted_appointments union all select * from deleted_links
), versions as (
  insert into savvycal.snapshots (account, kind, id, version, observed_at, via, is_deleted, changed_fields, body)
  select d.account, d.kind, d.id, d.version, d.deleted_at, 'poll', true, '{deleted_at}', coalesce(s.body, '{}')
  from all_kinds d left join savvycal.snapshots s on (s.account, s.kind, s.id, s.version) = (d.account, d.kind, d.id, d.version - 1)
), edges as (
  insert into savvycal.transitions (account, kind, id, seq, from_status, to_status, label, observed_at, via, version, reason)
  select account, kind, id, transition_seq, status, 'deleted', 'direct', deleted_at, 'poll', version, deleted_reason
  from all_kinds where kind <> 'link'
), last_position as (
  select coalesce(max(position), 0) as position from savvycal.changes
), told as (
  insert into savvycal.changes (position, account, kind, id, version, change, changed_at)
  select l.position + row_number() over (order by d.deleted_at, d.id), d.account, d.kind, d.id, d.version, 'deleted', d.deleted_at
  from all_kinds d, last_position l
)
update savvycal.meetings m set is_current = false, changed_at = d.deleted_at from all_kinds d
where m.account = d.account and coalesce(m.event_id, m.appointment_id) = d.id and m.is_current;
