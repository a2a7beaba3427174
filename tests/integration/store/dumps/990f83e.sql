SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA savvycal;
COMMENT ON SCHEMA savvycal IS 'Mirror of a SavvyCal account, kept by savvycal-sync.';
CREATE FUNCTION savvycal.changes_since(after_cursor text DEFAULT ''::text, of_account text DEFAULT 'default'::text, batch integer DEFAULT 1000) RETURNS TABLE(cursor text, kind text, id text, version integer, change text, changed_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select c.xid::text || ':' || c.seq, c.kind, c.id, c.version, c.change, c.changed_at
  from savvycal.changes c
  where c.account = of_account
    and (after_cursor = '' or (c.xid, c.seq) > (split_part(after_cursor, ':', 1)::xid8, split_part(after_cursor, ':', 2)::bigint))
    and c.xid < pg_snapshot_xmin(pg_current_snapshot())
  order by c.xid, c.seq
  limit batch
$$;
COMMENT ON FUNCTION savvycal.changes_since(after_cursor text, of_account text, batch integer) IS 'Changes after a cursor, oldest first; start with an empty one. A row appears only when no older transaction can still commit, so none is ever skipped.';
CREATE FUNCTION savvycal.request_resync(of_kind text, of_id text, of_account text DEFAULT 'default'::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare fresh boolean;
begin
  if of_kind not in ('event', 'appointment') then
    raise exception 'request_resync: kind must be event or appointment' using errcode = '22023';
  end if;
  if of_id !~ '^[A-Za-z0-9_.:-]{1,128}$' then
    raise exception 'request_resync: that is not the id of an event or appointment' using errcode = '22023';
  end if;
  insert into savvycal._targets as t (account, kind, id, due_at, priority, reasons)
  values (of_account, of_kind, of_id, clock_timestamp(), 0, '{resync}')
  on conflict on constraint targets_pkey do update
    set requested_gen = t.requested_gen + 1, due_at = least(t.due_at, excluded.due_at), priority = 0, parked_at = null,
        attempts = 0, reasons = case when 'resync' = any (t.reasons) then t.reasons else t.reasons || '{resync}' end
  returning xmax = 0 into fresh;
  perform pg_notify('savvycal_work', '');
  return case when fresh then 'queued' else 'merged' end;
end $_$;
COMMENT ON FUNCTION savvycal.request_resync(of_kind text, of_id text, of_account text) IS 'Asks the worker to read one object again now. Answers queued, or merged when it was waiting already.';
CREATE SEQUENCE savvycal._fence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE savvycal._fence IS 'Each look at SavvyCal takes the next value before its request goes out; a row is only written by a later look.';
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE savvycal._meta (
    only_row boolean DEFAULT true NOT NULL,
    schema_version integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT meta_has_one_row CHECK (only_row)
);
COMMENT ON TABLE savvycal._meta IS 'One row: which schema this is.';
COMMENT ON COLUMN savvycal._meta.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN savvycal._meta.schema_version IS 'Version of schema.sql that was applied last.';
COMMENT ON COLUMN savvycal._meta.applied_at IS 'When it was applied.';
CREATE UNLOGGED TABLE savvycal._pass_seen (
    account text DEFAULT 'default'::text NOT NULL,
    product text NOT NULL,
    window_name text NOT NULL,
    run_id bigint NOT NULL,
    id text NOT NULL
);
COMMENT ON TABLE savvycal._pass_seen IS 'Ids that a running pass has seen, to find out what it did not see. Unlogged: losing it only postpones that question.';
COMMENT ON COLUMN savvycal._pass_seen.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._pass_seen.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal._pass_seen.window_name IS 'Range.';
COMMENT ON COLUMN savvycal._pass_seen.run_id IS 'Run of the pass.';
COMMENT ON COLUMN savvycal._pass_seen.id IS 'Object.';
CREATE TABLE savvycal._passes (
    account text DEFAULT 'default'::text NOT NULL,
    product text NOT NULL,
    window_name text NOT NULL,
    job text NOT NULL,
    requested_gen bigint DEFAULT 1 NOT NULL,
    done_gen bigint DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    priority smallint NOT NULL,
    reasons text[] DEFAULT '{}'::text[] NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    lease_token uuid,
    lease_until timestamp with time zone,
    parked_at timestamp with time zone,
    started_gen bigint,
    starts_from date,
    starts_until date,
    started_at timestamp with time zone,
    run_id bigint,
    fence bigint,
    walk integer DEFAULT 1 NOT NULL,
    page integer DEFAULT 0 NOT NULL,
    cursor text,
    walk_ended boolean DEFAULT false NOT NULL,
    walk_rows bigint DEFAULT 0 NOT NULL,
    walk_news bigint DEFAULT 0 NOT NULL,
    CONSTRAINT passes_gen_order CHECK ((done_gen <= requested_gen)),
    CONSTRAINT passes_lease_whole CHECK (((lease_token IS NULL) = (lease_until IS NULL)))
);
COMMENT ON TABLE savvycal._passes IS 'Ledger of passes, one row per range that is being swept or waits for it: the position commits with its page.';
COMMENT ON COLUMN savvycal._passes.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._passes.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal._passes.window_name IS 'Standing window, or first..last date of a resync.';
COMMENT ON COLUMN savvycal._passes.job IS 'poll, backfill or resync.';
COMMENT ON COLUMN savvycal._passes.requested_gen IS 'Raised by each request; work is done when it did the current one.';
COMMENT ON COLUMN savvycal._passes.done_gen IS 'Generation that was last worked off.';
COMMENT ON COLUMN savvycal._passes.due_at IS 'When it is due.';
COMMENT ON COLUMN savvycal._passes.priority IS 'Smaller goes first: 0 asked by a person, 1 webhook, 5 watch, 10 and up sweeps.';
COMMENT ON COLUMN savvycal._passes.reasons IS 'Who asked since it was last worked off.';
COMMENT ON COLUMN savvycal._passes.attempts IS 'Failed attempts in a row.';
COMMENT ON COLUMN savvycal._passes.last_error IS 'Why the last attempt failed.';
COMMENT ON COLUMN savvycal._passes.lease_token IS 'Worker that holds it now.';
COMMENT ON COLUMN savvycal._passes.lease_until IS 'When that hold lapses.';
COMMENT ON COLUMN savvycal._passes.parked_at IS 'When it was given up until somebody acts; null normally.';
COMMENT ON COLUMN savvycal._passes.started_gen IS 'Generation that was current when the pass started; null before its first page.';
COMMENT ON COLUMN savvycal._passes.starts_from IS 'First start date asked for, frozen at the start; null: no bound.';
COMMENT ON COLUMN savvycal._passes.starts_until IS 'Last start date asked for, frozen at the start; null: no bound.';
COMMENT ON COLUMN savvycal._passes.started_at IS 'Start of the pass.';
COMMENT ON COLUMN savvycal._passes.run_id IS 'Its row in runs.';
COMMENT ON COLUMN savvycal._passes.fence IS 'Fence at the start of the pass: a row with a later one was seen since, on whatever path.';
COMMENT ON COLUMN savvycal._passes.walk IS 'Which walk over the range this is.';
COMMENT ON COLUMN savvycal._passes.page IS 'Pages of this walk that are stored.';
COMMENT ON COLUMN savvycal._passes.cursor IS 'Where the next page begins, in SavvyCal''s words; null at the start of a walk.';
COMMENT ON COLUMN savvycal._passes.walk_ended IS 'Whether the walk has reached its end: what is left is the verdict, or the next walk.';
COMMENT ON COLUMN savvycal._passes.walk_rows IS 'Records of this walk so far.';
COMMENT ON COLUMN savvycal._passes.walk_news IS 'Of these, new or changed.';
CREATE TABLE savvycal._targets (
    account text DEFAULT 'default'::text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    requested_gen bigint DEFAULT 1 NOT NULL,
    done_gen bigint DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    priority smallint NOT NULL,
    reasons text[] DEFAULT '{}'::text[] NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    lease_token uuid,
    lease_until timestamp with time zone,
    parked_at timestamp with time zone,
    missing_since timestamp with time zone,
    CONSTRAINT targets_gen_order CHECK ((done_gen <= requested_gen)),
    CONSTRAINT targets_kind_known CHECK ((kind = ANY (ARRAY['event'::text, 'appointment'::text]))),
    CONSTRAINT targets_lease_whole CHECK (((lease_token IS NULL) = (lease_until IS NULL)))
);
COMMENT ON TABLE savvycal._targets IS 'Ledger of intent, one row per object that wants a look. Open work only: a settled mirror has an empty ledger.';
COMMENT ON COLUMN savvycal._targets.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._targets.kind IS 'event or appointment.';
COMMENT ON COLUMN savvycal._targets.id IS 'Object.';
COMMENT ON COLUMN savvycal._targets.requested_gen IS 'Raised by each request; work is done when it did the current one.';
COMMENT ON COLUMN savvycal._targets.done_gen IS 'Generation that was last worked off.';
COMMENT ON COLUMN savvycal._targets.due_at IS 'When it is due.';
COMMENT ON COLUMN savvycal._targets.priority IS 'Smaller goes first: 0 asked by a person, 1 webhook, 5 watch, 10 and up sweeps.';
COMMENT ON COLUMN savvycal._targets.reasons IS 'Who asked since it was last worked off.';
COMMENT ON COLUMN savvycal._targets.attempts IS 'Failed attempts in a row.';
COMMENT ON COLUMN savvycal._targets.last_error IS 'Why the last attempt failed.';
COMMENT ON COLUMN savvycal._targets.lease_token IS 'Worker that holds it now.';
COMMENT ON COLUMN savvycal._targets.lease_until IS 'When that hold lapses.';
COMMENT ON COLUMN savvycal._targets.parked_at IS 'When it was given up until somebody acts; null normally.';
COMMENT ON COLUMN savvycal._targets.missing_since IS 'When SavvyCal first answered 404 or 410 for it; null while it answers.';
CREATE TABLE savvycal.snapshots (
    account text DEFAULT 'default'::text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    version integer NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    superseded_at timestamp with time zone,
    via text NOT NULL,
    changed_fields text[] NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT snapshots_version_positive CHECK ((version >= 1))
);
COMMENT ON TABLE savvycal.snapshots IS 'Every recorded version of every object, the current one included. Bodies hold [masked] where a credential was.';
COMMENT ON COLUMN savvycal.snapshots.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.snapshots.kind IS 'event or appointment.';
COMMENT ON COLUMN savvycal.snapshots.id IS 'Object.';
COMMENT ON COLUMN savvycal.snapshots.version IS 'Counts from 1.';
COMMENT ON COLUMN savvycal.snapshots.observed_at IS 'When this mirror saw it.';
COMMENT ON COLUMN savvycal.snapshots.superseded_at IS 'When the next version was recorded; null for the current one.';
COMMENT ON COLUMN savvycal.snapshots.via IS 'How it was seen.';
COMMENT ON COLUMN savvycal.snapshots.changed_fields IS 'Names of the fields that differ from the version before, two levels deep.';
COMMENT ON COLUMN savvycal.snapshots.body IS 'The whole document.';
CREATE VIEW savvycal.appointment_bodies AS
 SELECT s.account,
    s.id,
    s.version,
    s.observed_at,
    s.body
   FROM savvycal.snapshots s
  WHERE ((s.kind = 'appointment'::text) AND (s.superseded_at IS NULL));
COMMENT ON VIEW savvycal.appointment_bodies IS 'The whole current document of each Appointment, credentials masked.';
CREATE TABLE savvycal.appointment_history (
    account text DEFAULT 'default'::text NOT NULL,
    appointment_id text NOT NULL,
    kind text NOT NULL,
    "position" integer NOT NULL,
    occurred_at timestamp with time zone,
    initiated_by text,
    source text,
    actor text,
    cancellation_reason_id text,
    cancellation_reason_name text,
    cancellation_reason_sort_order integer,
    custom_reason_text text,
    start_at timestamp with time zone,
    end_at timestamp with time zone,
    previous_start_at timestamp with time zone,
    previous_end_at timestamp with time zone,
    new_start_at timestamp with time zone,
    new_end_at timestamp with time zone,
    time_zone text,
    extra jsonb NOT NULL,
    CONSTRAINT appointment_history_kind_known CHECK ((kind = ANY (ARRAY['reschedule'::text, 'cancellation'::text, 'confirmation'::text])))
);
COMMENT ON TABLE savvycal.appointment_history IS 'Entries of an Appointment''s reschedule_events, cancellation_events and confirmation_events.';
COMMENT ON COLUMN savvycal.appointment_history.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.appointment_history.appointment_id IS 'Appointment.';
COMMENT ON COLUMN savvycal.appointment_history.kind IS 'reschedule, cancellation or confirmation.';
COMMENT ON COLUMN savvycal.appointment_history."position" IS 'Place in its list, from 0.';
COMMENT ON COLUMN savvycal.appointment_history.occurred_at IS 'When it happened at SavvyCal.';
COMMENT ON COLUMN savvycal.appointment_history.initiated_by IS 'user or client.';
COMMENT ON COLUMN savvycal.appointment_history.source IS 'client_ui, dashboard or api.';
COMMENT ON COLUMN savvycal.appointment_history.actor IS 'Id of the user or token that acted.';
COMMENT ON COLUMN savvycal.appointment_history.cancellation_reason_id IS 'cancellation_reason.id.';
COMMENT ON COLUMN savvycal.appointment_history.cancellation_reason_name IS 'cancellation_reason.name.';
COMMENT ON COLUMN savvycal.appointment_history.cancellation_reason_sort_order IS 'cancellation_reason.sort_order.';
COMMENT ON COLUMN savvycal.appointment_history.custom_reason_text IS 'Reason in the words of the person.';
COMMENT ON COLUMN savvycal.appointment_history.start_at IS 'Start that was confirmed.';
COMMENT ON COLUMN savvycal.appointment_history.end_at IS 'End that was confirmed.';
COMMENT ON COLUMN savvycal.appointment_history.previous_start_at IS 'Start before the reschedule.';
COMMENT ON COLUMN savvycal.appointment_history.previous_end_at IS 'End before the reschedule.';
COMMENT ON COLUMN savvycal.appointment_history.new_start_at IS 'Start after the reschedule.';
COMMENT ON COLUMN savvycal.appointment_history.new_end_at IS 'End after the reschedule.';
COMMENT ON COLUMN savvycal.appointment_history.time_zone IS 'Zone of the first of these times.';
COMMENT ON COLUMN savvycal.appointment_history.extra IS 'Undocumented fields; {} when none.';
CREATE TABLE savvycal.appointments (
    account text DEFAULT 'default'::text NOT NULL,
    id text NOT NULL,
    status text NOT NULL,
    phase text NOT NULL,
    start_at timestamp with time zone NOT NULL,
    end_at timestamp with time zone NOT NULL,
    time_zone text,
    start_local text,
    end_local text,
    end_time_zone text,
    appointment_type text,
    confirmed_at timestamp with time zone,
    created_at timestamp with time zone,
    updated_at timestamp with time zone,
    client_id text,
    client_reference_id text,
    client_locale text,
    client_time_zone text,
    client_email text,
    client_first_name text,
    client_last_name text,
    client_phone text,
    client_metadata jsonb,
    client_created_at timestamp with time zone,
    client_updated_at timestamp with time zone,
    client_data_locale text,
    client_data_reference_id text,
    client_data_time_zone text,
    client_data_email text,
    client_data_first_name text,
    client_data_last_name text,
    client_data_phone text,
    provider_id text,
    provider_display_name text,
    provider_first_name text,
    provider_last_name text,
    provider_time_zone text,
    provider_created_at timestamp with time zone,
    provider_updated_at timestamp with time zone,
    service_id text,
    service_name text,
    service_internal_name text,
    service_appointment_type text,
    service_duration text,
    service_slot_rules jsonb,
    service_booking_policy jsonb,
    service_cancellation_policy jsonb,
    service_rescheduling_policy jsonb,
    service_change_policy_text text,
    service_metadata jsonb,
    service_provider_notifications jsonb,
    service_created_at timestamp with time zone,
    service_updated_at timestamp with time zone,
    fields jsonb,
    legacy_client_locale text,
    legacy_client_reference_id text,
    legacy_client_time_zone text,
    extra jsonb NOT NULL,
    version integer NOT NULL,
    fence bigint NOT NULL,
    digest bytea NOT NULL,
    fingerprint bytea NOT NULL,
    transition_seq integer NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone,
    gone_reason text,
    CONSTRAINT appointments_gone_with_reason CHECK (((gone_at IS NULL) = (gone_reason IS NULL))),
    CONSTRAINT appointments_phase_known CHECK ((phase = ANY (ARRAY['pending'::text, 'created'::text, 'failed'::text, 'skipped'::text, 'canceled'::text, 'unknown'::text]))),
    CONSTRAINT appointments_version_positive CHECK (((version >= 1) AND (transition_seq >= 0)))
);
COMMENT ON TABLE savvycal.appointments IS 'SavvyCal Appointments: one row per Appointment. Its conferencing is in meetings. Action links (urls) are not stored.';
COMMENT ON COLUMN savvycal.appointments.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.appointments.id IS 'Appointment id (appt_...).';
COMMENT ON COLUMN savvycal.appointments.status IS 'Appointment.status in SavvyCal''s words: scheduled, canceled.';
COMMENT ON COLUMN savvycal.appointments.phase IS 'What the status means: created, canceled, or unknown.';
COMMENT ON COLUMN savvycal.appointments.start_at IS 'Start (start_at.utc).';
COMMENT ON COLUMN savvycal.appointments.end_at IS 'End (end_at.utc).';
COMMENT ON COLUMN savvycal.appointments.time_zone IS 'Zone of the start (start_at.time_zone).';
COMMENT ON COLUMN savvycal.appointments.start_local IS 'Start on the wall clock of that zone, as SavvyCal writes it (start_at.local).';
COMMENT ON COLUMN savvycal.appointments.end_local IS 'End on the wall clock (end_at.local).';
COMMENT ON COLUMN savvycal.appointments.end_time_zone IS 'Zone of the end (end_at.time_zone).';
COMMENT ON COLUMN savvycal.appointments.appointment_type IS 'in_person or virtual.';
COMMENT ON COLUMN savvycal.appointments.confirmed_at IS 'When it was confirmed at SavvyCal.';
COMMENT ON COLUMN savvycal.appointments.created_at IS 'When it was booked at SavvyCal.';
COMMENT ON COLUMN savvycal.appointments.updated_at IS 'SavvyCal''s own time of the last change; whether a change of the meeting moves it is not documented.';
COMMENT ON COLUMN savvycal.appointments.client_id IS 'Client.id (clnt_...).';
COMMENT ON COLUMN savvycal.appointments.client_reference_id IS 'Client.reference_id: your own id of the client.';
COMMENT ON COLUMN savvycal.appointments.client_locale IS 'Client.locale.';
COMMENT ON COLUMN savvycal.appointments.client_time_zone IS 'Client.time_zone.';
COMMENT ON COLUMN savvycal.appointments.client_email IS 'Client.email (only with SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE).';
COMMENT ON COLUMN savvycal.appointments.client_first_name IS 'Client.first_name (the same).';
COMMENT ON COLUMN savvycal.appointments.client_last_name IS 'Client.last_name (the same).';
COMMENT ON COLUMN savvycal.appointments.client_phone IS 'Client.phone (the same).';
COMMENT ON COLUMN savvycal.appointments.client_metadata IS 'Client.metadata.';
COMMENT ON COLUMN savvycal.appointments.client_created_at IS 'Client.created_at.';
COMMENT ON COLUMN savvycal.appointments.client_updated_at IS 'Client.updated_at.';
COMMENT ON COLUMN savvycal.appointments.client_data_locale IS 'Locale as given when booking (client_data.locale).';
COMMENT ON COLUMN savvycal.appointments.client_data_reference_id IS 'client_data.reference_id.';
COMMENT ON COLUMN savvycal.appointments.client_data_time_zone IS 'client_data.time_zone.';
COMMENT ON COLUMN savvycal.appointments.client_data_email IS 'client_data.email (only with SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE).';
COMMENT ON COLUMN savvycal.appointments.client_data_first_name IS 'client_data.first_name (the same).';
COMMENT ON COLUMN savvycal.appointments.client_data_last_name IS 'client_data.last_name (the same).';
COMMENT ON COLUMN savvycal.appointments.client_data_phone IS 'client_data.phone (the same).';
COMMENT ON COLUMN savvycal.appointments.provider_id IS 'Provider.id (prov_...).';
COMMENT ON COLUMN savvycal.appointments.provider_display_name IS 'Provider.display_name.';
COMMENT ON COLUMN savvycal.appointments.provider_first_name IS 'Provider.first_name.';
COMMENT ON COLUMN savvycal.appointments.provider_last_name IS 'Provider.last_name.';
COMMENT ON COLUMN savvycal.appointments.provider_time_zone IS 'Provider.time_zone.';
COMMENT ON COLUMN savvycal.appointments.provider_created_at IS 'Provider.created_at.';
COMMENT ON COLUMN savvycal.appointments.provider_updated_at IS 'Provider.updated_at.';
COMMENT ON COLUMN savvycal.appointments.service_id IS 'Service.id (srv_...).';
COMMENT ON COLUMN savvycal.appointments.service_name IS 'Service.name.';
COMMENT ON COLUMN savvycal.appointments.service_internal_name IS 'Service.internal_name.';
COMMENT ON COLUMN savvycal.appointments.service_appointment_type IS 'Service.appointment_type.';
COMMENT ON COLUMN savvycal.appointments.service_duration IS 'Service.duration, ISO 8601 (PT30M).';
COMMENT ON COLUMN savvycal.appointments.service_slot_rules IS 'Service.slot_rules, a list.';
COMMENT ON COLUMN savvycal.appointments.service_booking_policy IS 'Service.booking_policy.';
COMMENT ON COLUMN savvycal.appointments.service_cancellation_policy IS 'Service.cancellation_policy.';
COMMENT ON COLUMN savvycal.appointments.service_rescheduling_policy IS 'Service.rescheduling_policy.';
COMMENT ON COLUMN savvycal.appointments.service_change_policy_text IS 'Service.change_policy_text.';
COMMENT ON COLUMN savvycal.appointments.service_metadata IS 'Service.metadata.';
COMMENT ON COLUMN savvycal.appointments.service_provider_notifications IS 'Service.provider_notifications.';
COMMENT ON COLUMN savvycal.appointments.service_created_at IS 'Service.created_at.';
COMMENT ON COLUMN savvycal.appointments.service_updated_at IS 'Service.updated_at.';
COMMENT ON COLUMN savvycal.appointments.fields IS 'Appointment.fields (removed from the API on 2026-03-10).';
COMMENT ON COLUMN savvycal.appointments.legacy_client_locale IS 'Appointment.client_locale (removed from the API on 2026-03-10).';
COMMENT ON COLUMN savvycal.appointments.legacy_client_reference_id IS 'Appointment.client_reference_id (the same).';
COMMENT ON COLUMN savvycal.appointments.legacy_client_time_zone IS 'Appointment.client_time_zone (the same).';
COMMENT ON COLUMN savvycal.appointments.extra IS 'Fields SavvyCal sent that its documentation does not know, by the object they stood in; {} when none.';
COMMENT ON COLUMN savvycal.appointments.version IS 'Counts the recorded versions of this object from 1; the current body is in snapshots under this number.';
COMMENT ON COLUMN savvycal.appointments.fence IS 'Fence of the look that wrote this row.';
COMMENT ON COLUMN savvycal.appointments.digest IS 'Hash of the bytes as served (credentials blanked): equal means unchanged, without decoding.';
COMMENT ON COLUMN savvycal.appointments.fingerprint IS 'Hash of the canonical masked document: decides whether a difference means anything.';
COMMENT ON COLUMN savvycal.appointments.transition_seq IS 'Number of the last transition of this object.';
COMMENT ON COLUMN savvycal.appointments.first_seen_at IS 'When this mirror saw the object first.';
COMMENT ON COLUMN savvycal.appointments.changed_at IS 'When this mirror last saw the object change.';
COMMENT ON COLUMN savvycal.appointments.gone_at IS 'When the object was found to be gone at SavvyCal (tombstone); null while it exists.';
COMMENT ON COLUMN savvycal.appointments.gone_reason IS 'Why it counts as gone; null while it exists.';
CREATE TABLE savvycal.changes (
    account text DEFAULT 'default'::text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    version integer NOT NULL,
    change text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT changes_change_known CHECK ((change = ANY (ARRAY['first'::text, 'changed'::text, 'gone'::text, 'revived'::text])))
);
COMMENT ON TABLE savvycal.changes IS 'Change feed: one row per recorded change. Read it with changes_since(), which never skips a row that commits late.';
COMMENT ON COLUMN savvycal.changes.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.changes.xid IS 'Transaction that wrote the row; rows of running ones are held back by changes_since().';
COMMENT ON COLUMN savvycal.changes.seq IS 'Order within a transaction.';
COMMENT ON COLUMN savvycal.changes.kind IS 'event or appointment.';
COMMENT ON COLUMN savvycal.changes.id IS 'Object.';
COMMENT ON COLUMN savvycal.changes.version IS 'Its version after the change.';
COMMENT ON COLUMN savvycal.changes.change IS 'first, changed, gone or revived.';
COMMENT ON COLUMN savvycal.changes.changed_at IS 'When it was recorded.';
ALTER TABLE savvycal.changes ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME savvycal.changes_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE savvycal.coverage (
    account text DEFAULT 'default'::text NOT NULL,
    product text NOT NULL,
    window_name text NOT NULL,
    starts_from date,
    starts_until date,
    complete_as_of timestamp with time zone,
    row_count bigint,
    next_due_at timestamp with time zone NOT NULL,
    run_id bigint
);
COMMENT ON TABLE savvycal.coverage IS 'Which ranges are complete as of when. No row in events can mean: no meeting, or not swept yet. This tells.';
COMMENT ON COLUMN savvycal.coverage.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.coverage.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal.coverage.window_name IS 'near, upcoming, month, later, all: ranges of start times seen from now.';
COMMENT ON COLUMN savvycal.coverage.starts_from IS 'First start date that the last complete pass asked for; null: no bound.';
COMMENT ON COLUMN savvycal.coverage.starts_until IS 'Last start date it asked for; null: no bound.';
COMMENT ON COLUMN savvycal.coverage.complete_as_of IS 'Start of the last complete pass: everything up to then is in the tables. Null: never complete.';
COMMENT ON COLUMN savvycal.coverage.row_count IS 'Objects that pass saw.';
COMMENT ON COLUMN savvycal.coverage.next_due_at IS 'When the window is swept next.';
COMMENT ON COLUMN savvycal.coverage.run_id IS 'Run that completed it last.';
CREATE TABLE savvycal.events (
    account text DEFAULT 'default'::text NOT NULL,
    id text NOT NULL,
    state text NOT NULL,
    phase text NOT NULL,
    start_at timestamp with time zone NOT NULL,
    end_at timestamp with time zone NOT NULL,
    summary text,
    organizer_id text,
    scheduler_id text,
    link_id text,
    link_name text,
    link_slug text,
    link_private_name text,
    link_description text,
    created_at timestamp with time zone,
    canceled_at timestamp with time zone,
    cancel_reason text,
    rescheduled_at timestamp with time zone,
    reschedule_reason text,
    original_start_at timestamp with time zone,
    original_end_at timestamp with time zone,
    duration_minutes integer,
    buffer_before_minutes integer,
    buffer_after_minutes integer,
    description text,
    additional_info text,
    location text,
    location_settings jsonb,
    description_settings_include_attendees boolean,
    description_settings_include_fields boolean,
    description_settings_include_link_name boolean,
    conferencing_type text,
    conferencing_join_url text,
    conferencing_meeting_id text,
    conferencing_instructions text,
    poll jsonb,
    scope_id text,
    scope_name text,
    scope_slug text,
    is_group_session boolean,
    maximum_group_size integer,
    metadata jsonb,
    payment_state text,
    payment_url text,
    payment_amount_total_cents bigint,
    payment_amount_subtotal_cents bigint,
    payment_amount_discount_cents bigint,
    payment_amount_tax_cents bigint,
    payment_amount_shipping_cents bigint,
    url text,
    uuid text,
    extra jsonb NOT NULL,
    version integer NOT NULL,
    fence bigint NOT NULL,
    digest bytea NOT NULL,
    fingerprint bytea NOT NULL,
    transition_seq integer NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone,
    gone_reason text,
    CONSTRAINT events_gone_with_reason CHECK (((gone_at IS NULL) = (gone_reason IS NULL))),
    CONSTRAINT events_phase_known CHECK ((phase = ANY (ARRAY['pending'::text, 'created'::text, 'failed'::text, 'skipped'::text, 'canceled'::text, 'unknown'::text]))),
    CONSTRAINT events_version_positive CHECK (((version >= 1) AND (transition_seq >= 0)))
);
COMMENT ON TABLE savvycal.events IS 'SavvyCal Meetings: one row per Event, all documented fields of both API generations.';
COMMENT ON COLUMN savvycal.events.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.events.id IS 'Event id, opaque (event_...).';
COMMENT ON COLUMN savvycal.events.state IS 'Event.state in SavvyCal''s words: confirmed, canceled, awaiting_approval, ... A word unknown to us is kept.';
COMMENT ON COLUMN savvycal.events.phase IS 'What the state means: pending, created, canceled, or unknown.';
COMMENT ON COLUMN savvycal.events.start_at IS 'Start of the event.';
COMMENT ON COLUMN savvycal.events.end_at IS 'End of the event.';
COMMENT ON COLUMN savvycal.events.summary IS 'Title.';
COMMENT ON COLUMN savvycal.events.organizer_id IS 'Attendee id of the host; the person is in event_attendees.';
COMMENT ON COLUMN savvycal.events.scheduler_id IS 'Attendee id of the person who booked; the person is in event_attendees.';
COMMENT ON COLUMN savvycal.events.link_id IS 'Booking link the event came through.';
COMMENT ON COLUMN savvycal.events.link_name IS 'Name of that link.';
COMMENT ON COLUMN savvycal.events.link_slug IS 'Slug of that link.';
COMMENT ON COLUMN savvycal.events.link_private_name IS 'Private name of that link (older API generation).';
COMMENT ON COLUMN savvycal.events.link_description IS 'Description of that link, where SavvyCal sends it.';
COMMENT ON COLUMN savvycal.events.created_at IS 'When it was booked at SavvyCal.';
COMMENT ON COLUMN savvycal.events.canceled_at IS 'When it was canceled at SavvyCal.';
COMMENT ON COLUMN savvycal.events.cancel_reason IS 'Reason given for the cancellation.';
COMMENT ON COLUMN savvycal.events.rescheduled_at IS 'When it was last rescheduled at SavvyCal.';
COMMENT ON COLUMN savvycal.events.reschedule_reason IS 'Reason given for the reschedule.';
COMMENT ON COLUMN savvycal.events.original_start_at IS 'Start before the reschedule.';
COMMENT ON COLUMN savvycal.events.original_end_at IS 'End before the reschedule.';
COMMENT ON COLUMN savvycal.events.duration_minutes IS 'Event.duration.';
COMMENT ON COLUMN savvycal.events.buffer_before_minutes IS 'Event.buffer_before.';
COMMENT ON COLUMN savvycal.events.buffer_after_minutes IS 'Event.buffer_after.';
COMMENT ON COLUMN savvycal.events.description IS 'Event.description.';
COMMENT ON COLUMN savvycal.events.additional_info IS 'Event.additional_info.';
COMMENT ON COLUMN savvycal.events.location IS 'Event.location.';
COMMENT ON COLUMN savvycal.events.location_settings IS 'Event.location_settings, a list.';
COMMENT ON COLUMN savvycal.events.description_settings_include_attendees IS 'Event.description_settings.include_attendees.';
COMMENT ON COLUMN savvycal.events.description_settings_include_fields IS 'Event.description_settings.include_fields.';
COMMENT ON COLUMN savvycal.events.description_settings_include_link_name IS 'Event.description_settings.include_link_name.';
COMMENT ON COLUMN savvycal.events.conferencing_type IS 'Event.conferencing.type, e.g. zoom.';
COMMENT ON COLUMN savvycal.events.conferencing_join_url IS 'Event.conferencing.join_url; may arrive after the booking.';
COMMENT ON COLUMN savvycal.events.conferencing_meeting_id IS 'Event.conferencing.meeting_id.';
COMMENT ON COLUMN savvycal.events.conferencing_instructions IS 'Event.conferencing.instructions.';
COMMENT ON COLUMN savvycal.events.poll IS 'Event.poll: the meeting poll it came from; its fields are not documented.';
COMMENT ON COLUMN savvycal.events.scope_id IS 'Event.scope.id: person or team the link belongs to.';
COMMENT ON COLUMN savvycal.events.scope_name IS 'Event.scope.name.';
COMMENT ON COLUMN savvycal.events.scope_slug IS 'Event.scope.slug.';
COMMENT ON COLUMN savvycal.events.is_group_session IS 'Event.is_group_session.';
COMMENT ON COLUMN savvycal.events.maximum_group_size IS 'Event.maximum_group_size.';
COMMENT ON COLUMN savvycal.events.metadata IS 'Event.metadata: what the booking URL or the creating call attached.';
COMMENT ON COLUMN savvycal.events.payment_state IS 'Event.payment.state: awaiting_checkout or paid; null without payment.';
COMMENT ON COLUMN savvycal.events.payment_url IS 'Event.payment.url.';
COMMENT ON COLUMN savvycal.events.payment_amount_total_cents IS 'Event.payment.amount_total, in the currency''s minor unit; SavvyCal names no currency.';
COMMENT ON COLUMN savvycal.events.payment_amount_subtotal_cents IS 'Event.payment.amount_subtotal (older API generation).';
COMMENT ON COLUMN savvycal.events.payment_amount_discount_cents IS 'Event.payment.amount_discount.';
COMMENT ON COLUMN savvycal.events.payment_amount_tax_cents IS 'Event.payment.amount_tax.';
COMMENT ON COLUMN savvycal.events.payment_amount_shipping_cents IS 'Event.payment.amount_shipping.';
COMMENT ON COLUMN savvycal.events.url IS 'Page of the event at SavvyCal.';
COMMENT ON COLUMN savvycal.events.uuid IS 'Event.uuid (an older copy of the API).';
COMMENT ON COLUMN savvycal.events.extra IS 'Fields SavvyCal sent that its documentation does not know; {} when none.';
COMMENT ON COLUMN savvycal.events.version IS 'Counts the recorded versions of this object from 1; the current body is in snapshots under this number.';
COMMENT ON COLUMN savvycal.events.fence IS 'Fence of the look that wrote this row.';
COMMENT ON COLUMN savvycal.events.digest IS 'Hash of the bytes as served (credentials blanked): equal means unchanged, without decoding.';
COMMENT ON COLUMN savvycal.events.fingerprint IS 'Hash of the canonical masked document: decides whether a difference means anything.';
COMMENT ON COLUMN savvycal.events.transition_seq IS 'Number of the last transition of this object.';
COMMENT ON COLUMN savvycal.events.first_seen_at IS 'When this mirror saw the object first.';
COMMENT ON COLUMN savvycal.events.changed_at IS 'When this mirror last saw the object change.';
COMMENT ON COLUMN savvycal.events.gone_at IS 'When the object was found to be gone at SavvyCal (tombstone); null while it exists.';
COMMENT ON COLUMN savvycal.events.gone_reason IS 'Why it counts as gone; null while it exists.';
CREATE TABLE savvycal.meetings (
    account text DEFAULT 'default'::text NOT NULL,
    id text NOT NULL,
    event_id text,
    appointment_id text,
    status text NOT NULL,
    phase text NOT NULL,
    conferencing_provider text,
    external_meeting_id text,
    join_url text,
    error_message text,
    has_host_url boolean NOT NULL,
    has_password boolean NOT NULL,
    is_current boolean NOT NULL,
    replaces text,
    replaced_by text,
    transition_seq integer NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT meetings_belong_to_one_object CHECK ((num_nonnulls(event_id, appointment_id) = 1)),
    CONSTRAINT meetings_phase_known CHECK ((phase = ANY (ARRAY['pending'::text, 'created'::text, 'failed'::text, 'skipped'::text, 'canceled'::text, 'unknown'::text]))),
    CONSTRAINT meetings_replaced_are_not_current CHECK (((replaced_by IS NULL) OR (NOT is_current)))
);
COMMENT ON TABLE savvycal.meetings IS 'Conferencing: one row per AppointmentMeeting, and one per Event (derived, under the event''s id). The same seven statuses.';
COMMENT ON COLUMN savvycal.meetings.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.meetings.id IS 'AppointmentMeeting id (amtg_...), or the id of the Event.';
COMMENT ON COLUMN savvycal.meetings.event_id IS 'Event it belongs to.';
COMMENT ON COLUMN savvycal.meetings.appointment_id IS 'Appointment it belongs to.';
COMMENT ON COLUMN savvycal.meetings.status IS 'pending, created, failed, skipped, update_pending, cancel_pending, canceled; a new word is kept.';
COMMENT ON COLUMN savvycal.meetings.phase IS 'What the status means: pending, created, failed, skipped, canceled, or unknown.';
COMMENT ON COLUMN savvycal.meetings.conferencing_provider IS 'Provider, e.g. zoom_admin; for an Event its conferencing type.';
COMMENT ON COLUMN savvycal.meetings.external_meeting_id IS 'Id of the meeting at the provider.';
COMMENT ON COLUMN savvycal.meetings.join_url IS 'Where people join; set once created.';
COMMENT ON COLUMN savvycal.meetings.error_message IS 'Why the last attempt failed.';
COMMENT ON COLUMN savvycal.meetings.has_host_url IS 'Whether SavvyCal has a host link. The link itself is a credential and is not stored here.';
COMMENT ON COLUMN savvycal.meetings.has_password IS 'Whether SavvyCal has a password. The password itself is not stored here.';
COMMENT ON COLUMN savvycal.meetings.is_current IS 'False once another meeting took its place or the object no longer carries it.';
COMMENT ON COLUMN savvycal.meetings.replaces IS 'Meeting whose place it took.';
COMMENT ON COLUMN savvycal.meetings.replaced_by IS 'Meeting that took its place.';
COMMENT ON COLUMN savvycal.meetings.transition_seq IS 'Number of its last transition.';
COMMENT ON COLUMN savvycal.meetings.first_seen_at IS 'When this mirror saw it first.';
COMMENT ON COLUMN savvycal.meetings.changed_at IS 'When this mirror last saw it change.';
CREATE VIEW savvycal.drift AS
 SELECT events.account,
    'event'::text AS kind,
    'unknown state'::text AS what,
    events.state AS name,
    count(*) AS objects
   FROM savvycal.events
  WHERE (events.phase = 'unknown'::text)
  GROUP BY events.account, events.state
UNION ALL
 SELECT appointments.account,
    'appointment'::text AS kind,
    'unknown status'::text AS what,
    appointments.status AS name,
    count(*) AS objects
   FROM savvycal.appointments
  WHERE (appointments.phase = 'unknown'::text)
  GROUP BY appointments.account, appointments.status
UNION ALL
 SELECT meetings.account,
    'meeting'::text AS kind,
    'unknown status'::text AS what,
    meetings.status AS name,
    count(*) AS objects
   FROM savvycal.meetings
  WHERE (meetings.phase = 'unknown'::text)
  GROUP BY meetings.account, meetings.status
UNION ALL
 SELECT events.account,
    'event'::text AS kind,
    'unknown field'::text AS what,
    key.key AS name,
    count(*) AS objects
   FROM savvycal.events,
    LATERAL jsonb_object_keys(events.extra) key(key)
  GROUP BY events.account, key.key
UNION ALL
 SELECT appointments.account,
    'appointment'::text AS kind,
    'unknown field'::text AS what,
    key.key AS name,
    count(*) AS objects
   FROM savvycal.appointments,
    LATERAL jsonb_object_keys(appointments.extra) key(key)
  GROUP BY appointments.account, key.key;
COMMENT ON VIEW savvycal.drift IS 'What SavvyCal sends that its documentation, as we know it, does not name.';
CREATE TABLE savvycal.event_answers (
    account text DEFAULT 'default'::text NOT NULL,
    event_id text NOT NULL,
    attendee_position integer NOT NULL,
    "position" integer NOT NULL,
    id text,
    type text,
    label text,
    value text,
    options jsonb,
    extra jsonb NOT NULL
);
COMMENT ON TABLE savvycal.event_answers IS 'Answers of an Event''s people to booking questions (Attendee.fields).';
COMMENT ON COLUMN savvycal.event_answers.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.event_answers.event_id IS 'Event.';
COMMENT ON COLUMN savvycal.event_answers.attendee_position IS 'Person, by place in event_attendees.';
COMMENT ON COLUMN savvycal.event_answers."position" IS 'Place among the answers of that person, from 0.';
COMMENT ON COLUMN savvycal.event_answers.id IS 'Id of the question.';
COMMENT ON COLUMN savvycal.event_answers.type IS 'Kind of question, e.g. text.';
COMMENT ON COLUMN savvycal.event_answers.label IS 'The question.';
COMMENT ON COLUMN savvycal.event_answers.value IS 'The answer: a string as it is, anything else as its JSON text.';
COMMENT ON COLUMN savvycal.event_answers.options IS 'Choices of the question, where SavvyCal sends them.';
COMMENT ON COLUMN savvycal.event_answers.extra IS 'Undocumented fields; {} when none.';
CREATE TABLE savvycal.event_attendees (
    account text DEFAULT 'default'::text NOT NULL,
    event_id text NOT NULL,
    "position" integer NOT NULL,
    id text,
    is_listed boolean NOT NULL,
    email text,
    display_name text,
    first_name text,
    last_name text,
    phone_number text,
    time_zone text,
    response_status text,
    is_organizer boolean,
    is_scheduler boolean,
    marketing_opt_in boolean,
    extra jsonb NOT NULL
);
COMMENT ON TABLE savvycal.event_attendees IS 'People of an Event: its attendees in order, then a scheduler or organizer that the list left out.';
COMMENT ON COLUMN savvycal.event_attendees.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.event_attendees.event_id IS 'Event.';
COMMENT ON COLUMN savvycal.event_attendees."position" IS 'Place in the list, from 0.';
COMMENT ON COLUMN savvycal.event_attendees.id IS 'Attendee id (attendee_...).';
COMMENT ON COLUMN savvycal.event_attendees.is_listed IS 'False for a scheduler or organizer that SavvyCal names but does not list among the attendees.';
COMMENT ON COLUMN savvycal.event_attendees.email IS 'Attendee.email.';
COMMENT ON COLUMN savvycal.event_attendees.display_name IS 'Attendee.display_name.';
COMMENT ON COLUMN savvycal.event_attendees.first_name IS 'Attendee.first_name.';
COMMENT ON COLUMN savvycal.event_attendees.last_name IS 'Attendee.last_name.';
COMMENT ON COLUMN savvycal.event_attendees.phone_number IS 'Attendee.phone_number (E.164).';
COMMENT ON COLUMN savvycal.event_attendees.time_zone IS 'Attendee.time_zone (IANA).';
COMMENT ON COLUMN savvycal.event_attendees.response_status IS 'Attendee.response_status: a free word (accepted, confirmed, ...).';
COMMENT ON COLUMN savvycal.event_attendees.is_organizer IS 'Attendee.is_organizer.';
COMMENT ON COLUMN savvycal.event_attendees.is_scheduler IS 'Attendee.is_scheduler (older API generation), else whether it is the event''s scheduler.';
COMMENT ON COLUMN savvycal.event_attendees.marketing_opt_in IS 'Attendee.marketing_opt_in.';
COMMENT ON COLUMN savvycal.event_attendees.extra IS 'Undocumented fields; {} when none.';
CREATE VIEW savvycal.event_bodies AS
 SELECT s.account,
    s.id,
    s.version,
    s.observed_at,
    s.body
   FROM savvycal.snapshots s
  WHERE ((s.kind = 'event'::text) AND (s.superseded_at IS NULL));
COMMENT ON VIEW savvycal.event_bodies IS 'The whole current document of each Event, credentials masked.';
CREATE TABLE savvycal.runs (
    account text DEFAULT 'default'::text NOT NULL,
    id bigint NOT NULL,
    job text NOT NULL,
    product text NOT NULL,
    window_name text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    result text NOT NULL,
    walks integer DEFAULT 0 NOT NULL,
    pages integer DEFAULT 0 NOT NULL,
    rows_read bigint DEFAULT 0 NOT NULL,
    rows_written bigint DEFAULT 0 NOT NULL,
    rows_unchanged bigint DEFAULT 0 NOT NULL,
    rows_overtaken bigint DEFAULT 0 NOT NULL,
    rows_quarantined bigint DEFAULT 0 NOT NULL,
    expected_rows bigint,
    error text,
    CONSTRAINT runs_finished_has_result CHECK (((finished_at IS NULL) = (result = 'running'::text))),
    CONSTRAINT runs_result_known CHECK ((result = ANY (ARRAY['running'::text, 'ok'::text, 'suspect'::text, 'failed'::text])))
);
COMMENT ON TABLE savvycal.runs IS 'One row per run of a pass: what it read and what came of it.';
COMMENT ON COLUMN savvycal.runs.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.runs.id IS 'Counts up.';
COMMENT ON COLUMN savvycal.runs.job IS 'poll, backfill or resync.';
COMMENT ON COLUMN savvycal.runs.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal.runs.window_name IS 'Range that was swept.';
COMMENT ON COLUMN savvycal.runs.started_at IS 'Start.';
COMMENT ON COLUMN savvycal.runs.finished_at IS 'End; null while it runs.';
COMMENT ON COLUMN savvycal.runs.result IS 'running, ok, suspect (too few rows to be believed) or failed.';
COMMENT ON COLUMN savvycal.runs.walks IS 'How often the range was walked until a walk brought no news.';
COMMENT ON COLUMN savvycal.runs.pages IS 'Pages read.';
COMMENT ON COLUMN savvycal.runs.rows_read IS 'Records read, over all walks.';
COMMENT ON COLUMN savvycal.runs.rows_written IS 'Of these, recorded as new or changed.';
COMMENT ON COLUMN savvycal.runs.rows_unchanged IS 'Of these, unchanged.';
COMMENT ON COLUMN savvycal.runs.rows_overtaken IS 'Of these, already written by a later look.';
COMMENT ON COLUMN savvycal.runs.rows_quarantined IS 'Of these, unreadable.';
COMMENT ON COLUMN savvycal.runs.expected_rows IS 'Records SavvyCal announced, where it announces them (Appointments), else as many as last time.';
COMMENT ON COLUMN savvycal.runs.error IS 'What went wrong, in one line.';
CREATE VIEW savvycal.freshness AS
 SELECT c.account,
    c.product,
    c.window_name,
    c.complete_as_of,
    (now() - c.complete_as_of) AS age,
    c.row_count,
    c.next_due_at,
    r.result AS last_result
   FROM (savvycal.coverage c
     LEFT JOIN savvycal.runs r ON (((r.account = c.account) AND (r.id = c.run_id))));
COMMENT ON VIEW savvycal.freshness IS 'How old the last complete sweep of each window is.';
CREATE VIEW savvycal.lifecycle_counts AS
 SELECT events.account,
    'event'::text AS kind,
    events.state AS status,
    events.phase,
    count(*) AS objects
   FROM savvycal.events
  WHERE (events.gone_at IS NULL)
  GROUP BY events.account, 'event'::text, events.state, events.phase
UNION ALL
 SELECT appointments.account,
    'appointment'::text AS kind,
    appointments.status,
    appointments.phase,
    count(*) AS objects
   FROM savvycal.appointments
  WHERE (appointments.gone_at IS NULL)
  GROUP BY appointments.account, 'appointment'::text, appointments.status, appointments.phase
UNION ALL
 SELECT meetings.account,
    'meeting'::text AS kind,
    meetings.status,
    meetings.phase,
    count(*) AS objects
   FROM savvycal.meetings
  WHERE meetings.is_current
  GROUP BY meetings.account, 'meeting'::text, meetings.status, meetings.phase;
COMMENT ON VIEW savvycal.lifecycle_counts IS 'How many objects are in which status.';
CREATE TABLE savvycal.quarantine (
    account text DEFAULT 'default'::text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    byte_count integer NOT NULL,
    body jsonb
);
COMMENT ON TABLE savvycal.quarantine IS 'Records that could not be read. They never stop their page; each is tried again whenever it is seen.';
COMMENT ON COLUMN savvycal.quarantine.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.quarantine.kind IS 'event or appointment.';
COMMENT ON COLUMN savvycal.quarantine.id IS 'Object, or unreadable:<hash> when not even the id can be read.';
COMMENT ON COLUMN savvycal.quarantine.reason IS 'What is wrong, without any of its values.';
COMMENT ON COLUMN savvycal.quarantine.attempts IS 'How often it was seen like this.';
COMMENT ON COLUMN savvycal.quarantine.first_seen_at IS 'When it was seen like this first.';
COMMENT ON COLUMN savvycal.quarantine.last_seen_at IS 'When it was seen like this last.';
COMMENT ON COLUMN savvycal.quarantine.resolved_at IS 'When a readable version arrived; null while it is open.';
COMMENT ON COLUMN savvycal.quarantine.byte_count IS 'Size of the record as served.';
COMMENT ON COLUMN savvycal.quarantine.body IS 'The record with credentials masked, where it can be decoded at all.';
CREATE VIEW savvycal.reschedules AS
 SELECT s.account,
    s.kind,
    s.id,
    s.version,
    s.observed_at,
    s.via,
    COALESCE((p.body ->> 'start_at'::text), (p.body #>> '{start_at,utc}'::text[])) AS previous_start_at,
    COALESCE((s.body ->> 'start_at'::text), (s.body #>> '{start_at,utc}'::text[])) AS new_start_at
   FROM (savvycal.snapshots s
     JOIN savvycal.snapshots p ON (((p.account = s.account) AND (p.kind = s.kind) AND (p.id = s.id) AND (p.version = (s.version - 1)))))
  WHERE (s.changed_fields && ARRAY['start_at'::text, 'start_at.utc'::text]);
COMMENT ON VIEW savvycal.reschedules IS 'Each change of a start time this mirror saw, in SavvyCal''s own notation.';
ALTER TABLE savvycal.runs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME savvycal.runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW savvycal.stuck_meetings AS
 SELECT m.account,
    COALESCE(m.event_id, m.appointment_id) AS object_id,
    m.id AS meeting_id,
    m.status,
    m.error_message,
    COALESCE(e.start_at, a.start_at) AS start_at,
    (now() - m.changed_at) AS since
   FROM ((savvycal.meetings m
     LEFT JOIN savvycal.events e ON (((e.account = m.account) AND (e.id = m.event_id))))
     LEFT JOIN savvycal.appointments a ON (((a.account = m.account) AND (a.id = m.appointment_id))))
  WHERE (m.is_current AND (m.status = ANY (ARRAY['pending'::text, 'failed'::text, 'update_pending'::text, 'cancel_pending'::text])) AND (m.changed_at < (now() - '00:05:00'::interval)) AND (COALESCE(e.end_at, a.end_at) > now()) AND (COALESCE(e.gone_at, a.gone_at) IS NULL) AND (COALESCE(e.phase, a.phase) <> 'canceled'::text));
COMMENT ON VIEW savvycal.stuck_meetings IS 'Meetings still ahead whose conferencing has been unsettled for five minutes or more.';
CREATE TABLE savvycal.transitions (
    account text DEFAULT 'default'::text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    seq integer NOT NULL,
    from_status text,
    to_status text NOT NULL,
    label text NOT NULL,
    occurred_at timestamp with time zone,
    observed_at timestamp with time zone NOT NULL,
    via text NOT NULL,
    CONSTRAINT transitions_first_has_no_from CHECK (((label = 'first'::text) = (from_status IS NULL))),
    CONSTRAINT transitions_label_known CHECK ((label = ANY (ARRAY['first'::text, 'direct'::text, 'skipped'::text, 'anomalous'::text]))),
    CONSTRAINT transitions_move CHECK ((from_status IS DISTINCT FROM to_status)),
    CONSTRAINT transitions_seq_positive CHECK ((seq >= 1))
);
COMMENT ON TABLE savvycal.transitions IS 'The ledger of lifecycles: one row per observed edge, never changed. A reschedule is no edge; see snapshots.';
COMMENT ON COLUMN savvycal.transitions.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.transitions.kind IS 'event, appointment or meeting.';
COMMENT ON COLUMN savvycal.transitions.id IS 'Object.';
COMMENT ON COLUMN savvycal.transitions.seq IS 'Counts from 1 for each object, without gaps.';
COMMENT ON COLUMN savvycal.transitions.from_status IS 'Status before; null when the object was seen for the first time.';
COMMENT ON COLUMN savvycal.transitions.to_status IS 'Status after.';
COMMENT ON COLUMN savvycal.transitions.label IS 'first, direct (a known edge), skipped (statuses in between were not seen), anomalous (not a known path).';
COMMENT ON COLUMN savvycal.transitions.occurred_at IS 'When it happened, where SavvyCal says so.';
COMMENT ON COLUMN savvycal.transitions.observed_at IS 'When this mirror saw it.';
COMMENT ON COLUMN savvycal.transitions.via IS 'How it was seen: poll, backfill, resync, watch, webhook or audit.';
CREATE VIEW savvycal.upcoming AS
 SELECT e.account,
    'event'::text AS kind,
    e.id,
    e.start_at,
    e.end_at,
    e.state AS status,
    e.phase,
    e.summary AS title,
    p.display_name AS booked_by,
    m.status AS meeting_status,
    m.join_url
   FROM ((savvycal.events e
     LEFT JOIN savvycal.meetings m ON (((m.account = e.account) AND (m.id = e.id))))
     LEFT JOIN LATERAL ( SELECT a.display_name
           FROM savvycal.event_attendees a
          WHERE ((a.account = e.account) AND (a.event_id = e.id) AND (a.id = e.scheduler_id))
         LIMIT 1) p ON (true))
  WHERE ((e.gone_at IS NULL) AND (e.end_at > now()) AND (e.phase <> 'canceled'::text))
UNION ALL
 SELECT a.account,
    'appointment'::text AS kind,
    a.id,
    a.start_at,
    a.end_at,
    a.status,
    a.phase,
    a.service_name AS title,
    COALESCE(NULLIF(concat_ws(' '::text, a.client_data_first_name, a.client_data_last_name), ''::text), a.client_reference_id) AS booked_by,
    m.status AS meeting_status,
    m.join_url
   FROM (savvycal.appointments a
     LEFT JOIN savvycal.meetings m ON (((m.account = a.account) AND (m.appointment_id = a.id) AND m.is_current)))
  WHERE ((a.gone_at IS NULL) AND (a.end_at > now()) AND (a.phase <> 'canceled'::text));
COMMENT ON VIEW savvycal.upcoming IS 'What is still ahead in both products, not canceled, with where to join.';
INSERT INTO savvycal._meta VALUES (true, 1, '2026-11-28 11:04:12.629042+00');
INSERT INTO savvycal._pass_seen VALUES ('default', 'meetings', 'near', 1, 'event_a');
INSERT INTO savvycal._passes VALUES ('default', 'meetings', '2026-01-01..2026-01-31', 'resync', 1, 0, '2026-11-28 11:04:43.534957+00', 0, '{}', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, 0, NULL, false, 0, 0);
INSERT INTO savvycal._targets VALUES ('default', 'appointment', 'appt_1b80b924efcc', 0, 0, '2026-11-28 12:04:13.044311+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'appointment', 'appt_0469dc90612f', 0, 0, '2026-11-28 12:04:13.044311+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'appointment', 'appt_4b252a8bbe85', 0, 0, '2026-11-28 12:04:13.044311+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'appointment', 'appt_f0be4ebdbf2e', 0, 0, '2026-11-28 11:19:13.044311+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 0, 0, '2026-11-28 12:04:13.036123+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 0, 0, '2026-11-28 12:04:13.036123+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 0, 0, '2026-11-28 11:05:13.017776+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 0, 0, '2026-11-28 12:04:13.075451+00', 5, '{watch}', 0, NULL, NULL, NULL, '2026-11-28 11:04:43.538995+00', NULL);
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_99ad37d775c3', 'reschedule', 0, '2026-11-28 11:04:14+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2027-01-21 05:45:00+00', '2027-01-21 07:15:00+00', '2027-01-29 04:00:00+00', '2027-01-29 05:30:00+00', 'Etc/UTC', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_99ad37d775c3', 'confirmation', 0, '2026-11-28 11:04:12+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, '2027-01-21 05:45:00+00', '2027-01-21 07:15:00+00', NULL, NULL, NULL, NULL, 'Etc/UTC', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_aefda1dbd9aa', 'reschedule', 0, '2026-11-28 11:04:34+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2027-01-08 04:45:00+00', '2027-01-08 06:15:00+00', '2027-01-21 10:30:00+00', '2027-01-21 12:00:00+00', 'Asia/Tokyo', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_1b80b924efcc', 'cancellation', 0, '2026-11-28 11:04:25+00', 'client', 'api', NULL, NULL, NULL, NULL, 'Conflict', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_1b80b924efcc', 'confirmation', 0, '2026-11-28 11:04:18+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, '2027-01-19 00:15:00+00', '2027-01-19 00:45:00+00', NULL, NULL, NULL, NULL, 'Asia/Tokyo', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_f0be4ebdbf2e', 'confirmation', 0, '2026-11-28 11:04:19+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, '2026-11-30 01:30:00+00', '2026-11-30 02:15:00+00', NULL, NULL, NULL, NULL, 'Australia/Sydney', '{}');
INSERT INTO savvycal.appointments VALUES ('default', 'appt_99ad37d775c3', 'scheduled', 'created', '2027-01-29 04:00:00+00', '2027-01-29 05:30:00+00', 'Etc/UTC', '2027-01-29T04:00:00+00:00', '2027-01-29T05:30:00+00:00', 'Etc/UTC', 'virtual', '2026-11-28 11:04:12+00', '2026-11-13 18:19:20+00', '2026-11-28 11:04:14+00', 'clnt_418e51340f91', 'ref-0', 'en', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', '{}', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'en', 'ref-0', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', 'prov_2152ccdbcbe4', 'Bilal Meyer', 'Bilal', 'Meyer', 'America/New_York', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'srv_b3fdb7ab84f8', 'Long session', NULL, 'virtual', 'PT1H30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', NULL, NULL, NULL, NULL, '{}', 1, 7, '\x6cfdb09183b6a52ad0082f496689b7ef', '\x345d221e3f95c1f24d2a6cda6854d021', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_aefda1dbd9aa', 'scheduled', 'created', '2027-01-21 10:30:00+00', '2027-01-21 12:00:00+00', 'Asia/Tokyo', '2027-01-21T19:30:00+09:00', '2027-01-21T21:00:00+09:00', 'Asia/Tokyo', 'virtual', NULL, '2026-11-26 10:23:23+00', '2026-11-28 11:04:38+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_2152ccdbcbe4', 'Bilal Meyer', 'Bilal', 'Meyer', 'America/New_York', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'srv_b3fdb7ab84f8', 'Long session', NULL, 'virtual', 'PT1H30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', NULL, NULL, NULL, NULL, '{}', 1, 7, '\xf4c4484ff25e3f88c9d4dc883eb8f922', '\xf2fb989a2a398ecf739998fe5bf55047', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_1b80b924efcc', 'canceled', 'canceled', '2027-01-19 00:15:00+00', '2027-01-19 00:45:00+00', 'Asia/Tokyo', '2027-01-19T09:15:00+09:00', '2027-01-19T09:45:00+09:00', 'Asia/Tokyo', 'virtual', '2026-11-28 11:04:18+00', '2026-11-22 04:08:06+00', '2026-11-28 11:04:25+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_2183f5f3d726', 'Dmitri Novák', 'Dmitri', 'Novák', 'Asia/Tokyo', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'srv_47aba34425b6', 'Follow-up', NULL, 'virtual', 'PT30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', NULL, NULL, NULL, NULL, '{}', 1, 7, '\x5453b1567c26924b8397e7e31c6e4ee8', '\x65171cecc6d46b0b0004becd20febe05', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_36b7f6c137aa', 'scheduled', 'created', '2026-12-26 05:30:00+00', '2026-12-26 06:15:00+00', 'Etc/UTC', '2026-12-26T05:30:00+00:00', '2026-12-26T06:15:00+00:00', 'Etc/UTC', 'virtual', NULL, '2026-11-27 16:16:57+00', '2026-11-28 11:04:25+00', 'clnt_418e51340f91', 'ref-0', 'en', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', '{}', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'en', 'ref-0', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', 'prov_2183f5f3d726', 'Dmitri Novák', 'Dmitri', 'Novák', 'Asia/Tokyo', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'srv_174d57626785', 'First consultation', NULL, 'virtual', 'PT45M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', NULL, NULL, NULL, NULL, '{}', 1, 7, '\xb263dcb54874a57cf07142b6243702b2', '\xee6f4d5856ef1630a40cf52876b5d890', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_4b252a8bbe85', 'scheduled', 'created', '2026-12-12 10:00:00+00', '2026-12-12 10:30:00+00', 'Asia/Tokyo', '2026-12-12T19:00:00+09:00', '2026-12-12T19:30:00+09:00', 'Asia/Tokyo', 'virtual', NULL, '2026-11-28 11:04:25+00', '2026-11-28 11:04:25+00', 'clnt_418e51340f91', 'ref-0', 'en', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', '{}', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'en', 'ref-0', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', 'prov_c37f2dc521be', 'Ann Okafor', 'Ann', 'Okafor', 'Europe/Paris', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'srv_47aba34425b6', 'Follow-up', NULL, 'virtual', 'PT30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', NULL, NULL, NULL, NULL, '{}', 1, 7, '\xaa0a1868153f234375e0812287329d9d', '\xc9448753a7fc22ea513ef59a47547a29', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_f0be4ebdbf2e', 'scheduled', 'created', '2026-11-30 01:30:00+00', '2026-11-30 02:15:00+00', 'Australia/Sydney', '2026-11-30T12:30:00+11:00', '2026-11-30T13:15:00+11:00', 'Australia/Sydney', 'virtual', '2026-11-28 11:04:19+00', '2026-11-28 11:04:15+00', '2026-11-28 11:04:25+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_f7b803359d08', 'Élodie Silva', 'Élodie', 'Silva', 'Australia/Sydney', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'srv_174d57626785', 'First consultation', NULL, 'virtual', 'PT45M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', NULL, NULL, NULL, NULL, '{}', 1, 7, '\xa81b4548602c5ddbebf7e988f418ec9c', '\x76e173e02218ded0903b48546551cc4a', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_0469dc90612f', 'scheduled', 'created', '2026-12-26 09:00:00+00', '2026-12-26 09:45:00+00', 'Australia/Sydney', '2026-12-26T20:00:00+11:00', '2026-12-26T20:45:00+11:00', 'Australia/Sydney', 'virtual', NULL, '2026-11-28 11:04:31+00', '2026-11-28 11:04:39+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_9a221755fd29', 'Chiara García', 'Chiara', 'García', 'America/Los_Angeles', '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', 'srv_174d57626785', 'First consultation', NULL, 'virtual', 'PT45M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:07+00', '2025-10-25 11:04:07+00', NULL, NULL, NULL, NULL, '{}', 2, 14, '\x7ed160f6986fb17b13b0c9cef6293207', '\xb2474f23ba585eeb390d7fad9ac135cc', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.187764+00', NULL, NULL);
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12883', 1, 'event', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 'first', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12883', 2, 'event', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, 'first', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12883', 3, 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 'first', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12883', 4, 'event', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 1, 'first', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12883', 5, 'event', 'event_01M749QB80SNZR3F56NYMCAXCJ', 1, 'first', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12883', 6, 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, 'first', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12883', 7, 'event', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 1, 'first', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12884', 8, 'appointment', 'appt_99ad37d775c3', 1, 'first', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12884', 9, 'appointment', 'appt_aefda1dbd9aa', 1, 'first', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12884', 10, 'appointment', 'appt_1b80b924efcc', 1, 'first', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12884', 11, 'appointment', 'appt_0469dc90612f', 1, 'first', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12884', 12, 'appointment', 'appt_36b7f6c137aa', 1, 'first', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12884', 13, 'appointment', 'appt_4b252a8bbe85', 1, 'first', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12884', 14, 'appointment', 'appt_f0be4ebdbf2e', 1, 'first', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12885', 15, 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, 'first', '2026-11-28 11:04:13.017776+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12889', 16, 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 2, 'changed', '2026-11-28 11:04:13.18052+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12890', 17, 'appointment', 'appt_0469dc90612f', 2, 'changed', '2026-11-28 11:04:13.187764+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12886', 18, 'event', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, 'first', '2026-11-28 11:04:13.075451+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12886', 19, 'event', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 1, 'first', '2026-11-28 11:04:13.075451+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12902', 20, 'event', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, 'revived', '2026-11-28 11:04:43.522992+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12902', 21, 'event', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, 'gone', '2026-11-28 11:04:43.522992+00');
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'month', '2026-11-29', '2026-12-29', '2026-11-28 11:04:13.007799+00', 7, '2026-11-28 11:14:13.007799+00', 3);
INSERT INTO savvycal.coverage VALUES ('default', 'appointments', 'all', NULL, NULL, '2026-11-28 11:04:13.025731+00', 7, '2026-11-29 11:04:13.025731+00', 6);
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'near', '2026-11-27', '2026-12-01', '2026-11-28 11:04:12.964771+00', 1, '2026-11-28 11:05:12.964771+00', 1);
INSERT INTO savvycal.coverage VALUES ('default', 'appointments', 'upcoming', '2026-11-27', '2200-01-01', '2026-11-28 11:04:12.996143+00', 7, '2026-11-28 11:05:12.996143+00', 4);
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'later', '2026-12-27', '2200-01-01', '2026-11-28 11:04:12.992513+00', 3, '2026-11-28 12:04:12.992513+00', 2);
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'all', NULL, NULL, '2026-11-28 11:04:12.986202+00', 10, '2026-11-29 11:04:12.986202+00', 5);
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 0, 'field_intro_0', 'text', 'What should we talk about?', NULL, NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 1, 'field_intro_1', 'text', 'Company', 'Example 872 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 1, 0, 'field_coffee_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 1, 1, 'field_coffee_1', 'text', 'Company', 'Example 960 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 1, 0, 'field_coffee_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 1, 1, 'field_coffee_1', 'text', 'Company', 'Example 777 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 0, 'field_interview_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 1, 'field_interview_1', 'text', 'Company', 'Example 74 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, 0, 'field_interview_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, 1, 'field_interview_1', 'text', 'Company', 'Example 900 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 1, 0, 'field_demo_0', 'text', 'What should we talk about?', 'Next year''s plan', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 1, 1, 'field_demo_1', 'text', 'Company', 'Example 311 GmbH', NULL, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 0, 'attendee_01M7B7VR00CVT15885FTXWXMW5', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', NULL, 'America/New_York', 'accepted', true, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 'attendee_01M7B7VR00RZPQQANA4WMP2ZJS', true, 'guest433319@example.test', 'Ann Okafor', 'Ann', 'Okafor', NULL, 'Australia/Sydney', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 2, 'attendee_01M7B7VR000621E4R5HTHCBET4', true, 'guest598783@example.test', 'Élodie Okafor', 'Élodie', 'Okafor', NULL, 'Europe/Paris', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 3, 'attendee_01M7B7VR00T88PBN9RZQDGBBH2', true, 'guest627100@example.test', 'Bilal Novák', 'Bilal', 'Novák', NULL, 'Australia/Sydney', 'accepted', false, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 0, 'attendee_01M8GX7WK07QBFGV0R2YT9SNP6', true, 'colleague@example.test', 'Goran Silva', 'Goran', 'Silva', '+15552128459', 'Etc/UTC', 'accepted', true, NULL, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 0, 'attendee_01M8GX7VKRMRA256GJG7VJ7VA9', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15556153662', 'Australia/Sydney', 'accepted', true, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 1, 'attendee_01M8GX7VKR3GFKV0RAW4XSAEFR', true, 'guest53342@example.test', 'Ann Lindqvist', 'Ann', 'Lindqvist', '+15556913985', 'America/Los_Angeles', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 2, 'attendee_01M8GX7VKRZPF0N9VTXCTWP15W', true, 'guest83589@example.test', 'Kenji Tanaka', 'Kenji', 'Tanaka', '+15557351914', 'Europe/Paris', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M749QB80SNZR3F56NYMCAXCJ', 0, 'attendee_01M8GX7A18XHVA16F78BFB3M4N', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15552089132', 'Australia/Sydney', 'accepted', true, NULL, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 0, 'attendee_01M8GX83DRRRY8BEF12ZHJJ9HA', true, 'colleague@example.test', 'Goran Silva', 'Goran', 'Silva', NULL, 'Europe/Paris', 'accepted', true, NULL, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 0, 'attendee_01M74DZXBRPBDSFYBX9EJF6AH1', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15557644984', 'America/Los_Angeles', 'accepted', true, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 1, 'attendee_01M74DZXBR8Y6BJJP6HXQVYBW3', true, 'guest56099@example.test', 'Élodie Meyer', 'Élodie', 'Meyer', NULL, 'Etc/UTC', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 0, 'attendee_01M8GX7MS0D626GDT6EB8NTQ3X', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15553245415', 'America/New_York', 'accepted', true, NULL, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 0, 'attendee_01M8GX81F8E1XFTNM1H9YHWXXF', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15555722339', 'Etc/UTC', 'accepted', true, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 'attendee_01M8GX81F8T7P0K18S38GM04CJ', true, 'guest495660@example.test', 'Ines Tanaka', 'Ines', 'Tanaka', '+15554138548', 'Australia/Sydney', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 2, 'attendee_01M8GX81F8HWS0JPH1CEWHAJX2', true, 'guest700198@example.test', 'Jonas Okafor', 'Jonas', 'Okafor', NULL, 'Australia/Sydney', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 3, 'attendee_01M8GX81F8RW3R02BB8PCNZYCD', true, 'guest801101@example.test', 'Farah Silva', 'Farah', 'Silva', NULL, 'Etc/UTC', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 0, 'attendee_01M8GX7DY8YY32H3GSDFX437CG', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15559234246', 'America/Los_Angeles', 'accepted', true, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, 'attendee_01M8GX7DY8R328FQN4S1A44AMM', true, 'guest895167@example.test', 'Łucja O''Neil', 'Łucja', 'O''Neil', '+15554016416', 'Australia/Sydney', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 0, 'attendee_01M8GX85C8HP5KVZ4DESK3ABEG', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', NULL, 'America/New_York', 'accepted', true, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 1, 'attendee_01M8GX85C8N1MCMJS4JWZKW0EW', true, 'guest188880@example.test', 'Ann Tanaka', 'Ann', 'Tanaka', '+15559255119', 'America/Los_Angeles', 'accepted', false, true, true, '{}');
INSERT INTO savvycal.events VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 'canceled', 'canceled', '2026-12-05 16:30:00+00', '2026-12-05 17:00:00+00', 'Intro call: Ann Okafor', 'attendee_01M7B7VR00CVT15885FTXWXMW5', 'attendee_01M7B7VR00RZPQQANA4WMP2ZJS', 'link_01K8AY7R2RAW79P79VHRJ9TPWW', 'Intro call', 'intro', NULL, NULL, '2026-11-13 19:58:56+00', '2026-11-28 11:04:23+00', 'Illness', '2026-11-28 11:04:15+00', NULL, '2026-12-13 08:00:00+00', '2026-12-13 08:30:00+00', 30, 0, 15, 'Intro call of 30 minutes with Ann Okafor. Please bring your questions.', 'Room 57, second floor', 'https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615', '82829950357', 'Join Zoom Meeting
Meeting ID: 82829950357
One tap mobile: +15550100,,82829950357#', NULL, 'scope_01K8AY7R2RER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 28, "utm_source": "website"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M7B7VR00GCS7060XVKK5BCSV', NULL, '{}', 1, 6, '\x39f6862dfe72cc1b2f492fe9c091f2db', '\x3a4d39268a00b8f1280c92783f75f926', 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 'confirmed', 'created', '2026-12-06 17:45:00+00', '2026-12-06 18:15:00+00', 'Intro call: no one yet', 'attendee_01M8GX7WK07QBFGV0R2YT9SNP6', NULL, 'link_01K8AY7R2RAW79P79VHRJ9TPWW', 'Intro call', 'intro', NULL, NULL, '2026-11-28 11:04:28+00', NULL, NULL, NULL, NULL, NULL, NULL, 30, 0, 15, 'Intro call of 30 minutes with no one yet. Please bring your questions.', NULL, 'https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435', '84586865188', 'Join Zoom Meeting
Meeting ID: 84586865188
One tap mobile: +15550100,,84586865188#', NULL, 'scope_01K8AY7R2RER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 6, "utm_source": "partner"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KAKSGATRKPGBJKBWGM18G1PY', NULL, '{}', 1, 6, '\x279ea40a5cf5e6b6f89b991a58b03a99', '\x0e2c278bbb6af5ecca8193ec1f09bb61', 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 'confirmed', 'created', '2026-12-16 03:15:00+00', '2026-12-16 03:45:00+00', 'Coffee nearby: Ann Lindqvist', 'attendee_01M8GX7VKRMRA256GJG7VJ7VA9', 'attendee_01M8GX7VKR3GFKV0RAW4XSAEFR', 'link_01K8AY7R2RYWWVJG83552K4QM0', 'Coffee nearby', 'coffee', NULL, NULL, '2026-11-28 11:04:27+00', NULL, NULL, NULL, NULL, NULL, NULL, 30, 0, 0, 'Coffee nearby of 30 minutes with Ann Lindqvist. Please bring your questions.', NULL, '12 Example Street', '[{"type": "custom"}]', true, false, true, 'none', NULL, NULL, NULL, NULL, 'scope_01K8AY7R2RD3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{"lead_score": 23, "utm_source": "website"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KBHG3FXGK4X47W8ZJBAAQP6D', NULL, '{}', 1, 6, '\x8171b2a56a23a32d0ea4f2443909debf', '\xda5fe66831741357134a0395431a1f25', 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M749QB80SNZR3F56NYMCAXCJ', 'awaiting_reschedule', 'pending', '2026-12-20 19:00:00+00', '2026-12-20 19:45:00+00', 'Product demo: no one yet', 'attendee_01M8GX7A18XHVA16F78BFB3M4N', NULL, 'link_01K8AY7R2R4Y93T3QMNB78PMEH', 'Product demo', 'demo', NULL, NULL, '2026-11-28 11:04:09+00', NULL, NULL, '2026-11-28 11:04:28+00', 'Conflict', '2026-12-30 13:45:00+00', '2026-12-30 14:30:00+00', 45, 0, 15, 'Product demo of 45 minutes with no one yet. Please bring your questions.', 'Reply to this message to reach us before the call.', 'https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce', '89327482915', 'Join Zoom Meeting
Meeting ID: 89327482915
One tap mobile: +15550100,,89327482915#', NULL, 'scope_01K8AY7R2RD3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M749QB80SNZR3F56NYMCAXCJ', NULL, '{}', 1, 6, '\x497c33b1083fab4f8aad718588acb835', '\xe008672013b677dea296b8e14c6e2f95', 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 'awaiting_approval', 'pending', '2026-12-24 00:15:00+00', '2026-12-24 00:45:00+00', 'Office hours: no one yet', 'attendee_01M8GX83DRRRY8BEF12ZHJJ9HA', NULL, 'link_01K8AY7R2R614CT3MS5SXWE444', 'Office hours', 'office-hours', NULL, NULL, '2026-11-28 11:04:35+00', NULL, NULL, NULL, NULL, NULL, NULL, 30, 0, 0, 'Office hours of 30 minutes with no one yet. Please bring your questions.', 'Reply to this message to reach us before the call.', NULL, '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', NULL, NULL, NULL, NULL, 'scope_01K8AY7R2RER4W2PQGT4ACZ3K3', 'Ann', 'ann', true, 4, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KDS60B003J5DN1GH4CRPQ0QF', NULL, '{}', 1, 6, '\x243ca6d3c4168def027de2d824408fa7', '\x50fbed7b1046a4d51aec7e5768da53d9', 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 'canceled', 'canceled', '2026-12-28 14:45:00+00', '2026-12-28 15:15:00+00', 'Coffee nearby: Élodie Meyer', 'attendee_01M74DZXBRPBDSFYBX9EJF6AH1', 'attendee_01M74DZXBR8Y6BJJP6HXQVYBW3', 'link_01K8AY7R2RYWWVJG83552K4QM0', 'Coffee nearby', 'coffee', NULL, NULL, '2026-11-11 04:31:23+00', '2026-11-11 12:01:33+00', NULL, NULL, NULL, NULL, NULL, 30, 0, 15, 'Coffee nearby of 30 minutes with Élodie Meyer. Please bring your questions.', 'Reply to this message to reach us before the call.', '12 Example Street', '[{"type": "custom"}]', true, false, true, 'none', NULL, NULL, NULL, NULL, 'scope_01K8AY7R2RD3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M74DZXBR01J6W2KN7KQJVC8X', NULL, '{}', 1, 6, '\xfe864976c597675696a1a93750a3482a', '\xfab835e27fc53f0bdc9418157d9fbd9b', 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 'tentative', 'pending', '2026-11-28 22:45:00+00', '2026-11-28 23:45:00+00', 'Paid consultation: no one yet', 'attendee_01M8GX7MS0D626GDT6EB8NTQ3X', NULL, 'link_01K8AY7R2R2ZXN5MPRHWTGEH5Z', 'Paid consultation', 'consultation', NULL, NULL, '2026-11-28 11:04:20+00', NULL, NULL, NULL, NULL, NULL, NULL, 60, 0, 0, 'Paid consultation of 60 minutes with no one yet. Please bring your questions.', 'Reply to this message to reach us before the call.', NULL, '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', NULL, NULL, NULL, NULL, 'scope_01K8AY7R2RD3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', 'paid', 'https://checkout.example.test/pay/39801bf208b1e931', 12000, NULL, 0, 2000, 0, 'https://savvycal.com/events/event_01M1HA0HGG1Z00GTHPHEHEBFF1', NULL, '{}', 1, 2, '\xe08f8f3444a100bb3a54c46e5b9efec8', '\xdcf2d19984792d4824adf03e93be0efe', 1, '2026-11-28 11:04:13.017776+00', '2026-11-28 11:04:13.017776+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 'confirmed', 'created', '2026-12-07 07:30:00+00', '2026-12-07 08:30:00+00', 'Interview: Ines Tanaka', 'attendee_01M8GX81F8E1XFTNM1H9YHWXXF', 'attendee_01M8GX81F8T7P0K18S38GM04CJ', 'link_01K8AY7R2RXX5SANHC2VMRYKJD', 'Interview', 'interview', NULL, NULL, '2026-11-28 11:04:33+00', NULL, NULL, NULL, NULL, NULL, NULL, 60, 0, 0, 'Interview of 60 minutes with Ines Tanaka. Please bring your questions.', 'Reply to this message to reach us before the call.', 'https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc', '89213414625', 'Join Zoom Meeting
Meeting ID: 89213414625
One tap mobile: +15550100,,89213414625#', NULL, 'scope_01K8AY7R2RER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 21, "utm_source": "website"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KETSFK2RXPY4EFE3GERFB0WZ', NULL, '{}', 2, 13, '\x7a8dd5e5cae87625f273c81337fedc14', '\xd70a277d09d4e3358a5bb1774c276188', 2, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.18052+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 'confirmed', 'created', '2027-01-05 13:45:00+00', '2027-01-05 14:45:00+00', 'Interview: Łucja O''Neil', 'attendee_01M8GX7DY8YY32H3GSDFX437CG', 'attendee_01M8GX7DY8R328FQN4S1A44AMM', 'link_01K8AY7R2RXX5SANHC2VMRYKJD', 'Interview', 'interview', NULL, NULL, '2026-11-28 11:04:13+00', NULL, NULL, '2026-11-28 11:04:38+00', 'Illness', '2027-01-01 07:00:00+00', '2027-01-01 08:00:00+00', 60, 0, 0, 'Interview of 60 minutes with Łucja O''Neil. Please bring your questions.', 'Reply to this message to reach us before the call.', NULL, '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', NULL, NULL, NULL, NULL, 'scope_01K8AY7R2RER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 4, "utm_source": "newsletter"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M8GDR4ARMCTFS3WEZXGVKH6H', NULL, '{}', 1, 10, '\xbb96842247a62ece87434c057f9aefc4', '\xc250a9fb6819e04467bc21d3c650af42', 1, '2026-11-28 11:04:13.075451+00', '2026-11-28 11:04:13.075451+00', '2026-11-28 11:04:43.516954+00', 'test');
INSERT INTO savvycal.events VALUES ('default', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 'confirmed', 'created', '2027-01-21 11:00:00+00', '2027-01-21 11:45:00+00', 'Product demo: Ann Tanaka', 'attendee_01M8GX85C8HP5KVZ4DESK3ABEG', 'attendee_01M8GX85C8N1MCMJS4JWZKW0EW', 'link_01K8AY7R2R4Y93T3QMNB78PMEH', 'Product demo', 'demo', NULL, NULL, '2026-11-28 11:04:37+00', NULL, NULL, NULL, NULL, NULL, NULL, 45, 0, 15, 'Product demo of 45 minutes with Ann Tanaka. Please bring your questions.', 'Reply to this message to reach us before the call.', 'https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514', '84884807171', 'Join Zoom Meeting
Meeting ID: 84884807171
One tap mobile: +15550100,,84884807171#', NULL, 'scope_01K8AY7R2RD3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M7W5KTW8Z90DY6G4XB1ZA29C', NULL, '{}', 1, 10, '\x8942f5ad2df097311adfa2cd16c0addd', '\xfc4fb8fd8f0bf5f1eedc0379b874d529', 1, '2026-11-28 11:04:13.075451+00', '2026-11-28 11:04:13.075451+00', NULL, NULL);
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 'event_01M7B7VR00GCS7060XVKK5BCSV', NULL, 'canceled', 'canceled', 'zoom', '82829950357', 'https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 'event_01KAKSGATRKPGBJKBWGM18G1PY', NULL, 'created', 'created', 'zoom', '84586865188', 'https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', NULL, 'skipped', 'skipped', 'none', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M749QB80SNZR3F56NYMCAXCJ', 'event_01M749QB80SNZR3F56NYMCAXCJ', NULL, 'created', 'created', 'zoom', '89327482915', 'https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 'event_01KDS60B003J5DN1GH4CRPQ0QF', NULL, 'pending', 'pending', 'zoom', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 'event_01M74DZXBR01J6W2KN7KQJVC8X', NULL, 'skipped', 'skipped', 'none', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.036123+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_3fcd2626cf61', NULL, 'appt_99ad37d775c3', 'skipped', 'skipped', NULL, NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_73b9dc5587fb', NULL, 'appt_aefda1dbd9aa', 'created', 'created', 'zoom_admin', '83941877215', 'https://example-test.zoom.us/j/83941877215', NULL, true, true, true, NULL, NULL, 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_d90dec3e4d95', NULL, 'appt_1b80b924efcc', 'cancel_pending', 'canceled', 'zoom_admin', '87799336828', 'https://example-test.zoom.us/j/87799336828', NULL, true, true, true, NULL, NULL, 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_c9e7bb8d709d', NULL, 'appt_36b7f6c137aa', 'created', 'created', 'zoom_admin', '81467901684', 'https://example-test.zoom.us/j/81467901684', NULL, true, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_7356ef73c26f', NULL, 'appt_4b252a8bbe85', 'pending', 'pending', 'zoom_admin', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_7ab8f8e506a2', NULL, 'appt_f0be4ebdbf2e', 'failed', 'failed', 'zoom_admin', NULL, NULL, 'The provider refused the request (rate limited).', false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.044311+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', NULL, 'pending', 'pending', 'zoom', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.017776+00', '2026-11-28 11:04:13.017776+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', NULL, 'created', 'created', 'zoom', '89213414625', 'https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc', NULL, false, false, true, NULL, NULL, 2, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.18052+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_b7299024d2c8', NULL, 'appt_0469dc90612f', 'failed', 'failed', 'zoom_admin', NULL, NULL, 'The provider refused the request (rate limited).', false, false, true, NULL, NULL, 2, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.187764+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', NULL, 'pending', 'pending', 'zoom', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.075451+00', '2026-11-28 11:04:13.075451+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', NULL, 'created', 'created', 'zoom', '84884807171', 'https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:13.075451+00', '2026-11-28 11:04:13.075451+00');
INSERT INTO savvycal.quarantine VALUES ('default', 'event', 'event_unreadable', 'start_at: missing', 1, '2026-11-28 11:04:43.526928+00', '2026-11-28 11:04:43.526928+00', NULL, 42, '{"id": "event_unreadable"}');
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 3, 'poll', 'meetings', 'month', '2026-11-28 11:04:13.007799+00', '2026-11-28 11:04:13.23522+00', 'ok', 3, 3, 21, 8, 13, 0, 0, NULL, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 6, 'backfill', 'appointments', 'all', '2026-11-28 11:04:13.025731+00', '2026-11-28 11:04:13.242225+00', 'ok', 1, 1, 7, 0, 7, 0, 0, 7, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 1, 'poll', 'meetings', 'near', '2026-11-28 11:04:12.964771+00', '2026-11-28 11:04:13.288124+00', 'ok', 2, 2, 2, 1, 1, 0, 0, NULL, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 4, 'poll', 'appointments', 'upcoming', '2026-11-28 11:04:12.996143+00', '2026-11-28 11:04:13.314356+00', 'ok', 3, 3, 21, 8, 13, 0, 0, 7, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 2, 'poll', 'meetings', 'later', '2026-11-28 11:04:12.992513+00', '2026-11-28 11:04:13.359824+00', 'ok', 2, 2, 6, 2, 4, 0, 0, NULL, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 5, 'backfill', 'meetings', 'all', '2026-11-28 11:04:12.986202+00', '2026-11-28 11:04:13.36956+00', 'ok', 1, 1, 10, 0, 9, 1, 0, NULL, NULL);
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, '2026-11-28 11:04:13.036123+00', NULL, 'poll', '{}', '{"id": "event_01M7B7VR00GCS7060XVKK5BCSV", "url": "https://savvycal.com/events/event_01M7B7VR00GCS7060XVKK5BCSV", "link": {"id": "link_01K8AY7R2RAW79P79VHRJ9TPWW", "name": "Intro call", "slug": "intro"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RER4W2PQGT4ACZ3K3", "name": "Ann", "slug": "ann"}, "state": "canceled", "end_at": "2026-12-05T17:00:00Z", "payment": null, "summary": "Intro call: Ann Okafor", "duration": 30, "location": "https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615", "metadata": {"lead_score": 28, "utm_source": "website"}, "start_at": "2026-12-05T16:30:00Z", "attendees": [{"id": "attendee_01M7B7VR00CVT15885FTXWXMW5", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/New_York", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": null, "response_status": "accepted", "marketing_opt_in": true}, {"id": "attendee_01M7B7VR00RZPQQANA4WMP2ZJS", "email": "guest433319@example.test", "fields": [{"id": "field_intro_0", "type": "text", "label": "What should we talk about?", "value": null}, {"id": "field_intro_1", "type": "text", "label": "Company", "value": "Example 872 GmbH"}], "last_name": "Okafor", "time_zone": "Australia/Sydney", "first_name": "Ann", "display_name": "Ann Okafor", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M7B7VR000621E4R5HTHCBET4", "email": "guest598783@example.test", "fields": [], "last_name": "Okafor", "time_zone": "Europe/Paris", "first_name": "Élodie", "display_name": "Élodie Okafor", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M7B7VR00T88PBN9RZQDGBBH2", "email": "guest627100@example.test", "fields": [], "last_name": "Novák", "time_zone": "Australia/Sydney", "first_name": "Bilal", "display_name": "Bilal Novák", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": true}], "organizer": {"id": "attendee_01M7B7VR00CVT15885FTXWXMW5", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/New_York", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": null, "response_status": "accepted", "marketing_opt_in": true}, "scheduler": {"id": "attendee_01M7B7VR00RZPQQANA4WMP2ZJS", "email": "guest433319@example.test", "fields": [{"id": "field_intro_0", "type": "text", "label": "What should we talk about?", "value": null}, {"id": "field_intro_1", "type": "text", "label": "Company", "value": "Example 872 GmbH"}], "last_name": "Okafor", "time_zone": "Australia/Sydney", "first_name": "Ann", "display_name": "Ann Okafor", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}, "created_at": "2026-11-13T19:58:56Z", "canceled_at": "2026-11-28T11:04:23Z", "description": "Intro call of 30 minutes with Ann Okafor. Please bring your questions.", "buffer_after": 15, "conferencing": {"type": "zoom", "join_url": "https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615", "meeting_id": "82829950357", "instructions": "Join Zoom Meeting\nMeeting ID: 82829950357\nOne tap mobile: +15550100,,82829950357#"}, "buffer_before": 0, "cancel_reason": "Illness", "rescheduled_at": "2026-11-28T11:04:15Z", "additional_info": "Room 57, second floor", "original_end_at": "2026-12-13T08:30:00Z", "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": "2026-12-13T08:00:00Z", "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, '2026-11-28 11:04:13.036123+00', NULL, 'poll', '{}', '{"id": "event_01KAKSGATRKPGBJKBWGM18G1PY", "url": "https://savvycal.com/events/event_01KAKSGATRKPGBJKBWGM18G1PY", "link": {"id": "link_01K8AY7R2RAW79P79VHRJ9TPWW", "name": "Intro call", "slug": "intro"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RER4W2PQGT4ACZ3K3", "name": "Ann", "slug": "ann"}, "state": "confirmed", "end_at": "2026-12-06T18:15:00Z", "payment": null, "summary": "Intro call: no one yet", "duration": 30, "location": "https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435", "metadata": {"lead_score": 6, "utm_source": "partner"}, "start_at": "2026-12-06T17:45:00Z", "attendees": [{"id": "attendee_01M8GX7WK07QBFGV0R2YT9SNP6", "email": "colleague@example.test", "fields": [], "last_name": "Silva", "time_zone": "Etc/UTC", "first_name": "Goran", "display_name": "Goran Silva", "is_organizer": true, "phone_number": "+15552128459", "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M8GX7WK07QBFGV0R2YT9SNP6", "email": "colleague@example.test", "fields": [], "last_name": "Silva", "time_zone": "Etc/UTC", "first_name": "Goran", "display_name": "Goran Silva", "is_organizer": true, "phone_number": "+15552128459", "response_status": "accepted", "marketing_opt_in": false}, "scheduler": null, "created_at": "2026-11-28T11:04:28Z", "canceled_at": null, "description": "Intro call of 30 minutes with no one yet. Please bring your questions.", "buffer_after": 15, "conferencing": {"type": "zoom", "join_url": "https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435", "meeting_id": "84586865188", "instructions": "Join Zoom Meeting\nMeeting ID: 84586865188\nOne tap mobile: +15550100,,84586865188#"}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": null, "original_end_at": null, "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 1, '2026-11-28 11:04:13.036123+00', NULL, 'poll', '{}', '{"id": "event_01KBHG3FXGK4X47W8ZJBAAQP6D", "url": "https://savvycal.com/events/event_01KBHG3FXGK4X47W8ZJBAAQP6D", "link": {"id": "link_01K8AY7R2RYWWVJG83552K4QM0", "name": "Coffee nearby", "slug": "coffee"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RD3GXW71N65AF12FE", "name": "Sales", "slug": "sales"}, "state": "confirmed", "end_at": "2026-12-16T03:45:00Z", "payment": null, "summary": "Coffee nearby: Ann Lindqvist", "duration": 30, "location": "12 Example Street", "metadata": {"lead_score": 23, "utm_source": "website"}, "start_at": "2026-12-16T03:15:00Z", "attendees": [{"id": "attendee_01M8GX7VKRMRA256GJG7VJ7VA9", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Australia/Sydney", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15556153662", "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M8GX7VKR3GFKV0RAW4XSAEFR", "email": "guest53342@example.test", "fields": [{"id": "field_coffee_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_coffee_1", "type": "text", "label": "Company", "value": "Example 960 GmbH"}], "last_name": "Lindqvist", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Lindqvist", "is_organizer": false, "phone_number": "+15556913985", "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M8GX7VKRZPF0N9VTXCTWP15W", "email": "guest83589@example.test", "fields": [], "last_name": "Tanaka", "time_zone": "Europe/Paris", "first_name": "Kenji", "display_name": "Kenji Tanaka", "is_organizer": false, "phone_number": "+15557351914", "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M8GX7VKRMRA256GJG7VJ7VA9", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Australia/Sydney", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15556153662", "response_status": "accepted", "marketing_opt_in": false}, "scheduler": {"id": "attendee_01M8GX7VKR3GFKV0RAW4XSAEFR", "email": "guest53342@example.test", "fields": [{"id": "field_coffee_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_coffee_1", "type": "text", "label": "Company", "value": "Example 960 GmbH"}], "last_name": "Lindqvist", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Lindqvist", "is_organizer": false, "phone_number": "+15556913985", "response_status": "accepted", "marketing_opt_in": false}, "created_at": "2026-11-28T11:04:27Z", "canceled_at": null, "description": "Coffee nearby of 30 minutes with Ann Lindqvist. Please bring your questions.", "buffer_after": 0, "conferencing": {"type": "none", "join_url": null, "meeting_id": null, "instructions": null}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": null, "original_end_at": null, "is_group_session": false, "location_settings": [{"type": "custom"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M749QB80SNZR3F56NYMCAXCJ', 1, '2026-11-28 11:04:13.036123+00', NULL, 'poll', '{}', '{"id": "event_01M749QB80SNZR3F56NYMCAXCJ", "url": "https://savvycal.com/events/event_01M749QB80SNZR3F56NYMCAXCJ", "link": {"id": "link_01K8AY7R2R4Y93T3QMNB78PMEH", "name": "Product demo", "slug": "demo"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RD3GXW71N65AF12FE", "name": "Sales", "slug": "sales"}, "state": "awaiting_reschedule", "end_at": "2026-12-20T19:45:00Z", "payment": null, "summary": "Product demo: no one yet", "duration": 45, "location": "https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce", "metadata": {}, "start_at": "2026-12-20T19:00:00Z", "attendees": [{"id": "attendee_01M8GX7A18XHVA16F78BFB3M4N", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Australia/Sydney", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15552089132", "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M8GX7A18XHVA16F78BFB3M4N", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Australia/Sydney", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15552089132", "response_status": "accepted", "marketing_opt_in": false}, "scheduler": null, "created_at": "2026-11-28T11:04:09Z", "canceled_at": null, "description": "Product demo of 45 minutes with no one yet. Please bring your questions.", "buffer_after": 15, "conferencing": {"type": "zoom", "join_url": "https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce", "meeting_id": "89327482915", "instructions": "Join Zoom Meeting\nMeeting ID: 89327482915\nOne tap mobile: +15550100,,89327482915#"}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": "2026-11-28T11:04:28Z", "additional_info": "Reply to this message to reach us before the call.", "original_end_at": "2026-12-30T14:30:00Z", "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": "2026-12-30T13:45:00Z", "reschedule_reason": "Conflict", "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, '2026-11-28 11:04:13.036123+00', NULL, 'poll', '{}', '{"id": "event_01KDS60B003J5DN1GH4CRPQ0QF", "url": "https://savvycal.com/events/event_01KDS60B003J5DN1GH4CRPQ0QF", "link": {"id": "link_01K8AY7R2R614CT3MS5SXWE444", "name": "Office hours", "slug": "office-hours"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RER4W2PQGT4ACZ3K3", "name": "Ann", "slug": "ann"}, "state": "awaiting_approval", "end_at": "2026-12-24T00:45:00Z", "payment": null, "summary": "Office hours: no one yet", "duration": 30, "location": null, "metadata": {}, "start_at": "2026-12-24T00:15:00Z", "attendees": [{"id": "attendee_01M8GX83DRRRY8BEF12ZHJJ9HA", "email": "colleague@example.test", "fields": [], "last_name": "Silva", "time_zone": "Europe/Paris", "first_name": "Goran", "display_name": "Goran Silva", "is_organizer": true, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M8GX83DRRRY8BEF12ZHJJ9HA", "email": "colleague@example.test", "fields": [], "last_name": "Silva", "time_zone": "Europe/Paris", "first_name": "Goran", "display_name": "Goran Silva", "is_organizer": true, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}, "scheduler": null, "created_at": "2026-11-28T11:04:35Z", "canceled_at": null, "description": "Office hours of 30 minutes with no one yet. Please bring your questions.", "buffer_after": 0, "conferencing": {"type": "zoom", "join_url": null, "meeting_id": null, "instructions": null}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": "Reply to this message to reach us before the call.", "original_end_at": null, "is_group_session": true, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 4, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 1, '2026-11-28 11:04:13.036123+00', NULL, 'poll', '{}', '{"id": "event_01M74DZXBR01J6W2KN7KQJVC8X", "url": "https://savvycal.com/events/event_01M74DZXBR01J6W2KN7KQJVC8X", "link": {"id": "link_01K8AY7R2RYWWVJG83552K4QM0", "name": "Coffee nearby", "slug": "coffee"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RD3GXW71N65AF12FE", "name": "Sales", "slug": "sales"}, "state": "canceled", "end_at": "2026-12-28T15:15:00Z", "payment": null, "summary": "Coffee nearby: Élodie Meyer", "duration": 30, "location": "12 Example Street", "metadata": {}, "start_at": "2026-12-28T14:45:00Z", "attendees": [{"id": "attendee_01M74DZXBRPBDSFYBX9EJF6AH1", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15557644984", "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M74DZXBR8Y6BJJP6HXQVYBW3", "email": "guest56099@example.test", "fields": [{"id": "field_coffee_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_coffee_1", "type": "text", "label": "Company", "value": "Example 777 GmbH"}], "last_name": "Meyer", "time_zone": "Etc/UTC", "first_name": "Élodie", "display_name": "Élodie Meyer", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M74DZXBRPBDSFYBX9EJF6AH1", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15557644984", "response_status": "accepted", "marketing_opt_in": false}, "scheduler": {"id": "attendee_01M74DZXBR8Y6BJJP6HXQVYBW3", "email": "guest56099@example.test", "fields": [{"id": "field_coffee_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_coffee_1", "type": "text", "label": "Company", "value": "Example 777 GmbH"}], "last_name": "Meyer", "time_zone": "Etc/UTC", "first_name": "Élodie", "display_name": "Élodie Meyer", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}, "created_at": "2026-11-11T04:31:23Z", "canceled_at": "2026-11-11T12:01:33Z", "description": "Coffee nearby of 30 minutes with Élodie Meyer. Please bring your questions.", "buffer_after": 15, "conferencing": {"type": "none", "join_url": null, "meeting_id": null, "instructions": null}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": "Reply to this message to reach us before the call.", "original_end_at": null, "is_group_session": false, "location_settings": [{"type": "custom"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_99ad37d775c3', 1, '2026-11-28 11:04:13.044311+00', NULL, 'poll', '{}', '{"id": "appt_99ad37d775c3", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_418e51340f91", "email": "client0@example.test", "phone": "+15550000000", "locale": "en", "object": "client", "metadata": {}, "last_name": "García", "time_zone": "America/Los_Angeles", "created_at": "2025-10-24T11:04:07Z", "first_name": "Chiara", "updated_at": "2025-10-25T11:04:07Z", "reference_id": "ref-0"}, "end_at": {"utc": "2027-01-29T05:30:00Z", "local": "2027-01-29T05:30:00+00:00", "object": "zoned_date_time", "unix_ts": 1801200600, "time_zone": "Etc/UTC"}, "object": "appointment", "status": "scheduled", "meeting": {"id": "amtg_3fcd2626cf61", "object": "appointment_meeting", "status": "skipped", "host_url": null, "join_url": null, "password": null, "error_message": null, "external_meeting_id": null, "conferencing_provider": null}, "service": {"id": "srv_b3fdb7ab84f8", "name": "Long session", "object": "service", "duration": "PT1H30M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_2152ccdbcbe4", "object": "provider", "last_name": "Meyer", "time_zone": "America/New_York", "created_at": "2025-10-24T11:04:07Z", "first_name": "Bilal", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Bilal Meyer"}, "start_at": {"utc": "2027-01-29T04:00:00Z", "local": "2027-01-29T04:00:00+00:00", "object": "zoned_date_time", "unix_ts": 1801195200, "time_zone": "Etc/UTC"}, "created_at": "2026-11-13T18:19:20Z", "updated_at": "2026-11-28T11:04:14Z", "client_data": {"email": "client0@example.test", "phone": "+15550000000", "locale": "en", "last_name": "García", "time_zone": "America/Los_Angeles", "first_name": "Chiara", "reference_id": "ref-0"}, "confirmed_at": "2026-11-28T11:04:12Z", "appointment_type": "virtual", "reschedule_events": [{"actor": null, "object": "reschedule_event", "source": "api", "new_end_at": {"utc": "2027-01-29T05:30:00Z", "local": "2027-01-29T05:30:00+00:00", "object": "zoned_date_time", "unix_ts": 1801200600, "time_zone": "Etc/UTC"}, "occurred_at": "2026-11-28T11:04:14Z", "initiated_by": "client", "new_start_at": {"utc": "2027-01-29T04:00:00Z", "local": "2027-01-29T04:00:00+00:00", "object": "zoned_date_time", "unix_ts": 1801195200, "time_zone": "Etc/UTC"}, "previous_end_at": {"utc": "2027-01-21T07:15:00Z", "local": "2027-01-21T07:15:00+00:00", "object": "zoned_date_time", "unix_ts": 1800515700, "time_zone": "Etc/UTC"}, "previous_start_at": {"utc": "2027-01-21T05:45:00Z", "local": "2027-01-21T05:45:00+00:00", "object": "zoned_date_time", "unix_ts": 1800510300, "time_zone": "Etc/UTC"}}], "cancellation_events": [], "confirmation_events": [{"actor": null, "end_at": {"utc": "2027-01-21T07:15:00Z", "local": "2027-01-21T07:15:00+00:00", "object": "zoned_date_time", "unix_ts": 1800515700, "time_zone": "Etc/UTC"}, "object": "confirmation_event", "source": "api", "start_at": {"utc": "2027-01-21T05:45:00Z", "local": "2027-01-21T05:45:00+00:00", "object": "zoned_date_time", "unix_ts": 1800510300, "time_zone": "Etc/UTC"}, "occurred_at": "2026-11-28T11:04:12Z", "initiated_by": "client"}]}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_aefda1dbd9aa', 1, '2026-11-28 11:04:13.044311+00', NULL, 'poll', '{}', '{"id": "appt_aefda1dbd9aa", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_e3e59dd92eba", "email": "client1@example.test", "phone": "+15550000001", "locale": "en", "object": "client", "metadata": {}, "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "created_at": "2025-10-24T11:04:07Z", "first_name": "Ann", "updated_at": "2025-10-25T11:04:07Z", "reference_id": null}, "end_at": {"utc": "2027-01-21T12:00:00Z", "local": "2027-01-21T21:00:00+09:00", "object": "zoned_date_time", "unix_ts": 1800532800, "time_zone": "Asia/Tokyo"}, "object": "appointment", "status": "scheduled", "meeting": {"id": "amtg_73b9dc5587fb", "object": "appointment_meeting", "status": "created", "host_url": "[masked]", "join_url": "https://example-test.zoom.us/j/83941877215", "password": "[masked]", "error_message": null, "external_meeting_id": "83941877215", "conferencing_provider": "zoom_admin"}, "service": {"id": "srv_b3fdb7ab84f8", "name": "Long session", "object": "service", "duration": "PT1H30M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_2152ccdbcbe4", "object": "provider", "last_name": "Meyer", "time_zone": "America/New_York", "created_at": "2025-10-24T11:04:07Z", "first_name": "Bilal", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Bilal Meyer"}, "start_at": {"utc": "2027-01-21T10:30:00Z", "local": "2027-01-21T19:30:00+09:00", "object": "zoned_date_time", "unix_ts": 1800527400, "time_zone": "Asia/Tokyo"}, "created_at": "2026-11-26T10:23:23Z", "updated_at": "2026-11-28T11:04:38Z", "client_data": {"email": "client1@example.test", "phone": "+15550000001", "locale": "en", "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "first_name": "Ann", "reference_id": null}, "confirmed_at": null, "appointment_type": "virtual", "reschedule_events": [{"actor": null, "object": "reschedule_event", "source": "api", "new_end_at": {"utc": "2027-01-21T12:00:00Z", "local": "2027-01-21T21:00:00+09:00", "object": "zoned_date_time", "unix_ts": 1800532800, "time_zone": "Asia/Tokyo"}, "occurred_at": "2026-11-28T11:04:34Z", "initiated_by": "client", "new_start_at": {"utc": "2027-01-21T10:30:00Z", "local": "2027-01-21T19:30:00+09:00", "object": "zoned_date_time", "unix_ts": 1800527400, "time_zone": "Asia/Tokyo"}, "previous_end_at": {"utc": "2027-01-08T06:15:00Z", "local": "2027-01-08T15:15:00+09:00", "object": "zoned_date_time", "unix_ts": 1799388900, "time_zone": "Asia/Tokyo"}, "previous_start_at": {"utc": "2027-01-08T04:45:00Z", "local": "2027-01-08T13:45:00+09:00", "object": "zoned_date_time", "unix_ts": 1799383500, "time_zone": "Asia/Tokyo"}}], "cancellation_events": [], "confirmation_events": []}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_1b80b924efcc', 1, '2026-11-28 11:04:13.044311+00', NULL, 'poll', '{}', '{"id": "appt_1b80b924efcc", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_e3e59dd92eba", "email": "client1@example.test", "phone": "+15550000001", "locale": "en", "object": "client", "metadata": {}, "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "created_at": "2025-10-24T11:04:07Z", "first_name": "Ann", "updated_at": "2025-10-25T11:04:07Z", "reference_id": null}, "end_at": {"utc": "2027-01-19T00:45:00Z", "local": "2027-01-19T09:45:00+09:00", "object": "zoned_date_time", "unix_ts": 1800319500, "time_zone": "Asia/Tokyo"}, "object": "appointment", "status": "canceled", "meeting": {"id": "amtg_d90dec3e4d95", "object": "appointment_meeting", "status": "cancel_pending", "host_url": "[masked]", "join_url": "https://example-test.zoom.us/j/87799336828", "password": "[masked]", "error_message": null, "external_meeting_id": "87799336828", "conferencing_provider": "zoom_admin"}, "service": {"id": "srv_47aba34425b6", "name": "Follow-up", "object": "service", "duration": "PT30M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_2183f5f3d726", "object": "provider", "last_name": "Novák", "time_zone": "Asia/Tokyo", "created_at": "2025-10-24T11:04:07Z", "first_name": "Dmitri", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Dmitri Novák"}, "start_at": {"utc": "2027-01-19T00:15:00Z", "local": "2027-01-19T09:15:00+09:00", "object": "zoned_date_time", "unix_ts": 1800317700, "time_zone": "Asia/Tokyo"}, "created_at": "2026-11-22T04:08:06Z", "updated_at": "2026-11-28T11:04:25Z", "client_data": {"email": "client1@example.test", "phone": "+15550000001", "locale": "en", "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "first_name": "Ann", "reference_id": null}, "confirmed_at": "2026-11-28T11:04:18Z", "appointment_type": "virtual", "reschedule_events": [], "cancellation_events": [{"actor": null, "object": "cancellation_event", "source": "api", "occurred_at": "2026-11-28T11:04:25Z", "initiated_by": "client", "custom_reason_text": "Conflict", "cancellation_reason": null}], "confirmation_events": [{"actor": null, "end_at": {"utc": "2027-01-19T00:45:00Z", "local": "2027-01-19T09:45:00+09:00", "object": "zoned_date_time", "unix_ts": 1800319500, "time_zone": "Asia/Tokyo"}, "object": "confirmation_event", "source": "api", "start_at": {"utc": "2027-01-19T00:15:00Z", "local": "2027-01-19T09:15:00+09:00", "object": "zoned_date_time", "unix_ts": 1800317700, "time_zone": "Asia/Tokyo"}, "occurred_at": "2026-11-28T11:04:18Z", "initiated_by": "client"}]}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_36b7f6c137aa', 1, '2026-11-28 11:04:13.044311+00', NULL, 'poll', '{}', '{"id": "appt_36b7f6c137aa", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_418e51340f91", "email": "client0@example.test", "phone": "+15550000000", "locale": "en", "object": "client", "metadata": {}, "last_name": "García", "time_zone": "America/Los_Angeles", "created_at": "2025-10-24T11:04:07Z", "first_name": "Chiara", "updated_at": "2025-10-25T11:04:07Z", "reference_id": "ref-0"}, "end_at": {"utc": "2026-12-26T06:15:00Z", "local": "2026-12-26T06:15:00+00:00", "object": "zoned_date_time", "unix_ts": 1798265700, "time_zone": "Etc/UTC"}, "object": "appointment", "status": "scheduled", "meeting": {"id": "amtg_c9e7bb8d709d", "object": "appointment_meeting", "status": "created", "host_url": "[masked]", "join_url": "https://example-test.zoom.us/j/81467901684", "password": null, "error_message": null, "external_meeting_id": "81467901684", "conferencing_provider": "zoom_admin"}, "service": {"id": "srv_174d57626785", "name": "First consultation", "object": "service", "duration": "PT45M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_2183f5f3d726", "object": "provider", "last_name": "Novák", "time_zone": "Asia/Tokyo", "created_at": "2025-10-24T11:04:07Z", "first_name": "Dmitri", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Dmitri Novák"}, "start_at": {"utc": "2026-12-26T05:30:00Z", "local": "2026-12-26T05:30:00+00:00", "object": "zoned_date_time", "unix_ts": 1798263000, "time_zone": "Etc/UTC"}, "created_at": "2026-11-27T16:16:57Z", "updated_at": "2026-11-28T11:04:25Z", "client_data": {"email": "client0@example.test", "phone": "+15550000000", "locale": "en", "last_name": "García", "time_zone": "America/Los_Angeles", "first_name": "Chiara", "reference_id": "ref-0"}, "confirmed_at": null, "appointment_type": "virtual", "reschedule_events": [], "cancellation_events": [], "confirmation_events": []}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_4b252a8bbe85', 1, '2026-11-28 11:04:13.044311+00', NULL, 'poll', '{}', '{"id": "appt_4b252a8bbe85", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_418e51340f91", "email": "client0@example.test", "phone": "+15550000000", "locale": "en", "object": "client", "metadata": {}, "last_name": "García", "time_zone": "America/Los_Angeles", "created_at": "2025-10-24T11:04:07Z", "first_name": "Chiara", "updated_at": "2025-10-25T11:04:07Z", "reference_id": "ref-0"}, "end_at": {"utc": "2026-12-12T10:30:00Z", "local": "2026-12-12T19:30:00+09:00", "object": "zoned_date_time", "unix_ts": 1797071400, "time_zone": "Asia/Tokyo"}, "object": "appointment", "status": "scheduled", "meeting": {"id": "amtg_7356ef73c26f", "object": "appointment_meeting", "status": "pending", "host_url": null, "join_url": null, "password": null, "error_message": null, "external_meeting_id": null, "conferencing_provider": "zoom_admin"}, "service": {"id": "srv_47aba34425b6", "name": "Follow-up", "object": "service", "duration": "PT30M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_c37f2dc521be", "object": "provider", "last_name": "Okafor", "time_zone": "Europe/Paris", "created_at": "2025-10-24T11:04:07Z", "first_name": "Ann", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Ann Okafor"}, "start_at": {"utc": "2026-12-12T10:00:00Z", "local": "2026-12-12T19:00:00+09:00", "object": "zoned_date_time", "unix_ts": 1797069600, "time_zone": "Asia/Tokyo"}, "created_at": "2026-11-28T11:04:25Z", "updated_at": "2026-11-28T11:04:25Z", "client_data": {"email": "client0@example.test", "phone": "+15550000000", "locale": "en", "last_name": "García", "time_zone": "America/Los_Angeles", "first_name": "Chiara", "reference_id": "ref-0"}, "confirmed_at": null, "appointment_type": "virtual", "reschedule_events": [], "cancellation_events": [], "confirmation_events": []}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_f0be4ebdbf2e', 1, '2026-11-28 11:04:13.044311+00', NULL, 'poll', '{}', '{"id": "appt_f0be4ebdbf2e", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_e3e59dd92eba", "email": "client1@example.test", "phone": "+15550000001", "locale": "en", "object": "client", "metadata": {}, "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "created_at": "2025-10-24T11:04:07Z", "first_name": "Ann", "updated_at": "2025-10-25T11:04:07Z", "reference_id": null}, "end_at": {"utc": "2026-11-30T02:15:00Z", "local": "2026-11-30T13:15:00+11:00", "object": "zoned_date_time", "unix_ts": 1796004900, "time_zone": "Australia/Sydney"}, "object": "appointment", "status": "scheduled", "meeting": {"id": "amtg_7ab8f8e506a2", "object": "appointment_meeting", "status": "failed", "host_url": null, "join_url": null, "password": null, "error_message": "The provider refused the request (rate limited).", "external_meeting_id": null, "conferencing_provider": "zoom_admin"}, "service": {"id": "srv_174d57626785", "name": "First consultation", "object": "service", "duration": "PT45M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_f7b803359d08", "object": "provider", "last_name": "Silva", "time_zone": "Australia/Sydney", "created_at": "2025-10-24T11:04:07Z", "first_name": "Élodie", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Élodie Silva"}, "start_at": {"utc": "2026-11-30T01:30:00Z", "local": "2026-11-30T12:30:00+11:00", "object": "zoned_date_time", "unix_ts": 1796002200, "time_zone": "Australia/Sydney"}, "created_at": "2026-11-28T11:04:15Z", "updated_at": "2026-11-28T11:04:25Z", "client_data": {"email": "client1@example.test", "phone": "+15550000001", "locale": "en", "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "first_name": "Ann", "reference_id": null}, "confirmed_at": "2026-11-28T11:04:19Z", "appointment_type": "virtual", "reschedule_events": [], "cancellation_events": [], "confirmation_events": [{"actor": null, "end_at": {"utc": "2026-11-30T02:15:00Z", "local": "2026-11-30T13:15:00+11:00", "object": "zoned_date_time", "unix_ts": 1796004900, "time_zone": "Australia/Sydney"}, "object": "confirmation_event", "source": "api", "start_at": {"utc": "2026-11-30T01:30:00Z", "local": "2026-11-30T12:30:00+11:00", "object": "zoned_date_time", "unix_ts": 1796002200, "time_zone": "Australia/Sydney"}, "occurred_at": "2026-11-28T11:04:19Z", "initiated_by": "client"}]}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, '2026-11-28 11:04:13.017776+00', NULL, 'poll', '{}', '{"id": "event_01M1HA0HGG1Z00GTHPHEHEBFF1", "url": "https://savvycal.com/events/event_01M1HA0HGG1Z00GTHPHEHEBFF1", "link": {"id": "link_01K8AY7R2R2ZXN5MPRHWTGEH5Z", "name": "Paid consultation", "slug": "consultation"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RD3GXW71N65AF12FE", "name": "Sales", "slug": "sales"}, "state": "tentative", "end_at": "2026-11-28T23:45:00Z", "payment": {"url": "https://checkout.example.test/pay/39801bf208b1e931", "state": "paid", "amount_tax": 2000, "amount_total": 12000, "amount_discount": 0, "amount_shipping": 0}, "summary": "Paid consultation: no one yet", "duration": 60, "location": null, "metadata": {}, "start_at": "2026-11-28T22:45:00Z", "attendees": [{"id": "attendee_01M8GX7MS0D626GDT6EB8NTQ3X", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/New_York", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15553245415", "response_status": "accepted", "marketing_opt_in": true}], "organizer": {"id": "attendee_01M8GX7MS0D626GDT6EB8NTQ3X", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/New_York", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15553245415", "response_status": "accepted", "marketing_opt_in": true}, "scheduler": null, "created_at": "2026-11-28T11:04:20Z", "canceled_at": null, "description": "Paid consultation of 60 minutes with no one yet. Please bring your questions.", "buffer_after": 0, "conferencing": {"type": "zoom", "join_url": null, "meeting_id": null, "instructions": null}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": "Reply to this message to reach us before the call.", "original_end_at": null, "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, '2026-11-28 11:04:13.036123+00', '2026-11-28 11:04:13.18052+00', 'poll', '{}', '{"id": "event_01KETSFK2RXPY4EFE3GERFB0WZ", "url": "https://savvycal.com/events/event_01KETSFK2RXPY4EFE3GERFB0WZ", "link": {"id": "link_01K8AY7R2RXX5SANHC2VMRYKJD", "name": "Interview", "slug": "interview"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RER4W2PQGT4ACZ3K3", "name": "Ann", "slug": "ann"}, "state": "awaiting_checkout", "end_at": "2026-12-07T08:30:00Z", "payment": null, "summary": "Interview: Ines Tanaka", "duration": 60, "location": null, "metadata": {"lead_score": 21, "utm_source": "website"}, "start_at": "2026-12-07T07:30:00Z", "attendees": [{"id": "attendee_01M8GX81F8E1XFTNM1H9YHWXXF", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Etc/UTC", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15555722339", "response_status": "accepted", "marketing_opt_in": true}, {"id": "attendee_01M8GX81F8T7P0K18S38GM04CJ", "email": "guest495660@example.test", "fields": [{"id": "field_interview_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_interview_1", "type": "text", "label": "Company", "value": "Example 74 GmbH"}], "last_name": "Tanaka", "time_zone": "Australia/Sydney", "first_name": "Ines", "display_name": "Ines Tanaka", "is_organizer": false, "phone_number": "+15554138548", "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M8GX81F8HWS0JPH1CEWHAJX2", "email": "guest700198@example.test", "fields": [], "last_name": "Okafor", "time_zone": "Australia/Sydney", "first_name": "Jonas", "display_name": "Jonas Okafor", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M8GX81F8RW3R02BB8PCNZYCD", "email": "guest801101@example.test", "fields": [], "last_name": "Silva", "time_zone": "Etc/UTC", "first_name": "Farah", "display_name": "Farah Silva", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M8GX81F8E1XFTNM1H9YHWXXF", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Etc/UTC", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15555722339", "response_status": "accepted", "marketing_opt_in": true}, "scheduler": {"id": "attendee_01M8GX81F8T7P0K18S38GM04CJ", "email": "guest495660@example.test", "fields": [{"id": "field_interview_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_interview_1", "type": "text", "label": "Company", "value": "Example 74 GmbH"}], "last_name": "Tanaka", "time_zone": "Australia/Sydney", "first_name": "Ines", "display_name": "Ines Tanaka", "is_organizer": false, "phone_number": "+15554138548", "response_status": "accepted", "marketing_opt_in": false}, "created_at": "2026-11-28T11:04:33Z", "canceled_at": null, "description": "Interview of 60 minutes with Ines Tanaka. Please bring your questions.", "buffer_after": 0, "conferencing": {"type": "zoom", "join_url": null, "meeting_id": null, "instructions": null}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": "Reply to this message to reach us before the call.", "original_end_at": null, "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 2, '2026-11-28 11:04:13.18052+00', NULL, 'poll', '{conferencing.instructions,conferencing.join_url,conferencing.meeting_id,location,state}', '{"id": "event_01KETSFK2RXPY4EFE3GERFB0WZ", "url": "https://savvycal.com/events/event_01KETSFK2RXPY4EFE3GERFB0WZ", "link": {"id": "link_01K8AY7R2RXX5SANHC2VMRYKJD", "name": "Interview", "slug": "interview"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RER4W2PQGT4ACZ3K3", "name": "Ann", "slug": "ann"}, "state": "confirmed", "end_at": "2026-12-07T08:30:00Z", "payment": null, "summary": "Interview: Ines Tanaka", "duration": 60, "location": "https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc", "metadata": {"lead_score": 21, "utm_source": "website"}, "start_at": "2026-12-07T07:30:00Z", "attendees": [{"id": "attendee_01M8GX81F8E1XFTNM1H9YHWXXF", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Etc/UTC", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15555722339", "response_status": "accepted", "marketing_opt_in": true}, {"id": "attendee_01M8GX81F8T7P0K18S38GM04CJ", "email": "guest495660@example.test", "fields": [{"id": "field_interview_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_interview_1", "type": "text", "label": "Company", "value": "Example 74 GmbH"}], "last_name": "Tanaka", "time_zone": "Australia/Sydney", "first_name": "Ines", "display_name": "Ines Tanaka", "is_organizer": false, "phone_number": "+15554138548", "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M8GX81F8HWS0JPH1CEWHAJX2", "email": "guest700198@example.test", "fields": [], "last_name": "Okafor", "time_zone": "Australia/Sydney", "first_name": "Jonas", "display_name": "Jonas Okafor", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M8GX81F8RW3R02BB8PCNZYCD", "email": "guest801101@example.test", "fields": [], "last_name": "Silva", "time_zone": "Etc/UTC", "first_name": "Farah", "display_name": "Farah Silva", "is_organizer": false, "phone_number": null, "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M8GX81F8E1XFTNM1H9YHWXXF", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "Etc/UTC", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15555722339", "response_status": "accepted", "marketing_opt_in": true}, "scheduler": {"id": "attendee_01M8GX81F8T7P0K18S38GM04CJ", "email": "guest495660@example.test", "fields": [{"id": "field_interview_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_interview_1", "type": "text", "label": "Company", "value": "Example 74 GmbH"}], "last_name": "Tanaka", "time_zone": "Australia/Sydney", "first_name": "Ines", "display_name": "Ines Tanaka", "is_organizer": false, "phone_number": "+15554138548", "response_status": "accepted", "marketing_opt_in": false}, "created_at": "2026-11-28T11:04:33Z", "canceled_at": null, "description": "Interview of 60 minutes with Ines Tanaka. Please bring your questions.", "buffer_after": 0, "conferencing": {"type": "zoom", "join_url": "https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc", "meeting_id": "89213414625", "instructions": "Join Zoom Meeting\nMeeting ID: 89213414625\nOne tap mobile: +15550100,,89213414625#"}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": "Reply to this message to reach us before the call.", "original_end_at": null, "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_0469dc90612f', 1, '2026-11-28 11:04:13.044311+00', '2026-11-28 11:04:13.187764+00', 'poll', '{}', '{"id": "appt_0469dc90612f", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_e3e59dd92eba", "email": "client1@example.test", "phone": "+15550000001", "locale": "en", "object": "client", "metadata": {}, "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "created_at": "2025-10-24T11:04:07Z", "first_name": "Ann", "updated_at": "2025-10-25T11:04:07Z", "reference_id": null}, "end_at": {"utc": "2026-12-26T09:45:00Z", "local": "2026-12-26T20:45:00+11:00", "object": "zoned_date_time", "unix_ts": 1798278300, "time_zone": "Australia/Sydney"}, "object": "appointment", "status": "scheduled", "meeting": {"id": "amtg_b7299024d2c8", "object": "appointment_meeting", "status": "pending", "host_url": null, "join_url": null, "password": null, "error_message": null, "external_meeting_id": null, "conferencing_provider": "zoom_admin"}, "service": {"id": "srv_174d57626785", "name": "First consultation", "object": "service", "duration": "PT45M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_9a221755fd29", "object": "provider", "last_name": "García", "time_zone": "America/Los_Angeles", "created_at": "2025-10-24T11:04:07Z", "first_name": "Chiara", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Chiara García"}, "start_at": {"utc": "2026-12-26T09:00:00Z", "local": "2026-12-26T20:00:00+11:00", "object": "zoned_date_time", "unix_ts": 1798275600, "time_zone": "Australia/Sydney"}, "created_at": "2026-11-28T11:04:31Z", "updated_at": "2026-11-28T11:04:31Z", "client_data": {"email": "client1@example.test", "phone": "+15550000001", "locale": "en", "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "first_name": "Ann", "reference_id": null}, "confirmed_at": null, "appointment_type": "virtual", "reschedule_events": [], "cancellation_events": [], "confirmation_events": []}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_0469dc90612f', 2, '2026-11-28 11:04:13.187764+00', NULL, 'poll', '{meeting.error_message,meeting.status,updated_at}', '{"id": "appt_0469dc90612f", "urls": {"ics": "[masked]", "cancel": "[masked]", "confirm": "[masked]", "reschedule": "[masked]", "add_to_google_calendar": "[masked]"}, "client": {"id": "clnt_e3e59dd92eba", "email": "client1@example.test", "phone": "+15550000001", "locale": "en", "object": "client", "metadata": {}, "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "created_at": "2025-10-24T11:04:07Z", "first_name": "Ann", "updated_at": "2025-10-25T11:04:07Z", "reference_id": null}, "end_at": {"utc": "2026-12-26T09:45:00Z", "local": "2026-12-26T20:45:00+11:00", "object": "zoned_date_time", "unix_ts": 1798278300, "time_zone": "Australia/Sydney"}, "object": "appointment", "status": "scheduled", "meeting": {"id": "amtg_b7299024d2c8", "object": "appointment_meeting", "status": "failed", "host_url": null, "join_url": null, "password": null, "error_message": "The provider refused the request (rate limited).", "external_meeting_id": null, "conferencing_provider": "zoom_admin"}, "service": {"id": "srv_174d57626785", "name": "First consultation", "object": "service", "duration": "PT45M", "created_at": "2025-10-24T11:04:07Z", "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}], "updated_at": "2025-10-25T11:04:07Z", "booking_policy": {"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}, "appointment_type": "virtual", "change_policy_text": "Please tell us two hours ahead.", "cancellation_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}, "rescheduling_policy": {"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}}, "provider": {"id": "prov_9a221755fd29", "object": "provider", "last_name": "García", "time_zone": "America/Los_Angeles", "created_at": "2025-10-24T11:04:07Z", "first_name": "Chiara", "updated_at": "2025-10-25T11:04:07Z", "display_name": "Chiara García"}, "start_at": {"utc": "2026-12-26T09:00:00Z", "local": "2026-12-26T20:00:00+11:00", "object": "zoned_date_time", "unix_ts": 1798275600, "time_zone": "Australia/Sydney"}, "created_at": "2026-11-28T11:04:31Z", "updated_at": "2026-11-28T11:04:39Z", "client_data": {"email": "client1@example.test", "phone": "+15550000001", "locale": "en", "last_name": "O''Neil", "time_zone": "Asia/Tokyo", "first_name": "Ann", "reference_id": null}, "confirmed_at": null, "appointment_type": "virtual", "reschedule_events": [], "cancellation_events": [], "confirmation_events": []}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, '2026-11-28 11:04:13.075451+00', NULL, 'poll', '{}', '{"id": "event_01M8GDR4ARMCTFS3WEZXGVKH6H", "url": "https://savvycal.com/events/event_01M8GDR4ARMCTFS3WEZXGVKH6H", "link": {"id": "link_01K8AY7R2RXX5SANHC2VMRYKJD", "name": "Interview", "slug": "interview"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RER4W2PQGT4ACZ3K3", "name": "Ann", "slug": "ann"}, "state": "confirmed", "end_at": "2027-01-05T14:45:00Z", "payment": null, "summary": "Interview: Łucja O''Neil", "duration": 60, "location": null, "metadata": {"lead_score": 4, "utm_source": "newsletter"}, "start_at": "2027-01-05T13:45:00Z", "attendees": [{"id": "attendee_01M8GX7DY8YY32H3GSDFX437CG", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15559234246", "response_status": "accepted", "marketing_opt_in": false}, {"id": "attendee_01M8GX7DY8R328FQN4S1A44AMM", "email": "guest895167@example.test", "fields": [{"id": "field_interview_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_interview_1", "type": "text", "label": "Company", "value": "Example 900 GmbH"}], "last_name": "O''Neil", "time_zone": "Australia/Sydney", "first_name": "Łucja", "display_name": "Łucja O''Neil", "is_organizer": false, "phone_number": "+15554016416", "response_status": "accepted", "marketing_opt_in": false}], "organizer": {"id": "attendee_01M8GX7DY8YY32H3GSDFX437CG", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": "+15559234246", "response_status": "accepted", "marketing_opt_in": false}, "scheduler": {"id": "attendee_01M8GX7DY8R328FQN4S1A44AMM", "email": "guest895167@example.test", "fields": [{"id": "field_interview_0", "type": "text", "label": "What should we talk about?", "value": "Pricing for a team of twelve"}, {"id": "field_interview_1", "type": "text", "label": "Company", "value": "Example 900 GmbH"}], "last_name": "O''Neil", "time_zone": "Australia/Sydney", "first_name": "Łucja", "display_name": "Łucja O''Neil", "is_organizer": false, "phone_number": "+15554016416", "response_status": "accepted", "marketing_opt_in": false}, "created_at": "2026-11-28T11:04:13Z", "canceled_at": null, "description": "Interview of 60 minutes with Łucja O''Neil. Please bring your questions.", "buffer_after": 0, "conferencing": {"type": "zoom", "join_url": null, "meeting_id": null, "instructions": null}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": "2026-11-28T11:04:38Z", "additional_info": "Reply to this message to reach us before the call.", "original_end_at": "2027-01-01T08:00:00Z", "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": "2027-01-01T07:00:00Z", "reschedule_reason": "Illness", "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 1, '2026-11-28 11:04:13.075451+00', NULL, 'poll', '{}', '{"id": "event_01M7W5KTW8Z90DY6G4XB1ZA29C", "url": "https://savvycal.com/events/event_01M7W5KTW8Z90DY6G4XB1ZA29C", "link": {"id": "link_01K8AY7R2R4Y93T3QMNB78PMEH", "name": "Product demo", "slug": "demo"}, "poll": null, "scope": {"id": "scope_01K8AY7R2RD3GXW71N65AF12FE", "name": "Sales", "slug": "sales"}, "state": "confirmed", "end_at": "2027-01-21T11:45:00Z", "payment": null, "summary": "Product demo: Ann Tanaka", "duration": 45, "location": "https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514", "metadata": {}, "start_at": "2027-01-21T11:00:00Z", "attendees": [{"id": "attendee_01M8GX85C8HP5KVZ4DESK3ABEG", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/New_York", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": null, "response_status": "accepted", "marketing_opt_in": true}, {"id": "attendee_01M8GX85C8N1MCMJS4JWZKW0EW", "email": "guest188880@example.test", "fields": [{"id": "field_demo_0", "type": "text", "label": "What should we talk about?", "value": "Next year''s plan"}, {"id": "field_demo_1", "type": "text", "label": "Company", "value": "Example 311 GmbH"}], "last_name": "Tanaka", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Tanaka", "is_organizer": false, "phone_number": "+15559255119", "response_status": "accepted", "marketing_opt_in": true}], "organizer": {"id": "attendee_01M8GX85C8HP5KVZ4DESK3ABEG", "email": "me@example.test", "fields": [], "last_name": "Meyer", "time_zone": "America/New_York", "first_name": "Ann", "display_name": "Ann Meyer", "is_organizer": true, "phone_number": null, "response_status": "accepted", "marketing_opt_in": true}, "scheduler": {"id": "attendee_01M8GX85C8N1MCMJS4JWZKW0EW", "email": "guest188880@example.test", "fields": [{"id": "field_demo_0", "type": "text", "label": "What should we talk about?", "value": "Next year''s plan"}, {"id": "field_demo_1", "type": "text", "label": "Company", "value": "Example 311 GmbH"}], "last_name": "Tanaka", "time_zone": "America/Los_Angeles", "first_name": "Ann", "display_name": "Ann Tanaka", "is_organizer": false, "phone_number": "+15559255119", "response_status": "accepted", "marketing_opt_in": true}, "created_at": "2026-11-28T11:04:37Z", "canceled_at": null, "description": "Product demo of 45 minutes with Ann Tanaka. Please bring your questions.", "buffer_after": 15, "conferencing": {"type": "zoom", "join_url": "https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514", "meeting_id": "84884807171", "instructions": "Join Zoom Meeting\nMeeting ID: 84884807171\nOne tap mobile: +15550100,,84884807171#"}, "buffer_before": 0, "cancel_reason": null, "rescheduled_at": null, "additional_info": "Reply to this message to reach us before the call.", "original_end_at": null, "is_group_session": false, "location_settings": [{"type": "zoom", "integration_id": "zoom_123"}], "original_start_at": null, "reschedule_reason": null, "maximum_group_size": 1, "description_settings": {"include_fields": false, "include_attendees": true, "include_link_name": true}}');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, NULL, 'canceled', 'first', '2026-11-28 11:04:23+00', '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, NULL, 'canceled', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, NULL, 'confirmed', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, NULL, 'awaiting_checkout', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 1, NULL, 'confirmed', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KBHG3FXGK4X47W8ZJBAAQP6D', 1, NULL, 'skipped', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M749QB80SNZR3F56NYMCAXCJ', 1, NULL, 'awaiting_reschedule', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M749QB80SNZR3F56NYMCAXCJ', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, NULL, 'awaiting_approval', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 1, NULL, 'canceled', 'first', '2026-11-11 12:01:33+00', '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M74DZXBR01J6W2KN7KQJVC8X', 1, NULL, 'skipped', 'first', NULL, '2026-11-28 11:04:13.036123+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_99ad37d775c3', 1, NULL, 'scheduled', 'first', '2026-11-13 18:19:20+00', '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_3fcd2626cf61', 1, NULL, 'skipped', 'first', NULL, '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_aefda1dbd9aa', 1, NULL, 'scheduled', 'first', '2026-11-26 10:23:23+00', '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_73b9dc5587fb', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_1b80b924efcc', 1, NULL, 'canceled', 'first', '2026-11-28 11:04:25+00', '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_d90dec3e4d95', 1, NULL, 'cancel_pending', 'first', NULL, '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_0469dc90612f', 1, NULL, 'scheduled', 'first', '2026-11-28 11:04:31+00', '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_b7299024d2c8', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_36b7f6c137aa', 1, NULL, 'scheduled', 'first', '2026-11-27 16:16:57+00', '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_c9e7bb8d709d', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_4b252a8bbe85', 1, NULL, 'scheduled', 'first', '2026-11-28 11:04:25+00', '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_7356ef73c26f', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_f0be4ebdbf2e', 1, NULL, 'scheduled', 'first', '2026-11-28 11:04:15+00', '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_7ab8f8e506a2', 1, NULL, 'failed', 'first', NULL, '2026-11-28 11:04:13.044311+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, NULL, 'tentative', 'first', NULL, '2026-11-28 11:04:13.017776+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:13.017776+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 2, 'pending', 'created', 'direct', NULL, '2026-11-28 11:04:13.18052+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_b7299024d2c8', 2, 'pending', 'failed', 'direct', NULL, '2026-11-28 11:04:13.187764+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, NULL, 'confirmed', 'first', NULL, '2026-11-28 11:04:13.075451+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M8GDR4ARMCTFS3WEZXGVKH6H', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:13.075451+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 1, NULL, 'confirmed', 'first', NULL, '2026-11-28 11:04:13.075451+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M7W5KTW8Z90DY6G4XB1ZA29C', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:13.075451+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 2, 'awaiting_checkout', 'confirmed', 'skipped', NULL, '2026-11-28 11:04:13.18052+00', 'poll');
SELECT pg_catalog.setval('savvycal._fence', 18, true);
SELECT pg_catalog.setval('savvycal.changes_seq_seq', 21, true);
SELECT pg_catalog.setval('savvycal.runs_id_seq', 6, true);
ALTER TABLE ONLY savvycal._meta
    ADD CONSTRAINT _meta_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY savvycal.appointment_history
    ADD CONSTRAINT appointment_history_pkey PRIMARY KEY (account, appointment_id, kind, "position");
ALTER TABLE ONLY savvycal.appointments
    ADD CONSTRAINT appointments_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (account, xid, seq);
ALTER TABLE ONLY savvycal.coverage
    ADD CONSTRAINT coverage_pkey PRIMARY KEY (account, product, window_name);
ALTER TABLE ONLY savvycal.event_answers
    ADD CONSTRAINT event_answers_pkey PRIMARY KEY (account, event_id, attendee_position, "position");
ALTER TABLE ONLY savvycal.event_attendees
    ADD CONSTRAINT event_attendees_pkey PRIMARY KEY (account, event_id, "position");
ALTER TABLE ONLY savvycal.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal.meetings
    ADD CONSTRAINT meetings_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal._pass_seen
    ADD CONSTRAINT pass_seen_pkey PRIMARY KEY (account, product, window_name, run_id, id);
ALTER TABLE ONLY savvycal._passes
    ADD CONSTRAINT passes_pkey PRIMARY KEY (account, product, window_name);
ALTER TABLE ONLY savvycal.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (account, kind, id);
ALTER TABLE ONLY savvycal.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal.snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (account, kind, id, version);
ALTER TABLE ONLY savvycal._targets
    ADD CONSTRAINT targets_pkey PRIMARY KEY (account, kind, id);
ALTER TABLE ONLY savvycal.transitions
    ADD CONSTRAINT transitions_pkey PRIMARY KEY (account, kind, id, seq);
CREATE INDEX appointments_start_at ON savvycal.appointments USING btree (account, start_at);
CREATE INDEX events_start_at ON savvycal.events USING btree (account, start_at);
CREATE INDEX meetings_appointment ON savvycal.meetings USING btree (account, appointment_id) WHERE (appointment_id IS NOT NULL);
CREATE INDEX meetings_unsettled ON savvycal.meetings USING btree (account, status) WHERE (is_current AND (status = ANY (ARRAY['pending'::text, 'failed'::text, 'update_pending'::text, 'cancel_pending'::text])));
CREATE INDEX runs_started_at ON savvycal.runs USING btree (account, started_at);
CREATE INDEX targets_due ON savvycal._targets USING btree (priority, due_at) WHERE (parked_at IS NULL);
