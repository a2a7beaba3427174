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
COMMENT ON SCHEMA savvycal IS 'Mirror of a SavvyCal account, kept by savvycal-sync. (ee7890a61263)';
CREATE FUNCTION savvycal._now() RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ select clock_timestamp() $$;
COMMENT ON FUNCTION savvycal._now() IS 'The clock that dates of secrets are held against: the database''s, never a worker''s.';
CREATE FUNCTION savvycal._request(of_account text, of_kind text, of_id text, of_priority integer, of_reason text, asked_at timestamp with time zone) RETURNS text
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  insert into savvycal._targets as t (account, kind, id, due_at, priority, reasons)
  values (of_account, of_kind, of_id, asked_at, of_priority, array[of_reason])
  on conflict on constraint targets_pkey do update
    set requested_gen = t.requested_gen + 1, due_at = least(t.due_at, excluded.due_at), parked_at = null, attempts = 0,
        priority = least(t.priority, excluded.priority),
        reasons = array_remove(case when t.due_at > asked_at then array_replace(t.reasons, 'confirm', 'unconfirmed') else t.reasons end, of_reason)
          || excluded.reasons
  returning case when xmax = 0 then 'queued' when lease_until > asked_at then 'running' else 'merged' end
$$;
COMMENT ON FUNCTION savvycal._request(of_account text, of_kind text, of_id text, of_priority integer, of_reason text, asked_at timestamp with time zone) IS 'Asks for a look at one object: queued, merged when it was waiting already, running when it is being looked at (one more look follows).';
CREATE FUNCTION savvycal._retain(of_table text, keep_days integer, batch integer DEFAULT 5000) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
  old text := case of_table when 'snapshots' then 'superseded_at' when 'changes' then 'changed_at' when 'runs' then 'finished_at'
                            when 'webhook_deliveries' then 'received_at' end;
  gone bigint := 0;
begin
  if old is null or keep_days < 1 then
    raise exception '_retain: no such table, or less than a day' using errcode = '22023';
  end if;
  if to_regclass('savvycal.' || of_table) is not null then
    execute format('delete from savvycal.%I where ctid = any (array(select ctid from savvycal.%I where %I < $1 limit $2))',
                   of_table, of_table, old) using savvycal._now() - make_interval(days => keep_days), batch;
    get diagnostics gone = row_count;
  end if;
  return gone;
end $_$;
COMMENT ON FUNCTION savvycal._retain(of_table text, keep_days integer, batch integer) IS 'Deletes history older than so many days, a batch at a time: superseded snapshots, changes, finished runs, deliveries. The only way to delete history.';
CREATE FUNCTION savvycal._tell_of_changes() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform pg_notify('savvycal_changes', '');
  return null;
end
$$;
COMMENT ON FUNCTION savvycal._tell_of_changes() IS 'Wakes readers of the change feed when the transaction commits. The notice says nothing else.';
CREATE FUNCTION savvycal.changes_since(after_cursor text DEFAULT ''::text, of_account text DEFAULT 'default'::text, batch integer DEFAULT 1000) RETURNS TABLE(cursor text, kind text, id text, version integer, change text, changed_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  after_xid xid8 := case when after_cursor = '' then '0' else split_part(after_cursor, ':', 1) end::xid8;
  after_seq bigint := case when after_cursor = '' then '0' else split_part(after_cursor, ':', 2) end::bigint;
begin
  if after_xid >= pg_snapshot_xmax(pg_current_snapshot()) then
    raise exception 'changes_since: this cursor is of another server; start again with an empty one' using errcode = '22023';
  end if;
  return query
    select c.xid::text || ':' || c.seq, c.kind, c.id, c.version, c.change, c.changed_at
    from savvycal.changes c
    where c.account = of_account and (c.xid, c.seq) > (after_xid, after_seq) and c.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by c.xid, c.seq
    limit batch;
end
$$;
COMMENT ON FUNCTION savvycal.changes_since(after_cursor text, of_account text, batch integer) IS 'Changes after a cursor, oldest first; start with an empty one. A row appears only when no older transaction can still commit, so none is ever skipped.';
CREATE FUNCTION savvycal.open_meeting_secret(of_meeting text, of_account text DEFAULT 'default'::text, by_reader text DEFAULT NULL::text) RETURNS TABLE(outcome text, key_id text, host_url bytea, password bytea, valid_until timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  found_row savvycal._meeting_secrets;
  until timestamptz;
begin
  select * into found_row from savvycal._meeting_secrets s where s.account = of_account and s.meeting_id = of_meeting;
  select least(found_row.purge_at, a.end_at + interval '24 hours') into until
  from savvycal.appointments a where a.account = of_account and a.id = found_row.appointment_id;
  outcome := case when found_row.key_id is null then 'absent' when until > savvycal._now() then 'given' else 'expired' end;
  insert into savvycal._secret_reads (account, meeting_id, read_at, role_name, reader, client_address, outcome)
  values (of_account, left(of_meeting, 128), savvycal._now(), session_user, left(by_reader, 200), inet_client_addr(), outcome);
  if outcome = 'given' then
    key_id := found_row.key_id; host_url := found_row.host_url; password := found_row.password; valid_until := until;
  end if;
  return next;
end $$;
COMMENT ON FUNCTION savvycal.open_meeting_secret(of_meeting text, of_account text, by_reader text) IS 'The sealed credentials of a meeting, until its appointment''s end + 24 h by the database''s clock. Each call leaves a row in _secret_reads.';
CREATE FUNCTION savvycal.request_resync(of_kind text, of_id text, of_account text DEFAULT 'default'::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare answer text;
begin
  if of_kind not in ('event', 'appointment') then
    raise exception 'request_resync: kind must be event or appointment' using errcode = '22023';
  end if;
  if of_id !~ '^[A-Za-z0-9_.:-]{1,128}$' then
    raise exception 'request_resync: that is not the id of an event or appointment' using errcode = '22023';
  end if;
  if not exists (
    select from savvycal.coverage c
    where c.account = of_account and c.product = case of_kind when 'event' then 'meetings' else 'appointments' end) then
    raise exception 'request_resync: nothing of that kind is mirrored here for an account of that name' using errcode = '22023';
  end if;
  answer := savvycal._request(of_account, of_kind, of_id, 0, 'resync', clock_timestamp());
  perform pg_notify('savvycal_work', '');
  return answer;
end $_$;
COMMENT ON FUNCTION savvycal.request_resync(of_kind text, of_id text, of_account text) IS 'Asks the worker to read one object again now. Answers queued, merged (it was waiting already) or running (one more look follows).';
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE savvycal._audit_clock (
    account text DEFAULT 'default'::text NOT NULL,
    product text NOT NULL,
    next_due_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE savvycal._audit_clock IS 'When the slow audit in the background is due next.';
COMMENT ON COLUMN savvycal._audit_clock.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._audit_clock.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal._audit_clock.next_due_at IS 'When a small sample is read and compared again.';
CREATE SEQUENCE savvycal._fence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE savvycal._fence IS 'Each look at SavvyCal takes the next value before its request goes out; a row is only written by a later look.';
CREATE TABLE savvycal._meeting_secrets (
    account text DEFAULT 'default'::text NOT NULL,
    appointment_id text NOT NULL,
    meeting_id text,
    key_id text NOT NULL,
    host_url bytea,
    password bytea,
    fingerprint bytea NOT NULL,
    fence bigint NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    purge_at timestamp with time zone NOT NULL,
    CONSTRAINT meeting_secrets_sealed CHECK (((COALESCE(octet_length(host_url), 29) > 28) AND (COALESCE(octet_length(password), 29) > 28)))
);
COMMENT ON TABLE savvycal._meeting_secrets IS 'Vault: what opens the meeting of an appointment, sealed (AES-256-GCM). Only with SAVVYCAL_SECRET_KEYS. Read it with open_meeting_secret().';
COMMENT ON COLUMN savvycal._meeting_secrets.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._meeting_secrets.appointment_id IS 'Appointment that carries the meeting.';
COMMENT ON COLUMN savvycal._meeting_secrets.meeting_id IS 'AppointmentMeeting (amtg_...) it opens; null when the appointment carries none.';
COMMENT ON COLUMN savvycal._meeting_secrets.key_id IS 'Key of the ring that sealed it.';
COMMENT ON COLUMN savvycal._meeting_secrets.host_url IS 'Sealed host_url: nonce and ciphertext, bound to table, account, meeting, column and key.';
COMMENT ON COLUMN savvycal._meeting_secrets.password IS 'Sealed password, the same way.';
COMMENT ON COLUMN savvycal._meeting_secrets.fingerprint IS 'Keyed hash of the credentials as served: tells a rotation without opening anything.';
COMMENT ON COLUMN savvycal._meeting_secrets.fence IS 'Fence of the look that brought it.';
COMMENT ON COLUMN savvycal._meeting_secrets.stored_at IS 'When it was written.';
COMMENT ON COLUMN savvycal._meeting_secrets.purge_at IS 'End of the appointment plus 24 hours, when SavvyCal stops honouring it: deleted then. Moves with a reschedule.';
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
    walk integer NOT NULL,
    page integer NOT NULL,
    ids text[] NOT NULL
);
COMMENT ON TABLE savvycal._pass_seen IS 'Ids that a running pass has seen, to find out what it did not see. Unlogged: losing it only postpones that question.';
COMMENT ON COLUMN savvycal._pass_seen.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._pass_seen.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal._pass_seen.window_name IS 'Range.';
COMMENT ON COLUMN savvycal._pass_seen.run_id IS 'Run of the pass.';
COMMENT ON COLUMN savvycal._pass_seen.walk IS 'Walk of the pass.';
COMMENT ON COLUMN savvycal._pass_seen.page IS 'Position of the walk once these were stored.';
COMMENT ON COLUMN savvycal._pass_seen.ids IS 'Objects. One row for each stored batch: a row for each object would cost more than the pass (measured).';
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
CREATE TABLE savvycal._secret_reads (
    id bigint NOT NULL,
    account text DEFAULT 'default'::text NOT NULL,
    meeting_id text NOT NULL,
    read_at timestamp with time zone NOT NULL,
    role_name text NOT NULL,
    reader text,
    client_address inet,
    outcome text NOT NULL,
    CONSTRAINT secret_reads_outcome_known CHECK ((outcome = ANY (ARRAY['given'::text, 'expired'::text, 'absent'::text])))
);
COMMENT ON TABLE savvycal._secret_reads IS 'Audit: who asked the vault for what. Written by open_meeting_secret() alone; nothing deletes it.';
COMMENT ON COLUMN savvycal._secret_reads.id IS 'Counts up.';
COMMENT ON COLUMN savvycal._secret_reads.account IS 'SavvyCal account that was asked about.';
COMMENT ON COLUMN savvycal._secret_reads.meeting_id IS 'AppointmentMeeting that was asked for.';
COMMENT ON COLUMN savvycal._secret_reads.read_at IS 'When.';
COMMENT ON COLUMN savvycal._secret_reads.role_name IS 'Database role that asked.';
COMMENT ON COLUMN savvycal._secret_reads.reader IS 'Who that was, in the words of the application that asked.';
COMMENT ON COLUMN savvycal._secret_reads.client_address IS 'Where the connection came from; null for a local socket.';
COMMENT ON COLUMN savvycal._secret_reads.outcome IS 'given, expired (past its date) or absent (not stored).';
ALTER TABLE savvycal._secret_reads ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME savvycal._secret_reads_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE savvycal._suppressed (
    account text DEFAULT 'default'::text NOT NULL,
    fingerprint bytea NOT NULL,
    erased_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE savvycal._suppressed IS 'People who were erased: nothing of them is stored when SavvyCal sends them again.';
COMMENT ON COLUMN savvycal._suppressed.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._suppressed.fingerprint IS 'Keyed hash of the email address; the address itself is not kept.';
COMMENT ON COLUMN savvycal._suppressed.erased_at IS 'When the person was erased.';
CREATE TABLE savvycal._suppression_keys (
    account text DEFAULT 'default'::text NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL
);
COMMENT ON TABLE savvycal._suppression_keys IS 'Key of the fingerprints in _suppressed, sealed with SAVVYCAL_SECRET_KEYS: it stays the same when those rotate.';
COMMENT ON COLUMN savvycal._suppression_keys.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal._suppression_keys.key_id IS 'Key of the ring that sealed it.';
COMMENT ON COLUMN savvycal._suppression_keys.sealed IS 'Sealed key.';
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
COMMENT ON COLUMN savvycal._targets.reasons IS 'Who asked since it was last worked off. unconfirmed: a change is still to be confirmed, and this look comes too early for it.';
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
    body json NOT NULL,
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
COMMENT ON COLUMN savvycal.snapshots.body IS 'The whole document as canonical JSON: json and not jsonb, which keeps it exactly (and is a third of the work of a first load).';
CREATE VIEW savvycal.appointment_bodies AS
 SELECT s.account,
    s.id,
    s.version,
    s.observed_at,
    (s.body)::jsonb AS body
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
    CONSTRAINT changes_change_known CHECK ((change = ANY (ARRAY['first'::text, 'changed'::text, 'gone'::text, 'revived'::text, 'erased'::text])))
);
COMMENT ON TABLE savvycal.changes IS 'Change feed: one row per recorded change. Read it with changes_since(), which never skips a row that commits late.';
COMMENT ON COLUMN savvycal.changes.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.changes.xid IS 'Transaction that wrote the row; rows of running ones are held back by changes_since().';
COMMENT ON COLUMN savvycal.changes.seq IS 'Order within a transaction.';
COMMENT ON COLUMN savvycal.changes.kind IS 'event or appointment.';
COMMENT ON COLUMN savvycal.changes.id IS 'Object.';
COMMENT ON COLUMN savvycal.changes.version IS 'Its version after the change.';
COMMENT ON COLUMN savvycal.changes.change IS 'first, changed, gone, revived, or erased: a person was taken out of it, drop what you copied.';
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
    pace_seconds double precision,
    run_id bigint,
    missing_allowed bigint,
    missing_allowed_until timestamp with time zone
);
COMMENT ON TABLE savvycal.coverage IS 'Which ranges are complete as of when. No row in events can mean: no meeting, or not swept yet. This tells.';
COMMENT ON COLUMN savvycal.coverage.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.coverage.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal.coverage.window_name IS 'near, upcoming, month, later, all: ranges of start times seen from now.';
COMMENT ON COLUMN savvycal.coverage.starts_from IS 'First start date that the last complete pass vouches for; null: no bound.';
COMMENT ON COLUMN savvycal.coverage.starts_until IS 'Last start date it vouches for; null: no bound.';
COMMENT ON COLUMN savvycal.coverage.complete_as_of IS 'Start of the last complete pass: everything up to then is in the tables. Null: never complete.';
COMMENT ON COLUMN savvycal.coverage.row_count IS 'Objects that pass saw.';
COMMENT ON COLUMN savvycal.coverage.next_due_at IS 'When the window is swept next.';
COMMENT ON COLUMN savvycal.coverage.pace_seconds IS 'How often it is swept at present: while webhooks announce everything, quiet windows are swept less often.';
COMMENT ON COLUMN savvycal.coverage.run_id IS 'Run that completed it last.';
COMMENT ON COLUMN savvycal.coverage.missing_allowed IS 'How many objects may be missing from the next pass, where a person allowed more than max(20, 1 %).';
COMMENT ON COLUMN savvycal.coverage.missing_allowed_until IS 'Until when that holds.';
CREATE TABLE savvycal.data_inventory (
    table_name text NOT NULL,
    column_name text NOT NULL,
    class text NOT NULL,
    CONSTRAINT data_inventory_class_known CHECK ((class = ANY (ARRAY['none'::text, 'personal'::text, 'secret'::text])))
);
COMMENT ON TABLE savvycal.data_inventory IS 'What each column of this schema holds about people. Grants of the reader roles follow from it.';
COMMENT ON COLUMN savvycal.data_inventory.table_name IS 'Table or view of this schema.';
COMMENT ON COLUMN savvycal.data_inventory.column_name IS 'Its column.';
COMMENT ON COLUMN savvycal.data_inventory.class IS 'none, personal (says something of a person, or lets one into a meeting) or secret (a credential, sealed).';
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
COMMENT ON TABLE savvycal.meetings IS 'Conferencing: one row per AppointmentMeeting, and one per Event (derived, under the event''s id, with four of the seven statuses).';
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
COMMENT ON COLUMN savvycal.meetings.has_host_url IS 'Whether SavvyCal has a host link. The link itself is a credential: see _meeting_secrets.';
COMMENT ON COLUMN savvycal.meetings.has_password IS 'Whether SavvyCal has a password. The password itself: see _meeting_secrets.';
COMMENT ON COLUMN savvycal.meetings.is_current IS 'False once another meeting took its place or the object no longer carries it.';
COMMENT ON COLUMN savvycal.meetings.replaces IS 'Meeting whose place it took.';
COMMENT ON COLUMN savvycal.meetings.replaced_by IS 'Meeting that took its place.';
COMMENT ON COLUMN savvycal.meetings.transition_seq IS 'Number of its last transition.';
COMMENT ON COLUMN savvycal.meetings.first_seen_at IS 'When this mirror saw it first.';
COMMENT ON COLUMN savvycal.meetings.changed_at IS 'When this mirror last saw it change.';
CREATE VIEW savvycal.drift WITH (security_barrier='true') AS
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
  GROUP BY appointments.account, key.key
UNION ALL
 SELECT event_attendees.account,
    'event'::text AS kind,
    'unknown field'::text AS what,
    ('attendees.'::text || key.key) AS name,
    count(*) AS objects
   FROM savvycal.event_attendees,
    LATERAL jsonb_object_keys(event_attendees.extra) key(key)
  GROUP BY event_attendees.account, ('attendees.'::text || key.key)
UNION ALL
 SELECT event_answers.account,
    'event'::text AS kind,
    'unknown field'::text AS what,
    ('attendees.fields.'::text || key.key) AS name,
    count(*) AS objects
   FROM savvycal.event_answers,
    LATERAL jsonb_object_keys(event_answers.extra) key(key)
  GROUP BY event_answers.account, ('attendees.fields.'::text || key.key)
UNION ALL
 SELECT appointment_history.account,
    'appointment'::text AS kind,
    'unknown field'::text AS what,
    ('history.'::text || key.key) AS name,
    count(*) AS objects
   FROM savvycal.appointment_history,
    LATERAL jsonb_object_keys(appointment_history.extra) key(key)
  GROUP BY appointment_history.account, ('history.'::text || key.key);
COMMENT ON VIEW savvycal.drift IS 'What SavvyCal sends that its documentation, as we know it, does not name.';
CREATE VIEW savvycal.event_bodies AS
 SELECT s.account,
    s.id,
    s.version,
    s.observed_at,
    (s.body)::jsonb AS body
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
    rows_differing bigint DEFAULT 0 NOT NULL,
    expected_rows bigint,
    error text,
    CONSTRAINT runs_finished_has_result CHECK (((finished_at IS NULL) = (result = 'running'::text))),
    CONSTRAINT runs_result_known CHECK ((result = ANY (ARRAY['running'::text, 'ok'::text, 'suspect'::text, 'failed'::text])))
);
COMMENT ON TABLE savvycal.runs IS 'One row per run of a pass: what it read and what came of it.';
COMMENT ON COLUMN savvycal.runs.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.runs.id IS 'Counts up.';
COMMENT ON COLUMN savvycal.runs.job IS 'poll, backfill, resync or audit.';
COMMENT ON COLUMN savvycal.runs.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal.runs.window_name IS 'Range that was swept; audit for an audit.';
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
COMMENT ON COLUMN savvycal.runs.rows_differing IS 'Of an audit: objects that were stored otherwise than SavvyCal serves them, not at all, or too much.';
COMMENT ON COLUMN savvycal.runs.expected_rows IS 'Records SavvyCal announced, where it announces them (Appointments).';
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
CREATE VIEW savvycal.stuck_meetings WITH (security_barrier='true') AS
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
CREATE VIEW savvycal.health AS
 SELECT a.account,
    ( SELECT min(c.complete_as_of) AS min
           FROM savvycal.coverage c
          WHERE (c.account = a.account)) AS complete_as_of,
    ( SELECT count(*) AS count
           FROM savvycal.coverage c
          WHERE ((c.account = a.account) AND (c.complete_as_of IS NULL))) AS windows_never_complete,
    ( SELECT count(*) AS count
           FROM savvycal.coverage c
          WHERE ((c.account = a.account) AND (c.next_due_at < (now() - '00:10:00'::interval)) AND (NOT (EXISTS ( SELECT
                   FROM savvycal._passes p
                  WHERE (((p.account = c.account) AND (p.product = c.product) AND (p.window_name = c.window_name)) AND (p.lease_until > (now() - '00:01:00'::interval)))))))) AS windows_overdue,
    (( SELECT count(*) AS count
           FROM savvycal._targets t
          WHERE ((t.account = a.account) AND (t.parked_at IS NOT NULL))) + ( SELECT count(*) AS count
           FROM savvycal._passes p
          WHERE ((p.account = a.account) AND (p.parked_at IS NOT NULL)))) AS parked,
    ( SELECT count(*) AS count
           FROM savvycal._targets t
          WHERE ((t.account = a.account) AND (t.parked_at IS NULL) AND (t.due_at <= now()))) AS due,
    ( SELECT count(*) AS count
           FROM savvycal.quarantine q
          WHERE ((q.account = a.account) AND (q.resolved_at IS NULL))) AS quarantined,
    ( SELECT count(*) AS count
           FROM savvycal.stuck_meetings m
          WHERE (m.account = a.account)) AS stuck_meetings,
    ( SELECT count(*) AS count
           FROM savvycal.runs r
          WHERE ((r.account = a.account) AND (r.result = 'suspect'::text) AND (r.started_at > (now() - '1 day'::interval)))) AS suspect_runs_today,
    ( SELECT COALESCE(sum(r.rows_read), (0)::numeric) AS "coalesce"
           FROM savvycal.runs r
          WHERE ((r.account = a.account) AND (r.job = 'audit'::text) AND (r.started_at > (now() - '01:00:00'::interval)))) AS audited_last_hour,
    ( SELECT COALESCE(sum(r.rows_differing), (0)::numeric) AS "coalesce"
           FROM savvycal.runs r
          WHERE ((r.account = a.account) AND (r.job = 'audit'::text) AND (r.started_at > (now() - '01:00:00'::interval)))) AS differing_last_hour,
    ( SELECT count(*) AS count
           FROM savvycal._meeting_secrets s
          WHERE ((s.account = a.account) AND (s.purge_at <= savvycal._now()))) AS secrets_past_their_date,
    ( SELECT (savvycal._now() - min(s.purge_at))
           FROM savvycal._meeting_secrets s
          WHERE ((s.account = a.account) AND (s.purge_at <= savvycal._now()))) AS oldest_secret_past
   FROM ( SELECT DISTINCT coverage.account
           FROM savvycal.coverage) a;
COMMENT ON VIEW savvycal.health IS 'One row per account: how complete, how late, how much waits for a person, and what the slow audit found.';
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
 SELECT m.account,
    'meeting'::text AS kind,
    m.status,
    m.phase,
    count(*) AS objects
   FROM ((savvycal.meetings m
     LEFT JOIN savvycal.events e ON (((e.account = m.account) AND (e.id = m.event_id))))
     LEFT JOIN savvycal.appointments a ON (((a.account = m.account) AND (a.id = m.appointment_id))))
  WHERE (m.is_current AND (e.gone_at IS NULL) AND (a.gone_at IS NULL))
  GROUP BY m.account, 'meeting'::text, m.status, m.phase;
COMMENT ON VIEW savvycal.lifecycle_counts IS 'How many objects that are there are in which status.';
CREATE TABLE savvycal.webhook_deliveries (
    account text DEFAULT 'default'::text NOT NULL,
    product text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    state text NOT NULL,
    kind text,
    object_id text,
    occurred_at timestamp with time zone,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lag_seconds double precision GENERATED ALWAYS AS ((EXTRACT(epoch FROM (received_at - occurred_at)))::double precision) STORED,
    applied_at timestamp with time zone,
    duplicate_count integer DEFAULT 0 NOT NULL,
    last_received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    webhook_id text,
    secret_number smallint NOT NULL,
    is_known_type boolean NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT webhook_deliveries_applied_at CHECK (((state = 'applied'::text) = (applied_at IS NOT NULL))),
    CONSTRAINT webhook_deliveries_counts CHECK (((duplicate_count >= 0) AND (secret_number >= 1))),
    CONSTRAINT webhook_deliveries_kind_with_id CHECK (((kind IS NULL) = (object_id IS NULL))),
    CONSTRAINT webhook_deliveries_product_known CHECK ((product = ANY (ARRAY['meetings'::text, 'appointments'::text]))),
    CONSTRAINT webhook_deliveries_state_known CHECK ((state = ANY (ARRAY['received'::text, 'applied'::text, 'ignored'::text, 'unmapped'::text])))
);
COMMENT ON TABLE savvycal.webhook_deliveries IS 'Webhooks that arrived with a good signature, each stored before it was acknowledged. A hint only: what it names is read again.';
COMMENT ON COLUMN savvycal.webhook_deliveries.account IS 'SavvyCal account this row belongs to (settings: default for a single one).';
COMMENT ON COLUMN savvycal.webhook_deliveries.product IS 'meetings or appointments.';
COMMENT ON COLUMN savvycal.webhook_deliveries.id IS 'Id of the envelope (payload_..., evt_...), the same when SavvyCal repeats it; body:<hash> where it has none.';
COMMENT ON COLUMN savvycal.webhook_deliveries.type IS 'event.created, appointment.canceled, ... A type unknown to us is kept.';
COMMENT ON COLUMN savvycal.webhook_deliveries.state IS 'received (a look was asked for), applied (the object was read since), unmapped (it names no object: a sweep was asked for), ignored.';
COMMENT ON COLUMN savvycal.webhook_deliveries.kind IS 'event, appointment or, where its appointment is not known, meeting.';
COMMENT ON COLUMN savvycal.webhook_deliveries.object_id IS 'Object it is about.';
COMMENT ON COLUMN savvycal.webhook_deliveries.occurred_at IS 'When it happened, in SavvyCal''s words; never used to decide anything.';
COMMENT ON COLUMN savvycal.webhook_deliveries.received_at IS 'When it arrived first.';
COMMENT ON COLUMN savvycal.webhook_deliveries.lag_seconds IS 'From occurred_at to received_at.';
COMMENT ON COLUMN savvycal.webhook_deliveries.applied_at IS 'When the look it asked for was done.';
COMMENT ON COLUMN savvycal.webhook_deliveries.duplicate_count IS 'How often it came again.';
COMMENT ON COLUMN savvycal.webhook_deliveries.last_received_at IS 'When it came last.';
COMMENT ON COLUMN savvycal.webhook_deliveries.webhook_id IS 'Header x-savvycal-webhook-id; it is not signed.';
COMMENT ON COLUMN savvycal.webhook_deliveries.secret_number IS 'Which of the configured secrets signed it, from 1: a secret that signs nothing any more can go.';
COMMENT ON COLUMN savvycal.webhook_deliveries.is_known_type IS 'Whether SavvyCal''s documentation, as we know it, names the type.';
COMMENT ON COLUMN savvycal.webhook_deliveries.body IS 'The envelope, credentials masked.';
CREATE VIEW savvycal.polled_changes AS
 SELECT s.account,
    s.kind,
    s.id,
    s.version,
    s.observed_at,
    s.via,
    a.announced_at,
    (a.announced_at - s.observed_at) AS late_by,
        CASE
            WHEN (a.announced_at IS NOT NULL) THEN 'announced'::text
            WHEN (s.observed_at > (now() - '00:05:00'::interval)) THEN 'waiting'::text
            ELSE 'missed'::text
        END AS verdict
   FROM ((savvycal.snapshots s
     LEFT JOIN savvycal.snapshots p ON (((p.account = s.account) AND (p.kind = s.kind) AND (p.id = s.id) AND (p.version = (s.version - 1)))))
     LEFT JOIN LATERAL ( SELECT min(d.received_at) AS announced_at
           FROM ( SELECT w.received_at
                   FROM savvycal.webhook_deliveries w
                  WHERE ((w.account = s.account) AND (w.kind = s.kind) AND (w.object_id = s.id))
                UNION ALL
                 SELECT w.received_at
                   FROM (savvycal.meetings m
                     JOIN savvycal.webhook_deliveries w ON (((w.account = m.account) AND (w.kind = 'meeting'::text) AND (w.object_id = m.id))))
                  WHERE ((s.kind = 'appointment'::text) AND (m.account = s.account) AND (m.appointment_id = s.id))) d
          WHERE (d.received_at > COALESCE(p.observed_at, '-infinity'::timestamp with time zone))) a ON (true))
  WHERE ((s.via <> 'backfill'::text) AND (s.via = ANY (ARRAY['poll'::text, 'watch'::text])) AND ((s.version > 1) OR (s.observed_at > ( SELECT min(r.finished_at) AS min
           FROM savvycal.runs r
          WHERE ((r.account = s.account) AND (r.product =
                CASE s.kind
                    WHEN 'event'::text THEN 'meetings'::text
                    ELSE 'appointments'::text
                END) AND (r.window_name = 'all'::text) AND (r.result = 'ok'::text))))));
COMMENT ON VIEW savvycal.polled_changes IS 'Each change that polling found before any webhook had led to it: announced (and how late), waiting (five minutes), or missed. What was there before the first complete sweep is no change.';
CREATE VIEW savvycal.reschedules WITH (security_barrier='true') AS
 SELECT s.account,
    s.kind,
    s.id,
    s.version,
    s.observed_at,
    s.via,
    COALESCE((p.body #>> '{start_at,utc}'::text[]), (p.body ->> 'start_at'::text)) AS previous_start_at,
    COALESCE((s.body #>> '{start_at,utc}'::text[]), (s.body ->> 'start_at'::text)) AS new_start_at
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
CREATE VIEW savvycal.upcoming WITH (security_barrier='true') AS
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
    COALESCE(NULLIF(concat_ws(' '::text, a.client_data_first_name, a.client_data_last_name), ''::text), NULLIF(concat_ws(' '::text, a.client_first_name, a.client_last_name), ''::text), a.client_reference_id) AS booked_by,
    m.status AS meeting_status,
    m.join_url
   FROM (savvycal.appointments a
     LEFT JOIN savvycal.meetings m ON (((m.account = a.account) AND (m.appointment_id = a.id) AND m.is_current)))
  WHERE ((a.gone_at IS NULL) AND (a.end_at > now()) AND (a.phase <> 'canceled'::text));
COMMENT ON VIEW savvycal.upcoming IS 'What is still ahead in both products, not canceled, with where to join.';
CREATE VIEW savvycal.webhook_health AS
 SELECT k.account,
    k.product,
    d.deliveries,
    d.duplicates,
    d.unknown_types,
    d.waiting,
    d.last_received_at,
    d.lag_p50_seconds,
    d.lag_p99_seconds,
    s.announced,
    p.polled,
    p.announced_late,
    p.missed,
    ((p.missed)::double precision / (NULLIF(((s.announced + p.announced_late) + p.missed), 0))::double precision) AS missed_share
   FROM (((( SELECT DISTINCT c.account,
            c.product,
                CASE c.product
                    WHEN 'meetings'::text THEN 'event'::text
                    ELSE 'appointment'::text
                END AS kind
           FROM savvycal.coverage c) k
     LEFT JOIN LATERAL ( SELECT count(*) AS deliveries,
            COALESCE(sum(w.duplicate_count), (0)::bigint) AS duplicates,
            count(*) FILTER (WHERE (NOT w.is_known_type)) AS unknown_types,
            count(*) FILTER (WHERE (w.state = 'received'::text)) AS waiting,
            max(w.last_received_at) AS last_received_at,
            percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY w.lag_seconds) AS lag_p50_seconds,
            percentile_cont((0.99)::double precision) WITHIN GROUP (ORDER BY w.lag_seconds) AS lag_p99_seconds
           FROM savvycal.webhook_deliveries w
          WHERE ((w.account = k.account) AND (w.product = k.product) AND (w.received_at > (now() - '1 day'::interval)))) d ON (true))
     LEFT JOIN LATERAL ( SELECT count(*) AS announced
           FROM savvycal.snapshots x
          WHERE ((x.account = k.account) AND (x.kind = k.kind) AND (x.via = 'webhook'::text) AND (x.via <> 'backfill'::text) AND (x.observed_at > (now() - '1 day'::interval)))) s ON (true))
     LEFT JOIN LATERAL ( SELECT count(*) AS polled,
            count(*) FILTER (WHERE (c.verdict = 'announced'::text)) AS announced_late,
            count(*) FILTER (WHERE (c.verdict = 'missed'::text)) AS missed
           FROM savvycal.polled_changes c
          WHERE ((c.account = k.account) AND (c.kind = k.kind) AND (c.observed_at > (now() - '1 day'::interval)))) p ON (true));
COMMENT ON VIEW savvycal.webhook_health IS 'The last day''s webhooks of each product: how many came, how late, and how many changes none of them announced.';
INSERT INTO savvycal._meeting_secrets VALUES ('default', 'appt_aefda1dbd9aa', 'amtg_73b9dc5587fb', 'b7cb7af2', '\x2887c9acebe8009f4493e86d435d0de752d2655ca87319cc6ac7039e4332daf2dd6255759de2523dd6ec424f8554bc858c8aa96be08cfeb7700fbb89fffb0f2bb98bde9091b90750752939c64eedbb0466a6dd02a9c2d245ddaa4fd1f5d2aa8a9149c3e9cd7bea8368ef092c9ced0556abdafd7b2397d9906f1029cb12f22faa71daf1cbf5471d843c0a8e6a9a', '\x7852e70c630677758e5b912aa0ac6a89c252853539522c5ab2022b4b249a3a78f34a', '\x7b822cea84b2e8101aa3fcec36e2492c', 3, '2026-11-28 11:04:56.340156+00', '2027-01-22 12:00:00+00');
INSERT INTO savvycal._meeting_secrets VALUES ('default', 'appt_1b80b924efcc', 'amtg_d90dec3e4d95', 'b7cb7af2', '\x4d9722e509174bf7a7f85f5e4ede5024258352511fbdb033ee252f66255d8af8ed3bda394083651d0696bd58d36d3242d321de4acb7c3351264c66b3f4abfbbd1c3c8a11362024f3955d9887a414282d8a242c3ef9f0765899e33f5772e2e220c0e4f02f5e2853496078b11fc3f4956e61dc7d5db8753af898648ae7ce948a52681e91b5d36b03c95a96d4e1b9', '\xbc39a2a6b87ff5ede864b22bcb8e4624b7984c3fc5d6c6e8e494b356a5315d6a5f42', '\xa4547be426fb9339bfbd6cd012518691', 3, '2026-11-28 11:04:56.34328+00', '2027-01-20 00:45:00+00');
INSERT INTO savvycal._meeting_secrets VALUES ('default', 'appt_36b7f6c137aa', 'amtg_c9e7bb8d709d', 'b7cb7af2', '\x9c91003ddcc28bd6104306679e1b611f60bcd9237893e8ed435a8a25209916712476bd2059383390a24f6a969dcd97292fa8cb4b452dddc037f316ab1d463f40f31a37068619c73bdbaef915b3ca8d78d55b30f3d5dffaf9d696121c3c7de486c51f0066705dd15b442775a5f929944d6211459de663eb59ff57a47cd82c197fe713e1d29afc46ff30b435633a', NULL, '\x823052433c42fd282295d3df64732653', 3, '2026-11-28 11:04:56.353452+00', '2026-12-27 06:15:00+00');
INSERT INTO savvycal._meta VALUES (true, 1, '2026-11-28 11:04:55.190438+00');
INSERT INTO savvycal._pass_seen VALUES ('default', 'meetings', 'near', 1, 1, 1, '{event_a}');
INSERT INTO savvycal._passes VALUES ('default', 'meetings', '2026-01-01..2026-01-31', 'resync', 1, 0, '2026-11-28 11:05:26.118969+00', 0, '{}', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, 0, NULL, false, 0, 0);
INSERT INTO savvycal._secret_reads OVERRIDING SYSTEM VALUE VALUES (1, 'default', 'amtg_d90dec3e4d95', '2026-11-28 11:05:26.264881+00', 'postgres', 'crm', NULL, 'given');
INSERT INTO savvycal._suppressed VALUES ('default', '\x01', '2026-11-28 11:05:26.2658+00');
INSERT INTO savvycal._suppression_keys VALUES ('default', 'k', '\x00');
INSERT INTO savvycal._targets VALUES ('default', 'appointment', 'appt_0469dc90612f', 0, 0, '2026-11-28 12:04:56.131506+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'appointment', 'appt_4b252a8bbe85', 0, 0, '2026-11-28 12:04:56.131506+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'appointment', 'appt_f0be4ebdbf2e', 0, 0, '2026-11-28 11:19:56.131506+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 0, 0, '2026-11-28 11:05:56.152409+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 0, 0, '2026-11-28 12:04:56.149932+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 0, 0, '2026-11-28 12:04:56.16592+00', 5, '{watch}', 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO savvycal._targets VALUES ('default', 'event', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 0, 0, '2026-11-28 12:04:56.149932+00', 5, '{watch}', 0, NULL, NULL, NULL, '2026-11-28 11:05:26.11964+00', NULL);
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_99ad37d775c3', 'reschedule', 0, '2026-11-28 11:04:56+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2027-01-21 05:45:00+00', '2027-01-21 07:15:00+00', '2027-01-29 04:00:00+00', '2027-01-29 05:30:00+00', 'Etc/UTC', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_99ad37d775c3', 'confirmation', 0, '2026-11-28 11:04:54+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, '2027-01-21 05:45:00+00', '2027-01-21 07:15:00+00', NULL, NULL, NULL, NULL, 'Etc/UTC', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_aefda1dbd9aa', 'reschedule', 0, '2026-11-28 11:05:16+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2027-01-08 04:45:00+00', '2027-01-08 06:15:00+00', '2027-01-21 10:30:00+00', '2027-01-21 12:00:00+00', 'Asia/Tokyo', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_1b80b924efcc', 'cancellation', 0, '2026-11-28 11:05:07+00', 'client', 'api', NULL, NULL, NULL, NULL, 'Conflict', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_1b80b924efcc', 'confirmation', 0, '2026-11-28 11:05:00+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, '2027-01-19 00:15:00+00', '2027-01-19 00:45:00+00', NULL, NULL, NULL, NULL, 'Asia/Tokyo', '{}');
INSERT INTO savvycal.appointment_history VALUES ('default', 'appt_f0be4ebdbf2e', 'confirmation', 0, '2026-11-28 11:05:01+00', 'client', 'api', NULL, NULL, NULL, NULL, NULL, '2026-11-30 01:30:00+00', '2026-11-30 02:15:00+00', NULL, NULL, NULL, NULL, 'Australia/Sydney', '{}');
INSERT INTO savvycal.appointments VALUES ('default', 'appt_99ad37d775c3', 'scheduled', 'created', '2027-01-29 04:00:00+00', '2027-01-29 05:30:00+00', 'Etc/UTC', '2027-01-29T04:00:00+00:00', '2027-01-29T05:30:00+00:00', 'Etc/UTC', 'virtual', '2026-11-28 11:04:54+00', '2026-11-13 18:20:02+00', '2026-11-28 11:04:56+00', 'clnt_418e51340f91', 'ref-0', 'en', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', '{}', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'en', 'ref-0', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', 'prov_2152ccdbcbe4', 'Bilal Meyer', 'Bilal', 'Meyer', 'America/New_York', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'srv_b3fdb7ab84f8', 'Long session', NULL, 'virtual', 'PT1H30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', NULL, NULL, NULL, NULL, '{}', 1, 3, '\xc3a920c98cf65731dcbd15385f73400e', '\x4cd06aa91db0273cd83f775851a3fa24', 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_aefda1dbd9aa', 'scheduled', 'created', '2027-01-21 10:30:00+00', '2027-01-21 12:00:00+00', 'Asia/Tokyo', '2027-01-21T19:30:00+09:00', '2027-01-21T21:00:00+09:00', 'Asia/Tokyo', 'virtual', NULL, '2026-11-26 10:24:05+00', '2026-11-28 11:05:20+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_2152ccdbcbe4', 'Bilal Meyer', 'Bilal', 'Meyer', 'America/New_York', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'srv_b3fdb7ab84f8', 'Long session', NULL, 'virtual', 'PT1H30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', NULL, NULL, NULL, NULL, '{}', 1, 3, '\xfe1a9f5fed178a7d8e4886fa53f1f6fe', '\x6935f894070c792f3a31c39daa40851c', 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_1b80b924efcc', 'canceled', 'canceled', '2027-01-19 00:15:00+00', '2027-01-19 00:45:00+00', 'Asia/Tokyo', '2027-01-19T09:15:00+09:00', '2027-01-19T09:45:00+09:00', 'Asia/Tokyo', 'virtual', '2026-11-28 11:05:00+00', '2026-11-22 04:08:48+00', '2026-11-28 11:05:23+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_2183f5f3d726', 'Dmitri Novák', 'Dmitri', 'Novák', 'Asia/Tokyo', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'srv_47aba34425b6', 'Follow-up', NULL, 'virtual', 'PT30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', NULL, NULL, NULL, NULL, '{}', 1, 3, '\xcee058132514e327542eff52993b66a2', '\x1c1c96de575c95c58f9f8019772126a5', 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_0469dc90612f', 'scheduled', 'created', '2026-12-26 09:00:00+00', '2026-12-26 09:45:00+00', 'Australia/Sydney', '2026-12-26T20:00:00+11:00', '2026-12-26T20:45:00+11:00', 'Australia/Sydney', 'virtual', NULL, '2026-11-28 11:05:13+00', '2026-11-28 11:05:21+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_9a221755fd29', 'Chiara García', 'Chiara', 'García', 'America/Los_Angeles', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'srv_174d57626785', 'First consultation', NULL, 'virtual', 'PT45M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', NULL, NULL, NULL, NULL, '{}', 1, 3, '\xcd791b4b0a67828c96127c52285a53ae', '\xcbb090b6a447164ba5550cef11644a7f', 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_36b7f6c137aa', 'scheduled', 'created', '2026-12-26 05:30:00+00', '2026-12-26 06:15:00+00', 'Etc/UTC', '2026-12-26T05:30:00+00:00', '2026-12-26T06:15:00+00:00', 'Etc/UTC', 'virtual', NULL, '2026-11-27 16:17:39+00', '2026-11-28 11:05:07+00', 'clnt_418e51340f91', 'ref-0', 'en', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', '{}', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'en', 'ref-0', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', 'prov_2183f5f3d726', 'Dmitri Novák', 'Dmitri', 'Novák', 'Asia/Tokyo', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'srv_174d57626785', 'First consultation', NULL, 'virtual', 'PT45M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', NULL, NULL, NULL, NULL, '{}', 1, 3, '\xf10d2cc03e8e26e8e01d36d1f72a6e49', '\x38d7039641b38e87a1bc375eee05a157', 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_4b252a8bbe85', 'scheduled', 'created', '2026-12-12 10:00:00+00', '2026-12-12 10:30:00+00', 'Asia/Tokyo', '2026-12-12T19:00:00+09:00', '2026-12-12T19:30:00+09:00', 'Asia/Tokyo', 'virtual', NULL, '2026-11-28 11:05:07+00', '2026-11-28 11:05:07+00', 'clnt_418e51340f91', 'ref-0', 'en', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', '{}', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'en', 'ref-0', 'America/Los_Angeles', 'client0@example.test', 'Chiara', 'García', '+15550000000', 'prov_c37f2dc521be', 'Ann Okafor', 'Ann', 'Okafor', 'Europe/Paris', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'srv_47aba34425b6', 'Follow-up', NULL, 'virtual', 'PT30M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', NULL, NULL, NULL, NULL, '{}', 1, 3, '\x886f203ae1c7d162bf2a272f53a90025', '\x5c27facdcb6d00b720fb89560dc254be', 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00', NULL, NULL);
INSERT INTO savvycal.appointments VALUES ('default', 'appt_f0be4ebdbf2e', 'scheduled', 'created', '2026-11-30 01:30:00+00', '2026-11-30 02:15:00+00', 'Australia/Sydney', '2026-11-30T12:30:00+11:00', '2026-11-30T13:15:00+11:00', 'Australia/Sydney', 'virtual', '2026-11-28 11:05:01+00', '2026-11-28 11:04:57+00', '2026-11-28 11:05:07+00', 'clnt_e3e59dd92eba', NULL, 'en', 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', '{}', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'en', NULL, 'Asia/Tokyo', 'client1@example.test', 'Ann', 'O''Neil', '+15550000001', 'prov_f7b803359d08', 'Élodie Silva', 'Élodie', 'Silva', 'Australia/Sydney', '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', 'srv_174d57626785', 'First consultation', NULL, 'virtual', 'PT45M', '[{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "count": null, "until": null, "interval": 1}}]', '{"allow_booking": true, "advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "maximize_utilization": {"enabled": false}}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_cancellation": true}', '{"advance_notice": {"enabled": true, "minimum_duration": "PT2H"}, "disabled_message": null, "allow_rescheduling": true}', 'Please tell us two hours ahead.', NULL, NULL, '2025-10-24 11:04:49+00', '2025-10-25 11:04:49+00', NULL, NULL, NULL, NULL, '{}', 1, 3, '\x901c39af75c4748283e967d7dff37672', '\x2c61293ef163adf90e8c6911bcc73aa1', 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00', NULL, NULL);
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12926', 1, 'appointment', 'appt_99ad37d775c3', 1, 'first', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12926', 2, 'appointment', 'appt_aefda1dbd9aa', 1, 'first', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12926', 3, 'appointment', 'appt_1b80b924efcc', 1, 'first', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12926', 4, 'appointment', 'appt_0469dc90612f', 1, 'first', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12926', 5, 'appointment', 'appt_36b7f6c137aa', 1, 'first', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12926', 6, 'appointment', 'appt_4b252a8bbe85', 1, 'first', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12926', 7, 'appointment', 'appt_f0be4ebdbf2e', 1, 'first', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12927', 8, 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, 'first', '2026-11-28 11:04:56.152409+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12928', 9, 'event', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 1, 'first', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12928', 10, 'event', 'event_01M74E16C801J6W2KN7KQJVC8X', 1, 'first', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12928', 11, 'event', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, 'first', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12928', 12, 'event', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 1, 'first', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12929', 13, 'event', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 'first', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12929', 14, 'event', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, 'first', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12929', 15, 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 'first', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12929', 16, 'event', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 1, 'first', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12929', 17, 'event', 'event_01M749RM8GSNZR3F56NYMCAXCJ', 1, 'first', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12929', 18, 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, 'first', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12935', 19, 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 2, 'changed', '2026-11-28 11:04:56.44552+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12935', 20, 'event', 'event_01KM1SJTERHBBJC66TSE6XBNJT', 1, 'first', '2026-11-28 11:04:56.44552+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12948', 21, 'event', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, 'revived', '2026-11-28 11:05:26.102114+00');
INSERT INTO savvycal.changes OVERRIDING SYSTEM VALUE VALUES ('default', '12948', 22, 'event', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, 'gone', '2026-11-28 11:05:26.102114+00');
INSERT INTO savvycal.coverage VALUES ('default', 'appointments', 'all', NULL, NULL, '2026-11-28 11:04:56.179709+00', 7, '2026-11-29 11:04:56.179709+00', 86400, 6, NULL, NULL);
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'month', '2026-11-30', '2026-12-28', '2026-11-28 11:04:56.10405+00', 8, '2026-11-28 11:14:56.10405+00', 600, 4, NULL, NULL);
INSERT INTO savvycal.coverage VALUES ('default', 'appointments', 'upcoming', '2026-11-28', NULL, '2026-11-28 11:04:56.044078+00', 7, '2026-11-28 11:05:56.044078+00', 60, 1, NULL, NULL);
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'later', '2026-12-28', NULL, '2026-11-28 11:04:56.097806+00', 4, '2026-11-28 12:04:56.097806+00', 3600, 3, NULL, NULL);
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'all', NULL, NULL, '2026-11-28 11:04:56.117101+00', 12, '2026-11-29 11:04:56.117101+00', 86400, 5, NULL, NULL);
INSERT INTO savvycal.coverage VALUES ('default', 'meetings', 'near', '2026-11-28', '2026-11-30', '2026-11-28 11:04:56.046513+00', 2, '2026-11-28 11:05:56.046513+00', 60, 2, NULL, NULL);
INSERT INTO savvycal.data_inventory VALUES ('_meta', 'only_row', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meta', 'schema_version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meta', 'applied_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'state', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'phase', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'end_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'organizer_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'scheduler_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'link_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'link_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'link_slug', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'link_private_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'link_description', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'created_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'canceled_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'rescheduled_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'original_start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'original_end_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'duration_minutes', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'buffer_before_minutes', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'buffer_after_minutes', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'description_settings_include_attendees', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'description_settings_include_fields', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'description_settings_include_link_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'conferencing_type', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'scope_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'is_group_session', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'maximum_group_size', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'payment_state', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'payment_amount_total_cents', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'payment_amount_subtotal_cents', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'payment_amount_discount_cents', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'payment_amount_tax_cents', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'payment_amount_shipping_cents', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'url', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'uuid', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'fence', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'digest', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'fingerprint', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'transition_seq', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'first_seen_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'changed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'gone_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'gone_reason', 'none');
INSERT INTO savvycal.data_inventory VALUES ('events', 'summary', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'cancel_reason', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'reschedule_reason', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'description', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'additional_info', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'location', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'location_settings', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'conferencing_join_url', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'conferencing_meeting_id', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'conferencing_instructions', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'poll', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'scope_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'scope_slug', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'metadata', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'payment_url', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('events', 'extra', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'event_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'position', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'is_listed', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'response_status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'is_organizer', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'is_scheduler', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'marketing_opt_in', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'email', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'display_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'first_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'last_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'phone_number', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'time_zone', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_attendees', 'extra', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'event_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'attendee_position', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'position', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'type', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'label', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'options', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'value', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('event_answers', 'extra', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'phase', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'end_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'time_zone', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'start_local', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'end_local', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'end_time_zone', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'appointment_type', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'confirmed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'created_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'updated_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_created_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_updated_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'provider_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'provider_time_zone', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'provider_created_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'provider_updated_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_internal_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_appointment_type', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_duration', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_slot_rules', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_booking_policy', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_cancellation_policy', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_rescheduling_policy', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_change_policy_text', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_metadata', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_provider_notifications', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_created_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'service_updated_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'fence', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'digest', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'fingerprint', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'transition_seq', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'first_seen_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'changed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'gone_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'gone_reason', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_reference_id', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_locale', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_time_zone', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_email', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_first_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_last_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_phone', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_metadata', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_data_locale', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_data_reference_id', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_data_time_zone', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_data_email', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_data_first_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_data_last_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'client_data_phone', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'provider_display_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'provider_first_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'provider_last_name', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'fields', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'legacy_client_locale', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'legacy_client_reference_id', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'legacy_client_time_zone', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointments', 'extra', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'appointment_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'position', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'occurred_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'initiated_by', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'source', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'actor', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'cancellation_reason_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'cancellation_reason_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'cancellation_reason_sort_order', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'end_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'previous_start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'previous_end_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'new_start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'new_end_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'time_zone', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'custom_reason_text', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointment_history', 'extra', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'event_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'appointment_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'phase', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'conferencing_provider', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'has_host_url', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'has_password', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'is_current', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'replaces', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'replaced_by', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'transition_seq', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'first_seen_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'changed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'external_meeting_id', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'join_url', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('meetings', 'error_message', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'seq', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'from_status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'to_status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'label', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'occurred_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'observed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('transitions', 'via', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'observed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'superseded_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'via', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'changed_fields', 'none');
INSERT INTO savvycal.data_inventory VALUES ('snapshots', 'body', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'xid', 'none');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'seq', 'none');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'change', 'none');
INSERT INTO savvycal.data_inventory VALUES ('changes', 'changed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'window_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'starts_from', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'starts_until', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'complete_as_of', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'row_count', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'next_due_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'run_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'pace_seconds', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'missing_allowed', 'none');
INSERT INTO savvycal.data_inventory VALUES ('coverage', 'missing_allowed_until', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'job', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'window_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'started_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'finished_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'result', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'walks', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'pages', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'rows_read', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'rows_written', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'rows_unchanged', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'rows_overtaken', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'rows_quarantined', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'rows_differing', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'expected_rows', 'none');
INSERT INTO savvycal.data_inventory VALUES ('runs', 'error', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_audit_clock', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_audit_clock', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_audit_clock', 'next_due_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'reason', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'attempts', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'first_seen_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'last_seen_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'resolved_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'byte_count', 'none');
INSERT INTO savvycal.data_inventory VALUES ('quarantine', 'body', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'requested_gen', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'done_gen', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'due_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'priority', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'reasons', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'attempts', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'last_error', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'lease_token', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'lease_until', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'parked_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_targets', 'missing_since', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'window_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'job', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'requested_gen', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'done_gen', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'due_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'priority', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'reasons', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'attempts', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'last_error', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'lease_token', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'lease_until', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'parked_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'started_gen', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'starts_from', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'starts_until', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'started_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'run_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'fence', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'walk', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'page', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'cursor', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'walk_ended', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'walk_rows', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_passes', 'walk_news', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_pass_seen', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_pass_seen', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_pass_seen', 'window_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_pass_seen', 'run_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_pass_seen', 'walk', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_pass_seen', 'page', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_pass_seen', 'ids', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'appointment_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'meeting_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'key_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'fingerprint', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'fence', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'stored_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'purge_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'host_url', 'secret');
INSERT INTO savvycal.data_inventory VALUES ('_meeting_secrets', 'password', 'secret');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'meeting_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'read_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'role_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'outcome', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'reader', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('_secret_reads', 'client_address', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('_suppression_keys', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_suppression_keys', 'key_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_suppression_keys', 'sealed', 'secret');
INSERT INTO savvycal.data_inventory VALUES ('_suppressed', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_suppressed', 'fingerprint', 'none');
INSERT INTO savvycal.data_inventory VALUES ('_suppressed', 'erased_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('data_inventory', 'table_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('data_inventory', 'column_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('data_inventory', 'class', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_bodies', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_bodies', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_bodies', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_bodies', 'observed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('event_bodies', 'body', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('appointment_bodies', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_bodies', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_bodies', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_bodies', 'observed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('appointment_bodies', 'body', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'end_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'phase', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'meeting_status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'title', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'booked_by', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('upcoming', 'join_url', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('stuck_meetings', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('stuck_meetings', 'object_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('stuck_meetings', 'meeting_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('stuck_meetings', 'status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('stuck_meetings', 'start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('stuck_meetings', 'since', 'none');
INSERT INTO savvycal.data_inventory VALUES ('stuck_meetings', 'error_message', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'observed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'via', 'none');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'previous_start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('reschedules', 'new_start_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'window_name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'complete_as_of', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'age', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'row_count', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'next_due_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('freshness', 'last_result', 'none');
INSERT INTO savvycal.data_inventory VALUES ('lifecycle_counts', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('lifecycle_counts', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('lifecycle_counts', 'status', 'none');
INSERT INTO savvycal.data_inventory VALUES ('lifecycle_counts', 'phase', 'none');
INSERT INTO savvycal.data_inventory VALUES ('lifecycle_counts', 'objects', 'none');
INSERT INTO savvycal.data_inventory VALUES ('drift', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('drift', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('drift', 'what', 'none');
INSERT INTO savvycal.data_inventory VALUES ('drift', 'name', 'none');
INSERT INTO savvycal.data_inventory VALUES ('drift', 'objects', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'type', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'state', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'object_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'occurred_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'received_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'lag_seconds', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'applied_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'duplicate_count', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'last_received_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'webhook_id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'secret_number', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'is_known_type', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_deliveries', 'body', 'personal');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'kind', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'id', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'version', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'observed_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'via', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'announced_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'late_by', 'none');
INSERT INTO savvycal.data_inventory VALUES ('polled_changes', 'verdict', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'product', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'deliveries', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'duplicates', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'unknown_types', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'waiting', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'last_received_at', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'lag_p50_seconds', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'lag_p99_seconds', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'announced', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'polled', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'announced_late', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'missed', 'none');
INSERT INTO savvycal.data_inventory VALUES ('webhook_health', 'missed_share', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'account', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'complete_as_of', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'windows_never_complete', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'windows_overdue', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'parked', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'due', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'quarantined', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'stuck_meetings', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'suspect_runs_today', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'audited_last_hour', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'differing_last_hour', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'secrets_past_their_date', 'none');
INSERT INTO savvycal.data_inventory VALUES ('health', 'oldest_secret_past', 'none');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 1, 0, 'field_office-hours_0', 'text', 'What should we talk about?', 'How the two calendars are merged', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 1, 1, 'field_office-hours_1', 'text', 'Company', 'Example 602 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M74E16C801J6W2KN7KQJVC8X', 1, 0, 'field_coffee_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M74E16C801J6W2KN7KQJVC8X', 1, 1, 'field_coffee_1', 'text', 'Company', 'Example 777 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, 0, 'field_interview_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, 1, 'field_interview_1', 'text', 'Company', 'Example 900 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 1, 0, 'field_demo_0', 'text', 'What should we talk about?', 'Next year''s plan', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 1, 1, 'field_demo_1', 'text', 'Company', 'Example 311 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 0, 'field_intro_0', 'text', 'What should we talk about?', NULL, NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 1, 'field_intro_1', 'text', 'Company', 'Example 872 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 0, 'field_interview_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 1, 'field_interview_1', 'text', 'Company', 'Example 74 GmbH', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 1, 0, 'field_coffee_0', 'text', 'What should we talk about?', 'Pricing for a team of twelve', NULL, '{}');
INSERT INTO savvycal.event_answers VALUES ('default', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 1, 1, 'field_coffee_1', 'text', 'Company', 'Example 960 GmbH', NULL, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 0, 'attendee_01M8GX9K90KSYANNSZCM55MK3E', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', NULL, 'America/Los_Angeles', 'accepted', true, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 1, 'attendee_01M8GX9K90EBR2FC7KN7Q64NMA', true, 'guest541291@example.test', 'Élodie Silva', 'Élodie', 'Silva', NULL, 'America/Los_Angeles', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M74E16C801J6W2KN7KQJVC8X', 0, 'attendee_01M74E16C8PBDSFYBX9EJF6AH1', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15557644984', 'America/Los_Angeles', 'accepted', true, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M74E16C801J6W2KN7KQJVC8X', 1, 'attendee_01M74E16C88Y6BJJP6HXQVYBW3', true, 'guest56099@example.test', 'Élodie Meyer', 'Élodie', 'Meyer', NULL, 'Etc/UTC', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 0, 'attendee_01M8GX8PYRYY32H3GSDFX437CG', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15559234246', 'America/Los_Angeles', 'accepted', true, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, 'attendee_01M8GX8PYRR328FQN4S1A44AMM', true, 'guest895167@example.test', 'Łucja O''Neil', 'Łucja', 'O''Neil', '+15554016416', 'Australia/Sydney', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 0, 'attendee_01M8GX9ECRHP5KVZ4DESK3ABEG', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', NULL, 'America/New_York', 'accepted', true, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 1, 'attendee_01M8GX9ECRN1MCMJS4JWZKW0EW', true, 'guest188880@example.test', 'Ann Tanaka', 'Ann', 'Tanaka', '+15559255119', 'America/Los_Angeles', 'accepted', false, true, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 0, 'attendee_01M7B7VR00CVT15885FTXWXMW5', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', NULL, 'America/New_York', 'accepted', true, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, 'attendee_01M7B7VR00RZPQQANA4WMP2ZJS', true, 'guest433319@example.test', 'Ann Okafor', 'Ann', 'Okafor', NULL, 'Australia/Sydney', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 2, 'attendee_01M7B7VR000621E4R5HTHCBET4', true, 'guest598783@example.test', 'Élodie Okafor', 'Élodie', 'Okafor', NULL, 'Europe/Paris', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 3, 'attendee_01M7B7VR00T88PBN9RZQDGBBH2', true, 'guest627100@example.test', 'Bilal Novák', 'Bilal', 'Novák', NULL, 'Australia/Sydney', 'accepted', false, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 0, 'attendee_01M8GX95KG7QBFGV0R2YT9SNP6', true, 'colleague@example.test', 'Goran Silva', 'Goran', 'Silva', '+15552128459', 'Etc/UTC', 'accepted', true, NULL, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 0, 'attendee_01M8GX9AFRE1XFTNM1H9YHWXXF', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15555722339', 'Etc/UTC', 'accepted', true, false, true, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, 'attendee_01M8GX9AFRT7P0K18S38GM04CJ', true, 'guest495660@example.test', 'Ines Tanaka', 'Ines', 'Tanaka', '+15554138548', 'Australia/Sydney', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 2, 'attendee_01M8GX9AFRHWS0JPH1CEWHAJX2', true, 'guest700198@example.test', 'Jonas Okafor', 'Jonas', 'Okafor', NULL, 'Australia/Sydney', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 3, 'attendee_01M8GX9AFRRW3R02BB8PCNZYCD', true, 'guest801101@example.test', 'Farah Silva', 'Farah', 'Silva', NULL, 'Etc/UTC', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 0, 'attendee_01M8GX94M8MRA256GJG7VJ7VA9', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15556153662', 'Australia/Sydney', 'accepted', true, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 1, 'attendee_01M8GX94M83GFKV0RAW4XSAEFR', true, 'guest53342@example.test', 'Ann Lindqvist', 'Ann', 'Lindqvist', '+15556913985', 'America/Los_Angeles', 'accepted', false, true, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 2, 'attendee_01M8GX94M8ZPF0N9VTXCTWP15W', true, 'guest83589@example.test', 'Kenji Tanaka', 'Kenji', 'Tanaka', '+15557351914', 'Europe/Paris', 'accepted', false, false, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M749RM8GSNZR3F56NYMCAXCJ', 0, 'attendee_01M8GX8K1RXHVA16F78BFB3M4N', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15552089132', 'Australia/Sydney', 'accepted', true, NULL, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 0, 'attendee_01M8GX9CE8RRY8BEF12ZHJJ9HA', true, 'colleague@example.test', 'Goran Silva', 'Goran', 'Silva', NULL, 'Europe/Paris', 'accepted', true, NULL, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01KM1SJTERHBBJC66TSE6XBNJT', 0, 'attendee_01M8GX9R58S4JBZBPY3TAZCJCG', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', NULL, 'Australia/Sydney', 'accepted', true, NULL, false, '{}');
INSERT INTO savvycal.event_attendees VALUES ('default', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 0, 'attendee_01M8GX8XSGD626GDT6EB8NTQ3X', true, 'me@example.test', 'Ann Meyer', 'Ann', 'Meyer', '+15553245415', 'America/New_York', 'accepted', true, NULL, true, '{}');
INSERT INTO savvycal.events VALUES ('default', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 'awaiting_approval', 'pending', '2026-12-27 12:00:00+00', '2026-12-27 12:30:00+00', 'Office hours: Élodie Silva', 'attendee_01M8GX9K90KSYANNSZCM55MK3E', 'attendee_01M8GX9K90EBR2FC7KN7Q64NMA', 'link_01K8AY9138614CT3MS5SXWE444', 'Office hours', 'office-hours', NULL, NULL, '2026-11-28 11:05:24+00', NULL, NULL, NULL, NULL, NULL, NULL, 30, 0, 15, 'Office hours of 30 minutes with Élodie Silva. Please bring your questions.', 'Reply to this message to reach us before the call.', NULL, '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', NULL, NULL, NULL, NULL, 'scope_01K8AY9138ER4W2PQGT4ACZ3K3', 'Ann', 'ann', true, 4, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KRFTHQC85AYGSSRA6G4PVZFP', NULL, '{}', 1, 16, '\x491978a69f3d9fad1ca81379363e0a2e', '\x12a6f036e0b8b26b9ea888e42d037702', 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M74E16C801J6W2KN7KQJVC8X', 'canceled', 'canceled', '2026-12-28 15:00:00+00', '2026-12-28 15:30:00+00', 'Coffee nearby: Élodie Meyer', 'attendee_01M74E16C8PBDSFYBX9EJF6AH1', 'attendee_01M74E16C88Y6BJJP6HXQVYBW3', 'link_01K8AY9138YWWVJG83552K4QM0', 'Coffee nearby', 'coffee', NULL, NULL, '2026-11-11 04:32:05+00', '2026-11-11 12:02:15+00', NULL, NULL, NULL, NULL, NULL, 30, 0, 15, 'Coffee nearby of 30 minutes with Élodie Meyer. Please bring your questions.', 'Reply to this message to reach us before the call.', '12 Example Street', '[{"type": "custom"}]', true, false, true, 'none', NULL, NULL, NULL, NULL, 'scope_01K8AY9138D3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M74E16C801J6W2KN7KQJVC8X', NULL, '{}', 1, 16, '\x3c39212fa931dad0d1a13030566020ba', '\xeacb8a80b5edccc5d7f3a917ce2cc44b', 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 'awaiting_reschedule', 'pending', '2027-01-21 11:00:00+00', '2027-01-21 11:45:00+00', 'Product demo: Ann Tanaka', 'attendee_01M8GX9ECRHP5KVZ4DESK3ABEG', 'attendee_01M8GX9ECRN1MCMJS4JWZKW0EW', 'link_01K8AY91384Y93T3QMNB78PMEH', 'Product demo', 'demo', NULL, NULL, '2026-11-28 11:05:19+00', NULL, NULL, NULL, NULL, NULL, NULL, 45, 0, 15, 'Product demo of 45 minutes with Ann Tanaka. Please bring your questions.', 'Reply to this message to reach us before the call.', 'https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514', '84884807171', 'Join Zoom Meeting
Meeting ID: 84884807171
One tap mobile: +15550100,,84884807171#', NULL, 'scope_01K8AY9138D3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M7W5N3WRZ90DY6G4XB1ZA29C', NULL, '{}', 1, 16, '\xfb97098745c43bc20ee34beb8c6fb8ea', '\x0d6e456f0cb45b6e8177e8e923d03847', 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 'canceled', 'canceled', '2026-12-05 16:30:00+00', '2026-12-05 17:00:00+00', 'Intro call: Ann Okafor', 'attendee_01M7B7VR00CVT15885FTXWXMW5', 'attendee_01M7B7VR00RZPQQANA4WMP2ZJS', 'link_01K8AY9138AW79P79VHRJ9TPWW', 'Intro call', 'intro', NULL, NULL, '2026-11-13 19:58:56+00', '2026-11-28 11:05:05+00', 'Illness', '2026-11-28 11:04:57+00', NULL, '2026-12-13 08:00:00+00', '2026-12-13 08:30:00+00', 30, 0, 15, 'Intro call of 30 minutes with Ann Okafor. Please bring your questions.', 'Room 57, second floor', 'https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615', '82829950357', 'Join Zoom Meeting
Meeting ID: 82829950357
One tap mobile: +15550100,,82829950357#', NULL, 'scope_01K8AY9138ER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 28, "utm_source": "website"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M7B7VR00GCS7060XVKK5BCSV', NULL, '{}', 1, 21, '\x0397753597c6f087ab71e05006cb62a3', '\xfc7deb7a3a9d7dc95640653cdeb16721', 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 'confirmed', 'created', '2026-12-06 17:45:00+00', '2026-12-06 18:15:00+00', 'Intro call: no one yet', 'attendee_01M8GX95KG7QBFGV0R2YT9SNP6', NULL, 'link_01K8AY9138AW79P79VHRJ9TPWW', 'Intro call', 'intro', NULL, NULL, '2026-11-28 11:05:10+00', NULL, NULL, NULL, NULL, NULL, NULL, 30, 0, 15, 'Intro call of 30 minutes with no one yet. Please bring your questions.', 'Room 23, second floor', 'https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435', '84586865188', 'Join Zoom Meeting
Meeting ID: 84586865188
One tap mobile: +15550100,,84586865188#', NULL, 'scope_01K8AY9138ER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 6, "utm_source": "partner"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KAKSGATRKPGBJKBWGM18G1PY', NULL, '{}', 1, 21, '\x26d7e52725f403e7834c9b0f7c2dcec1', '\x69ad34d3be1aaccb4ad5ce8c94b34634', 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 'awaiting_reschedule', 'pending', '2026-12-07 07:30:00+00', '2026-12-07 08:30:00+00', 'Interview: Ines Tanaka', 'attendee_01M8GX9AFRE1XFTNM1H9YHWXXF', 'attendee_01M8GX9AFRT7P0K18S38GM04CJ', 'link_01K8AY9138XX5SANHC2VMRYKJD', 'Interview', 'interview', NULL, NULL, '2026-11-28 11:05:15+00', NULL, NULL, NULL, NULL, NULL, NULL, 60, 0, 0, 'Interview of 60 minutes with Ines Tanaka. Please bring your questions.', 'Reply to this message to reach us before the call.', 'https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc', '89213414625', 'Join Zoom Meeting
Meeting ID: 89213414625
One tap mobile: +15550100,,89213414625#', NULL, 'scope_01K8AY9138ER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 21, "utm_source": "website"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KETSFK2RXPY4EFE3GERFB0WZ', NULL, '{}', 1, 21, '\x8ed1f462ed068f62f8b597ab8d6d6f64', '\xa12f27df88981465db36ac05dda401e3', 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 'awaiting_reschedule', 'pending', '2026-12-16 03:15:00+00', '2026-12-16 03:45:00+00', 'Coffee nearby: Ann Lindqvist', 'attendee_01M8GX94M8MRA256GJG7VJ7VA9', 'attendee_01M8GX94M83GFKV0RAW4XSAEFR', 'link_01K8AY9138YWWVJG83552K4QM0', 'Coffee nearby', 'coffee', NULL, NULL, '2026-11-28 11:05:09+00', NULL, NULL, NULL, NULL, NULL, NULL, 30, 0, 0, 'Coffee nearby of 30 minutes with Ann Lindqvist. Please bring your questions.', NULL, '12 Example Street', '[{"type": "custom"}]', true, false, true, 'none', NULL, NULL, NULL, NULL, 'scope_01K8AY9138D3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{"lead_score": 23, "utm_source": "website"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KBHGYYTGK4X47W8ZJBAAQP6D', NULL, '{}', 1, 21, '\xd0e2bda96330b8ff8b7d01d35b56a674', '\xf71498a4eee524dadc7481e2aadef957', 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M749RM8GSNZR3F56NYMCAXCJ', 'awaiting_reschedule', 'pending', '2026-12-20 19:00:00+00', '2026-12-20 19:45:00+00', 'Product demo: no one yet', 'attendee_01M8GX8K1RXHVA16F78BFB3M4N', NULL, 'link_01K8AY91384Y93T3QMNB78PMEH', 'Product demo', 'demo', NULL, NULL, '2026-11-28 11:04:51+00', NULL, NULL, '2026-11-28 11:05:10+00', 'Conflict', '2026-12-30 13:45:00+00', '2026-12-30 14:30:00+00', 45, 0, 15, 'Product demo of 45 minutes with no one yet. Please bring your questions.', 'Reply to this message to reach us before the call.', 'https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce', '89327482915', 'Join Zoom Meeting
Meeting ID: 89327482915
One tap mobile: +15550100,,89327482915#', NULL, 'scope_01K8AY9138D3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M749RM8GSNZR3F56NYMCAXCJ', NULL, '{}', 1, 21, '\x215d59fbbf64ac78138bdcbef9a63bbf', '\xe33297e4381717ec7d81384092c82337', 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 'confirmed', 'created', '2027-01-05 13:45:00+00', '2027-01-05 14:45:00+00', 'Interview: Łucja O''Neil', 'attendee_01M8GX8PYRYY32H3GSDFX437CG', 'attendee_01M8GX8PYRR328FQN4S1A44AMM', 'link_01K8AY9138XX5SANHC2VMRYKJD', 'Interview', 'interview', NULL, NULL, '2026-11-28 11:04:55+00', NULL, NULL, '2026-11-28 11:05:20+00', 'Illness', '2027-01-01 07:00:00+00', '2027-01-01 08:00:00+00', 60, 0, 0, 'Interview of 60 minutes with Łucja O''Neil. Please bring your questions.', 'Reply to this message to reach us before the call.', NULL, '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', NULL, NULL, NULL, NULL, 'scope_01K8AY9138ER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{"lead_score": 4, "utm_source": "newsletter"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01M8GDSDB8MCTFS3WEZXGVKH6H', NULL, '{}', 1, 16, '\x8f27e653fa7c7fc409be5c5827263ff5', '\xe8800eb811fae8ca4d6c29d6c2b9244d', 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00', '2026-11-28 11:05:26.092741+00', 'test');
INSERT INTO savvycal.events VALUES ('default', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 'awaiting_approval', 'pending', '2026-12-24 00:15:00+00', '2026-12-24 00:45:00+00', 'Office hours: no one yet', 'attendee_01M8GX9CE8RRY8BEF12ZHJJ9HA', NULL, 'link_01K8AY9138614CT3MS5SXWE444', 'Office hours', 'office-hours', NULL, NULL, '2026-11-28 11:05:17+00', NULL, NULL, NULL, NULL, NULL, NULL, 30, 0, 0, 'Office hours of 30 minutes with no one yet. Please bring your questions.', 'Reply to this message to reach us before the call.', NULL, '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', NULL, NULL, NULL, NULL, 'scope_01K8AY9138ER4W2PQGT4ACZ3K3', 'Ann', 'ann', true, 4, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KDS60B003J5DN1GH4CRPQ0QF', NULL, '{}', 1, 21, '\x1f571fdb9fdf999591bf7857bf7e125c', '\x7e15c0b6d0ca238c95793a4bf2a05b9e', 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01KM1SJTERHBBJC66TSE6XBNJT', 'confirmed', 'created', '2026-12-01 03:30:00+00', '2026-12-01 04:30:00+00', 'Interview: no one yet', 'attendee_01M8GX9R58S4JBZBPY3TAZCJCG', NULL, 'link_01K8AY9138XX5SANHC2VMRYKJD', 'Interview', 'interview', NULL, NULL, '2026-11-28 11:05:29+00', NULL, NULL, NULL, NULL, NULL, NULL, 60, 0, 15, 'Interview of 60 minutes with no one yet. Please bring your questions.', NULL, 'https://example-test.zoom.us/j/81327994341?pwd=dd5366aaeb68d260', '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', 'https://example-test.zoom.us/j/81327994341?pwd=dd5366aaeb68d260', '81327994341', 'Join Zoom Meeting
Meeting ID: 81327994341
One tap mobile: +15550100,,81327994341#', NULL, 'scope_01K8AY9138ER4W2PQGT4ACZ3K3', 'Ann', 'ann', false, 1, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'https://savvycal.com/events/event_01KM1SJTERHBBJC66TSE6XBNJT', NULL, '{}', 1, 42, '\xa3915cd1dd1a247848fad22fc8925527', '\x36b13f8452e35a9a795dcb55d7c74624', 1, '2026-11-28 11:04:56.44552+00', '2026-11-28 11:04:56.44552+00', NULL, NULL);
INSERT INTO savvycal.events VALUES ('default', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 'confirmed', 'created', '2026-11-28 23:00:00+00', '2026-11-29 00:00:00+00', 'Paid consultation: no one yet', 'attendee_01M8GX8XSGD626GDT6EB8NTQ3X', NULL, 'link_01K8AY91382ZXN5MPRHWTGEH5Z', 'Paid consultation', 'consultation', NULL, NULL, '2026-11-28 11:05:02+00', NULL, NULL, NULL, NULL, NULL, NULL, 60, 0, 0, 'Paid consultation of 60 minutes with no one yet. Please bring your questions.', 'Reply to this message to reach us before the call.', NULL, '[{"type": "zoom", "integration_id": "zoom_123"}]', true, false, true, 'zoom', NULL, NULL, NULL, NULL, 'scope_01K8AY9138D3GXW71N65AF12FE', 'Sales', 'sales', false, 1, '{}', 'paid', 'https://checkout.example.test/pay/39801bf208b1e931', 12000, NULL, 0, 2000, 0, 'https://savvycal.com/events/event_01M1HA0HGG1Z00GTHPHEHEBFF1', NULL, '{}', 2, 42, '\x6800b97dfebcb96e673246fa1137f613', '\x18bd8dbc92aef98e933cb6bde5c37ea1', 2, '2026-11-28 11:04:56.152409+00', '2026-11-28 11:04:56.44552+00', NULL, NULL);
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_3fcd2626cf61', NULL, 'appt_99ad37d775c3', 'skipped', 'skipped', NULL, NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_73b9dc5587fb', NULL, 'appt_aefda1dbd9aa', 'created', 'created', 'zoom_admin', '83941877215', 'https://example-test.zoom.us/j/83941877215', NULL, true, true, true, NULL, NULL, 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_d90dec3e4d95', NULL, 'appt_1b80b924efcc', 'canceled', 'canceled', 'zoom_admin', '87799336828', 'https://example-test.zoom.us/j/87799336828', NULL, true, true, true, NULL, NULL, 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_b7299024d2c8', NULL, 'appt_0469dc90612f', 'failed', 'failed', 'zoom_admin', NULL, NULL, 'The provider refused the request (rate limited).', false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_c9e7bb8d709d', NULL, 'appt_36b7f6c137aa', 'created', 'created', 'zoom_admin', '81467901684', 'https://example-test.zoom.us/j/81467901684', NULL, true, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_7356ef73c26f', NULL, 'appt_4b252a8bbe85', 'pending', 'pending', 'zoom_admin', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.meetings VALUES ('default', 'amtg_7ab8f8e506a2', NULL, 'appt_f0be4ebdbf2e', 'failed', 'failed', 'zoom_admin', NULL, NULL, 'The provider refused the request (rate limited).', false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.131506+00', '2026-11-28 11:04:56.131506+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', NULL, 'pending', 'pending', 'zoom', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.152409+00', '2026-11-28 11:04:56.152409+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', NULL, 'pending', 'pending', 'zoom', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M74E16C801J6W2KN7KQJVC8X', 'event_01M74E16C801J6W2KN7KQJVC8X', NULL, 'skipped', 'skipped', 'none', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', NULL, 'pending', 'pending', 'zoom', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', NULL, 'created', 'created', 'zoom', '84884807171', 'https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.149932+00', '2026-11-28 11:04:56.149932+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M7B7VR00GCS7060XVKK5BCSV', 'event_01M7B7VR00GCS7060XVKK5BCSV', NULL, 'canceled', 'canceled', 'zoom', '82829950357', 'https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 'event_01KAKSGATRKPGBJKBWGM18G1PY', NULL, 'created', 'created', 'zoom', '84586865188', 'https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', NULL, 'created', 'created', 'zoom', '89213414625', 'https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', NULL, 'skipped', 'skipped', 'none', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01M749RM8GSNZR3F56NYMCAXCJ', 'event_01M749RM8GSNZR3F56NYMCAXCJ', NULL, 'created', 'created', 'zoom', '89327482915', 'https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 'event_01KDS60B003J5DN1GH4CRPQ0QF', NULL, 'pending', 'pending', 'zoom', NULL, NULL, NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.16592+00', '2026-11-28 11:04:56.16592+00');
INSERT INTO savvycal.meetings VALUES ('default', 'event_01KM1SJTERHBBJC66TSE6XBNJT', 'event_01KM1SJTERHBBJC66TSE6XBNJT', NULL, 'created', 'created', 'zoom', '81327994341', 'https://example-test.zoom.us/j/81327994341?pwd=dd5366aaeb68d260', NULL, false, false, true, NULL, NULL, 1, '2026-11-28 11:04:56.44552+00', '2026-11-28 11:04:56.44552+00');
INSERT INTO savvycal.quarantine VALUES ('default', 'event', 'event_unreadable', 'start_at: missing', 1, '2026-11-28 11:05:26.114241+00', '2026-11-28 11:05:26.114241+00', NULL, 42, '{"id": "event_unreadable"}');
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 4, 'poll', 'meetings', 'month', '2026-11-28 11:04:56.10405+00', '2026-11-28 11:04:56.631981+00', 'ok', 1, 1, 8, 0, 8, 0, 0, 0, NULL, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 6, 'backfill', 'appointments', 'all', '2026-11-28 11:04:56.179709+00', '2026-11-28 11:04:56.645056+00', 'ok', 1, 1, 7, 0, 7, 0, 0, 0, 7, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 1, 'poll', 'appointments', 'upcoming', '2026-11-28 11:04:56.044078+00', '2026-11-28 11:04:56.651493+00', 'ok', 2, 2, 14, 7, 7, 0, 0, 0, 7, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 3, 'poll', 'meetings', 'later', '2026-11-28 11:04:56.097806+00', '2026-11-28 11:04:56.677868+00', 'ok', 2, 2, 8, 4, 4, 0, 0, 0, NULL, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 5, 'backfill', 'meetings', 'all', '2026-11-28 11:04:56.117101+00', '2026-11-28 11:04:56.720303+00', 'ok', 2, 2, 23, 6, 17, 0, 0, 0, NULL, NULL);
INSERT INTO savvycal.runs OVERRIDING SYSTEM VALUE VALUES ('default', 2, 'poll', 'meetings', 'near', '2026-11-28 11:04:56.046513+00', '2026-11-28 11:04:56.746593+00', 'ok', 3, 3, 5, 3, 2, 0, 0, 0, NULL, NULL);
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_99ad37d775c3', 1, '2026-11-28 11:04:56.131506+00', NULL, 'poll', '{}', '{"appointment_type":"virtual","cancellation_events":[],"client":{"created_at":"2025-10-24T11:04:49Z","email":"client0@example.test","first_name":"Chiara","id":"clnt_418e51340f91","last_name":"García","locale":"en","metadata":{},"object":"client","phone":"+15550000000","reference_id":"ref-0","time_zone":"America/Los_Angeles","updated_at":"2025-10-25T11:04:49Z"},"client_data":{"email":"client0@example.test","first_name":"Chiara","last_name":"García","locale":"en","phone":"+15550000000","reference_id":"ref-0","time_zone":"America/Los_Angeles"},"confirmation_events":[{"actor":null,"end_at":{"local":"2027-01-21T07:15:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1800515700,"utc":"2027-01-21T07:15:00Z"},"initiated_by":"client","object":"confirmation_event","occurred_at":"2026-11-28T11:04:54Z","source":"api","start_at":{"local":"2027-01-21T05:45:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1800510300,"utc":"2027-01-21T05:45:00Z"}}],"confirmed_at":"2026-11-28T11:04:54Z","created_at":"2026-11-13T18:20:02Z","end_at":{"local":"2027-01-29T05:30:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1801200600,"utc":"2027-01-29T05:30:00Z"},"id":"appt_99ad37d775c3","meeting":{"conferencing_provider":null,"error_message":null,"external_meeting_id":null,"host_url":null,"id":"amtg_3fcd2626cf61","join_url":null,"object":"appointment_meeting","password":null,"status":"skipped"},"object":"appointment","provider":{"created_at":"2025-10-24T11:04:49Z","display_name":"Bilal Meyer","first_name":"Bilal","id":"prov_2152ccdbcbe4","last_name":"Meyer","object":"provider","time_zone":"America/New_York","updated_at":"2025-10-25T11:04:49Z"},"reschedule_events":[{"actor":null,"initiated_by":"client","new_end_at":{"local":"2027-01-29T05:30:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1801200600,"utc":"2027-01-29T05:30:00Z"},"new_start_at":{"local":"2027-01-29T04:00:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1801195200,"utc":"2027-01-29T04:00:00Z"},"object":"reschedule_event","occurred_at":"2026-11-28T11:04:56Z","previous_end_at":{"local":"2027-01-21T07:15:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1800515700,"utc":"2027-01-21T07:15:00Z"},"previous_start_at":{"local":"2027-01-21T05:45:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1800510300,"utc":"2027-01-21T05:45:00Z"},"source":"api"}],"service":{"appointment_type":"virtual","booking_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_booking":true,"disabled_message":null,"maximize_utilization":{"enabled":false}},"cancellation_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_cancellation":true,"disabled_message":null},"change_policy_text":"Please tell us two hours ahead.","created_at":"2025-10-24T11:04:49Z","duration":"PT1H30M","id":"srv_b3fdb7ab84f8","name":"Long session","object":"service","rescheduling_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_rescheduling":true,"disabled_message":null},"slot_rules":[{"recurrence_rule":{"byday":["mo","tu","we","th","fr"],"count":null,"freq":"weekly","interval":1,"until":null},"start_times":["09:00","10:30","14:00"]}],"updated_at":"2025-10-25T11:04:49Z"},"start_at":{"local":"2027-01-29T04:00:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1801195200,"utc":"2027-01-29T04:00:00Z"},"status":"scheduled","updated_at":"2026-11-28T11:04:56Z","urls":{"add_to_google_calendar":"[masked]","cancel":"[masked]","confirm":"[masked]","ics":"[masked]","reschedule":"[masked]"}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_aefda1dbd9aa', 1, '2026-11-28 11:04:56.131506+00', NULL, 'poll', '{}', '{"appointment_type":"virtual","cancellation_events":[],"client":{"created_at":"2025-10-24T11:04:49Z","email":"client1@example.test","first_name":"Ann","id":"clnt_e3e59dd92eba","last_name":"O''Neil","locale":"en","metadata":{},"object":"client","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo","updated_at":"2025-10-25T11:04:49Z"},"client_data":{"email":"client1@example.test","first_name":"Ann","last_name":"O''Neil","locale":"en","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo"},"confirmation_events":[],"confirmed_at":null,"created_at":"2026-11-26T10:24:05Z","end_at":{"local":"2027-01-21T21:00:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800532800,"utc":"2027-01-21T12:00:00Z"},"id":"appt_aefda1dbd9aa","meeting":{"conferencing_provider":"zoom_admin","error_message":null,"external_meeting_id":"83941877215","host_url":"[masked]","id":"amtg_73b9dc5587fb","join_url":"https://example-test.zoom.us/j/83941877215","object":"appointment_meeting","password":"[masked]","status":"created"},"object":"appointment","provider":{"created_at":"2025-10-24T11:04:49Z","display_name":"Bilal Meyer","first_name":"Bilal","id":"prov_2152ccdbcbe4","last_name":"Meyer","object":"provider","time_zone":"America/New_York","updated_at":"2025-10-25T11:04:49Z"},"reschedule_events":[{"actor":null,"initiated_by":"client","new_end_at":{"local":"2027-01-21T21:00:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800532800,"utc":"2027-01-21T12:00:00Z"},"new_start_at":{"local":"2027-01-21T19:30:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800527400,"utc":"2027-01-21T10:30:00Z"},"object":"reschedule_event","occurred_at":"2026-11-28T11:05:16Z","previous_end_at":{"local":"2027-01-08T15:15:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1799388900,"utc":"2027-01-08T06:15:00Z"},"previous_start_at":{"local":"2027-01-08T13:45:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1799383500,"utc":"2027-01-08T04:45:00Z"},"source":"api"}],"service":{"appointment_type":"virtual","booking_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_booking":true,"disabled_message":null,"maximize_utilization":{"enabled":false}},"cancellation_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_cancellation":true,"disabled_message":null},"change_policy_text":"Please tell us two hours ahead.","created_at":"2025-10-24T11:04:49Z","duration":"PT1H30M","id":"srv_b3fdb7ab84f8","name":"Long session","object":"service","rescheduling_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_rescheduling":true,"disabled_message":null},"slot_rules":[{"recurrence_rule":{"byday":["mo","tu","we","th","fr"],"count":null,"freq":"weekly","interval":1,"until":null},"start_times":["09:00","10:30","14:00"]}],"updated_at":"2025-10-25T11:04:49Z"},"start_at":{"local":"2027-01-21T19:30:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800527400,"utc":"2027-01-21T10:30:00Z"},"status":"scheduled","updated_at":"2026-11-28T11:05:20Z","urls":{"add_to_google_calendar":"[masked]","cancel":"[masked]","confirm":"[masked]","ics":"[masked]","reschedule":"[masked]"}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_1b80b924efcc', 1, '2026-11-28 11:04:56.131506+00', NULL, 'poll', '{}', '{"appointment_type":"virtual","cancellation_events":[{"actor":null,"cancellation_reason":null,"custom_reason_text":"Conflict","initiated_by":"client","object":"cancellation_event","occurred_at":"2026-11-28T11:05:07Z","source":"api"}],"client":{"created_at":"2025-10-24T11:04:49Z","email":"client1@example.test","first_name":"Ann","id":"clnt_e3e59dd92eba","last_name":"O''Neil","locale":"en","metadata":{},"object":"client","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo","updated_at":"2025-10-25T11:04:49Z"},"client_data":{"email":"client1@example.test","first_name":"Ann","last_name":"O''Neil","locale":"en","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo"},"confirmation_events":[{"actor":null,"end_at":{"local":"2027-01-19T09:45:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800319500,"utc":"2027-01-19T00:45:00Z"},"initiated_by":"client","object":"confirmation_event","occurred_at":"2026-11-28T11:05:00Z","source":"api","start_at":{"local":"2027-01-19T09:15:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800317700,"utc":"2027-01-19T00:15:00Z"}}],"confirmed_at":"2026-11-28T11:05:00Z","created_at":"2026-11-22T04:08:48Z","end_at":{"local":"2027-01-19T09:45:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800319500,"utc":"2027-01-19T00:45:00Z"},"id":"appt_1b80b924efcc","meeting":{"conferencing_provider":"zoom_admin","error_message":null,"external_meeting_id":"87799336828","host_url":"[masked]","id":"amtg_d90dec3e4d95","join_url":"https://example-test.zoom.us/j/87799336828","object":"appointment_meeting","password":"[masked]","status":"canceled"},"object":"appointment","provider":{"created_at":"2025-10-24T11:04:49Z","display_name":"Dmitri Novák","first_name":"Dmitri","id":"prov_2183f5f3d726","last_name":"Novák","object":"provider","time_zone":"Asia/Tokyo","updated_at":"2025-10-25T11:04:49Z"},"reschedule_events":[],"service":{"appointment_type":"virtual","booking_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_booking":true,"disabled_message":null,"maximize_utilization":{"enabled":false}},"cancellation_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_cancellation":true,"disabled_message":null},"change_policy_text":"Please tell us two hours ahead.","created_at":"2025-10-24T11:04:49Z","duration":"PT30M","id":"srv_47aba34425b6","name":"Follow-up","object":"service","rescheduling_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_rescheduling":true,"disabled_message":null},"slot_rules":[{"recurrence_rule":{"byday":["mo","tu","we","th","fr"],"count":null,"freq":"weekly","interval":1,"until":null},"start_times":["09:00","10:30","14:00"]}],"updated_at":"2025-10-25T11:04:49Z"},"start_at":{"local":"2027-01-19T09:15:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1800317700,"utc":"2027-01-19T00:15:00Z"},"status":"canceled","updated_at":"2026-11-28T11:05:23Z","urls":{"add_to_google_calendar":"[masked]","cancel":"[masked]","confirm":"[masked]","ics":"[masked]","reschedule":"[masked]"}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_0469dc90612f', 1, '2026-11-28 11:04:56.131506+00', NULL, 'poll', '{}', '{"appointment_type":"virtual","cancellation_events":[],"client":{"created_at":"2025-10-24T11:04:49Z","email":"client1@example.test","first_name":"Ann","id":"clnt_e3e59dd92eba","last_name":"O''Neil","locale":"en","metadata":{},"object":"client","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo","updated_at":"2025-10-25T11:04:49Z"},"client_data":{"email":"client1@example.test","first_name":"Ann","last_name":"O''Neil","locale":"en","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo"},"confirmation_events":[],"confirmed_at":null,"created_at":"2026-11-28T11:05:13Z","end_at":{"local":"2026-12-26T20:45:00+11:00","object":"zoned_date_time","time_zone":"Australia/Sydney","unix_ts":1798278300,"utc":"2026-12-26T09:45:00Z"},"id":"appt_0469dc90612f","meeting":{"conferencing_provider":"zoom_admin","error_message":"The provider refused the request (rate limited).","external_meeting_id":null,"host_url":null,"id":"amtg_b7299024d2c8","join_url":null,"object":"appointment_meeting","password":null,"status":"failed"},"object":"appointment","provider":{"created_at":"2025-10-24T11:04:49Z","display_name":"Chiara García","first_name":"Chiara","id":"prov_9a221755fd29","last_name":"García","object":"provider","time_zone":"America/Los_Angeles","updated_at":"2025-10-25T11:04:49Z"},"reschedule_events":[],"service":{"appointment_type":"virtual","booking_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_booking":true,"disabled_message":null,"maximize_utilization":{"enabled":false}},"cancellation_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_cancellation":true,"disabled_message":null},"change_policy_text":"Please tell us two hours ahead.","created_at":"2025-10-24T11:04:49Z","duration":"PT45M","id":"srv_174d57626785","name":"First consultation","object":"service","rescheduling_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_rescheduling":true,"disabled_message":null},"slot_rules":[{"recurrence_rule":{"byday":["mo","tu","we","th","fr"],"count":null,"freq":"weekly","interval":1,"until":null},"start_times":["09:00","10:30","14:00"]}],"updated_at":"2025-10-25T11:04:49Z"},"start_at":{"local":"2026-12-26T20:00:00+11:00","object":"zoned_date_time","time_zone":"Australia/Sydney","unix_ts":1798275600,"utc":"2026-12-26T09:00:00Z"},"status":"scheduled","updated_at":"2026-11-28T11:05:21Z","urls":{"add_to_google_calendar":"[masked]","cancel":"[masked]","confirm":"[masked]","ics":"[masked]","reschedule":"[masked]"}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_36b7f6c137aa', 1, '2026-11-28 11:04:56.131506+00', NULL, 'poll', '{}', '{"appointment_type":"virtual","cancellation_events":[],"client":{"created_at":"2025-10-24T11:04:49Z","email":"client0@example.test","first_name":"Chiara","id":"clnt_418e51340f91","last_name":"García","locale":"en","metadata":{},"object":"client","phone":"+15550000000","reference_id":"ref-0","time_zone":"America/Los_Angeles","updated_at":"2025-10-25T11:04:49Z"},"client_data":{"email":"client0@example.test","first_name":"Chiara","last_name":"García","locale":"en","phone":"+15550000000","reference_id":"ref-0","time_zone":"America/Los_Angeles"},"confirmation_events":[],"confirmed_at":null,"created_at":"2026-11-27T16:17:39Z","end_at":{"local":"2026-12-26T06:15:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1798265700,"utc":"2026-12-26T06:15:00Z"},"id":"appt_36b7f6c137aa","meeting":{"conferencing_provider":"zoom_admin","error_message":null,"external_meeting_id":"81467901684","host_url":"[masked]","id":"amtg_c9e7bb8d709d","join_url":"https://example-test.zoom.us/j/81467901684","object":"appointment_meeting","password":null,"status":"created"},"object":"appointment","provider":{"created_at":"2025-10-24T11:04:49Z","display_name":"Dmitri Novák","first_name":"Dmitri","id":"prov_2183f5f3d726","last_name":"Novák","object":"provider","time_zone":"Asia/Tokyo","updated_at":"2025-10-25T11:04:49Z"},"reschedule_events":[],"service":{"appointment_type":"virtual","booking_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_booking":true,"disabled_message":null,"maximize_utilization":{"enabled":false}},"cancellation_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_cancellation":true,"disabled_message":null},"change_policy_text":"Please tell us two hours ahead.","created_at":"2025-10-24T11:04:49Z","duration":"PT45M","id":"srv_174d57626785","name":"First consultation","object":"service","rescheduling_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_rescheduling":true,"disabled_message":null},"slot_rules":[{"recurrence_rule":{"byday":["mo","tu","we","th","fr"],"count":null,"freq":"weekly","interval":1,"until":null},"start_times":["09:00","10:30","14:00"]}],"updated_at":"2025-10-25T11:04:49Z"},"start_at":{"local":"2026-12-26T05:30:00+00:00","object":"zoned_date_time","time_zone":"Etc/UTC","unix_ts":1798263000,"utc":"2026-12-26T05:30:00Z"},"status":"scheduled","updated_at":"2026-11-28T11:05:07Z","urls":{"add_to_google_calendar":"[masked]","cancel":"[masked]","confirm":"[masked]","ics":"[masked]","reschedule":"[masked]"}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_4b252a8bbe85', 1, '2026-11-28 11:04:56.131506+00', NULL, 'poll', '{}', '{"appointment_type":"virtual","cancellation_events":[],"client":{"created_at":"2025-10-24T11:04:49Z","email":"client0@example.test","first_name":"Chiara","id":"clnt_418e51340f91","last_name":"García","locale":"en","metadata":{},"object":"client","phone":"+15550000000","reference_id":"ref-0","time_zone":"America/Los_Angeles","updated_at":"2025-10-25T11:04:49Z"},"client_data":{"email":"client0@example.test","first_name":"Chiara","last_name":"García","locale":"en","phone":"+15550000000","reference_id":"ref-0","time_zone":"America/Los_Angeles"},"confirmation_events":[],"confirmed_at":null,"created_at":"2026-11-28T11:05:07Z","end_at":{"local":"2026-12-12T19:30:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1797071400,"utc":"2026-12-12T10:30:00Z"},"id":"appt_4b252a8bbe85","meeting":{"conferencing_provider":"zoom_admin","error_message":null,"external_meeting_id":null,"host_url":null,"id":"amtg_7356ef73c26f","join_url":null,"object":"appointment_meeting","password":null,"status":"pending"},"object":"appointment","provider":{"created_at":"2025-10-24T11:04:49Z","display_name":"Ann Okafor","first_name":"Ann","id":"prov_c37f2dc521be","last_name":"Okafor","object":"provider","time_zone":"Europe/Paris","updated_at":"2025-10-25T11:04:49Z"},"reschedule_events":[],"service":{"appointment_type":"virtual","booking_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_booking":true,"disabled_message":null,"maximize_utilization":{"enabled":false}},"cancellation_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_cancellation":true,"disabled_message":null},"change_policy_text":"Please tell us two hours ahead.","created_at":"2025-10-24T11:04:49Z","duration":"PT30M","id":"srv_47aba34425b6","name":"Follow-up","object":"service","rescheduling_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_rescheduling":true,"disabled_message":null},"slot_rules":[{"recurrence_rule":{"byday":["mo","tu","we","th","fr"],"count":null,"freq":"weekly","interval":1,"until":null},"start_times":["09:00","10:30","14:00"]}],"updated_at":"2025-10-25T11:04:49Z"},"start_at":{"local":"2026-12-12T19:00:00+09:00","object":"zoned_date_time","time_zone":"Asia/Tokyo","unix_ts":1797069600,"utc":"2026-12-12T10:00:00Z"},"status":"scheduled","updated_at":"2026-11-28T11:05:07Z","urls":{"add_to_google_calendar":"[masked]","cancel":"[masked]","confirm":"[masked]","ics":"[masked]","reschedule":"[masked]"}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'appointment', 'appt_f0be4ebdbf2e', 1, '2026-11-28 11:04:56.131506+00', NULL, 'poll', '{}', '{"appointment_type":"virtual","cancellation_events":[],"client":{"created_at":"2025-10-24T11:04:49Z","email":"client1@example.test","first_name":"Ann","id":"clnt_e3e59dd92eba","last_name":"O''Neil","locale":"en","metadata":{},"object":"client","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo","updated_at":"2025-10-25T11:04:49Z"},"client_data":{"email":"client1@example.test","first_name":"Ann","last_name":"O''Neil","locale":"en","phone":"+15550000001","reference_id":null,"time_zone":"Asia/Tokyo"},"confirmation_events":[{"actor":null,"end_at":{"local":"2026-11-30T13:15:00+11:00","object":"zoned_date_time","time_zone":"Australia/Sydney","unix_ts":1796004900,"utc":"2026-11-30T02:15:00Z"},"initiated_by":"client","object":"confirmation_event","occurred_at":"2026-11-28T11:05:01Z","source":"api","start_at":{"local":"2026-11-30T12:30:00+11:00","object":"zoned_date_time","time_zone":"Australia/Sydney","unix_ts":1796002200,"utc":"2026-11-30T01:30:00Z"}}],"confirmed_at":"2026-11-28T11:05:01Z","created_at":"2026-11-28T11:04:57Z","end_at":{"local":"2026-11-30T13:15:00+11:00","object":"zoned_date_time","time_zone":"Australia/Sydney","unix_ts":1796004900,"utc":"2026-11-30T02:15:00Z"},"id":"appt_f0be4ebdbf2e","meeting":{"conferencing_provider":"zoom_admin","error_message":"The provider refused the request (rate limited).","external_meeting_id":null,"host_url":null,"id":"amtg_7ab8f8e506a2","join_url":null,"object":"appointment_meeting","password":null,"status":"failed"},"object":"appointment","provider":{"created_at":"2025-10-24T11:04:49Z","display_name":"Élodie Silva","first_name":"Élodie","id":"prov_f7b803359d08","last_name":"Silva","object":"provider","time_zone":"Australia/Sydney","updated_at":"2025-10-25T11:04:49Z"},"reschedule_events":[],"service":{"appointment_type":"virtual","booking_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_booking":true,"disabled_message":null,"maximize_utilization":{"enabled":false}},"cancellation_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_cancellation":true,"disabled_message":null},"change_policy_text":"Please tell us two hours ahead.","created_at":"2025-10-24T11:04:49Z","duration":"PT45M","id":"srv_174d57626785","name":"First consultation","object":"service","rescheduling_policy":{"advance_notice":{"enabled":true,"minimum_duration":"PT2H"},"allow_rescheduling":true,"disabled_message":null},"slot_rules":[{"recurrence_rule":{"byday":["mo","tu","we","th","fr"],"count":null,"freq":"weekly","interval":1,"until":null},"start_times":["09:00","10:30","14:00"]}],"updated_at":"2025-10-25T11:04:49Z"},"start_at":{"local":"2026-11-30T12:30:00+11:00","object":"zoned_date_time","time_zone":"Australia/Sydney","unix_ts":1796002200,"utc":"2026-11-30T01:30:00Z"},"status":"scheduled","updated_at":"2026-11-28T11:05:07Z","urls":{"add_to_google_calendar":"[masked]","cancel":"[masked]","confirm":"[masked]","ics":"[masked]","reschedule":"[masked]"}}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 1, '2026-11-28 11:04:56.149932+00', NULL, 'poll', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9K90KSYANNSZCM55MK3E","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"America/Los_Angeles"},{"display_name":"Élodie Silva","email":"guest541291@example.test","fields":[{"id":"field_office-hours_0","label":"What should we talk about?","type":"text","value":"How the two calendars are merged"},{"id":"field_office-hours_1","label":"Company","type":"text","value":"Example 602 GmbH"}],"first_name":"Élodie","id":"attendee_01M8GX9K90EBR2FC7KN7Q64NMA","is_organizer":false,"last_name":"Silva","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"America/Los_Angeles"}],"buffer_after":15,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":null,"join_url":null,"meeting_id":null,"type":"zoom"},"created_at":"2026-11-28T11:05:24Z","description":"Office hours of 30 minutes with Élodie Silva. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":30,"end_at":"2026-12-27T12:30:00Z","id":"event_01KRFTHQC85AYGSSRA6G4PVZFP","is_group_session":true,"link":{"id":"link_01K8AY9138614CT3MS5SXWE444","name":"Office hours","slug":"office-hours"},"location":null,"location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":4,"metadata":{},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9K90KSYANNSZCM55MK3E","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"America/Los_Angeles"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":{"display_name":"Élodie Silva","email":"guest541291@example.test","fields":[{"id":"field_office-hours_0","label":"What should we talk about?","type":"text","value":"How the two calendars are merged"},{"id":"field_office-hours_1","label":"Company","type":"text","value":"Example 602 GmbH"}],"first_name":"Élodie","id":"attendee_01M8GX9K90EBR2FC7KN7Q64NMA","is_organizer":false,"last_name":"Silva","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"America/Los_Angeles"},"scope":{"id":"scope_01K8AY9138ER4W2PQGT4ACZ3K3","name":"Ann","slug":"ann"},"start_at":"2026-12-27T12:00:00Z","state":"awaiting_approval","summary":"Office hours: Élodie Silva","url":"https://savvycal.com/events/event_01KRFTHQC85AYGSSRA6G4PVZFP"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M74E16C801J6W2KN7KQJVC8X', 1, '2026-11-28 11:04:56.149932+00', NULL, 'poll', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M74E16C8PBDSFYBX9EJF6AH1","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15557644984","response_status":"accepted","time_zone":"America/Los_Angeles"},{"display_name":"Élodie Meyer","email":"guest56099@example.test","fields":[{"id":"field_coffee_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_coffee_1","label":"Company","type":"text","value":"Example 777 GmbH"}],"first_name":"Élodie","id":"attendee_01M74E16C88Y6BJJP6HXQVYBW3","is_organizer":false,"last_name":"Meyer","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Etc/UTC"}],"buffer_after":15,"buffer_before":0,"cancel_reason":null,"canceled_at":"2026-11-11T12:02:15Z","conferencing":{"instructions":null,"join_url":null,"meeting_id":null,"type":"none"},"created_at":"2026-11-11T04:32:05Z","description":"Coffee nearby of 30 minutes with Élodie Meyer. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":30,"end_at":"2026-12-28T15:30:00Z","id":"event_01M74E16C801J6W2KN7KQJVC8X","is_group_session":false,"link":{"id":"link_01K8AY9138YWWVJG83552K4QM0","name":"Coffee nearby","slug":"coffee"},"location":"12 Example Street","location_settings":[{"type":"custom"}],"maximum_group_size":1,"metadata":{},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M74E16C8PBDSFYBX9EJF6AH1","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15557644984","response_status":"accepted","time_zone":"America/Los_Angeles"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":{"display_name":"Élodie Meyer","email":"guest56099@example.test","fields":[{"id":"field_coffee_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_coffee_1","label":"Company","type":"text","value":"Example 777 GmbH"}],"first_name":"Élodie","id":"attendee_01M74E16C88Y6BJJP6HXQVYBW3","is_organizer":false,"last_name":"Meyer","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Etc/UTC"},"scope":{"id":"scope_01K8AY9138D3GXW71N65AF12FE","name":"Sales","slug":"sales"},"start_at":"2026-12-28T15:00:00Z","state":"canceled","summary":"Coffee nearby: Élodie Meyer","url":"https://savvycal.com/events/event_01M74E16C801J6W2KN7KQJVC8X"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, '2026-11-28 11:04:56.149932+00', NULL, 'poll', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8PYRYY32H3GSDFX437CG","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15559234246","response_status":"accepted","time_zone":"America/Los_Angeles"},{"display_name":"Łucja O''Neil","email":"guest895167@example.test","fields":[{"id":"field_interview_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_interview_1","label":"Company","type":"text","value":"Example 900 GmbH"}],"first_name":"Łucja","id":"attendee_01M8GX8PYRR328FQN4S1A44AMM","is_organizer":false,"last_name":"O''Neil","marketing_opt_in":false,"phone_number":"+15554016416","response_status":"accepted","time_zone":"Australia/Sydney"}],"buffer_after":0,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":null,"join_url":null,"meeting_id":null,"type":"zoom"},"created_at":"2026-11-28T11:04:55Z","description":"Interview of 60 minutes with Łucja O''Neil. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":60,"end_at":"2027-01-05T14:45:00Z","id":"event_01M8GDSDB8MCTFS3WEZXGVKH6H","is_group_session":false,"link":{"id":"link_01K8AY9138XX5SANHC2VMRYKJD","name":"Interview","slug":"interview"},"location":null,"location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{"lead_score":4,"utm_source":"newsletter"},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8PYRYY32H3GSDFX437CG","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15559234246","response_status":"accepted","time_zone":"America/Los_Angeles"},"original_end_at":"2027-01-01T08:00:00Z","original_start_at":"2027-01-01T07:00:00Z","payment":null,"poll":null,"reschedule_reason":"Illness","rescheduled_at":"2026-11-28T11:05:20Z","scheduler":{"display_name":"Łucja O''Neil","email":"guest895167@example.test","fields":[{"id":"field_interview_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_interview_1","label":"Company","type":"text","value":"Example 900 GmbH"}],"first_name":"Łucja","id":"attendee_01M8GX8PYRR328FQN4S1A44AMM","is_organizer":false,"last_name":"O''Neil","marketing_opt_in":false,"phone_number":"+15554016416","response_status":"accepted","time_zone":"Australia/Sydney"},"scope":{"id":"scope_01K8AY9138ER4W2PQGT4ACZ3K3","name":"Ann","slug":"ann"},"start_at":"2027-01-05T13:45:00Z","state":"confirmed","summary":"Interview: Łucja O''Neil","url":"https://savvycal.com/events/event_01M8GDSDB8MCTFS3WEZXGVKH6H"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 1, '2026-11-28 11:04:56.149932+00', NULL, 'poll', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9ECRHP5KVZ4DESK3ABEG","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":null,"response_status":"accepted","time_zone":"America/New_York"},{"display_name":"Ann Tanaka","email":"guest188880@example.test","fields":[{"id":"field_demo_0","label":"What should we talk about?","type":"text","value":"Next year''s plan"},{"id":"field_demo_1","label":"Company","type":"text","value":"Example 311 GmbH"}],"first_name":"Ann","id":"attendee_01M8GX9ECRN1MCMJS4JWZKW0EW","is_organizer":false,"last_name":"Tanaka","marketing_opt_in":true,"phone_number":"+15559255119","response_status":"accepted","time_zone":"America/Los_Angeles"}],"buffer_after":15,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":"Join Zoom Meeting\nMeeting ID: 84884807171\nOne tap mobile: +15550100,,84884807171#","join_url":"https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514","meeting_id":"84884807171","type":"zoom"},"created_at":"2026-11-28T11:05:19Z","description":"Product demo of 45 minutes with Ann Tanaka. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":45,"end_at":"2027-01-21T11:45:00Z","id":"event_01M7W5N3WRZ90DY6G4XB1ZA29C","is_group_session":false,"link":{"id":"link_01K8AY91384Y93T3QMNB78PMEH","name":"Product demo","slug":"demo"},"location":"https://example-test.zoom.us/j/84884807171?pwd=4213de67637d6514","location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9ECRHP5KVZ4DESK3ABEG","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":null,"response_status":"accepted","time_zone":"America/New_York"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":{"display_name":"Ann Tanaka","email":"guest188880@example.test","fields":[{"id":"field_demo_0","label":"What should we talk about?","type":"text","value":"Next year''s plan"},{"id":"field_demo_1","label":"Company","type":"text","value":"Example 311 GmbH"}],"first_name":"Ann","id":"attendee_01M8GX9ECRN1MCMJS4JWZKW0EW","is_organizer":false,"last_name":"Tanaka","marketing_opt_in":true,"phone_number":"+15559255119","response_status":"accepted","time_zone":"America/Los_Angeles"},"scope":{"id":"scope_01K8AY9138D3GXW71N65AF12FE","name":"Sales","slug":"sales"},"start_at":"2027-01-21T11:00:00Z","state":"awaiting_reschedule","summary":"Product demo: Ann Tanaka","url":"https://savvycal.com/events/event_01M7W5N3WRZ90DY6G4XB1ZA29C"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, '2026-11-28 11:04:56.16592+00', NULL, 'backfill', '{}', '{"additional_info":"Room 57, second floor","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M7B7VR00CVT15885FTXWXMW5","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":null,"response_status":"accepted","time_zone":"America/New_York"},{"display_name":"Ann Okafor","email":"guest433319@example.test","fields":[{"id":"field_intro_0","label":"What should we talk about?","type":"text","value":null},{"id":"field_intro_1","label":"Company","type":"text","value":"Example 872 GmbH"}],"first_name":"Ann","id":"attendee_01M7B7VR00RZPQQANA4WMP2ZJS","is_organizer":false,"last_name":"Okafor","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Australia/Sydney"},{"display_name":"Élodie Okafor","email":"guest598783@example.test","fields":[],"first_name":"Élodie","id":"attendee_01M7B7VR000621E4R5HTHCBET4","is_organizer":false,"last_name":"Okafor","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Europe/Paris"},{"display_name":"Bilal Novák","email":"guest627100@example.test","fields":[],"first_name":"Bilal","id":"attendee_01M7B7VR00T88PBN9RZQDGBBH2","is_organizer":false,"last_name":"Novák","marketing_opt_in":true,"phone_number":null,"response_status":"accepted","time_zone":"Australia/Sydney"}],"buffer_after":15,"buffer_before":0,"cancel_reason":"Illness","canceled_at":"2026-11-28T11:05:05Z","conferencing":{"instructions":"Join Zoom Meeting\nMeeting ID: 82829950357\nOne tap mobile: +15550100,,82829950357#","join_url":"https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615","meeting_id":"82829950357","type":"zoom"},"created_at":"2026-11-13T19:58:56Z","description":"Intro call of 30 minutes with Ann Okafor. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":30,"end_at":"2026-12-05T17:00:00Z","id":"event_01M7B7VR00GCS7060XVKK5BCSV","is_group_session":false,"link":{"id":"link_01K8AY9138AW79P79VHRJ9TPWW","name":"Intro call","slug":"intro"},"location":"https://example-test.zoom.us/j/82829950357?pwd=0ba67f5ca6efb615","location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{"lead_score":28,"utm_source":"website"},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M7B7VR00CVT15885FTXWXMW5","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":null,"response_status":"accepted","time_zone":"America/New_York"},"original_end_at":"2026-12-13T08:30:00Z","original_start_at":"2026-12-13T08:00:00Z","payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":"2026-11-28T11:04:57Z","scheduler":{"display_name":"Ann Okafor","email":"guest433319@example.test","fields":[{"id":"field_intro_0","label":"What should we talk about?","type":"text","value":null},{"id":"field_intro_1","label":"Company","type":"text","value":"Example 872 GmbH"}],"first_name":"Ann","id":"attendee_01M7B7VR00RZPQQANA4WMP2ZJS","is_organizer":false,"last_name":"Okafor","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Australia/Sydney"},"scope":{"id":"scope_01K8AY9138ER4W2PQGT4ACZ3K3","name":"Ann","slug":"ann"},"start_at":"2026-12-05T16:30:00Z","state":"canceled","summary":"Intro call: Ann Okafor","url":"https://savvycal.com/events/event_01M7B7VR00GCS7060XVKK5BCSV"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, '2026-11-28 11:04:56.16592+00', NULL, 'backfill', '{}', '{"additional_info":"Room 23, second floor","attendees":[{"display_name":"Goran Silva","email":"colleague@example.test","fields":[],"first_name":"Goran","id":"attendee_01M8GX95KG7QBFGV0R2YT9SNP6","is_organizer":true,"last_name":"Silva","marketing_opt_in":false,"phone_number":"+15552128459","response_status":"accepted","time_zone":"Etc/UTC"}],"buffer_after":15,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":"Join Zoom Meeting\nMeeting ID: 84586865188\nOne tap mobile: +15550100,,84586865188#","join_url":"https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435","meeting_id":"84586865188","type":"zoom"},"created_at":"2026-11-28T11:05:10Z","description":"Intro call of 30 minutes with no one yet. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":30,"end_at":"2026-12-06T18:15:00Z","id":"event_01KAKSGATRKPGBJKBWGM18G1PY","is_group_session":false,"link":{"id":"link_01K8AY9138AW79P79VHRJ9TPWW","name":"Intro call","slug":"intro"},"location":"https://example-test.zoom.us/j/84586865188?pwd=c7dd93ed1a9a6435","location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{"lead_score":6,"utm_source":"partner"},"organizer":{"display_name":"Goran Silva","email":"colleague@example.test","fields":[],"first_name":"Goran","id":"attendee_01M8GX95KG7QBFGV0R2YT9SNP6","is_organizer":true,"last_name":"Silva","marketing_opt_in":false,"phone_number":"+15552128459","response_status":"accepted","time_zone":"Etc/UTC"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":null,"scope":{"id":"scope_01K8AY9138ER4W2PQGT4ACZ3K3","name":"Ann","slug":"ann"},"start_at":"2026-12-06T17:45:00Z","state":"confirmed","summary":"Intro call: no one yet","url":"https://savvycal.com/events/event_01KAKSGATRKPGBJKBWGM18G1PY"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, '2026-11-28 11:04:56.16592+00', NULL, 'backfill', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9AFRE1XFTNM1H9YHWXXF","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":"+15555722339","response_status":"accepted","time_zone":"Etc/UTC"},{"display_name":"Ines Tanaka","email":"guest495660@example.test","fields":[{"id":"field_interview_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_interview_1","label":"Company","type":"text","value":"Example 74 GmbH"}],"first_name":"Ines","id":"attendee_01M8GX9AFRT7P0K18S38GM04CJ","is_organizer":false,"last_name":"Tanaka","marketing_opt_in":false,"phone_number":"+15554138548","response_status":"accepted","time_zone":"Australia/Sydney"},{"display_name":"Jonas Okafor","email":"guest700198@example.test","fields":[],"first_name":"Jonas","id":"attendee_01M8GX9AFRHWS0JPH1CEWHAJX2","is_organizer":false,"last_name":"Okafor","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Australia/Sydney"},{"display_name":"Farah Silva","email":"guest801101@example.test","fields":[],"first_name":"Farah","id":"attendee_01M8GX9AFRRW3R02BB8PCNZYCD","is_organizer":false,"last_name":"Silva","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Etc/UTC"}],"buffer_after":0,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":"Join Zoom Meeting\nMeeting ID: 89213414625\nOne tap mobile: +15550100,,89213414625#","join_url":"https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc","meeting_id":"89213414625","type":"zoom"},"created_at":"2026-11-28T11:05:15Z","description":"Interview of 60 minutes with Ines Tanaka. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":60,"end_at":"2026-12-07T08:30:00Z","id":"event_01KETSFK2RXPY4EFE3GERFB0WZ","is_group_session":false,"link":{"id":"link_01K8AY9138XX5SANHC2VMRYKJD","name":"Interview","slug":"interview"},"location":"https://example-test.zoom.us/j/89213414625?pwd=fa5fc035a40671bc","location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{"lead_score":21,"utm_source":"website"},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9AFRE1XFTNM1H9YHWXXF","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":"+15555722339","response_status":"accepted","time_zone":"Etc/UTC"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":{"display_name":"Ines Tanaka","email":"guest495660@example.test","fields":[{"id":"field_interview_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_interview_1","label":"Company","type":"text","value":"Example 74 GmbH"}],"first_name":"Ines","id":"attendee_01M8GX9AFRT7P0K18S38GM04CJ","is_organizer":false,"last_name":"Tanaka","marketing_opt_in":false,"phone_number":"+15554138548","response_status":"accepted","time_zone":"Australia/Sydney"},"scope":{"id":"scope_01K8AY9138ER4W2PQGT4ACZ3K3","name":"Ann","slug":"ann"},"start_at":"2026-12-07T07:30:00Z","state":"awaiting_reschedule","summary":"Interview: Ines Tanaka","url":"https://savvycal.com/events/event_01KETSFK2RXPY4EFE3GERFB0WZ"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 1, '2026-11-28 11:04:56.16592+00', NULL, 'backfill', '{}', '{"additional_info":null,"attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX94M8MRA256GJG7VJ7VA9","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15556153662","response_status":"accepted","time_zone":"Australia/Sydney"},{"display_name":"Ann Lindqvist","email":"guest53342@example.test","fields":[{"id":"field_coffee_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_coffee_1","label":"Company","type":"text","value":"Example 960 GmbH"}],"first_name":"Ann","id":"attendee_01M8GX94M83GFKV0RAW4XSAEFR","is_organizer":false,"last_name":"Lindqvist","marketing_opt_in":false,"phone_number":"+15556913985","response_status":"accepted","time_zone":"America/Los_Angeles"},{"display_name":"Kenji Tanaka","email":"guest83589@example.test","fields":[],"first_name":"Kenji","id":"attendee_01M8GX94M8ZPF0N9VTXCTWP15W","is_organizer":false,"last_name":"Tanaka","marketing_opt_in":false,"phone_number":"+15557351914","response_status":"accepted","time_zone":"Europe/Paris"}],"buffer_after":0,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":null,"join_url":null,"meeting_id":null,"type":"none"},"created_at":"2026-11-28T11:05:09Z","description":"Coffee nearby of 30 minutes with Ann Lindqvist. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":30,"end_at":"2026-12-16T03:45:00Z","id":"event_01KBHGYYTGK4X47W8ZJBAAQP6D","is_group_session":false,"link":{"id":"link_01K8AY9138YWWVJG83552K4QM0","name":"Coffee nearby","slug":"coffee"},"location":"12 Example Street","location_settings":[{"type":"custom"}],"maximum_group_size":1,"metadata":{"lead_score":23,"utm_source":"website"},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX94M8MRA256GJG7VJ7VA9","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15556153662","response_status":"accepted","time_zone":"Australia/Sydney"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":{"display_name":"Ann Lindqvist","email":"guest53342@example.test","fields":[{"id":"field_coffee_0","label":"What should we talk about?","type":"text","value":"Pricing for a team of twelve"},{"id":"field_coffee_1","label":"Company","type":"text","value":"Example 960 GmbH"}],"first_name":"Ann","id":"attendee_01M8GX94M83GFKV0RAW4XSAEFR","is_organizer":false,"last_name":"Lindqvist","marketing_opt_in":false,"phone_number":"+15556913985","response_status":"accepted","time_zone":"America/Los_Angeles"},"scope":{"id":"scope_01K8AY9138D3GXW71N65AF12FE","name":"Sales","slug":"sales"},"start_at":"2026-12-16T03:15:00Z","state":"awaiting_reschedule","summary":"Coffee nearby: Ann Lindqvist","url":"https://savvycal.com/events/event_01KBHGYYTGK4X47W8ZJBAAQP6D"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M749RM8GSNZR3F56NYMCAXCJ', 1, '2026-11-28 11:04:56.16592+00', NULL, 'backfill', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8K1RXHVA16F78BFB3M4N","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15552089132","response_status":"accepted","time_zone":"Australia/Sydney"}],"buffer_after":15,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":"Join Zoom Meeting\nMeeting ID: 89327482915\nOne tap mobile: +15550100,,89327482915#","join_url":"https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce","meeting_id":"89327482915","type":"zoom"},"created_at":"2026-11-28T11:04:51Z","description":"Product demo of 45 minutes with no one yet. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":45,"end_at":"2026-12-20T19:45:00Z","id":"event_01M749RM8GSNZR3F56NYMCAXCJ","is_group_session":false,"link":{"id":"link_01K8AY91384Y93T3QMNB78PMEH","name":"Product demo","slug":"demo"},"location":"https://example-test.zoom.us/j/89327482915?pwd=4aa7525323cb12ce","location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8K1RXHVA16F78BFB3M4N","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":"+15552089132","response_status":"accepted","time_zone":"Australia/Sydney"},"original_end_at":"2026-12-30T14:30:00Z","original_start_at":"2026-12-30T13:45:00Z","payment":null,"poll":null,"reschedule_reason":"Conflict","rescheduled_at":"2026-11-28T11:05:10Z","scheduler":null,"scope":{"id":"scope_01K8AY9138D3GXW71N65AF12FE","name":"Sales","slug":"sales"},"start_at":"2026-12-20T19:00:00Z","state":"awaiting_reschedule","summary":"Product demo: no one yet","url":"https://savvycal.com/events/event_01M749RM8GSNZR3F56NYMCAXCJ"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, '2026-11-28 11:04:56.16592+00', NULL, 'backfill', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Goran Silva","email":"colleague@example.test","fields":[],"first_name":"Goran","id":"attendee_01M8GX9CE8RRY8BEF12ZHJJ9HA","is_organizer":true,"last_name":"Silva","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Europe/Paris"}],"buffer_after":0,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":null,"join_url":null,"meeting_id":null,"type":"zoom"},"created_at":"2026-11-28T11:05:17Z","description":"Office hours of 30 minutes with no one yet. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":30,"end_at":"2026-12-24T00:45:00Z","id":"event_01KDS60B003J5DN1GH4CRPQ0QF","is_group_session":true,"link":{"id":"link_01K8AY9138614CT3MS5SXWE444","name":"Office hours","slug":"office-hours"},"location":null,"location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":4,"metadata":{},"organizer":{"display_name":"Goran Silva","email":"colleague@example.test","fields":[],"first_name":"Goran","id":"attendee_01M8GX9CE8RRY8BEF12ZHJJ9HA","is_organizer":true,"last_name":"Silva","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Europe/Paris"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":null,"scope":{"id":"scope_01K8AY9138ER4W2PQGT4ACZ3K3","name":"Ann","slug":"ann"},"start_at":"2026-12-24T00:15:00Z","state":"awaiting_approval","summary":"Office hours: no one yet","url":"https://savvycal.com/events/event_01KDS60B003J5DN1GH4CRPQ0QF"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, '2026-11-28 11:04:56.152409+00', '2026-11-28 11:04:56.44552+00', 'poll', '{}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8XSGD626GDT6EB8NTQ3X","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":"+15553245415","response_status":"accepted","time_zone":"America/New_York"}],"buffer_after":0,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":null,"join_url":null,"meeting_id":null,"type":"zoom"},"created_at":"2026-11-28T11:05:02Z","description":"Paid consultation of 60 minutes with no one yet. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":60,"end_at":"2026-11-29T00:00:00Z","id":"event_01M1HA0HGG1Z00GTHPHEHEBFF1","is_group_session":false,"link":{"id":"link_01K8AY91382ZXN5MPRHWTGEH5Z","name":"Paid consultation","slug":"consultation"},"location":null,"location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8XSGD626GDT6EB8NTQ3X","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":"+15553245415","response_status":"accepted","time_zone":"America/New_York"},"original_end_at":null,"original_start_at":null,"payment":{"amount_discount":0,"amount_shipping":0,"amount_tax":2000,"amount_total":12000,"state":"paid","url":"https://checkout.example.test/pay/39801bf208b1e931"},"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":null,"scope":{"id":"scope_01K8AY9138D3GXW71N65AF12FE","name":"Sales","slug":"sales"},"start_at":"2026-11-28T23:00:00Z","state":"tentative","summary":"Paid consultation: no one yet","url":"https://savvycal.com/events/event_01M1HA0HGG1Z00GTHPHEHEBFF1"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 2, '2026-11-28 11:04:56.44552+00', NULL, 'poll', '{state}', '{"additional_info":"Reply to this message to reach us before the call.","attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8XSGD626GDT6EB8NTQ3X","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":"+15553245415","response_status":"accepted","time_zone":"America/New_York"}],"buffer_after":0,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":null,"join_url":null,"meeting_id":null,"type":"zoom"},"created_at":"2026-11-28T11:05:02Z","description":"Paid consultation of 60 minutes with no one yet. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":60,"end_at":"2026-11-29T00:00:00Z","id":"event_01M1HA0HGG1Z00GTHPHEHEBFF1","is_group_session":false,"link":{"id":"link_01K8AY91382ZXN5MPRHWTGEH5Z","name":"Paid consultation","slug":"consultation"},"location":null,"location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX8XSGD626GDT6EB8NTQ3X","is_organizer":true,"last_name":"Meyer","marketing_opt_in":true,"phone_number":"+15553245415","response_status":"accepted","time_zone":"America/New_York"},"original_end_at":null,"original_start_at":null,"payment":{"amount_discount":0,"amount_shipping":0,"amount_tax":2000,"amount_total":12000,"state":"paid","url":"https://checkout.example.test/pay/39801bf208b1e931"},"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":null,"scope":{"id":"scope_01K8AY9138D3GXW71N65AF12FE","name":"Sales","slug":"sales"},"start_at":"2026-11-28T23:00:00Z","state":"confirmed","summary":"Paid consultation: no one yet","url":"https://savvycal.com/events/event_01M1HA0HGG1Z00GTHPHEHEBFF1"}');
INSERT INTO savvycal.snapshots VALUES ('default', 'event', 'event_01KM1SJTERHBBJC66TSE6XBNJT', 1, '2026-11-28 11:04:56.44552+00', NULL, 'poll', '{}', '{"additional_info":null,"attendees":[{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9R58S4JBZBPY3TAZCJCG","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Australia/Sydney"}],"buffer_after":15,"buffer_before":0,"cancel_reason":null,"canceled_at":null,"conferencing":{"instructions":"Join Zoom Meeting\nMeeting ID: 81327994341\nOne tap mobile: +15550100,,81327994341#","join_url":"https://example-test.zoom.us/j/81327994341?pwd=dd5366aaeb68d260","meeting_id":"81327994341","type":"zoom"},"created_at":"2026-11-28T11:05:29Z","description":"Interview of 60 minutes with no one yet. Please bring your questions.","description_settings":{"include_attendees":true,"include_fields":false,"include_link_name":true},"duration":60,"end_at":"2026-12-01T04:30:00Z","id":"event_01KM1SJTERHBBJC66TSE6XBNJT","is_group_session":false,"link":{"id":"link_01K8AY9138XX5SANHC2VMRYKJD","name":"Interview","slug":"interview"},"location":"https://example-test.zoom.us/j/81327994341?pwd=dd5366aaeb68d260","location_settings":[{"integration_id":"zoom_123","type":"zoom"}],"maximum_group_size":1,"metadata":{},"organizer":{"display_name":"Ann Meyer","email":"me@example.test","fields":[],"first_name":"Ann","id":"attendee_01M8GX9R58S4JBZBPY3TAZCJCG","is_organizer":true,"last_name":"Meyer","marketing_opt_in":false,"phone_number":null,"response_status":"accepted","time_zone":"Australia/Sydney"},"original_end_at":null,"original_start_at":null,"payment":null,"poll":null,"reschedule_reason":null,"rescheduled_at":null,"scheduler":null,"scope":{"id":"scope_01K8AY9138ER4W2PQGT4ACZ3K3","name":"Ann","slug":"ann"},"start_at":"2026-12-01T03:30:00Z","state":"confirmed","summary":"Interview: no one yet","url":"https://savvycal.com/events/event_01KM1SJTERHBBJC66TSE6XBNJT"}');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_99ad37d775c3', 1, NULL, 'scheduled', 'first', '2026-11-13 18:20:02+00', '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_3fcd2626cf61', 1, NULL, 'skipped', 'first', NULL, '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_aefda1dbd9aa', 1, NULL, 'scheduled', 'first', '2026-11-26 10:24:05+00', '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_73b9dc5587fb', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_1b80b924efcc', 1, NULL, 'canceled', 'first', '2026-11-28 11:05:07+00', '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_d90dec3e4d95', 1, NULL, 'canceled', 'first', NULL, '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_0469dc90612f', 1, NULL, 'scheduled', 'first', '2026-11-28 11:05:13+00', '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_b7299024d2c8', 1, NULL, 'failed', 'first', NULL, '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_36b7f6c137aa', 1, NULL, 'scheduled', 'first', '2026-11-27 16:17:39+00', '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_c9e7bb8d709d', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_4b252a8bbe85', 1, NULL, 'scheduled', 'first', '2026-11-28 11:05:07+00', '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_7356ef73c26f', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'appointment', 'appt_f0be4ebdbf2e', 1, NULL, 'scheduled', 'first', '2026-11-28 11:04:57+00', '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'amtg_7ab8f8e506a2', 1, NULL, 'failed', 'first', NULL, '2026-11-28 11:04:56.131506+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, NULL, 'tentative', 'first', NULL, '2026-11-28 11:04:56.152409+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:56.152409+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 1, NULL, 'awaiting_approval', 'first', NULL, '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KRFTHQC85AYGSSRA6G4PVZFP', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M74E16C801J6W2KN7KQJVC8X', 1, NULL, 'canceled', 'first', '2026-11-11 12:02:15+00', '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M74E16C801J6W2KN7KQJVC8X', 1, NULL, 'skipped', 'first', NULL, '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, NULL, 'confirmed', 'first', NULL, '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 1, NULL, 'awaiting_reschedule', 'first', NULL, '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M7W5N3WRZ90DY6G4XB1ZA29C', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:56.149932+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, NULL, 'canceled', 'first', '2026-11-28 11:05:05+00', '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M7B7VR00GCS7060XVKK5BCSV', 1, NULL, 'canceled', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, NULL, 'confirmed', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KAKSGATRKPGBJKBWGM18G1PY', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, NULL, 'awaiting_reschedule', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KETSFK2RXPY4EFE3GERFB0WZ', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 1, NULL, 'awaiting_reschedule', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KBHGYYTGK4X47W8ZJBAAQP6D', 1, NULL, 'skipped', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M749RM8GSNZR3F56NYMCAXCJ', 1, NULL, 'awaiting_reschedule', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01M749RM8GSNZR3F56NYMCAXCJ', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, NULL, 'awaiting_approval', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KDS60B003J5DN1GH4CRPQ0QF', 1, NULL, 'pending', 'first', NULL, '2026-11-28 11:04:56.16592+00', 'backfill');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01KM1SJTERHBBJC66TSE6XBNJT', 1, NULL, 'confirmed', 'first', NULL, '2026-11-28 11:04:56.44552+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'meeting', 'event_01KM1SJTERHBBJC66TSE6XBNJT', 1, NULL, 'created', 'first', NULL, '2026-11-28 11:04:56.44552+00', 'poll');
INSERT INTO savvycal.transitions VALUES ('default', 'event', 'event_01M1HA0HGG1Z00GTHPHEHEBFF1', 2, 'tentative', 'confirmed', 'skipped', NULL, '2026-11-28 11:04:56.44552+00', 'poll');
INSERT INTO savvycal.webhook_deliveries VALUES ('default', 'meetings', 'payload_1', 'event.created', 'received', 'event', 'event_01M8GDSDB8MCTFS3WEZXGVKH6H', '2026-11-28 11:05:26.257807+00', '2026-11-28 11:05:26.260564+00', DEFAULT, NULL, 0, '2026-11-28 11:05:26.260564+00', NULL, 1, true, '{"id": "payload_1"}');
SELECT pg_catalog.setval('savvycal._fence', 61, true);
SELECT pg_catalog.setval('savvycal._secret_reads_id_seq', 1, true);
SELECT pg_catalog.setval('savvycal.changes_seq_seq', 22, true);
SELECT pg_catalog.setval('savvycal.runs_id_seq', 6, true);
ALTER TABLE ONLY savvycal._meta
    ADD CONSTRAINT _meta_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY savvycal.appointment_history
    ADD CONSTRAINT appointment_history_pkey PRIMARY KEY (account, appointment_id, kind, "position");
ALTER TABLE ONLY savvycal.appointments
    ADD CONSTRAINT appointments_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal._audit_clock
    ADD CONSTRAINT audit_clock_pkey PRIMARY KEY (account, product);
ALTER TABLE ONLY savvycal.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (account, xid, seq);
ALTER TABLE ONLY savvycal.coverage
    ADD CONSTRAINT coverage_pkey PRIMARY KEY (account, product, window_name);
ALTER TABLE ONLY savvycal.data_inventory
    ADD CONSTRAINT data_inventory_pkey PRIMARY KEY (table_name, column_name);
ALTER TABLE ONLY savvycal.event_answers
    ADD CONSTRAINT event_answers_pkey PRIMARY KEY (account, event_id, attendee_position, "position");
ALTER TABLE ONLY savvycal.event_attendees
    ADD CONSTRAINT event_attendees_pkey PRIMARY KEY (account, event_id, "position");
ALTER TABLE ONLY savvycal.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal._meeting_secrets
    ADD CONSTRAINT meeting_secrets_meeting_once UNIQUE (account, meeting_id);
ALTER TABLE ONLY savvycal._meeting_secrets
    ADD CONSTRAINT meeting_secrets_pkey PRIMARY KEY (account, appointment_id);
ALTER TABLE ONLY savvycal.meetings
    ADD CONSTRAINT meetings_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal._pass_seen
    ADD CONSTRAINT pass_seen_pkey PRIMARY KEY (account, product, window_name, run_id, walk, page);
ALTER TABLE ONLY savvycal._passes
    ADD CONSTRAINT passes_pkey PRIMARY KEY (account, product, window_name);
ALTER TABLE ONLY savvycal.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (account, kind, id);
ALTER TABLE ONLY savvycal.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal._secret_reads
    ADD CONSTRAINT secret_reads_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY savvycal.snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (account, kind, id, version);
ALTER TABLE ONLY savvycal._suppressed
    ADD CONSTRAINT suppressed_pkey PRIMARY KEY (account, fingerprint);
ALTER TABLE ONLY savvycal._suppression_keys
    ADD CONSTRAINT suppression_keys_pkey PRIMARY KEY (account);
ALTER TABLE ONLY savvycal._targets
    ADD CONSTRAINT targets_pkey PRIMARY KEY (account, kind, id);
ALTER TABLE ONLY savvycal.transitions
    ADD CONSTRAINT transitions_pkey PRIMARY KEY (account, kind, id, seq);
ALTER TABLE ONLY savvycal.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (account, product, id);
CREATE INDEX appointments_start_at ON savvycal.appointments USING btree (start_at, account);
CREATE INDEX events_start_at ON savvycal.events USING btree (start_at, account);
CREATE INDEX meeting_secrets_purge_at ON savvycal._meeting_secrets USING btree (purge_at);
CREATE INDEX meetings_appointment ON savvycal.meetings USING btree (account, appointment_id) WHERE (appointment_id IS NOT NULL);
CREATE INDEX meetings_unsettled ON savvycal.meetings USING btree (account, status) WHERE (is_current AND (status = ANY (ARRAY['pending'::text, 'failed'::text, 'update_pending'::text, 'cancel_pending'::text])));
CREATE INDEX runs_complete ON savvycal.runs USING btree (account, product, finished_at) WHERE ((window_name = 'all'::text) AND (result = 'ok'::text));
CREATE INDEX runs_started_at ON savvycal.runs USING btree (account, started_at);
CREATE INDEX snapshots_observed_at ON savvycal.snapshots USING btree (account, kind, observed_at) WHERE (via <> 'backfill'::text);
CREATE INDEX targets_due ON savvycal._targets USING btree (priority, due_at) WHERE (parked_at IS NULL);
CREATE INDEX webhook_deliveries_object ON savvycal.webhook_deliveries USING btree (account, kind, object_id) WHERE (object_id IS NOT NULL);
CREATE INDEX webhook_deliveries_received_at ON savvycal.webhook_deliveries USING btree (received_at);
CREATE TRIGGER tell_of_changes AFTER INSERT ON savvycal.changes FOR EACH STATEMENT EXECUTE FUNCTION savvycal._tell_of_changes();
