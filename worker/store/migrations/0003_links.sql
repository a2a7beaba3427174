-- Booking links: one more kind of objects.

create table savvycal.links (
  account text not null default 'default',
  id text not null,
  name text,
  private_name text,
  slug text,
  description text,
  type text,
  state text,
  extra jsonb not null,
  version integer not null,
  fence bigint not null,
  raw_hash bytea not null,
  content_hash bytea not null,
  transition_seq integer not null,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  deleted_at timestamptz,
  deleted_reason text,
  constraint links_pkey primary key (account, id),
  constraint links_version_positive check (version >= 1 and transition_seq >= 0),
  constraint links_gone_with_reason check ((deleted_at is null) = (deleted_reason is null))
);
comment on table savvycal.links is 'SavvyCal Meetings: one row per booking link; events.link_id joins to it.';
comment on column savvycal.links.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.links.id is 'Link id, opaque (link_...).';
comment on column savvycal.links.name is 'Link.name.';
comment on column savvycal.links.private_name is 'Link.private_name.';
comment on column savvycal.links.slug is 'Link.slug.';
comment on column savvycal.links.description is 'Link.description.';
comment on column savvycal.links.type is 'Link.type: recurring or single. A word unknown to us is kept.';
comment on column savvycal.links.state is 'Link.state: active or disabled. A word unknown to us is kept; no transitions are recorded.';
comment on column savvycal.links.extra is 'Fields SavvyCal sent that its documentation does not know; {} when none.';
comment on column savvycal.links.version is 'Counts the recorded versions of this object from 1; the current body is in snapshots under this number.';
comment on column savvycal.links.fence is 'Fence of the read that wrote this row.';
comment on column savvycal.links.raw_hash is 'Hash of the bytes as served (credentials blanked): equal means unchanged, without decoding.';
comment on column savvycal.links.content_hash is 'Hash of the canonical masked document: decides whether a difference means anything.';
comment on column savvycal.links.transition_seq is 'Always 0: links have no lifecycle.';
comment on column savvycal.links.first_seen_at is 'When this mirror saw the object first.';
comment on column savvycal.links.changed_at is 'When this mirror last saw the object change.';
comment on column savvycal.links.deleted_at is 'When the object was found to be deleted at SavvyCal (tombstone); null while it exists.';
comment on column savvycal.links.deleted_reason is 'Why it counts as deleted; null while it exists.';

alter table savvycal.account_facts drop constraint account_facts_product_known,
  add constraint account_facts_product_known check (product in ('meetings', 'appointments', 'links'));
alter table savvycal._work drop constraint work_kind_known,
  add constraint work_kind_known check (kind in ('event', 'appointment', 'link'));
comment on column savvycal.events.link_id is 'Booking link the event came through: links.id.';

insert into savvycal.data_inventory (table_name, column_name, class)
select t, c, k from (values
  ('links', 'none', 'account id name private_name slug description type state version fence raw_hash content_hash transition_seq
    first_seen_at changed_at deleted_at deleted_reason'),
  ('links', 'personal', 'extra'),
  ('link_bodies', 'none', 'account id version observed_at'),
  ('link_bodies', 'personal', 'body')
) as v (t, k, columns), lateral regexp_split_to_table(columns, '\s+') as c;

create or replace view savvycal.link_bodies as
  select s.account, s.id, s.version, s.observed_at, s.body::jsonb as body
  from savvycal.snapshots s where s.kind = 'link' and s.superseded_at is null;
comment on view savvycal.link_bodies is 'The whole current document of each booking link.';

create or replace view savvycal.polled_changes as
  select s.account, s.kind, s.id, s.version, s.observed_at, s.via, a.announced_at, a.announced_at - s.observed_at as late_by,
         case when a.announced_at is not null then 'announced'
              when s.observed_at > now() - interval '5 minutes' then 'waiting' else 'missed' end as verdict
  from savvycal.snapshots s
  left join savvycal.snapshots p on p.account = s.account and p.kind = s.kind and p.id = s.id and p.version = s.version - 1
  left join lateral (
    select min(d.received_at) as announced_at
    from (
      select w.received_at from savvycal.webhook_deliveries w
      where w.account = s.account and w.kind = s.kind and w.object_id = s.id
      union all
      select w.received_at from savvycal.meetings m
      join savvycal.webhook_deliveries w on w.account = m.account and w.kind = 'meeting' and w.object_id = m.id
      where s.kind = 'appointment' and m.account = s.account and m.appointment_id = s.id
    ) d
    where d.received_at > coalesce(p.observed_at, '-infinity')) a on true
  where s.kind in ('event', 'appointment') and s.via <> 'backfill' and s.via in ('poll', 'watch')
    and (s.version > 1 or s.observed_at > (
      select min(r.finished_at) from savvycal.runs r
      where r.account = s.account and r.product = case s.kind when 'event' then 'meetings' else 'appointments' end
        and r.window_name = 'all' and r.result = 'ok'));

create or replace view savvycal.webhook_health as
  select k.account, k.product, d.deliveries, d.duplicates, d.unknown_types, d.waiting, d.last_received_at, d.lag_p50_seconds, d.lag_p99_seconds,
         s.announced, p.polled, p.announced_late, p.missed,
         p.missed::double precision / nullif(s.announced + p.announced_late + p.missed, 0) as missed_share
  from (select distinct c.account, c.product, case c.product when 'meetings' then 'event' else 'appointment' end as kind
        from savvycal.coverage c where c.product in ('meetings', 'appointments')) k
  left join lateral (
    select count(*) as deliveries, coalesce(sum(w.duplicate_count), 0)::bigint as duplicates,
           count(*) filter (where not w.is_known_type) as unknown_types, count(*) filter (where w.state = 'received') as waiting,
           max(w.last_received_at) as last_received_at,
           percentile_cont(0.5) within group (order by w.lag_seconds) as lag_p50_seconds,
           percentile_cont(0.99) within group (order by w.lag_seconds) as lag_p99_seconds
    from savvycal.webhook_deliveries w
    where w.account = k.account and w.product = k.product and w.received_at > now() - interval '1 day') d on true
  left join lateral (
    select count(*) as announced from savvycal.snapshots x
    where x.account = k.account and x.kind = k.kind and x.via = 'webhook' and x.via <> 'backfill'
      and x.observed_at > now() - interval '1 day') s on true
  left join lateral (
    select count(*) as polled, count(*) filter (where c.verdict = 'announced') as announced_late,
           count(*) filter (where c.verdict = 'missed') as missed
    from savvycal.polled_changes c
    where c.account = k.account and c.kind = k.kind and c.observed_at > now() - interval '1 day') p on true;

create or replace view savvycal.lifecycle_counts as
  select account, 'event' as kind, state as status, phase, count(*) as objects from savvycal.events where deleted_at is null group by 1, 2, 3, 4
  union all
  select account, 'appointment', status, phase, count(*) from savvycal.appointments where deleted_at is null group by 1, 2, 3, 4
  union all
  select account, 'link', state, null, count(*) from savvycal.links where deleted_at is null group by 1, 2, 3, 4
  union all
  select m.account, 'meeting', m.status, m.phase, count(*) from savvycal.meetings m
  left join savvycal.events e on e.account = m.account and e.id = m.event_id
  left join savvycal.appointments a on a.account = m.account and a.id = m.appointment_id
  where m.is_current and e.deleted_at is null and a.deleted_at is null group by 1, 2, 3, 4;

create or replace view savvycal.drift with (security_barrier) as
  select account, 'event' as kind, 'unknown state' as what, state as name, count(*) as objects from savvycal.events where phase = 'unknown' group by 1, 4
  union all
  select account, 'appointment', 'unknown status', status, count(*) from savvycal.appointments where phase = 'unknown' group by 1, 4
  union all
  select account, 'meeting', 'unknown status', status, count(*) from savvycal.meetings where phase = 'unknown' group by 1, 4
  union all
  select account, 'event', 'unknown field', key, count(*) from savvycal.events, lateral jsonb_object_keys(extra) key group by 1, 4
  union all
  select account, 'appointment', 'unknown field', key, count(*) from savvycal.appointments, lateral jsonb_object_keys(extra) key group by 1, 4
  union all
  select account, 'link', 'unknown field', key, count(*) from savvycal.links, lateral jsonb_object_keys(extra) key group by 1, 4
  union all
  select account, 'event', 'unknown field', 'attendees.' || key, count(*) from savvycal.event_attendees, lateral jsonb_object_keys(extra) key group by 1, 4
  union all
  select account, 'event', 'unknown field', 'attendees.fields.' || key, count(*) from savvycal.event_answers, lateral jsonb_object_keys(extra) key group by 1, 4
  union all
  select account, 'appointment', 'unknown field', 'history.' || key, count(*) from savvycal.appointment_history, lateral jsonb_object_keys(extra) key group by 1, 4
  union all
  select account, case product when 'meetings' then 'event' when 'links' then 'link' else 'appointment' end, 'finding that changed',
    fact || ': ' || previous_value || ' -> ' || value, 1 from savvycal.account_facts where previous_value is not null;

create or replace function savvycal.request_resync(of_kind text, of_id text, of_account text default 'default')
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare answer text;
begin
  if of_kind not in ('event', 'appointment', 'link') then
    raise exception 'request_resync: kind must be event, appointment or link' using errcode = '22023';
  end if;
  if of_id !~ '^[A-Za-z0-9_.:-]{1,128}$' then
    raise exception 'request_resync: that is not the id of an object' using errcode = '22023';
  end if;
  if not exists (
    select from savvycal.coverage c
    where c.account = of_account and c.product = case of_kind when 'event' then 'meetings' else of_kind || 's' end) then
    raise exception 'request_resync: nothing of that kind is mirrored here for an account of that name' using errcode = '22023';
  end if;
  answer := savvycal._request(of_account, of_kind, of_id, 0, 'resync', clock_timestamp());
  perform pg_notify('savvycal_work', '');
  return answer;
end $$;
