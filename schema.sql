-- savvycal-sync: the schema of the mirror. Applying it twice changes nothing. PostgreSQL 14 or newer, no extension needed.
-- Public tables and views are for reading; names that start with _ are internal to the worker.
-- States keep SavvyCal's own names and are text, not enums: a new state must never stop the sync.
-- No foreign key is enforced: children are written with their parent in one transaction (DECISIONS.md). Where the server
-- has keys NOT ENFORCED (PostgreSQL 18), they are there for tools that reflect relationships.

create schema if not exists savvycal;
comment on schema savvycal is 'Mirror of a SavvyCal account, kept by savvycal-sync.';

create sequence if not exists savvycal._fence;
comment on sequence savvycal._fence is 'Fencing tokens. Every request to SavvyCal takes the next value before it is sent; a row is written only if no later fence has written it.';

create table if not exists savvycal._meta (
  only_row boolean primary key default true,
  schema_version integer not null,
  applied_at timestamptz not null default now(),
  oldest_program integer,
  shape jsonb,
  constraint meta_has_one_row check (only_row)
);
comment on table savvycal._meta is 'One row: version of the schema.';
comment on column savvycal._meta.only_row is 'Always true: there is one row.';
comment on column savvycal._meta.schema_version is 'Number of the last migration that is in this schema.';
comment on column savvycal._meta.applied_at is 'When it was applied.';
comment on column savvycal._meta.oldest_program is 'Programs that need this schema version or a later one can work with it; null: none has recorded it.';
comment on column savvycal._meta.shape is 'Hash of the definition of each table, index, view and function as applied, to find what was altered by hand.';

create table if not exists savvycal.events (
  account text not null default 'default',
  id text not null,
  state text not null,
  phase text not null,
  start_at timestamptz not null,
  end_at timestamptz not null,
  summary text,
  organizer_id text,
  scheduler_id text,
  link_id text,
  link_name text,
  link_slug text,
  link_private_name text,
  link_description text,
  created_at timestamptz,
  canceled_at timestamptz,
  cancel_reason text,
  rescheduled_at timestamptz,
  reschedule_reason text,
  original_start_at timestamptz,
  original_end_at timestamptz,
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
  constraint events_pkey primary key (account, id),
  constraint events_version_positive check (version >= 1 and transition_seq >= 0),
  constraint events_phase_known check (phase in ('pending', 'created', 'failed', 'skipped', 'canceled', 'unknown')),
  constraint events_gone_with_reason check ((deleted_at is null) = (deleted_reason is null))
);
comment on table savvycal.events is 'SavvyCal Meetings: one row per Event, all documented fields of both API generations.';
comment on column savvycal.events.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.events.id is 'Event id, opaque (event_...).';
comment on column savvycal.events.state is 'Event.state as SavvyCal sends it: confirmed, canceled, awaiting_approval, ... Unknown states are kept.';
comment on column savvycal.events.phase is 'What the state means: pending, created, canceled, or unknown.';
comment on column savvycal.events.start_at is 'Start of the event.';
comment on column savvycal.events.end_at is 'End of the event.';
comment on column savvycal.events.summary is 'Title.';
comment on column savvycal.events.organizer_id is 'Attendee id of the host; the person is in event_attendees.';
comment on column savvycal.events.scheduler_id is 'Attendee id of the person who booked; the person is in event_attendees.';
comment on column savvycal.events.link_id is 'Booking link the event came through: links.id.';
comment on column savvycal.events.link_name is 'Name of that link.';
comment on column savvycal.events.link_slug is 'Slug of that link.';
comment on column savvycal.events.link_private_name is 'Private name of that link (older API generation).';
comment on column savvycal.events.link_description is 'Description of that link, where SavvyCal sends it.';
comment on column savvycal.events.created_at is 'When it was booked at SavvyCal.';
comment on column savvycal.events.canceled_at is 'When it was canceled at SavvyCal.';
comment on column savvycal.events.cancel_reason is 'Reason given for the cancellation.';
comment on column savvycal.events.rescheduled_at is 'When it was last rescheduled at SavvyCal.';
comment on column savvycal.events.reschedule_reason is 'Reason given for the reschedule.';
comment on column savvycal.events.original_start_at is 'Start before the reschedule.';
comment on column savvycal.events.original_end_at is 'End before the reschedule.';
comment on column savvycal.events.duration_minutes is 'Event.duration.';
comment on column savvycal.events.buffer_before_minutes is 'Event.buffer_before.';
comment on column savvycal.events.buffer_after_minutes is 'Event.buffer_after.';
comment on column savvycal.events.description is 'Event.description.';
comment on column savvycal.events.additional_info is 'Event.additional_info.';
comment on column savvycal.events.location is 'Event.location.';
comment on column savvycal.events.location_settings is 'Event.location_settings, a list.';
comment on column savvycal.events.description_settings_include_attendees is 'Event.description_settings.include_attendees.';
comment on column savvycal.events.description_settings_include_fields is 'Event.description_settings.include_fields.';
comment on column savvycal.events.description_settings_include_link_name is 'Event.description_settings.include_link_name.';
comment on column savvycal.events.conferencing_type is 'Event.conferencing.type, e.g. zoom.';
comment on column savvycal.events.conferencing_join_url is 'Event.conferencing.join_url; may appear after the booking.';
comment on column savvycal.events.conferencing_meeting_id is 'Event.conferencing.meeting_id.';
comment on column savvycal.events.conferencing_instructions is 'Event.conferencing.instructions.';
comment on column savvycal.events.poll is 'Event.poll: the meeting poll it came from; its fields are not documented.';
comment on column savvycal.events.scope_id is 'Event.scope.id: person or team the link belongs to.';
comment on column savvycal.events.scope_name is 'Event.scope.name.';
comment on column savvycal.events.scope_slug is 'Event.scope.slug.';
comment on column savvycal.events.is_group_session is 'Event.is_group_session.';
comment on column savvycal.events.maximum_group_size is 'Event.maximum_group_size.';
comment on column savvycal.events.metadata is 'Event.metadata: attached by the booking URL or by the API call that created it.';
comment on column savvycal.events.payment_state is 'Event.payment.state: awaiting_checkout or paid; null without payment.';
comment on column savvycal.events.payment_url is 'Event.payment.url.';
comment on column savvycal.events.payment_amount_total_cents is 'Event.payment.amount_total, in the currency''s minor unit; SavvyCal names no currency.';
comment on column savvycal.events.payment_amount_subtotal_cents is 'Event.payment.amount_subtotal (older API generation).';
comment on column savvycal.events.payment_amount_discount_cents is 'Event.payment.amount_discount.';
comment on column savvycal.events.payment_amount_tax_cents is 'Event.payment.amount_tax.';
comment on column savvycal.events.payment_amount_shipping_cents is 'Event.payment.amount_shipping.';
comment on column savvycal.events.url is 'Page of the event at SavvyCal.';
comment on column savvycal.events.uuid is 'Event.uuid (an older copy of the API).';
comment on column savvycal.events.extra is 'Fields that SavvyCal sent and its documentation does not name; {} when none.';
comment on column savvycal.events.version is 'Number of recorded versions of this object, from 1; the current body is in snapshots under this number.';
comment on column savvycal.events.fence is 'Fence of the read that wrote this row; a write with a lower fence is superseded.';
comment on column savvycal.events.raw_hash is 'Hash of the bytes as served (credentials blanked); equal bytes are unchanged and are not decoded.';
comment on column savvycal.events.content_hash is 'Hash of the canonical masked document; a new version is recorded only when it differs.';
comment on column savvycal.events.transition_seq is 'Number of the last transition of this object.';
comment on column savvycal.events.first_seen_at is 'When this mirror first observed the object.';
comment on column savvycal.events.changed_at is 'When this mirror last recorded a change of the object.';
comment on column savvycal.events.deleted_at is 'When the object was found to be deleted at SavvyCal (tombstone); null while it exists.';
comment on column savvycal.events.deleted_reason is 'Why the object is considered deleted; null while it exists.';

create table if not exists savvycal.event_attendees (
  account text not null default 'default',
  event_id text not null,
  position integer not null,
  id text,
  is_listed boolean not null,
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
  extra jsonb not null,
  constraint event_attendees_pkey primary key (account, event_id, position)
);
comment on table savvycal.event_attendees is 'People of an Event: its attendees in order, then a scheduler or organizer missing from that list.';
comment on column savvycal.event_attendees.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.event_attendees.event_id is 'Event.';
comment on column savvycal.event_attendees.position is 'Position in the list, from 0.';
comment on column savvycal.event_attendees.id is 'Attendee id (attendee_...).';
comment on column savvycal.event_attendees.is_listed is 'False for a scheduler or organizer that SavvyCal names but does not list among the attendees.';
comment on column savvycal.event_attendees.email is 'Attendee.email.';
comment on column savvycal.event_attendees.display_name is 'Attendee.display_name.';
comment on column savvycal.event_attendees.first_name is 'Attendee.first_name.';
comment on column savvycal.event_attendees.last_name is 'Attendee.last_name.';
comment on column savvycal.event_attendees.phone_number is 'Attendee.phone_number (E.164).';
comment on column savvycal.event_attendees.time_zone is 'Attendee.time_zone (IANA).';
comment on column savvycal.event_attendees.response_status is 'Attendee.response_status: free text (accepted, confirmed, ...).';
comment on column savvycal.event_attendees.is_organizer is 'Attendee.is_organizer.';
comment on column savvycal.event_attendees.is_scheduler is 'Attendee.is_scheduler (older API generation), else whether it is the event''s scheduler.';
comment on column savvycal.event_attendees.marketing_opt_in is 'Attendee.marketing_opt_in.';
comment on column savvycal.event_attendees.extra is 'Undocumented fields; {} when none.';

create table if not exists savvycal.event_answers (
  account text not null default 'default',
  event_id text not null,
  attendee_position integer not null,
  position integer not null,
  id text,
  type text,
  label text,
  value text,
  options jsonb,
  extra jsonb not null,
  constraint event_answers_pkey primary key (account, event_id, attendee_position, position)
);
comment on table savvycal.event_answers is 'Answers of an Event''s people to booking questions (Attendee.fields).';
comment on column savvycal.event_answers.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.event_answers.event_id is 'Event.';
comment on column savvycal.event_answers.attendee_position is 'Position of the person in event_attendees.';
comment on column savvycal.event_answers.position is 'Position among the answers of that person, from 0.';
comment on column savvycal.event_answers.id is 'Id of the question.';
comment on column savvycal.event_answers.type is 'Kind of question, e.g. text.';
comment on column savvycal.event_answers.label is 'The question.';
comment on column savvycal.event_answers.value is 'The answer: a string as it is, anything else as its JSON text.';
comment on column savvycal.event_answers.options is 'Choices of the question, where SavvyCal sends them.';
comment on column savvycal.event_answers.extra is 'Undocumented fields; {} when none.';

create table if not exists savvycal.appointments (
  account text not null default 'default',
  id text not null,
  status text not null,
  phase text not null,
  start_at timestamptz not null,
  end_at timestamptz not null,
  time_zone text,
  start_local text,
  end_local text,
  end_time_zone text,
  appointment_type text,
  confirmed_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  client_id text,
  client_reference_id text,
  client_locale text,
  client_time_zone text,
  client_email text,
  client_first_name text,
  client_last_name text,
  client_phone text,
  client_metadata jsonb,
  client_created_at timestamptz,
  client_updated_at timestamptz,
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
  provider_created_at timestamptz,
  provider_updated_at timestamptz,
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
  service_created_at timestamptz,
  service_updated_at timestamptz,
  fields jsonb,
  legacy_client_locale text,
  legacy_client_reference_id text,
  legacy_client_time_zone text,
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
  constraint appointments_pkey primary key (account, id),
  constraint appointments_version_positive check (version >= 1 and transition_seq >= 0),
  constraint appointments_phase_known check (phase in ('pending', 'created', 'failed', 'skipped', 'canceled', 'unknown')),
  constraint appointments_gone_with_reason check ((deleted_at is null) = (deleted_reason is null))
);
comment on table savvycal.appointments is 'SavvyCal Appointments: one row per Appointment. Its conferencing is in meetings. Action links (urls) are not stored.';
comment on column savvycal.appointments.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.appointments.id is 'Appointment id (appt_...).';
comment on column savvycal.appointments.status is 'Appointment.status as SavvyCal sends it: scheduled, canceled.';
comment on column savvycal.appointments.phase is 'What the status means: created, canceled, or unknown.';
comment on column savvycal.appointments.start_at is 'Start (start_at.utc).';
comment on column savvycal.appointments.end_at is 'End (end_at.utc).';
comment on column savvycal.appointments.time_zone is 'Zone of the start (start_at.time_zone).';
comment on column savvycal.appointments.start_local is 'Start on the wall clock of that zone, as SavvyCal writes it (start_at.local).';
comment on column savvycal.appointments.end_local is 'End on the wall clock (end_at.local).';
comment on column savvycal.appointments.end_time_zone is 'Zone of the end (end_at.time_zone).';
comment on column savvycal.appointments.appointment_type is 'in_person or virtual.';
comment on column savvycal.appointments.confirmed_at is 'When it was confirmed at SavvyCal.';
comment on column savvycal.appointments.created_at is 'When it was booked at SavvyCal.';
comment on column savvycal.appointments.updated_at is 'When SavvyCal last changed it; whether a change of the meeting updates it is not documented.';
comment on column savvycal.appointments.client_id is 'Client.id (clnt_...).';
comment on column savvycal.appointments.client_reference_id is 'Client.reference_id: your own id for the client.';
comment on column savvycal.appointments.client_locale is 'Client.locale.';
comment on column savvycal.appointments.client_time_zone is 'Client.time_zone.';
comment on column savvycal.appointments.client_email is 'Client.email (only with SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE).';
comment on column savvycal.appointments.client_first_name is 'Client.first_name (the same).';
comment on column savvycal.appointments.client_last_name is 'Client.last_name (the same).';
comment on column savvycal.appointments.client_phone is 'Client.phone (the same).';
comment on column savvycal.appointments.client_metadata is 'Client.metadata.';
comment on column savvycal.appointments.client_created_at is 'Client.created_at.';
comment on column savvycal.appointments.client_updated_at is 'Client.updated_at.';
comment on column savvycal.appointments.client_data_locale is 'Locale as given when booking (client_data.locale).';
comment on column savvycal.appointments.client_data_reference_id is 'client_data.reference_id.';
comment on column savvycal.appointments.client_data_time_zone is 'client_data.time_zone.';
comment on column savvycal.appointments.client_data_email is 'client_data.email (only with SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE).';
comment on column savvycal.appointments.client_data_first_name is 'client_data.first_name (the same).';
comment on column savvycal.appointments.client_data_last_name is 'client_data.last_name (the same).';
comment on column savvycal.appointments.client_data_phone is 'client_data.phone (the same).';
comment on column savvycal.appointments.provider_id is 'Provider.id (prov_...).';
comment on column savvycal.appointments.provider_display_name is 'Provider.display_name.';
comment on column savvycal.appointments.provider_first_name is 'Provider.first_name.';
comment on column savvycal.appointments.provider_last_name is 'Provider.last_name.';
comment on column savvycal.appointments.provider_time_zone is 'Provider.time_zone.';
comment on column savvycal.appointments.provider_created_at is 'Provider.created_at.';
comment on column savvycal.appointments.provider_updated_at is 'Provider.updated_at.';
comment on column savvycal.appointments.service_id is 'Service.id (srv_...).';
comment on column savvycal.appointments.service_name is 'Service.name.';
comment on column savvycal.appointments.service_internal_name is 'Service.internal_name.';
comment on column savvycal.appointments.service_appointment_type is 'Service.appointment_type.';
comment on column savvycal.appointments.service_duration is 'Service.duration, ISO 8601 (PT30M).';
comment on column savvycal.appointments.service_slot_rules is 'Service.slot_rules, a list.';
comment on column savvycal.appointments.service_booking_policy is 'Service.booking_policy.';
comment on column savvycal.appointments.service_cancellation_policy is 'Service.cancellation_policy.';
comment on column savvycal.appointments.service_rescheduling_policy is 'Service.rescheduling_policy.';
comment on column savvycal.appointments.service_change_policy_text is 'Service.change_policy_text.';
comment on column savvycal.appointments.service_metadata is 'Service.metadata.';
comment on column savvycal.appointments.service_provider_notifications is 'Service.provider_notifications.';
comment on column savvycal.appointments.service_created_at is 'Service.created_at.';
comment on column savvycal.appointments.service_updated_at is 'Service.updated_at.';
comment on column savvycal.appointments.fields is 'Appointment.fields (removed from the API on 2026-03-10).';
comment on column savvycal.appointments.legacy_client_locale is 'Appointment.client_locale (removed from the API on 2026-03-10).';
comment on column savvycal.appointments.legacy_client_reference_id is 'Appointment.client_reference_id (the same).';
comment on column savvycal.appointments.legacy_client_time_zone is 'Appointment.client_time_zone (the same).';
comment on column savvycal.appointments.extra is 'Fields that SavvyCal sent and its documentation does not name, by the object that held them; {} when none.';
comment on column savvycal.appointments.version is 'Number of recorded versions of this object, from 1; the current body is in snapshots under this number.';
comment on column savvycal.appointments.fence is 'Fence of the read that wrote this row; a write with a lower fence is superseded.';
comment on column savvycal.appointments.raw_hash is 'Hash of the bytes as served (credentials blanked); equal bytes are unchanged and are not decoded.';
comment on column savvycal.appointments.content_hash is 'Hash of the canonical masked document; a new version is recorded only when it differs.';
comment on column savvycal.appointments.transition_seq is 'Number of the last transition of this object.';
comment on column savvycal.appointments.first_seen_at is 'When this mirror first observed the object.';
comment on column savvycal.appointments.changed_at is 'When this mirror last recorded a change of the object.';
comment on column savvycal.appointments.deleted_at is 'When the object was found to be deleted at SavvyCal (tombstone); null while it exists.';
comment on column savvycal.appointments.deleted_reason is 'Why the object is considered deleted; null while it exists.';

create table if not exists savvycal.appointment_history (
  account text not null default 'default',
  appointment_id text not null,
  kind text not null,
  position integer not null,
  occurred_at timestamptz,
  initiated_by text,
  source text,
  actor text,
  cancellation_reason_id text,
  cancellation_reason_name text,
  cancellation_reason_sort_order integer,
  custom_reason_text text,
  start_at timestamptz,
  end_at timestamptz,
  previous_start_at timestamptz,
  previous_end_at timestamptz,
  new_start_at timestamptz,
  new_end_at timestamptz,
  time_zone text,
  extra jsonb not null,
  constraint appointment_history_pkey primary key (account, appointment_id, kind, position),
  constraint appointment_history_kind_known check (kind in ('reschedule', 'cancellation', 'confirmation'))
);
comment on table savvycal.appointment_history is 'Entries of an Appointment''s reschedule_events, cancellation_events and confirmation_events.';
comment on column savvycal.appointment_history.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.appointment_history.appointment_id is 'Appointment.';
comment on column savvycal.appointment_history.kind is 'reschedule, cancellation or confirmation.';
comment on column savvycal.appointment_history.position is 'Position in its list, from 0.';
comment on column savvycal.appointment_history.occurred_at is 'When it happened at SavvyCal.';
comment on column savvycal.appointment_history.initiated_by is 'user or client.';
comment on column savvycal.appointment_history.source is 'client_ui, dashboard or api.';
comment on column savvycal.appointment_history.actor is 'Id of the user or token that acted.';
comment on column savvycal.appointment_history.cancellation_reason_id is 'cancellation_reason.id.';
comment on column savvycal.appointment_history.cancellation_reason_name is 'cancellation_reason.name.';
comment on column savvycal.appointment_history.cancellation_reason_sort_order is 'cancellation_reason.sort_order.';
comment on column savvycal.appointment_history.custom_reason_text is 'Reason as the person typed it.';
comment on column savvycal.appointment_history.start_at is 'Start that was confirmed.';
comment on column savvycal.appointment_history.end_at is 'End that was confirmed.';
comment on column savvycal.appointment_history.previous_start_at is 'Start before the reschedule.';
comment on column savvycal.appointment_history.previous_end_at is 'End before the reschedule.';
comment on column savvycal.appointment_history.new_start_at is 'Start after the reschedule.';
comment on column savvycal.appointment_history.new_end_at is 'End after the reschedule.';
comment on column savvycal.appointment_history.time_zone is 'Time zone of the first of these times.';
comment on column savvycal.appointment_history.extra is 'Undocumented fields; {} when none.';

create table if not exists savvycal.links (
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

create table if not exists savvycal.meetings (
  account text not null default 'default',
  id text not null,
  event_id text,
  appointment_id text,
  status text not null,
  phase text not null,
  conferencing_provider text,
  external_meeting_id text,
  join_url text,
  error_message text,
  has_host_url boolean not null,
  has_password boolean not null,
  is_current boolean not null,
  replaces text,
  replaced_by text,
  transition_seq integer not null,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  constraint meetings_pkey primary key (account, id),
  constraint meetings_belong_to_one_object check (num_nonnulls(event_id, appointment_id) = 1),
  constraint meetings_phase_known check (phase in ('pending', 'created', 'failed', 'skipped', 'canceled', 'unknown')),
  constraint meetings_replaced_are_not_current check (replaced_by is null or not is_current)
);
comment on table savvycal.meetings is 'Conferencing: one row per AppointmentMeeting, and one per Event (derived, under the event''s id, with four of the seven statuses).';
comment on column savvycal.meetings.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.meetings.id is 'AppointmentMeeting id (amtg_...), or the id of the Event.';
comment on column savvycal.meetings.event_id is 'Event it belongs to.';
comment on column savvycal.meetings.appointment_id is 'Appointment it belongs to.';
comment on column savvycal.meetings.status is 'pending, created, failed, skipped, update_pending, cancel_pending, canceled; unknown statuses are kept.';
comment on column savvycal.meetings.phase is 'What the status means: pending, created, failed, skipped, canceled, or unknown.';
comment on column savvycal.meetings.conferencing_provider is 'Provider, e.g. zoom_admin; for an Event its conferencing type.';
comment on column savvycal.meetings.external_meeting_id is 'Id of the meeting at the provider.';
comment on column savvycal.meetings.join_url is 'Where people join; set once created.';
comment on column savvycal.meetings.error_message is 'Why the last attempt failed.';
comment on column savvycal.meetings.has_host_url is 'Whether SavvyCal has a host link. The link itself is a credential: see _meeting_secrets.';
comment on column savvycal.meetings.has_password is 'Whether SavvyCal has a password. The password itself: see _meeting_secrets.';
comment on column savvycal.meetings.is_current is 'False once another meeting replaced it or the object no longer has it.';
comment on column savvycal.meetings.replaces is 'Meeting that it replaced.';
comment on column savvycal.meetings.replaced_by is 'Meeting that replaced it.';
comment on column savvycal.meetings.transition_seq is 'Number of its last transition.';
comment on column savvycal.meetings.first_seen_at is 'When this mirror first observed it.';
comment on column savvycal.meetings.changed_at is 'When this mirror last recorded a change of it.';

create table if not exists savvycal.transitions (
  account text not null default 'default',
  kind text not null,
  id text not null,
  seq integer not null,
  from_status text,
  to_status text not null,
  label text not null,
  occurred_at timestamptz,
  observed_at timestamptz not null,
  via text not null,
  version integer,
  reason text,
  constraint transitions_pkey primary key (account, kind, id, seq),
  constraint transitions_label_known check (label in ('initial', 'direct', 'gap', 'anomalous')),
  constraint transitions_initial_has_no_from check ((label = 'initial') = (from_status is null)),
  constraint transitions_move check (from_status is distinct from to_status),
  constraint transitions_seq_positive check (seq >= 1)
);
comment on table savvycal.transitions is 'History of lifecycles: one row per observed status change, append-only. A reschedule is not a status change; see snapshots.';
comment on column savvycal.transitions.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.transitions.kind is 'event, appointment or meeting.';
comment on column savvycal.transitions.id is 'Object.';
comment on column savvycal.transitions.seq is 'Counts from 1 for each object, without gaps.';
comment on column savvycal.transitions.from_status is 'Status before; null when the object was observed for the first time, deleted when it came back.';
comment on column savvycal.transitions.to_status is 'Status after; deleted once the object was proven to be absent at SavvyCal.';
comment on column savvycal.transitions.label is 'initial, direct (a known step of the lifecycle), gap (steps in between were not observed), anomalous (not a known path).';
comment on column savvycal.transitions.occurred_at is 'When it happened, where SavvyCal states it.';
comment on column savvycal.transitions.observed_at is 'When this mirror observed it.';
comment on column savvycal.transitions.via is 'What led to the observation: poll, backfill, resync, watch, webhook or audit.';
comment on column savvycal.transitions.version is 'Version of the object (for a meeting: of its event or appointment) that shows it first.';
comment on column savvycal.transitions.reason is 'Why, where SavvyCal gives a reason: error message of a failed meeting, reason of a cancellation; for deleted, how that was proven.';

create table if not exists savvycal.snapshots (
  account text not null default 'default',
  kind text not null,
  id text not null,
  version integer not null,
  observed_at timestamptz not null,
  via text not null,
  changed_fields text[] not null,
  body json not null,
  is_deleted boolean not null default false,
  constraint snapshots_pkey primary key (account, kind, id, version),
  constraint snapshots_version_positive check (version >= 1)
);
comment on table savvycal.snapshots is 'Every recorded version of every object, the current one included; written once, never changed. A version ends when the next one was observed. Bodies hold [masked] where a credential was.';
comment on column savvycal.snapshots.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.snapshots.kind is 'event, appointment or link.';
comment on column savvycal.snapshots.id is 'Object.';
comment on column savvycal.snapshots.version is 'Counts from 1.';
comment on column savvycal.snapshots.observed_at is 'When this mirror observed it.';
comment on column savvycal.snapshots.via is 'What led to the observation, as in transitions.';
comment on column savvycal.snapshots.changed_fields is 'Names of the fields that differ from the version before, two levels deep.';
comment on column savvycal.snapshots.body is 'The whole document as canonical JSON, credentials masked. json keeps it exactly; jsonb would also make a backfill slower.';
comment on column savvycal.snapshots.is_deleted is 'Whether this version is the deletion; its body is the last one that SavvyCal served.';

create table if not exists savvycal.changes (
  position bigint not null,
  account text not null default 'default',
  kind text not null,
  id text not null,
  version integer not null,
  change text not null,
  changed_at timestamptz not null,
  constraint changes_pkey primary key (position),
  constraint changes_change_known check (change in ('created', 'updated', 'deleted', 'restored', 'erased'))
);
comment on table savvycal.changes is 'Change feed: one row per recorded change, in the order of position. Read it with changes_since(). See docs/change-feed.md.';
comment on column savvycal.changes.position is 'Place in the feed, given after the change was committed: rises without exception, so nothing appears behind a reader.';
comment on column savvycal.changes.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.changes.kind is 'event, appointment or link.';
comment on column savvycal.changes.id is 'Object.';
comment on column savvycal.changes.version is 'Its version after the change. Versions of one object never fall along the feed.';
comment on column savvycal.changes.change is 'created, updated, deleted, restored, or erased (a person was removed from it: delete your copies).';
comment on column savvycal.changes.changed_at is 'When it was recorded.';

create table if not exists savvycal._unpublished_changes (
  seq bigint generated always as identity,
  account text not null default 'default',
  kind text not null,
  id text not null,
  version integer not null,
  change text not null,
  changed_at timestamptz not null,
  constraint unpublished_changes_pkey primary key (seq)
);
comment on table savvycal._unpublished_changes is 'Changes that were written and have no place in the feed yet. _publish_changes() moves them there after the commit; empty at rest.';
comment on column savvycal._unpublished_changes.seq is 'Order of writing: for one object it is the order of its versions, because each writer holds its row.';
comment on column savvycal._unpublished_changes.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._unpublished_changes.kind is 'event, appointment or link.';
comment on column savvycal._unpublished_changes.id is 'Object.';
comment on column savvycal._unpublished_changes.version is 'Its version after the change.';
comment on column savvycal._unpublished_changes.change is 'As in changes.';
comment on column savvycal._unpublished_changes.changed_at is 'When it was recorded.';

create table if not exists savvycal._feed_servers (
  id integer generated always as identity,
  system_id text not null,
  timeline text not null,
  after_position bigint not null,
  noted_at timestamptz not null default clock_timestamp(),
  constraint feed_servers_pkey primary key (id)
);
comment on table savvycal._feed_servers is 'Which servers and timelines have written the feed, in order. A cursor of an earlier one is good up to where the next one began.';
comment on column savvycal._feed_servers.id is 'Counts up.';
comment on column savvycal._feed_servers.system_id is 'System identifier of the server, 16 hexadecimal digits.';
comment on column savvycal._feed_servers.timeline is 'Timeline, 8 hexadecimal digits: a new one begins with each failover.';
comment on column savvycal._feed_servers.after_position is 'Last position of the feed when this one began to write.';
comment on column savvycal._feed_servers.noted_at is 'When that was noticed.';

create table if not exists savvycal._feed_floor (
  only_row boolean primary key default true,
  position bigint not null,
  constraint feed_floor_has_one_row check (only_row)
);
comment on table savvycal._feed_floor is 'One row: up to where retention has deleted the feed. An older cursor is refused.';
comment on column savvycal._feed_floor.only_row is 'Always true: there is one row.';
comment on column savvycal._feed_floor.position is 'Last deleted position; 0 when nothing was deleted.';
insert into savvycal._feed_floor (position) values (0) on conflict do nothing;

create table if not exists savvycal.coverage (
  account text not null default 'default',
  product text not null,
  window_name text not null,
  starts_from date,
  starts_until date,
  complete_as_of timestamptz,
  row_count bigint,
  next_due_at timestamptz not null,
  interval_seconds double precision,
  run_id bigint,
  approved_deletions bigint,
  approved_deletions_until timestamptz,
  missing jsonb,
  constraint coverage_pkey primary key (account, product, window_name)
);
comment on table savvycal.coverage is 'Which windows are completely synced, and as of when: distinguishes "no booking" from "not synced yet".';
comment on column savvycal.coverage.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.coverage.product is 'meetings or appointments.';
comment on column savvycal.coverage.window_name is 'near, upcoming, month, later or all: a range of start times relative to now.';
comment on column savvycal.coverage.starts_from is 'First start date covered by the last complete scan; null: no bound.';
comment on column savvycal.coverage.starts_until is 'Last start date covered by it; null: no bound.';
comment on column savvycal.coverage.complete_as_of is 'Start of the last complete scan: all changes up to then are in the tables. Null: never complete.';
comment on column savvycal.coverage.row_count is 'Objects that this scan listed.';
comment on column savvycal.coverage.next_due_at is 'When the window is scanned next.';
comment on column savvycal.coverage.interval_seconds is 'Interval at which the window is scanned, as it is set.';
comment on column savvycal.coverage.run_id is 'Run that completed it last.';
comment on column savvycal.coverage.approved_deletions_until is 'When that approval expires.';
comment on column savvycal.coverage.missing is 'Ranges of start times that SavvyCal failed to serve during the last complete scan, as a list of {first, last, reason}; first or last null: no bound on that side. Null: nothing is missing.';
comment on column savvycal.coverage.approved_deletions is 'Number of deletions that a person approved for the next scan; null: the delete guard allows max(20, 1 %).';

create table if not exists savvycal.runs (
  account text not null default 'default',
  id bigint generated always as identity,
  job text not null,
  product text not null,
  window_name text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  result text not null,
  iterations integer not null default 0,
  pages integer not null default 0,
  rows_read bigint not null default 0,
  rows_written bigint not null default 0,
  rows_unchanged bigint not null default 0,
  rows_superseded bigint not null default 0,
  rows_quarantined bigint not null default 0,
  rows_repaired bigint not null default 0,
  rows_differing bigint not null default 0,
  expected_rows bigint,
  error text,
  constraint runs_pkey primary key (account, id),
  constraint runs_result_known check (result in ('running', 'ok', 'partial', 'suspect', 'failed')),
  constraint runs_finished_has_result check ((finished_at is null) = (result = 'running'))
);
comment on table savvycal.runs is 'One row per scan or audit: what it read and its result.';
comment on column savvycal.runs.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.runs.id is 'Counts up.';
comment on column savvycal.runs.job is 'poll, backfill, resync or audit.';
comment on column savvycal.runs.product is 'meetings or appointments.';
comment on column savvycal.runs.window_name is 'Range that was scanned; audit for an audit.';
comment on column savvycal.runs.started_at is 'Start.';
comment on column savvycal.runs.finished_at is 'End; null while it runs.';
comment on column savvycal.runs.result is 'running, ok, partial (all but the ranges in coverage.missing), suspect (held by the delete guard: too many rows were absent) or failed.';
comment on column savvycal.runs.iterations is 'Number of iterations over the range until one found no changes.';
comment on column savvycal.runs.pages is 'Pages read.';
comment on column savvycal.runs.rows_read is 'Records read, over all iterations.';
comment on column savvycal.runs.rows_written is 'Of these, recorded as new or changed.';
comment on column savvycal.runs.rows_unchanged is 'Of these, unchanged.';
comment on column savvycal.runs.rows_superseded is 'Of these, already written with a later fence.';
comment on column savvycal.runs.rows_quarantined is 'Of these, unreadable.';
comment on column savvycal.runs.rows_repaired is 'Of those recorded or compared, readable only after a repair; extra names it ($repaired).';
comment on column savvycal.runs.rows_differing is 'Of an audit: objects whose row differed from SavvyCal, was missing, or should not exist.';
comment on column savvycal.runs.expected_rows is 'Number of records SavvyCal reported for the range (Appointments only).';
comment on column savvycal.runs.error is 'What went wrong, in one line.';

create table if not exists savvycal.account_facts (
  account text not null default 'default',
  product text not null,
  fact text not null,
  value text not null,
  source text not null,
  observed_at timestamptz not null,
  previous_value text,
  constraint account_facts_pkey primary key (account, product, fact),
  constraint account_facts_product_known check (product in ('meetings', 'appointments', 'links')),
  constraint account_facts_source_known check (source in ('list', 'get', 'webhook', 'error', 'probe'))
);
comment on table savvycal.account_facts is 'What SavvyCal''s documentation leaves open, as learned in this account (docs/account-facts.md lists the points). A fact without a row has not been observed yet.';
comment on column savvycal.account_facts.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.account_facts.product is 'meetings or appointments.';
comment on column savvycal.account_facts.fact is 'Name of the point, such as lists_embed_meeting or conferencing:zoom.';
comment on column savvycal.account_facts.value is 'What was found.';
comment on column savvycal.account_facts.source is 'Where it was observed: list, get (one object by id), webhook, error (an error response) or probe (check --live).';
comment on column savvycal.account_facts.observed_at is 'When it was found, or last confirmed (at most once a day).';
comment on column savvycal.account_facts.previous_value is 'Value before the last change; facts that changed are listed in drift.';

create table if not exists savvycal.quarantine (
  account text not null default 'default',
  kind text not null,
  id text not null,
  reason text not null,
  attempts integer not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  resolved_at timestamptz,
  byte_count integer not null,
  body jsonb,
  constraint quarantine_pkey primary key (account, kind, id)
);
comment on table savvycal.quarantine is 'Records that could not be read. The rest of their page is stored; each is tried again whenever SavvyCal serves it.';
comment on column savvycal.quarantine.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.quarantine.kind is 'event, appointment or link.';
comment on column savvycal.quarantine.id is 'Object, or unreadable:<hash> when not even the id can be read.';
comment on column savvycal.quarantine.reason is 'What is wrong, without any of its values.';
comment on column savvycal.quarantine.attempts is 'How often it was served in this state.';
comment on column savvycal.quarantine.first_seen_at is 'When it was first served in this state.';
comment on column savvycal.quarantine.last_seen_at is 'When it was last served in this state.';
comment on column savvycal.quarantine.resolved_at is 'When a readable version arrived; null while it is open.';
comment on column savvycal.quarantine.byte_count is 'Size of the record as served.';
comment on column savvycal.quarantine.body is 'The record with credentials masked, where it can be decoded at all and Postgres can hold it.';

create table if not exists savvycal.webhook_deliveries (
  account text not null default 'default',
  product text not null,
  id text not null,
  type text not null,
  state text not null,
  kind text,
  object_id text,
  occurred_at timestamptz,
  received_at timestamptz not null default clock_timestamp(),
  lag_seconds double precision generated always as (extract(epoch from received_at - occurred_at)::double precision) stored,
  applied_at timestamptz,
  duplicate_count integer not null default 0,
  last_received_at timestamptz not null default clock_timestamp(),
  webhook_id text,
  secret_number smallint not null,
  is_known_type boolean not null,
  body jsonb not null,
  constraint webhook_deliveries_pkey primary key (account, product, id),
  constraint webhook_deliveries_product_known check (product in ('meetings', 'appointments')),
  constraint webhook_deliveries_state_known check (state in ('received', 'applied', 'ignored', 'unmapped')),
  constraint webhook_deliveries_kind_with_id check ((kind is null) = (object_id is null)),
  constraint webhook_deliveries_applied_at check ((state = 'applied') = (applied_at is not null)),
  constraint webhook_deliveries_counts check (duplicate_count >= 0 and secret_number >= 1)
);
comment on table savvycal.webhook_deliveries is 'Webhooks with a valid signature, each stored before it was acknowledged. A webhook is only a hint: the object it names is read from the API.';
comment on column savvycal.webhook_deliveries.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal.webhook_deliveries.product is 'meetings or appointments.';
comment on column savvycal.webhook_deliveries.id is 'Id of the envelope (payload_..., evt_...), the same when SavvyCal repeats it; body:<hash> where it has none.';
comment on column savvycal.webhook_deliveries.type is 'event.created, appointment.canceled, ... Unknown types are kept; unreadable where none can be read.';
comment on column savvycal.webhook_deliveries.state is 'received (a reconcile was requested), applied (the object has been read since), unmapped (no object was named, a scan was requested) or ignored.';
comment on column savvycal.webhook_deliveries.kind is 'event, appointment or, where its appointment is not known, meeting.';
comment on column savvycal.webhook_deliveries.object_id is 'Object it is about.';
comment on column savvycal.webhook_deliveries.occurred_at is 'When it happened according to SavvyCal; never used in a decision.';
comment on column savvycal.webhook_deliveries.received_at is 'When it first arrived.';
comment on column savvycal.webhook_deliveries.lag_seconds is 'From occurred_at to received_at.';
comment on column savvycal.webhook_deliveries.applied_at is 'When the reconcile it requested was completed.';
comment on column savvycal.webhook_deliveries.duplicate_count is 'How often it was delivered again.';
comment on column savvycal.webhook_deliveries.last_received_at is 'When it last arrived.';
comment on column savvycal.webhook_deliveries.webhook_id is 'Header x-savvycal-webhook-id; it is not signed.';
comment on column savvycal.webhook_deliveries.secret_number is 'Which of the configured secrets verified it, from 1: a secret that verifies nothing any more can be removed.';
comment on column savvycal.webhook_deliveries.is_known_type is 'Whether SavvyCal''s documentation, as we know it, names the type.';
comment on column savvycal.webhook_deliveries.body is 'The envelope, credentials masked; of one that cannot be read or held, a member unreadable with the reason.';

create table if not exists savvycal._work (
  account text not null default 'default',
  kind text not null,
  key text not null,
  requested_gen bigint not null default 1,
  done_gen bigint not null default 0,
  due_at timestamptz not null,
  priority smallint not null,
  reasons text[] not null default '{}',
  attempts integer not null default 0,
  last_error text,
  lease_token uuid,
  lease_until timestamptz,
  dead_lettered_at timestamptz,
  missing_since timestamptz,
  job text not null default 'object',
  constraint work_pkey primary key (account, job, kind, key),
  constraint work_job_known check (job in ('object', 'scan')),
  constraint work_kind_known check (kind in ('event', 'appointment', 'link')),
  constraint work_gen_order check (done_gen <= requested_gen),
  constraint work_lease_whole check ((lease_token is null) = (lease_until is null))
);
comment on table savvycal._work is 'Work queue: one row per object to be reconciled and per range to be scanned. Completed work is removed, so the table is empty when everything is up to date.';
comment on column savvycal._work.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._work.kind is 'event, appointment or link.';
comment on column savvycal._work.key is 'Id of the object; of a scan its standing window, or first..last date of a resync.';
comment on column savvycal._work.requested_gen is 'Generation, raised by each request; the work is done once done_gen has reached it.';
comment on column savvycal._work.done_gen is 'Generation that was completed last.';
comment on column savvycal._work.due_at is 'When it becomes due.';
comment on column savvycal._work.priority is 'Lower runs first: 0 resync, 1 webhook, 5 watch, 10 and above scans.';
comment on column savvycal._work.reasons is 'Reasons of the requests since it was last completed. unconfirmed: a change awaits confirmation, and this reconcile is too early for it.';
comment on column savvycal._work.attempts is 'Consecutive failed attempts.';
comment on column savvycal._work.last_error is 'Why the last attempt failed.';
comment on column savvycal._work.lease_token is 'Lease of the worker that holds it; null while none does.';
comment on column savvycal._work.lease_until is 'When that lease expires.';
comment on column savvycal._work.dead_lettered_at is 'When it became a dead letter after too many failures (savvycal-sync work retry); null otherwise.';
comment on column savvycal._work.missing_since is 'When SavvyCal first answered 404 or 410 for it; null while the object is served.';
comment on column savvycal._work.job is 'object: it is read by id; scan: a range of the kind is listed, and _scans has its position.';

create table if not exists savvycal._scans (
  account text not null default 'default',
  product text not null,
  window_name text not null,
  job text not null,
  started_gen bigint,
  starts_from date,
  starts_until date,
  started_at timestamptz,
  run_id bigint,
  fence bigint,
  iteration integer not null default 1,
  page integer not null default 0,
  cursor text,
  split text,
  iteration_ended boolean not null default false,
  iteration_rows bigint not null default 0,
  iteration_changes bigint not null default 0,
  constraint scans_pkey primary key (account, product, window_name)
);
comment on table savvycal._scans is 'Position of scans: one row for each scan in _work. The position commits with its page.';
comment on column savvycal._scans.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._scans.product is 'meetings or appointments.';
comment on column savvycal._scans.window_name is 'Standing window, or first..last date of a resync.';
comment on column savvycal._scans.job is 'poll, backfill or resync.';
comment on column savvycal._scans.started_gen is 'Generation that was current when the scan started; null before its first page.';
comment on column savvycal._scans.starts_from is 'First start date requested, fixed when the scan starts; null: no bound.';
comment on column savvycal._scans.starts_until is 'Last start date requested, fixed when the scan starts; null: no bound.';
comment on column savvycal._scans.started_at is 'Start of the scan.';
comment on column savvycal._scans.run_id is 'Its row in runs.';
comment on column savvycal._scans.fence is 'Fence at the start of the scan: a row with a later one has been observed since, by a scan or a reconcile.';
comment on column savvycal._scans.iteration is 'Which iteration over the range this is.';
comment on column savvycal._scans.page is 'Pages of this iteration that are stored.';
comment on column savvycal._scans.cursor is 'SavvyCal''s cursor of the next page; null at the start of an iteration.';
comment on column savvycal._scans.split is 'How the list is read around a page that SavvyCal cannot serve, as JSON of worker/core/split.py; null at the start of an iteration.';
comment on column savvycal._scans.iteration_ended is 'Whether the iteration reached the last page: the delete guard or the next iteration follows.';
comment on column savvycal._scans.iteration_rows is 'Records of this iteration so far.';
comment on column savvycal._scans.iteration_changes is 'Of these, new or changed.';

create table if not exists savvycal._tickets (
  id text not null default gen_random_uuid()::text,
  account text not null default 'default',
  kind text not null,
  object_id text not null,
  generation bigint not null,
  xid xid8 not null default pg_current_xact_id(),
  requested_at timestamptz not null default clock_timestamp(),
  reconciled_from timestamptz,
  settled_at timestamptz,
  result text,
  version integer,
  detail text,
  constraint tickets_pkey primary key (id),
  constraint tickets_result_known check (result in ('done', 'unchanged', 'deleted', 'unknown id', 'unreadable', 'dead letter')),
  constraint tickets_settled_whole check ((result is null) = (settled_at is null))
);
comment on table savvycal._tickets is 'One row for each request_resync() in SQL, to wait for with wait(). Kept for a day.';
comment on column savvycal._tickets.id is 'The ticket: cannot be guessed.';
comment on column savvycal._tickets.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._tickets.kind is 'event, appointment or link.';
comment on column savvycal._tickets.object_id is 'Id of the requested object.';
comment on column savvycal._tickets.generation is 'Generation of its work item that this request made: a reconcile of an earlier one does not answer it.';
comment on column savvycal._tickets.xid is 'Transaction of the request; until it commits no reconcile can answer it.';
comment on column savvycal._tickets.requested_at is 'When it was requested.';
comment on column savvycal._tickets.reconciled_from is 'When the reconcile that answered it began: after the request was committed.';
comment on column savvycal._tickets.settled_at is 'When it was answered; null while it is open.';
comment on column savvycal._tickets.result is 'done (there is a new version), unchanged, deleted, unknown id, unreadable (see quarantine), or dead letter.';
comment on column savvycal._tickets.version is 'Version of the object then.';
comment on column savvycal._tickets.detail is 'Why, where it is no success.';

create table if not exists savvycal._audit_clock (
  account text not null default 'default',
  product text not null,
  next_due_at timestamptz not null,
  constraint audit_clock_pkey primary key (account, product)
);
comment on table savvycal._audit_clock is 'When the background audit is due next.';
comment on column savvycal._audit_clock.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._audit_clock.product is 'meetings or appointments.';
comment on column savvycal._audit_clock.next_due_at is 'When a small sample is read and compared again.';

create unlogged table if not exists savvycal._scan_seen (
  account text not null default 'default',
  product text not null,
  window_name text not null,
  run_id bigint not null,
  iteration integer not null,
  page integer not null,
  ids text[] not null,
  constraint scan_seen_pkey primary key (account, product, window_name, run_id, iteration, page)
);
comment on table savvycal._scan_seen is 'Ids that a running scan has listed, to find the stored objects it did not list. Unlogged: losing it only postpones finding deletions.';
comment on column savvycal._scan_seen.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._scan_seen.product is 'meetings or appointments.';
comment on column savvycal._scan_seen.window_name is 'Range.';
comment on column savvycal._scan_seen.run_id is 'Run of the scan.';
comment on column savvycal._scan_seen.iteration is 'Iteration of the scan.';
comment on column savvycal._scan_seen.page is 'Position of the iteration once these were stored.';
comment on column savvycal._scan_seen.ids is 'Ids of one stored batch. One row per object would cost more than the scan itself.';

create or replace function savvycal._product(of_kind text) returns text language sql immutable set search_path = pg_catalog, pg_temp
as $$ select case of_kind when 'event' then 'meetings' else of_kind || 's' end $$;
comment on function savvycal._product(text) is 'The product whose lists show objects of a kind.';

create or replace function savvycal._work_name(of_job text, of_kind text, of_key text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case of_job when 'scan' then savvycal._product(of_kind) || '/' || of_key else of_key end
$$;
comment on function savvycal._work_name(text, text, text) is 'How people name a work item: an id, or product/window.';

create or replace function savvycal._now() returns timestamptz
language sql volatile set search_path = pg_catalog, pg_temp as $$ select clock_timestamp() $$;
comment on function savvycal._now() is 'The clock that decides when secrets expire: the database''s, never a worker''s.';

create table if not exists savvycal._meeting_secrets (
  account text not null default 'default',
  appointment_id text not null,
  meeting_id text,
  key_id text not null,
  host_url bytea,
  password bytea,
  keyed_hash bytea not null,
  fence bigint not null,
  stored_at timestamptz not null,
  purge_at timestamptz not null,
  constraint meeting_secrets_pkey primary key (account, appointment_id),
  constraint meeting_secrets_meeting_once unique (account, meeting_id),
  constraint meeting_secrets_sealed check (coalesce(octet_length(host_url), 29) > 28 and coalesce(octet_length(password), 29) > 28)
);
comment on table savvycal._meeting_secrets is 'Vault: host link and password of an appointment''s meeting, sealed (AES-256-GCM). Filled only with SAVVYCAL_SECRET_KEYS. Read it with open_meeting_secret().';
comment on column savvycal._meeting_secrets.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._meeting_secrets.appointment_id is 'Appointment that carries the meeting.';
comment on column savvycal._meeting_secrets.meeting_id is 'AppointmentMeeting (amtg_...) it opens; null when the appointment carries none.';
comment on column savvycal._meeting_secrets.key_id is 'Key of the keyring that sealed it.';
comment on column savvycal._meeting_secrets.host_url is 'Sealed host_url: nonce and ciphertext, bound to table, account, meeting, column and key.';
comment on column savvycal._meeting_secrets.password is 'Sealed password, the same way.';
comment on column savvycal._meeting_secrets.keyed_hash is 'Keyed hash of the credentials as served: detects a rotation without opening them.';
comment on column savvycal._meeting_secrets.fence is 'Fence of the read that brought it.';
comment on column savvycal._meeting_secrets.stored_at is 'When it was written.';
comment on column savvycal._meeting_secrets.purge_at is 'When the row is deleted: end of the appointment plus 24 hours. Moves with a reschedule.';

create table if not exists savvycal._secret_reads (
  id bigint generated always as identity,
  account text not null default 'default',
  meeting_id text not null,
  read_at timestamptz not null,
  role_name text not null,
  reader text,
  client_address inet,
  outcome text not null,
  constraint secret_reads_pkey primary key (account, id),
  constraint secret_reads_outcome_known check (outcome in ('given', 'expired', 'absent'))
);
comment on table savvycal._secret_reads is 'Audit log of the vault: who read which credential. Written only by open_meeting_secret(); never deleted.';
comment on column savvycal._secret_reads.id is 'Counts up.';
comment on column savvycal._secret_reads.account is 'SavvyCal account of the meeting.';
comment on column savvycal._secret_reads.meeting_id is 'AppointmentMeeting whose credential was requested.';
comment on column savvycal._secret_reads.read_at is 'When it was read.';
comment on column savvycal._secret_reads.role_name is 'Database role of the caller.';
comment on column savvycal._secret_reads.reader is 'Name of the reader as given by the calling application.';
comment on column savvycal._secret_reads.client_address is 'Where the connection came from; null for a local socket.';
comment on column savvycal._secret_reads.outcome is 'given, expired (past its purge date) or absent (not stored).';

create table if not exists savvycal._suppression_keys (
  account text not null default 'default',
  key_id text not null,
  sealed bytea not null,
  constraint suppression_keys_pkey primary key (account)
);
comment on table savvycal._suppression_keys is 'Key of the keyed hashes in _suppressed, sealed with SAVVYCAL_SECRET_KEYS; it stays the same when those rotate.';
comment on column savvycal._suppression_keys.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._suppression_keys.key_id is 'Key of the keyring that sealed it.';
comment on column savvycal._suppression_keys.sealed is 'Sealed key.';

create table if not exists savvycal._suppressed (
  account text not null default 'default',
  keyed_hash bytea not null,
  erased_at timestamptz not null,
  constraint suppressed_pkey primary key (account, keyed_hash)
);
comment on table savvycal._suppressed is 'Suppression list: people who were erased. Their data is not stored when SavvyCal sends it again.';
comment on column savvycal._suppressed.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._suppressed.keyed_hash is 'Keyed hash of the email address; the address itself is not kept.';
comment on column savvycal._suppressed.erased_at is 'When the person was erased.';

create table if not exists savvycal._upstream (
  account text not null default 'default',
  product text not null,
  observed_at timestamptz not null,
  cause text,
  since timestamptz,
  error text,
  cooldown_until timestamptz,
  probed_at timestamptz,
  constraint upstream_pkey primary key (account, product)
);
comment on table savvycal._upstream is 'How SavvyCal answered last, for each product of an account: the newest answer of all processes.';
comment on column savvycal._upstream.account is 'SavvyCal account this row belongs to (settings: default for a single one).';
comment on column savvycal._upstream.product is 'meetings or appointments.';
comment on column savvycal._upstream.observed_at is 'When the answer came.';
comment on column savvycal._upstream.cause is 'token_refused or upstream_down; null when it answered well.';
comment on column savvycal._upstream.since is 'Since when it fails.';
comment on column savvycal._upstream.error is 'The error, without values.';
comment on column savvycal._upstream.cooldown_until is 'Until when no request is sent, after the last 429.';
comment on column savvycal._upstream.probed_at is 'When a process last sent a request only to learn whether SavvyCal answers.';

create table if not exists savvycal.accounts (
  account text not null,
  product text not null,
  state text not null generated always as (
    case when not is_configured then 'not configured' when paused_at is not null then 'paused' else 'synced' end) stored,
  is_configured boolean not null,
  served_by text,
  seen_at timestamptz not null,
  accepts_webhooks boolean,
  paused_at timestamptz,
  paused_by text,
  last_problem text,
  last_problem_at timestamptz,
  constraint accounts_pkey primary key (account, product)
);
comment on table savvycal.accounts is 'What each SavvyCal account mirrors: one row per product, also for products that were removed from the settings.';
comment on column savvycal.accounts.account is 'Name of the account in the settings (default for a single one).';
comment on column savvycal.accounts.product is 'meetings, appointments or links; links are read with the token of meetings.';
comment on column savvycal.accounts.state is 'synced, paused by a person, or not configured: its rows stay as they were, and nothing about them is a problem.';
comment on column savvycal.accounts.is_configured is 'Whether the settings of a process name a token for it.';
comment on column savvycal.accounts.served_by is 'Process (host:pid:start) that has it in its settings and reported it last; null: none does now.';
comment on column savvycal.accounts.seen_at is 'When a process last reported it; renewed each minute.';
comment on column savvycal.accounts.accepts_webhooks is 'Whether the settings of a process that serves HTTP have a secret for its webhooks; null: no such process has reported.';
comment on column savvycal.accounts.paused_at is 'Since when it is paused; null: it is not.';
comment on column savvycal.accounts.paused_by is 'Who paused it.';
comment on column savvycal.accounts.last_problem is 'The last problem that began, in a sentence; it may be over (health.problems lists those that hold).';
comment on column savvycal.accounts.last_problem_at is 'When that problem began.';

create table if not exists savvycal._problems (
  cause text not null,
  scope text not null,
  severity text not null,
  since timestamptz not null,
  seen_at timestamptz not null,
  sentence text not null,
  next_step text not null,
  constraint problems_pkey primary key (cause, scope),
  constraint problems_severity_known check (severity in ('red', 'yellow'))
);
comment on table savvycal._problems is 'What is wrong now: one row for each problem, from its begin to its end. Each was logged once.';
comment on column savvycal._problems.cause is 'The cause (docs/operations.md).';
comment on column savvycal._problems.scope is 'What it is about: account, account/product, account/product/window; empty for the whole installation.';
comment on column savvycal._problems.severity is 'red: the mirror is not current. yellow: something waits for a person, or for time.';
comment on column savvycal._problems.since is 'When it began.';
comment on column savvycal._problems.seen_at is 'When it was last found to hold.';
comment on column savvycal._problems.sentence is 'What is wrong, in a sentence.';
comment on column savvycal._problems.next_step is 'What to do.';

create table if not exists savvycal.data_inventory (
  table_name text not null,
  column_name text not null,
  class text not null,
  constraint data_inventory_pkey primary key (table_name, column_name),
  constraint data_inventory_class_known check (class in ('none', 'personal', 'secret'))
);
comment on table savvycal.data_inventory is 'What personal data each column of this schema holds. The grants of the reader roles follow from it.';
comment on column savvycal.data_inventory.table_name is 'Table or view of this schema.';
comment on column savvycal.data_inventory.column_name is 'Its column.';
comment on column savvycal.data_inventory.class is 'none, personal (concerns a person, or admits one to a meeting) or secret (a credential, sealed).';

insert into savvycal.data_inventory as i (table_name, column_name, class)
select t, c, k from (values
  ('_meta', 'none', 'only_row schema_version applied_at oldest_program shape'),
  ('_upstream', 'none', 'account product observed_at cause since error cooldown_until probed_at'),
  ('_problems', 'none', 'cause scope severity since seen_at sentence next_step'),
  ('accounts', 'none', 'account product state is_configured served_by seen_at accepts_webhooks paused_at last_problem last_problem_at'),
  ('accounts', 'personal', 'paused_by'),
  ('_windows', 'none', 'account product window_name complete_as_of next_due_at interval_seconds missing is_paused'),
  ('_paused', 'none', 'account product kind'),
  ('events', 'none', 'account id state phase start_at end_at organizer_id scheduler_id link_id link_name link_slug link_private_name
    link_description created_at canceled_at rescheduled_at original_start_at original_end_at duration_minutes buffer_before_minutes
    buffer_after_minutes description_settings_include_attendees description_settings_include_fields
    description_settings_include_link_name conferencing_type scope_id is_group_session maximum_group_size payment_state
    payment_amount_total_cents payment_amount_subtotal_cents payment_amount_discount_cents payment_amount_tax_cents
    payment_amount_shipping_cents url uuid version fence raw_hash content_hash transition_seq first_seen_at changed_at deleted_at deleted_reason'),
  ('events', 'personal', 'summary cancel_reason reschedule_reason description additional_info location location_settings
    conferencing_join_url conferencing_meeting_id conferencing_instructions poll scope_name scope_slug metadata payment_url extra'),
  ('event_attendees', 'none', 'account event_id position id is_listed response_status is_organizer is_scheduler marketing_opt_in'),
  ('event_attendees', 'personal', 'email display_name first_name last_name phone_number time_zone extra'),
  ('event_answers', 'none', 'account event_id attendee_position position id type label options'),
  ('event_answers', 'personal', 'value extra'),
  ('appointments', 'none', 'account id status phase start_at end_at time_zone start_local end_local end_time_zone appointment_type
    confirmed_at created_at updated_at client_id client_created_at client_updated_at provider_id provider_time_zone
    provider_created_at provider_updated_at service_id service_name service_internal_name service_appointment_type service_duration
    service_slot_rules service_booking_policy service_cancellation_policy service_rescheduling_policy service_change_policy_text
    service_metadata service_provider_notifications service_created_at service_updated_at version fence raw_hash content_hash
    transition_seq first_seen_at changed_at deleted_at deleted_reason'),
  ('appointments', 'personal', 'client_reference_id client_locale client_time_zone client_email client_first_name client_last_name
    client_phone client_metadata client_data_locale client_data_reference_id client_data_time_zone client_data_email
    client_data_first_name client_data_last_name client_data_phone provider_display_name provider_first_name provider_last_name
    fields legacy_client_locale legacy_client_reference_id legacy_client_time_zone extra'),
  ('appointment_history', 'none', 'account appointment_id kind position occurred_at initiated_by source actor cancellation_reason_id
    cancellation_reason_name cancellation_reason_sort_order start_at end_at previous_start_at previous_end_at new_start_at new_end_at
    time_zone'),
  ('appointment_history', 'personal', 'custom_reason_text extra'),
  ('links', 'none', 'account id name private_name slug description type state version fence raw_hash content_hash transition_seq
    first_seen_at changed_at deleted_at deleted_reason'),
  ('links', 'personal', 'extra'),
  ('meetings', 'none', 'account id event_id appointment_id status phase conferencing_provider has_host_url has_password is_current
    replaces replaced_by transition_seq first_seen_at changed_at'),
  ('meetings', 'personal', 'external_meeting_id join_url error_message'),
  ('transitions', 'none', 'account kind id seq from_status to_status label occurred_at observed_at via version'),
  ('transitions', 'personal', 'reason'),
  ('snapshots', 'none', 'account kind id version observed_at via is_deleted changed_fields'),
  ('snapshots', 'personal', 'body'),
  ('changes', 'none', 'position account kind id version change changed_at'),
  ('_unpublished_changes', 'none', 'seq account kind id version change changed_at'),
  ('_feed_servers', 'none', 'id system_id timeline after_position noted_at'),
  ('_feed_floor', 'none', 'only_row position'),
  ('_retained', 'none', 'table_name until'),
  ('_tickets', 'none', 'id account kind object_id generation xid requested_at reconciled_from settled_at result version detail'),
  ('coverage', 'none', 'account product window_name starts_from starts_until complete_as_of row_count next_due_at run_id interval_seconds approved_deletions
    approved_deletions_until missing'),
  ('runs', 'none', 'account id job product window_name started_at finished_at result iterations pages rows_read rows_written rows_unchanged
    rows_superseded rows_quarantined rows_repaired rows_differing expected_rows error'),
  ('account_facts', 'none', 'account product fact value source observed_at previous_value'),
  ('_audit_clock', 'none', 'account product next_due_at'),
  ('quarantine', 'none', 'account kind id reason attempts first_seen_at last_seen_at resolved_at byte_count'),
  ('quarantine', 'personal', 'body'),
  ('_work', 'none', 'account kind key requested_gen done_gen due_at priority reasons attempts last_error lease_token lease_until
    dead_lettered_at missing_since job'),
  ('_scans', 'none', 'account product window_name job started_gen starts_from starts_until started_at run_id fence iteration page cursor split iteration_ended iteration_rows iteration_changes'),
  ('_scan_seen', 'none', 'account product window_name run_id iteration page ids'),
  ('_meeting_secrets', 'none', 'account appointment_id meeting_id key_id keyed_hash fence stored_at purge_at'),
  ('_meeting_secrets', 'secret', 'host_url password'),
  ('_secret_reads', 'none', 'id account meeting_id read_at role_name outcome'),
  ('_secret_reads', 'personal', 'reader client_address'),
  ('_suppression_keys', 'none', 'account key_id'),
  ('_suppression_keys', 'secret', 'sealed'),
  ('_suppressed', 'none', 'account keyed_hash erased_at'),
  ('data_inventory', 'none', 'table_name column_name class'),
  ('event_bodies', 'none', 'account id version observed_at'),
  ('event_bodies', 'personal', 'body'),
  ('appointment_bodies', 'none', 'account id version observed_at'),
  ('appointment_bodies', 'personal', 'body'),
  ('link_bodies', 'none', 'account id version observed_at'),
  ('link_bodies', 'personal', 'body'),
  ('upcoming', 'none', 'account kind id start_at end_at status phase meeting_status'),
  ('upcoming', 'personal', 'title booked_by join_url'),
  ('stuck_meetings', 'none', 'account object_id meeting_id status start_at since'),
  ('stuck_meetings', 'personal', 'error_message'),
  ('reschedules', 'none', 'account kind id version observed_at via previous_start_at new_start_at'),
  ('freshness', 'none', 'account product window_name complete_as_of age row_count next_due_at last_result missing'),
  ('lifecycle_counts', 'none', 'account kind status phase objects'),
  ('drift', 'none', 'account kind what name objects'),
  ('webhook_deliveries', 'none', 'account product id type state kind object_id occurred_at received_at lag_seconds applied_at
    duplicate_count last_received_at webhook_id secret_number is_known_type'),
  ('webhook_deliveries', 'personal', 'body'),
  ('polled_changes', 'none', 'account kind id version observed_at via announced_at late_by verdict'),
  ('webhook_health', 'none', 'account product deliveries duplicates unknown_types waiting last_received_at lag_p50_seconds
    lag_p99_seconds announced polled announced_late missed missed_share'),
  ('health', 'none', 'feed_waiting feed_lag feed_held_by account complete_as_of windows_never_complete windows_overdue dead_lettered due quarantined stuck_meetings
    suspect_runs_today audited_last_hour differing_last_hour secrets_past_their_date oldest_secret_past
    windows_partial missing problems paused')
) as v (t, k, columns), lateral regexp_split_to_table(columns, '\s+') as c
on conflict on constraint data_inventory_pkey do update set class = excluded.class where i.class <> excluded.class;

-- Indexes: each names the query that needs it.
-- purging secrets by date
create index if not exists meeting_secrets_purge_at on savvycal._meeting_secrets (purge_at);
-- upcoming, and what a scan should have listed. Time first: with the account first it was used to find ids of an
-- account that the statistics do not know yet, and was read in full for each (tests/integration/store/test_query_plans.py)
create index if not exists events_start_at on savvycal.events (start_at, account);
create index if not exists appointments_start_at on savvycal.appointments (start_at, account);
-- the meetings of an appointment, read at every change of it
create index if not exists meetings_appointment on savvycal.meetings (account, appointment_id) where appointment_id is not null;
-- stuck_meetings
create index if not exists meetings_unsettled on savvycal.meetings (account, status)
  where is_current and status in ('pending', 'failed', 'update_pending', 'cancel_pending');
-- claiming work
create index if not exists work_due on savvycal._work (account, job, priority, due_at) where dead_lettered_at is null;
-- how many resyncs of an account are open, at each request
create index if not exists work_resyncs on savvycal._work (account) where 'resync' = any (reasons);
-- how many objects of an account are missing, at each 404
create index if not exists work_missing on savvycal._work (account, kind) where missing_since is not null;
-- the deliveries about an object: closed by a reconcile, and read to find whether a change was announced
create index if not exists webhook_deliveries_object on savvycal.webhook_deliveries (account, kind, object_id) where object_id is not null;
-- Dead letters, and records that cannot be read: counted every few seconds (queries/problems.sql).
create index if not exists work_dead_lettered on savvycal._work (account) where dead_lettered_at is not null;
create index if not exists quarantine_open on savvycal.quarantine (account) where resolved_at is null;
-- retention, and the last day's deliveries
create index if not exists webhook_deliveries_received_at on savvycal.webhook_deliveries (received_at);
-- polled_changes of the last hour and day; a backfill does not pay for it
create index if not exists snapshots_observed_at on savvycal.snapshots (account, kind, observed_at) where via <> 'backfill';
-- changes_since() for one account
create index if not exists changes_account on savvycal.changes (account, position);
-- retention: versions that another one ended; a first load does not pay for it
create index if not exists snapshots_later on savvycal.snapshots (observed_at) where version > 1;
-- retention
create index if not exists runs_finished_at on savvycal.runs (finished_at);
-- open tickets of an object that was reconciled
create index if not exists tickets_open on savvycal._tickets (account, kind, object_id) where result is null;
-- tickets that are a day old
create index if not exists tickets_requested_at on savvycal._tickets (requested_at);
-- bookings of a person, by host or guest; the account comes later here, too, as in events_start_at
create index if not exists event_attendees_email on savvycal.event_attendees (email, account);
create index if not exists appointments_client_email on savvycal.appointments (client_email, account);
-- appointments of a client
create index if not exists appointments_client_id on savvycal.appointments (client_id, account);
-- the booking of a provider's meeting
create index if not exists meetings_external_id on savvycal.meetings (external_meeting_id, account) where external_meeting_id is not null;
-- meetings join events
create index if not exists meetings_event on savvycal.meetings (event_id, account) where event_id is not null;
-- lifecycle_counts reads these alone
create index if not exists events_counts on savvycal.events (state, phase, account) where deleted_at is null;
create index if not exists appointments_counts on savvycal.appointments (status, phase, account) where deleted_at is null;
create index if not exists meetings_counts on savvycal.meetings (status, phase, account) where is_current;
-- unknown fields, in drift
create index if not exists events_extra on savvycal.events (account) where extra <> '{}';
create index if not exists appointments_extra on savvycal.appointments (account) where extra <> '{}';
create index if not exists links_extra on savvycal.links (account) where extra <> '{}';
create index if not exists event_attendees_extra on savvycal.event_attendees (account) where extra <> '{}';
create index if not exists event_answers_extra on savvycal.event_answers (account) where extra <> '{}';
create index if not exists appointment_history_extra on savvycal.appointment_history (account) where extra <> '{}';
-- the newest transition, in status
create index if not exists transitions_observed_at on savvycal.transitions (observed_at) where label <> 'initial';
-- reschedules
create index if not exists snapshots_moved on savvycal.snapshots (account, kind, observed_at)
  where version > 1 and changed_fields && array['start_at', 'start_at.utc'];
-- next_up() of a provider
create index if not exists appointments_provider on savvycal.appointments (provider_id, account, start_at);
-- unknown states, in drift
create index if not exists events_unknown on savvycal.events (account, state) where phase = 'unknown';
create index if not exists appointments_unknown on savvycal.appointments (account, status) where phase = 'unknown';
create index if not exists meetings_unknown on savvycal.meetings (account, status) where phase = 'unknown';
-- the last runs, in status
create index if not exists runs_started_at on savvycal.runs (account, started_at);
-- polled_changes: when the first complete scan ended, for each new object
create index if not exists runs_complete on savvycal.runs (account, product, finished_at) where window_name = 'all' and result = 'ok';

-- room for the next version of a row on its page: a change then touches no index
alter table savvycal.events set (fillfactor = 70);
alter table savvycal.appointments set (fillfactor = 70);
alter table savvycal.links set (fillfactor = 70);
alter table savvycal.meetings set (fillfactor = 80);

do $$ begin
  alter table savvycal.snapshots alter column body set compression lz4;
exception when feature_not_supported then
  -- this server was built without lz4; pglz took a fifth of the time of a backfill (make bench)
  alter table savvycal.snapshots set (toast_tuple_target = 8160);
end $$;

create or replace view savvycal.event_bodies as
  select s.account, s.id, s.version, s.observed_at, s.body::jsonb as body
  from savvycal.events o join savvycal.snapshots s on (s.account, s.kind, s.id, s.version) = (o.account, 'event', o.id, o.version);
comment on view savvycal.event_bodies is 'The whole current document of each Event, credentials masked.';

create or replace view savvycal.appointment_bodies as
  select s.account, s.id, s.version, s.observed_at, s.body::jsonb as body
  from savvycal.appointments o join savvycal.snapshots s on (s.account, s.kind, s.id, s.version) = (o.account, 'appointment', o.id, o.version);
comment on view savvycal.appointment_bodies is 'The whole current document of each Appointment, credentials masked.';

create or replace view savvycal.link_bodies as
  select s.account, s.id, s.version, s.observed_at, s.body::jsonb as body
  from savvycal.links o join savvycal.snapshots s on (s.account, s.kind, s.id, s.version) = (o.account, 'link', o.id, o.version);
comment on view savvycal.link_bodies is 'The whole current document of each booking link.';

create or replace view savvycal.upcoming with (security_barrier) as
  select e.account, 'event' as kind, e.id, e.start_at, e.end_at, e.state as status, e.phase,
         e.summary as title, p.display_name as booked_by, m.status as meeting_status, m.join_url
  from savvycal.events e
  left join savvycal.meetings m on m.account = e.account and m.id = e.id
  left join lateral (
    select a.display_name from savvycal.event_attendees a
    where a.account = e.account and a.event_id = e.id and a.id = e.scheduler_id limit 1) p on true
  where e.deleted_at is null and e.end_at > now() and e.phase <> 'canceled'
  union all
  select a.account, 'appointment', a.id, a.start_at, a.end_at, a.status, a.phase, a.service_name,
         coalesce(nullif(concat_ws(' ', a.client_data_first_name, a.client_data_last_name), ''),
                  nullif(concat_ws(' ', a.client_first_name, a.client_last_name), ''), a.client_reference_id),
         m.status, m.join_url
  from savvycal.appointments a
  left join savvycal.meetings m on m.account = a.account and m.appointment_id = a.id and m.is_current
  where a.deleted_at is null and a.end_at > now() and a.phase <> 'canceled';
comment on view savvycal.upcoming is 'Upcoming bookings of both products that are not canceled, with their join link.';

create or replace view savvycal.stuck_meetings with (security_barrier) as
  select m.account, coalesce(m.event_id, m.appointment_id) as object_id, m.id as meeting_id, m.status, m.error_message,
         coalesce(e.start_at, a.start_at) as start_at, now() - m.changed_at as since
  from savvycal.meetings m
  left join savvycal.events e on e.account = m.account and e.id = m.event_id
  left join savvycal.appointments a on a.account = m.account and a.id = m.appointment_id
  where m.is_current and m.status in ('pending', 'failed', 'update_pending', 'cancel_pending')
    and m.changed_at < now() - interval '5 minutes' and coalesce(e.end_at, a.end_at) > now()
    and coalesce(e.deleted_at, a.deleted_at) is null and coalesce(e.phase, a.phase) <> 'canceled';
comment on view savvycal.stuck_meetings is 'Upcoming meetings whose conferencing has been in progress for five minutes or more.';

create or replace view savvycal.freshness as
  select c.account, c.product, c.window_name, c.complete_as_of, now() - c.complete_as_of as age, c.row_count, c.next_due_at,
         r.result as last_result, c.missing
  from savvycal.coverage c left join savvycal.runs r on r.account = c.account and r.id = c.run_id;
comment on view savvycal.freshness is 'Age of the last complete scan of each window, and the ranges it could not read.';

create or replace view savvycal._paused as
  select account, product, case product when 'meetings' then 'event' else rtrim(product, 's') end as kind
  from savvycal.accounts where paused_at is not null;
comment on view savvycal._paused is 'Products that a person paused: no work of theirs is claimed.';

create or replace view savvycal._windows as
  select c.account, c.product, c.window_name, c.complete_as_of, c.next_due_at, c.interval_seconds, c.missing,
    coalesce(a.state = 'paused', false) as is_paused
  from savvycal.coverage c left join savvycal.accounts a on (a.account, a.product) = (c.account, c.product)
  where a.state is distinct from 'not configured';
comment on view savvycal._windows is 'Windows of configured products: those that can be late.';

create or replace view savvycal.health as
  select account,
    (select case when count(*) = count(c.complete_as_of) then min(c.complete_as_of) end
      from savvycal._windows c where c.account = a.account) as complete_as_of,
    (select count(*) from savvycal._windows c where c.account = a.account and c.complete_as_of is null) as windows_never_complete,
    (select count(*) from savvycal._windows c
      where c.account = a.account and not c.is_paused and c.next_due_at < now() - interval '10 minutes'
        and not exists (select from savvycal._work t where (t.account, t.job, t.key) = (c.account, 'scan', c.window_name)
          and savvycal._product(t.kind) = c.product and t.lease_until > now() - interval '1 minute')) as windows_overdue,
    (select count(*) from savvycal._work t where t.account = a.account and t.dead_lettered_at is not null) as dead_lettered,
    (select count(*) from savvycal._work t
      where t.account = a.account and t.job = 'object' and t.dead_lettered_at is null and t.due_at <= now()) as due,
    (select count(*) from savvycal.quarantine q where q.account = a.account and q.resolved_at is null) as quarantined,
    (select count(*) from savvycal.stuck_meetings m where m.account = a.account) as stuck_meetings,
    (select count(*) from savvycal.runs r where r.account = a.account and r.result = 'suspect' and r.started_at > now() - interval '1 day') as suspect_runs_today,
    (select coalesce(sum(r.rows_read), 0) from savvycal.runs r
      where r.account = a.account and r.job = 'audit' and r.started_at > now() - interval '1 hour') as audited_last_hour,
    (select coalesce(sum(r.rows_differing), 0) from savvycal.runs r
      where r.account = a.account and r.job = 'audit' and r.started_at > now() - interval '1 hour') as differing_last_hour,
    (select count(*) from savvycal._meeting_secrets s where s.account = a.account and s.purge_at <= savvycal._now()) as secrets_past_their_date,
    (select savvycal._now() - min(s.purge_at) from savvycal._meeting_secrets s
      where s.account = a.account and s.purge_at <= savvycal._now()) as oldest_secret_past,
    (select count(*) from savvycal._windows c where c.account = a.account and c.missing is not null) as windows_partial,
    (select string_agg(format('%s/%s from %s to %s (%s)', c.product, c.window_name, coalesce(m ->> 'first', 'the beginning'),
        coalesce(m ->> 'last', 'the end'), m ->> 'reason'), '; ' order by c.product, c.window_name)
      from savvycal._windows c, jsonb_array_elements(c.missing) m where c.account = a.account) as missing,
    (select count(*) from savvycal._unpublished_changes u where u.account = a.account) as feed_waiting,
    (select greatest(now() - min(u.changed_at), '0') from savvycal._unpublished_changes u where u.account = a.account) as feed_lag,
    (select string_agg('process ' || l.pid, ', ' order by l.pid) from pg_locks l
      where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32) + l.objid::bigint = hashtextextended('savvycal:changes', 0)
        and exists (select from savvycal._unpublished_changes u where u.account = a.account)) as feed_held_by,
    (select coalesce(array_agg(distinct p.cause order by p.cause), '{}') from savvycal._problems p
      where split_part(p.scope, '/', 1) in ('', a.account)) as problems,
    (select coalesce(array_agg(p.product order by p.product), '{}') from savvycal._paused p where p.account = a.account) as paused
  from (select distinct account from savvycal._windows) a;
comment on view savvycal.health is 'One row per configured account: completeness, delay, work that needs a person, differences found by the background audit, and the causes of problems that hold.';

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
comment on view savvycal.polled_changes is 'Changes that polling found before a webhook announced them: announced (and how late), waiting (up to five minutes) or missed. Objects that existed before the first complete scan are not counted.';

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
comment on view savvycal.webhook_health is 'Webhooks of the last day per product: deliveries, delays, and changes that no webhook announced.';

create or replace view savvycal.lifecycle_counts as
  select account, 'event' as kind, state as status, phase, count(*) as objects from savvycal.events where deleted_at is null group by 1, 2, 3, 4
  union all
  select account, 'appointment', status, phase, count(*) from savvycal.appointments where deleted_at is null group by 1, 2, 3, 4
  union all
  select account, 'link', state, null, count(*) from savvycal.links where deleted_at is null group by 1, 2, 3, 4
  union all
  select account, 'meeting', status, phase, count(*) from savvycal.meetings where is_current group by 1, 2, 3, 4;
comment on view savvycal.lifecycle_counts is 'Number of objects per status, deleted ones excluded.';

create or replace view savvycal.drift with (security_barrier) as
  select account, 'event' as kind, 'unknown state' as what, state as name, count(*) as objects from savvycal.events where phase = 'unknown' group by 1, 4
  union all
  select account, 'appointment', 'unknown status', status, count(*) from savvycal.appointments where phase = 'unknown' group by 1, 4
  union all
  select account, 'meeting', 'unknown status', status, count(*) from savvycal.meetings where phase = 'unknown' group by 1, 4
  union all
  select account, 'event', 'unknown field', key, count(*) from savvycal.events, lateral jsonb_object_keys(extra) key where extra <> '{}' group by 1, 4
  union all
  select account, 'appointment', 'unknown field', key, count(*) from savvycal.appointments, lateral jsonb_object_keys(extra) key where extra <> '{}' group by 1, 4
  union all
  select account, 'link', 'unknown field', key, count(*) from savvycal.links, lateral jsonb_object_keys(extra) key where extra <> '{}' group by 1, 4
  union all
  select account, 'event', 'unknown field', 'attendees.' || key, count(*) from savvycal.event_attendees, lateral jsonb_object_keys(extra) key where extra <> '{}' group by 1, 4
  union all
  select account, 'event', 'unknown field', 'attendees.fields.' || key, count(*) from savvycal.event_answers, lateral jsonb_object_keys(extra) key where extra <> '{}' group by 1, 4
  union all
  select account, 'appointment', 'unknown field', 'history.' || key, count(*) from savvycal.appointment_history, lateral jsonb_object_keys(extra) key where extra <> '{}' group by 1, 4
  union all
  select account, case product when 'meetings' then 'event' when 'links' then 'link' else 'appointment' end, 'finding that changed',
    fact || ': ' || previous_value || ' -> ' || value, 1 from savvycal.account_facts where previous_value is not null;
comment on view savvycal.drift is 'States and fields that SavvyCal''s documentation does not name, and account facts that changed.';


create or replace function savvycal._last_position() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select greatest((select max(position) from savvycal.changes), (select position from savvycal._feed_floor), 0)
$$;
comment on function savvycal._last_position() is 'End of the feed, also after retention has deleted all of it.';

create or replace function savvycal._note_feed_server() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  this_system text := (select lpad(to_hex(system_identifier), 16, '0') from pg_control_system());
  this_timeline text := lower(left(pg_walfile_name(pg_current_wal_lsn()), 8));
begin
  insert into savvycal._feed_servers (system_id, timeline, after_position)
  select this_system, this_timeline, savvycal._last_position()
  where (this_system, this_timeline) is distinct from (
    select row(system_id, timeline) from savvycal._feed_servers order by id desc limit 1);
end $$;
comment on function savvycal._note_feed_server() is
  'Notes where this server, or its new timeline after a failover, continues the feed.';

create or replace function savvycal._publish_changes(batch integer default 10000) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  last_position bigint;
  published bigint;
begin
  if not exists (select from savvycal._unpublished_changes) then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('savvycal:changes', 0));
  perform savvycal._note_feed_server();
  last_position := savvycal._last_position();
  with taken as (
    delete from savvycal._unpublished_changes
    where seq in (select seq from savvycal._unpublished_changes order by seq limit batch) returning *
  )
  insert into savvycal.changes (position, account, kind, id, version, change, changed_at)
  select last_position + row_number() over (order by seq), account, kind, id, version, change, changed_at from taken;
  get diagnostics published = row_count;
  perform pg_notify('savvycal_changes', '');
  return published;
end $$;
comment on function savvycal._publish_changes(integer) is
  'Gives each committed change its place in the feed, in the order of writing, and wakes readers. One transaction at a time, in READ COMMITTED.';

create or replace function savvycal._cursor(of_position bigint) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select lpad(of_position::text, 19, '0') || '.' || s.system_id || '.' || s.timeline
  from savvycal._feed_servers s order by s.id desc limit 1
$$;
comment on function savvycal._cursor(bigint) is 'A position of the feed as a cursor of this server.';

create or replace function savvycal._feed_position(of_cursor text) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted bigint;
  this_server integer;
  next_began bigint;
  last_position bigint;
begin
  if of_cursor is null then
    raise exception 'change feed: the cursor is null; use the last one you have, or start with feed_snapshot()' using errcode = '22023';
  elsif of_cursor = '' then
    wanted := 0;
  elsif of_cursor !~ '^[0-9]{19}\.[0-9a-f]{16}\.[0-9a-f]{8}$' then
    raise exception 'change feed: that is not a cursor of this feed; start again with feed_snapshot()' using errcode = '22023';
  else
    wanted := split_part(of_cursor, '.', 1)::bigint;
    select max(id) into this_server from savvycal._feed_servers
    where (system_id, timeline) = (split_part(of_cursor, '.', 2), split_part(of_cursor, '.', 3));
    select min(after_position) into next_began from savvycal._feed_servers where id > this_server;
    last_position := savvycal._last_position();
    if this_server is null then
      raise exception 'change feed: this cursor is of another server; start again with feed_snapshot()' using errcode = '22023';
    elsif wanted > next_began or (wanted > last_position and not pg_is_in_recovery()) then
      raise exception 'change feed: this cursor is ahead of what this server has, as after a failover that lost commits; start again with feed_snapshot()'
        using errcode = '22023';
    end if;
  end if;
  if wanted < (select position from savvycal._feed_floor) then
    raise exception 'change feed: changes after this cursor have been deleted by retention; start again with feed_snapshot()'
      using errcode = '22023';
  end if;
  return wanted;
end $$;
comment on function savvycal._feed_position(text) is 'The position of a cursor. Raises when what follows it cannot be given completely.';

create or replace function savvycal._account_must_be_known(of_account text) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if of_account is not null and not exists (select from savvycal.coverage c where c.account = of_account) then
    raise exception 'no account of that name is mirrored here; null means all of them' using errcode = '22023';
  end if;
end $$;
comment on function savvycal._account_must_be_known(text) is 'Raises for the name of an account that is not mirrored here.';

create or replace function savvycal.changes_since(after_cursor text default '', of_account text default 'default', batch integer default 1000)
returns table (cursor text, account text, kind text, id text, version integer, change text, changed_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  after_position bigint := savvycal._feed_position(after_cursor);
  server text := substr(savvycal._cursor(0), 20);
begin
  perform savvycal._account_must_be_known(of_account);
  if of_account is null then
    return query select lpad(c.position::text, 19, '0') || server, c.account, c.kind, c.id, c.version, c.change, c.changed_at
      from savvycal.changes c where c.position > after_position order by c.position limit batch;
  else
    return query select lpad(c.position::text, 19, '0') || server, c.account, c.kind, c.id, c.version, c.change, c.changed_at
      from savvycal.changes c where c.account = of_account and c.position > after_position order by c.position limit batch;
  end if;
end $$;
comment on function savvycal.changes_since(text, text, integer) is
  'Changes after a cursor, in order, of one account or (null) of all; '''' is the beginning. Nothing ever appears behind a cursor that was read. Raises when the cursor cannot be honoured.';

create or replace function savvycal.feed_cursor() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select savvycal._cursor(savvycal._last_position())
$$;
comment on function savvycal.feed_cursor() is 'The cursor of the end of the feed: take it before you read the tables, then go on from it.';

create or replace function savvycal.feed_snapshot(of_account text default 'default')
returns table (cursor text, account text, kind text, id text, version integer, change text, changed_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  now_at text := savvycal.feed_cursor();
begin
  perform savvycal._account_must_be_known(of_account);
  return query
    select now_at, o.account, o.kind, o.id, o.version, o.change, o.changed_at from (
      select e.account, 'event' as kind, e.id, e.version, case when e.deleted_at is null then 'created' else 'deleted' end as change,
        e.changed_at from savvycal.events e
      union all
      select a.account, 'appointment', a.id, a.version, case when a.deleted_at is null then 'created' else 'deleted' end,
        a.changed_at from savvycal.appointments a
      union all
      select l.account, 'link', l.id, l.version, case when l.deleted_at is null then 'created' else 'deleted' end,
        l.changed_at from savvycal.links l) o
    where of_account is null or o.account = of_account;
end $$;
comment on function savvycal.feed_snapshot(text) is
  'All objects as they are, as rows of the feed with the cursor to go on from: how a new consumer starts, and one whose cursor was refused.';

select savvycal._note_feed_server() where not pg_is_in_recovery();

create or replace function savvycal._request(
  of_account text, of_job text, of_kind text, of_key text, of_priority integer, of_reason text, asked_at timestamptz)
returns text language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into savvycal._work as t (account, job, kind, key, due_at, priority, reasons)
  values (of_account, of_job, of_kind, of_key, asked_at, of_priority, array[of_reason])
  on conflict on constraint work_pkey do update
    set requested_gen = t.requested_gen + 1, due_at = least(t.due_at, excluded.due_at), dead_lettered_at = null, attempts = 0,
        priority = least(t.priority, excluded.priority),
        reasons = array_remove(case when t.due_at > asked_at then array_replace(t.reasons, 'confirm', 'unconfirmed') else t.reasons end, of_reason)
          || excluded.reasons
  returning case when xmax = 0 then 'queued' when lease_until > asked_at then 'running' else 'merged' end
$$;
comment on function savvycal._request(text, text, text, text, integer, text, timestamptz) is
  'Requests work: a reconcile of one object, or a scan. Returns queued, merged (it was queued already) or running (one more run follows).';

create or replace function savvycal._request_for_user(of_account text, of_kind text, of_id text)
returns text language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  urgent_max constant integer := 100;
  open_max constant integer := 5000;
  open_count integer;
begin
  select count(*) into open_count
  from (select from savvycal._work t where t.account = of_account and t.job = 'object' and 'resync' = any (t.reasons) limit open_max) t;
  if open_count >= open_max and not exists (
    select from savvycal._work t where (t.account, t.job, t.kind, t.key) = (of_account, 'object', of_kind, of_id)) then
    return 'refused';
  end if;
  return savvycal._request(of_account, 'object', of_kind, of_id, case when open_count < urgent_max then 0 else 10 end, 'resync',
    clock_timestamp());
end $$;
comment on function savvycal._request_for_user(text, text, text) is
  'Requests a resync of one object: before everything else while an account has few open requests, behind its other objects after that, and refused when there are too many.';

create or replace function savvycal.request_resync(of_kind text, of_id text, of_account text default 'default')
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare ticket text;
begin
  if of_kind not in ('event', 'appointment', 'link') then
    raise exception 'request_resync: kind must be event, appointment or link' using errcode = '22023';
  end if;
  if of_id !~ '^[A-Za-z0-9_.:-]{1,128}$' then
    raise exception 'request_resync: not a valid id of an object' using errcode = '22023';
  end if;
  if not exists (
    select from savvycal.coverage c
    where c.account = of_account and c.product = case of_kind when 'event' then 'meetings' else of_kind || 's' end) then
    raise exception 'request_resync: nothing of that kind is mirrored here for an account of that name' using errcode = '22023';
  end if;
  if savvycal._request_for_user(of_account, of_kind, of_id) = 'refused' then
    raise exception 'request_resync: 5000 objects of that account wait to be read again; ask for a range or for everything instead'
      using errcode = '54000';
  end if;
  insert into savvycal._tickets (account, kind, object_id, generation)
  select account, kind, key, requested_gen from savvycal._work where (account, job, kind, key) = (of_account, 'object', of_kind, of_id)
  returning id into ticket;
  delete from savvycal._tickets where id = any (array(  -- a few old ones go with each new one
    select id from savvycal._tickets where requested_at < now() - interval '1 day' order by requested_at limit 5
    for update skip locked));
  perform pg_notify('savvycal_work', '');
  return ticket;
end $$;
comment on function savvycal.request_resync(text, text, text) is
  'Enqueues an immediate re-read of one object, in your transaction: if you roll back, nothing is requested. Returns a ticket for wait().';

create or replace function savvycal._stored(of_account text, of_kind text, of_id text)
returns table (version integer, is_deleted boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.version, o.deleted_at is not null from savvycal.events o where of_kind = 'event' and (o.account, o.id) = (of_account, of_id)
  union all
  select o.version, o.deleted_at is not null from savvycal.appointments o where of_kind = 'appointment' and (o.account, o.id) = (of_account, of_id)
  union all
  select o.version, o.deleted_at is not null from savvycal.links o where of_kind = 'link' and (o.account, o.id) = (of_account, of_id)
$$;
comment on function savvycal._stored(text, text, text) is 'The stored version of an object of any kind, and whether it is deleted.';

create or replace function savvycal._settle_tickets(
  of_account text, of_kind text, of_id text, up_to_generation bigint, with_result text, with_detail text, began_at timestamptz)
returns bigint language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  this_version integer;
  is_deleted boolean;
  settled bigint;
begin
  if not exists (select from savvycal._tickets t where (t.account, t.kind, t.object_id) = (of_account, of_kind, of_id) and t.result is null) then
    return 0;
  end if;
  select o.version, o.is_deleted into this_version, is_deleted from savvycal._stored(of_account, of_kind, of_id) o;
  update savvycal._tickets t
  set result = case when with_result = 'unknown id' and is_deleted then 'deleted' else with_result end,
      version = this_version, detail = with_detail, reconciled_from = began_at, settled_at = clock_timestamp()
  where (t.account, t.kind, t.object_id) = (of_account, of_kind, of_id) and t.result is null and t.generation <= up_to_generation;
  get diagnostics settled = row_count;
  if settled > 0 then
    perform pg_notify('savvycal_tickets', '');
  end if;
  return settled;
end $$;
comment on function savvycal._settle_tickets(text, text, text, bigint, text, text, timestamptz) is
  'Answers the open tickets of an object whose generation a reconcile has worked off, in the transaction of its write.';

create or replace function savvycal.ticket_result(ticket text)
returns table (result text, version integer, detail text, reconciled_from timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare found_row savvycal._tickets;
begin
  select * into found_row from savvycal._tickets t where t.id = ticket;
  if found_row.id is null then
    raise exception 'there is no such ticket; request_resync() makes one, and it is kept for a day' using errcode = '22023';
  elsif found_row.xid = pg_current_xact_id_if_assigned() then
    raise exception 'this transaction made the ticket: commit it first, nobody else can see the request until then' using errcode = '25000';
  end if;
  return query select found_row.result, found_row.version, found_row.detail, found_row.reconciled_from;
end $$;
comment on function savvycal.ticket_result(text) is 'The result of a ticket as known now, without waiting; null while it is open.';

create or replace function savvycal._waiting_slot() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a transaction that reads one snapshot would wait for ever: use READ COMMITTED' using errcode = '25000';
  end if;
  for slot in 1..20 loop
    if pg_try_advisory_xact_lock(hashtext('savvycal:wait'), slot) then
      return;
    end if;
  end loop;
  raise exception 'twenty others are waiting already; try again' using errcode = '53300';
end $$;
comment on function savvycal._waiting_slot() is 'One of twenty places for waiting, until the transaction ends.';

create or replace function savvycal.wait(ticket text, timeout_seconds double precision default 20)
returns table (result text, version integer, detail text, reconciled_from timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  until timestamptz := clock_timestamp() + make_interval(secs => timeout_seconds);
  pause double precision := 0.05;
begin
  if timeout_seconds is null or not timeout_seconds between 0 and 30 then
    raise exception 'wait: the timeout is 0 to 30 seconds' using errcode = '22023';
  end if;
  perform savvycal.ticket_result(ticket);
  perform savvycal._waiting_slot();
  loop
    select r.* into result, version, detail, reconciled_from from savvycal.ticket_result(ticket) r;
    exit when result is not null or clock_timestamp() >= until;
    perform pg_sleep(least(pause, greatest(extract(epoch from until - clock_timestamp()), 0)));
    pause := least(pause * 1.5, 0.25);
  end loop;
  if result is null then
    select case when w.last_error is null then 'timed out' else 'unreachable' end, w.last_error into result, detail
    from savvycal._tickets t left join savvycal._work w on (w.account, w.job, w.kind, w.key) = (t.account, 'object', t.kind, t.object_id)
    where t.id = ticket;
  end if;
  return next;
end $$;
comment on function savvycal.wait(text, double precision) is
  'Waits until a ticket is answered by a reconcile that began after its request was committed: done, unchanged, deleted, unknown id, unreadable, dead letter; else unreachable (the last attempt failed) or timed out. At most 30 seconds and 20 at once.';

create or replace function savvycal.wait_until(of_kind text, of_id text, timeout_seconds double precision default 20, of_account text default 'default')
returns integer language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  until timestamptz := clock_timestamp() + make_interval(secs => timeout_seconds);
  pause double precision := 0.05;
  found_version integer;
begin
  if timeout_seconds is null or not timeout_seconds between 0 and 30 then
    raise exception 'wait_until: the timeout is 0 to 30 seconds' using errcode = '22023';
  elsif of_kind is null or of_kind not in ('event', 'appointment', 'link') then
    raise exception 'wait_until: kind must be event, appointment or link' using errcode = '22023';
  end if;
  perform savvycal._account_must_be_known(of_account);
  perform savvycal._waiting_slot();
  loop
    found_version := (select o.version from savvycal._stored(of_account, of_kind, of_id) o where not o.is_deleted);
    exit when found_version is not null or clock_timestamp() >= until;
    perform pg_sleep(least(pause, greatest(extract(epoch from until - clock_timestamp()), 0)));
    pause := least(pause * 1.5, 0.25);
  end loop;
  return found_version;
end $$;
comment on function savvycal.wait_until(text, text, double precision, text) is
  'Waits until an object is stored and not deleted, as after a booking that was just made: its version, null when the time is over.';

create or replace function savvycal.open_meeting_secret(of_meeting text, of_account text default 'default', by_reader text default null)
returns table (outcome text, key_id text, host_url bytea, password bytea, valid_until timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
comment on function savvycal.open_meeting_secret(text, text, text) is
  'Sealed credentials of a meeting, until 24 h after the end of its appointment by the database''s clock. Each call adds a row to _secret_reads.';

create table if not exists savvycal._retained (
  table_name text not null,
  until timestamptz not null,
  constraint retained_pkey primary key (table_name)
);
comment on table savvycal._retained is 'How far retention has come in a table, so that it does not read the same rows each hour.';
comment on column savvycal._retained.table_name is 'Table.';
comment on column savvycal._retained.until is 'What was superseded before then has been deleted.';

create or replace function savvycal._retain_snapshots(older_than timestamptz, batch integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  since timestamptz := coalesce((select r.until from savvycal._retained r where r.table_name = 'snapshots'), '-infinity');
  reached timestamptz;
  deleted bigint;
begin
  with ending as (
    select account, kind, id, version, observed_at from savvycal.snapshots
    where version > 1 and observed_at >= since and observed_at < older_than order by observed_at limit batch
  ), gone as (
    delete from savvycal.snapshots s using ending e
    where (s.account, s.kind, s.id, s.version) = (e.account, e.kind, e.id, e.version - 1) returning 1
  )
  select (select count(*) from gone), case when (select count(*) from ending) = batch then (select max(observed_at) from ending) else older_than end
    into deleted, reached;
  insert into savvycal._retained as r (table_name, until) values ('snapshots', reached)
  on conflict on constraint retained_pkey do update set until = excluded.until where r.until <> excluded.until;
  return deleted;
end $$;
comment on function savvycal._retain_snapshots(timestamptz, integer) is 'Deletes versions that ended before a time, a batch at a time.';

create or replace function savvycal._retain_changes(older_than timestamptz, batch integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  reached bigint;
  deleted bigint;
begin
  with oldest as (select position, changed_at from savvycal.changes order by position limit batch)
  select coalesce(min(position) filter (where changed_at >= older_than) - 1, max(position)) into reached from oldest;
  delete from savvycal.changes where position <= reached;
  get diagnostics deleted = row_count;
  if deleted > 0 then
    update savvycal._feed_floor set position = reached;
  end if;
  return deleted;
end $$;
comment on function savvycal._retain_changes(timestamptz, integer) is 'Deletes the beginning of the feed up to the first change that is to be kept, and raises the floor of cursors.';

create or replace function savvycal._retain(of_table text, keep_days integer, batch integer default 5000)
returns bigint language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  old text := case of_table when 'runs' then 'finished_at' when 'webhook_deliveries' then 'received_at' end;
  older_than timestamptz := savvycal._now() - make_interval(days => keep_days);
  deleted bigint := 0;
begin
  if keep_days is null or keep_days < 1 or (old is null and of_table not in ('snapshots', 'changes')) then
    raise exception '_retain: no such table, or less than a day' using errcode = '22023';
  elsif of_table = 'snapshots' then
    return savvycal._retain_snapshots(older_than, batch);
  elsif of_table = 'changes' then
    return savvycal._retain_changes(older_than, batch);
  end if;
  execute format('delete from savvycal.%I where ctid = any (array(select ctid from savvycal.%I where %I < $1 limit $2))',
                 of_table, of_table, old) using older_than, batch;
  get diagnostics deleted = row_count;
  return deleted;
end $$;
comment on function savvycal._retain(text, integer, integer) is
  'Deletes history older than so many days, a batch at a time: versions that another one ended, changes, finished runs, deliveries. The only way to delete history.';

-- Readers: both products in one vocabulary, history of one object, and figures. -----------------------------------------

create or replace function savvycal._time(said text) returns timestamptz
language plpgsql immutable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
begin
  return said::timestamptz;
exception when others then
  return null;
end $$;
comment on function savvycal._time(text) is 'A time as SavvyCal writes it; null for what is none.';

create or replace view savvycal.reschedules with (security_barrier) as
  select s.account, s.kind, s.id, s.version, s.observed_at, s.via,
         savvycal._time(coalesce(p.body #>> '{start_at,utc}', p.body ->> 'start_at')) as previous_start_at,
         savvycal._time(coalesce(s.body #>> '{start_at,utc}', s.body ->> 'start_at')) as new_start_at
  from savvycal.snapshots s
  join savvycal.snapshots p
    on p.account = s.account and p.kind = s.kind and p.id = s.id and p.version = s.version - 1
  where s.version > 1 and s.changed_fields && array['start_at', 'start_at.utc'];
comment on view savvycal.reschedules is 'Observed changes of a start time.';

create or replace view savvycal.versions with (security_barrier) as
  select s.account, s.kind, s.id, s.version, s.observed_at, n.observed_at as superseded_at, s.via, s.is_deleted, s.changed_fields, s.body
  from savvycal.snapshots s
  left join savvycal.snapshots n on (n.account, n.kind, n.id, n.version) = (s.account, s.kind, s.id, s.version + 1);
comment on view savvycal.versions is 'snapshots, each with the time at which the next version was observed.';

create or replace view savvycal.bookings with (security_barrier) as
  select e.account, 'event' as kind, e.id, e.summary as title,
    (select p.display_name from savvycal.event_attendees p
      where p.account = e.account and p.event_id = e.id and (p.id = e.organizer_id or p.is_organizer) order by p.position limit 1) as host_name,
    (select p.email from savvycal.event_attendees p
      where p.account = e.account and p.event_id = e.id and (p.id = e.organizer_id or p.is_organizer) order by p.position limit 1) as host_email,
    (select p.display_name from savvycal.event_attendees p
      where p.account = e.account and p.event_id = e.id and p.id = e.scheduler_id order by p.position limit 1) as booked_by_name,
    (select p.email from savvycal.event_attendees p
      where p.account = e.account and p.event_id = e.id and p.id = e.scheduler_id order by p.position limit 1) as booked_by_email,
    (select p.time_zone from savvycal.event_attendees p
      where p.account = e.account and p.event_id = e.id and p.id = e.scheduler_id order by p.position limit 1) as time_zone,
    e.start_at, e.end_at, (extract(epoch from e.end_at - e.start_at) / 60)::integer as minutes,
    e.created_at as booked_at, e.canceled_at, e.cancel_reason, e.rescheduled_at,
    (select count(*) from savvycal.snapshots s where s.account = e.account and s.kind = 'event' and s.id = e.id
      and s.version > 1 and 'start_at' = any (s.changed_fields))::integer as reschedule_count,
    e.state as status, case when e.deleted_at is null then e.phase else 'deleted' end as phase,
    (select m.status from savvycal.meetings m where m.account = e.account and m.id = e.id and m.is_current) as meeting_status,
    (select m.join_url from savvycal.meetings m where m.account = e.account and m.id = e.id and m.is_current) as join_url,
    e.link_id as source_id, e.link_name as source_name, e.version, e.changed_at, e.deleted_at
  from savvycal.events e
  union all
  select a.account, 'appointment', a.id, a.service_name,
    coalesce(a.provider_display_name, nullif(concat_ws(' ', a.provider_first_name, a.provider_last_name), '')), null,
    coalesce(nullif(concat_ws(' ', a.client_data_first_name, a.client_data_last_name), ''),
      nullif(concat_ws(' ', a.client_first_name, a.client_last_name), ''), a.client_reference_id),
    coalesce(a.client_data_email, a.client_email), coalesce(a.client_data_time_zone, a.client_time_zone, a.time_zone),
    a.start_at, a.end_at, (extract(epoch from a.end_at - a.start_at) / 60)::integer, a.created_at,
    case when a.phase = 'canceled' then (select max(h.occurred_at) from savvycal.appointment_history h
      where h.account = a.account and h.appointment_id = a.id and h.kind = 'cancellation') end,
    case when a.phase = 'canceled' then (select coalesce(h.custom_reason_text, h.cancellation_reason_name) from savvycal.appointment_history h
      where h.account = a.account and h.appointment_id = a.id and h.kind = 'cancellation' order by h.position desc limit 1) end,
    (select max(h.occurred_at) from savvycal.appointment_history h
      where h.account = a.account and h.appointment_id = a.id and h.kind = 'reschedule'),
    (select count(*) from savvycal.appointment_history h
      where h.account = a.account and h.appointment_id = a.id and h.kind = 'reschedule')::integer,
    a.status, case when a.deleted_at is null then a.phase else 'deleted' end,
    (select m.status from savvycal.meetings m where m.account = a.account and m.appointment_id = a.id and m.is_current limit 1),
    (select m.join_url from savvycal.meetings m where m.account = a.account and m.appointment_id = a.id and m.is_current limit 1),
    a.service_id, a.service_name, a.version, a.changed_at, a.deleted_at
  from savvycal.appointments a;
comment on view savvycal.bookings is 'Events and appointments in one vocabulary, canceled and deleted ones included (phase says which).';

create or replace function savvycal.next_up(n integer default 20, of_account text default 'default', of_host text default null)
returns setof savvycal.bookings
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if of_host is null then
    return query
      with keys as (
        (select 'event' as kind, e.id, e.start_at from savvycal.events e
          where e.account = of_account and e.start_at > now() - interval '1 day' and e.end_at > now()
            and e.deleted_at is null and e.phase <> 'canceled' order by e.start_at limit n)
        union all
        (select 'appointment', a.id, a.start_at from savvycal.appointments a
          where a.account = of_account and a.start_at > now() - interval '1 day' and a.end_at > now()
            and a.deleted_at is null and a.phase <> 'canceled' order by a.start_at limit n)
        order by start_at, id limit n
      )
      select b.* from keys k, lateral (select * from savvycal.bookings o
        where o.account = of_account and o.kind = k.kind and o.id = k.id offset 0) b order by k.start_at, k.id;
  else
    return query
      with keys as (
        (select distinct 'event' as kind, e.id, e.start_at from savvycal.event_attendees p
          join savvycal.events e on (e.account, e.id) = (p.account, p.event_id)
          where p.account = of_account and p.email = of_host and (p.id = e.organizer_id or p.is_organizer)
            and e.start_at > now() - interval '1 day' and e.end_at > now() and e.deleted_at is null and e.phase <> 'canceled'
          order by e.start_at limit n)
        union all
        (select 'appointment', a.id, a.start_at from savvycal.appointments a
          where a.account = of_account and a.provider_id = of_host
            and a.start_at > now() - interval '1 day' and a.end_at > now() and a.deleted_at is null and a.phase <> 'canceled'
          order by a.start_at limit n)
        order by start_at, id limit n
      )
      select b.* from keys k, lateral (select * from savvycal.bookings o
        where o.account = of_account and o.kind = k.kind and o.id = k.id offset 0) b order by k.start_at, k.id;
  end if;
end $$;
comment on function savvycal.next_up(integer, text, text) is
  'The next bookings that are not over, soonest first, fast at any size. of_host: email of an event''s organizer, or id of an appointment''s provider.';

create or replace function savvycal._timeline(of_kind text, of_id text, of_account text)
returns table (at timestamptz, what text, version integer, status text, via text, fields text[], detail text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with parent as (
    select start_at from savvycal.events where of_kind = 'event' and account = of_account and id = of_id
    union all
    select start_at from savvycal.appointments where of_kind = 'appointment' and account = of_account and id = of_id
    union all
    select null from savvycal.links where of_kind = 'link' and account = of_account and id = of_id
  ), own_meetings as (
    select id from savvycal.meetings where of_kind = 'event' and account = of_account and id = of_id
    union all
    select id from savvycal.meetings where of_kind = 'appointment' and account = of_account and appointment_id = of_id
  ), windows as (
    select c.window_name, c.complete_as_of, c.next_due_at from savvycal.coverage c, parent p
    where c.account = of_account and c.product = case of_kind when 'event' then 'meetings' else of_kind || 's' end
      and coalesce(p.start_at, '-infinity') >= coalesce(c.starts_from, '-infinity')
      and coalesce(p.start_at, '-infinity') < coalesce(c.starts_until + 1, 'infinity')
      and c.missing is null
  )
  select t.at, t.what, t.version, t.status, t.via, t.fields, t.detail from (
    select 1 as rank, s.observed_at as at, case when s.is_deleted then 'deletion' else 'version' end as what, s.version, null as status,
      s.via, s.changed_fields as fields, null as detail
    from savvycal.snapshots s where s.account = of_account and s.kind = of_kind and s.id = of_id
    union all
    select 2, e.observed_at, 'transition', e.version, concat_ws(' to ', e.from_status, e.to_status), e.via, null, e.reason
    from savvycal.transitions e where e.account = of_account and e.kind = of_kind and e.id = of_id
    union all
    select 3, e.observed_at, 'meeting transition', e.version, concat_ws(' to ', e.from_status, e.to_status), e.via, null, e.reason
    from own_meetings m join savvycal.transitions e on e.account = of_account and e.kind = 'meeting' and e.id = m.id
    union all
    select 4, d.received_at, 'webhook', null, d.state, 'webhook', null, d.type
    from savvycal.webhook_deliveries d where d.account = of_account and d.kind = of_kind and d.object_id = of_id
    union all
    select 4, d.received_at, 'webhook', null, d.state, 'webhook', null, d.type
    from own_meetings m join savvycal.webhook_deliveries d on d.account = of_account and d.kind = 'meeting' and d.object_id = m.id
    union all
    select 5, k.requested_at, 'resync request', null, coalesce(k.result, 'open'), 'resync', null, k.detail
    from savvycal._tickets k where k.account = of_account and k.kind = of_kind and k.object_id = of_id
    union all
    select 6, q.last_seen_at, 'quarantine', null, case when q.resolved_at is null then 'open' else 'resolved' end, null, null, q.reason
    from savvycal.quarantine q where q.account = of_account and q.kind = of_kind and q.id = of_id
    union all
    select 7, w.dead_lettered_at, 'dead letter', null, null, null, null, w.last_error
    from savvycal._work w where (w.account, w.job, w.kind, w.key) = (of_account, 'object', of_kind, of_id) and w.dead_lettered_at is not null
    union all
    (select 8, x.complete_as_of, 'vouched for', null, null, null, null, 'scan of window ' || x.window_name
      from windows x where x.complete_as_of is not null order by x.complete_as_of desc limit 1)
    union all
    select 9, w.due_at, 'next read', null, null, null, null,
      concat_ws('; ', array_to_string(w.reasons, ', '), 'last attempt failed: ' || w.last_error)
    from savvycal._work w where (w.account, w.job, w.kind, w.key) = (of_account, 'object', of_kind, of_id) and w.dead_lettered_at is null
    union all
    (select 10, x.next_due_at, 'next scan', null, null, null, null, 'window ' || x.window_name
      from windows x order by x.next_due_at limit 1)
  ) t order by (t.rank > 8)::int, t.at, t.rank, t.version
$$;
comment on function savvycal._timeline(text, text, text) is 'What timeline() and timeline_public() show.';

create or replace function savvycal.timeline(of_kind text, of_id text, of_account text default 'default')
returns table (at timestamptz, what text, version integer, status text, via text, fields text[], detail text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform savvycal._account_must_be_known(of_account);
  return query select * from savvycal._timeline(of_kind, of_id, of_account);
end $$;
comment on function savvycal.timeline(text, text, text) is
  'All that is known of one object, in order: versions with changed fields, transitions with reasons, webhooks, resyncs, failures; last, since when it is vouched for and when it is read next.';

create or replace function savvycal.timeline_public(of_kind text, of_id text, of_account text default 'default')
returns table (at timestamptz, what text, version integer, status text, via text, fields text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform savvycal._account_must_be_known(of_account);
  return query select t.at, t.what, t.version, t.status, t.via, t.fields from savvycal._timeline(of_kind, of_id, of_account) t;
end $$;
comment on function savvycal.timeline_public(text, text, text) is 'timeline() without reasons, which are what people wrote.';

create or replace function savvycal._fields(body jsonb) returns table (field text, value jsonb)
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when i.key is null then f.key else f.key || '.' || i.key end, coalesce(i.value, f.value)
  from jsonb_each(body) f
  left join lateral jsonb_each(case when jsonb_typeof(f.value) = 'object' then f.value else '{}' end) i on true
$$;
comment on function savvycal._fields(jsonb) is 'A document as fields, two levels deep, as changed_fields names them.';

create or replace function savvycal.diff(of_kind text, of_id text, from_version integer, to_version integer, of_account text default 'default')
returns table (field text, old jsonb, new jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  before_body jsonb := (select s.body::jsonb from savvycal.snapshots s where s.account = of_account and s.kind = of_kind and s.id = of_id and s.version = from_version);
  after_body jsonb := (select s.body::jsonb from savvycal.snapshots s where s.account = of_account and s.kind = of_kind and s.id = of_id and s.version = to_version);
begin
  if before_body is null or after_body is null then
    raise exception 'diff: version % of that object is not stored: it never was, or retention has deleted it',
      case when before_body is null then from_version else to_version end using errcode = '22023';
  end if;
  return query
    select coalesce(b.field, a.field), b.value, a.value
    from savvycal._fields(before_body) b full join savvycal._fields(after_body) a on a.field = b.field
    where b.value is distinct from a.value or (b.field is null) <> (a.field is null) order by 1;
end $$;
comment on function savvycal.diff(text, text, integer, integer, text) is
  'Which fields differ between two versions, two levels deep; null is a field that is not there. Raises for a version that is not stored.';

create or replace function savvycal.as_of(of_kind text, of_id text, at timestamptz, of_account text default 'default')
returns table (version integer, observed_at timestamptz, is_deleted boolean, body jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  first_kept integer;
begin
  return query select s.version, s.observed_at, s.is_deleted, s.body::jsonb from savvycal.snapshots s
    where s.account = of_account and s.kind = of_kind and s.id = of_id and s.observed_at <= at order by s.version desc limit 1;
  if not found then
    select min(s.version) into first_kept from savvycal.snapshots s where s.account = of_account and s.kind = of_kind and s.id = of_id;
    if first_kept is null then
      raise exception 'as_of: no such object is stored' using errcode = '22023';
    elsif first_kept > 1 then
      raise exception 'as_of: what was known then has been deleted by retention' using errcode = '22023';
    end if;
    raise exception 'as_of: nothing was known of it yet' using errcode = '22023';
  end if;
end $$;
comment on function savvycal.as_of(text, text, timestamptz, text) is
  'The version of an object that this mirror knew at a time. Raises before the first version and beyond retention.';

create or replace function savvycal.is_current(of_kind text, starts_from date, starts_until date, max_age interval default '15 minutes', of_account text default 'default')
returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform savvycal._account_must_be_known(of_account);
  if of_kind is null or of_kind not in ('event', 'appointment', 'link') then
    raise exception 'is_current: kind must be event, appointment or link' using errcode = '22023';
  elsif of_kind = 'link' then
    if starts_from is not null or starts_until is not null then
      raise exception 'is_current: links have no start; both dates must be null' using errcode = '22023';
    end if;
  elsif starts_from is null or starts_until is null or starts_from > starts_until then
    raise exception 'is_current: a range has a first and a last start date' using errcode = '22023';
  end if;
  return coalesce(daterange(starts_from, starts_until, '[]') <@ (
    select range_agg(r) from (
      select unnest(datemultirange(daterange(c.starts_from, c.starts_until, '[]')) - coalesce((
        select range_agg(daterange(left(m ->> 'first', 10)::date, left(m ->> 'last', 10)::date, '[]'))
        from jsonb_array_elements(c.missing) m), '{}')) as r
      from savvycal.coverage c
      where c.account = of_account and c.product = case of_kind when 'event' then 'meetings' else of_kind || 's' end
        and c.complete_as_of > now() - max_age
        and not exists (select from savvycal.accounts a where (a.account, a.product) = (c.account, c.product) and not a.is_configured)) s), false);
end $$;
comment on function savvycal.is_current(text, date, date, interval, text) is
  'Whether everything that starts in a range (both dates included, UTC; links: null, null) was completely read within max_age: may I act on it? False for what is no longer configured.';

create or replace view savvycal.time_in_phase as
  select t.account, t.kind, t.id, t.seq, t.to_status as status, t.observed_at as entered_at, n.observed_at as left_at,
    extract(epoch from coalesce(n.observed_at, now()) - t.observed_at)::double precision as seconds
  from savvycal.transitions t
  left join savvycal.transitions n on (n.account, n.kind, n.id, n.seq) = (t.account, t.kind, t.id, t.seq + 1);
comment on view savvycal.time_in_phase is 'How long each object and meeting was in each status, as this mirror saw it.';

create or replace view savvycal.lead_time as
  select account, 'event' as kind, id, link_id as source_id, created_at as booked_at, start_at,
    extract(epoch from start_at - created_at)::double precision / 3600 as hours
  from savvycal.events where deleted_at is null and created_at is not null
  union all
  select account, 'appointment', id, service_id, created_at, start_at, extract(epoch from start_at - created_at)::double precision / 3600
  from savvycal.appointments where deleted_at is null and created_at is not null;
comment on view savvycal.lead_time is 'From booking to start, of bookings that were not deleted.';

create or replace view savvycal.funnel_daily as
  select account, kind, (booked_at at time zone 'UTC')::date as day, count(*) as booked,
    count(*) filter (where phase = 'created') as held, count(*) filter (where phase = 'canceled') as canceled,
    count(*) filter (where phase = 'deleted') as deleted, count(*) filter (where phase not in ('created', 'canceled', 'deleted')) as open
  from (
    select account, 'event' as kind, created_at as booked_at, case when deleted_at is null then phase else 'deleted' end as phase from savvycal.events
    union all
    select account, 'appointment', created_at, case when deleted_at is null then phase else 'deleted' end from savvycal.appointments) b
  where booked_at is not null group by 1, 2, 3;
comment on view savvycal.funnel_daily is 'What became of the bookings made on a day (UTC). SavvyCal does not know who attended: held means not canceled.';

create or replace view savvycal.host_load with (security_barrier) as
  select account, kind, host, day, count(*) as bookings, sum(minutes) as minutes from (
    select e.account, 'event' as kind, p.email as host, (e.start_at at time zone 'UTC')::date as day,
      extract(epoch from e.end_at - e.start_at)::double precision / 60 as minutes
    from savvycal.events e left join savvycal.event_attendees p on (p.account, p.event_id, p.id) = (e.account, e.id, e.organizer_id)
    where e.deleted_at is null and e.phase <> 'canceled'
    union all
    select account, 'appointment', coalesce(provider_display_name, provider_id), (start_at at time zone 'UTC')::date,
      extract(epoch from end_at - start_at)::double precision / 60
    from savvycal.appointments where deleted_at is null and phase <> 'canceled') b
  group by 1, 2, 3, 4;
comment on view savvycal.host_load is 'Bookings and minutes of each host on each day (UTC), canceled and deleted ones left out.';

insert into savvycal.data_inventory as i (table_name, column_name, class)
select t, c, k from (values
  ('versions', 'none', 'account kind id version observed_at superseded_at via is_deleted changed_fields'),
  ('versions', 'personal', 'body'),
  ('bookings', 'none', 'account kind id start_at end_at minutes booked_at canceled_at rescheduled_at reschedule_count status phase
    meeting_status source_id source_name version changed_at deleted_at'),
  ('bookings', 'personal', 'title host_name host_email booked_by_name booked_by_email time_zone cancel_reason join_url'),
  ('time_in_phase', 'none', 'account kind id seq status entered_at left_at seconds'),
  ('lead_time', 'none', 'account kind id source_id booked_at start_at hours'),
  ('funnel_daily', 'none', 'account kind day booked held canceled deleted open'),
  ('host_load', 'none', 'account kind day bookings minutes'),
  ('host_load', 'personal', 'host')
) as v (t, k, columns), lateral regexp_split_to_table(columns, '\s+') as c
on conflict on constraint data_inventory_pkey do update set class = excluded.class where i.class <> excluded.class;

-- What a role without personal columns reads with «select *», for each table and view that has some.
do $$
declare
  found record;
begin
  for found in
    select i.table_name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) filter (where i.class = 'none') as columns
    from savvycal.data_inventory i
    join pg_attribute a on a.attrelid = to_regclass('savvycal.' || i.table_name) and a.attname = i.column_name
    where i.table_name not like '\_%' and i.table_name not like '%\_public'
    group by i.table_name having bool_or(i.class = 'personal')
  loop
    begin
      execute format('create or replace view savvycal.%I as select %s from savvycal.%I', found.table_name || '_public', found.columns, found.table_name);
    exception when invalid_table_definition then
      execute format('drop view savvycal.%I', found.table_name || '_public');
      execute format('create view savvycal.%I as select %s from savvycal.%I', found.table_name || '_public', found.columns, found.table_name);
    end;
    execute format('comment on view savvycal.%I is %L', found.table_name || '_public', format('%s without its personal columns.', found.table_name));
    insert into savvycal.data_inventory (table_name, column_name, class)
    select found.table_name || '_public', a.attname, 'none' from pg_attribute a
    where a.attrelid = to_regclass('savvycal.' || found.table_name || '_public') and a.attnum > 0
    on conflict do nothing;
  end loop;
end $$;

-- Comments on the columns of views: by name, or by view and name where that differs; *_public repeats its source.
do $$
declare
  found record;
begin
  for found in
    select c.relname, a.attname, coalesce(own.said, shared.said) as said
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join (values
      ('drift.kind', 'event, appointment, link or meeting.'), ('drift.name', 'Name of the state, field or finding.'),
      ('drift.what', 'unknown state, unknown status, unknown field, or finding that changed.'), ('drift.objects', 'In how many objects.'),
      ('health.missing', 'Ranges that the last complete scans could not read, in words; null: none.'),
      ('health.complete_as_of', 'As of when every window is complete; null while one of them never was.'),
      ('time_in_phase.seconds', 'How long; until now for the current status.'), ('time_in_phase.kind', 'event, appointment or meeting.'),
      ('lifecycle_counts.kind', 'event, appointment, link or meeting.'), ('time_in_phase.seq', 'Number of the transition that led there.'),
      ('bookings.phase', 'pending, created, canceled, unknown, or deleted.'),
      ('bookings.version', 'Version of the object.'), ('stuck_meetings.status', 'Status of the meeting.'),
      ('funnel_daily.deleted', 'Of these, deleted at SavvyCal.'), ('funnel_daily.canceled', 'Of these, canceled.'),
      ('host_load.minutes', 'Minutes of these bookings.')
    ) own (name, said) on own.name = c.relname || '.' || a.attname
    left join (values
      ('account', 'SavvyCal account.'), ('age', 'How long ago that was.'), ('announced', 'Changes of the last day that a webhook led to.'),
      ('announced_at', 'When the first webhook about it arrived; null: none did.'),
      ('announced_late', 'Changes that polling found first and a webhook announced afterwards.'),
      ('audited_last_hour', 'Objects that the slow audit compared in the last hour.'), ('body', 'The document, credentials masked.'),
      ('booked', 'Bookings made on that day.'), ('booked_at', 'When it was booked at SavvyCal.'), ('booked_by', 'Name of the person who booked.'),
      ('booked_by_email', 'Email of the person who booked.'), ('booked_by_name', 'Name of the person who booked.'),
      ('bookings', 'Number of bookings.'), ('cancel_reason', 'Reason given for the cancellation.'),
      ('canceled_at', 'When it was canceled at SavvyCal; null while it is not.'), ('changed_at', 'When this mirror last saw it change; a deletion counts.'),
      ('changed_fields', 'Names of the fields that differ from the version before, two levels deep.'),
      ('complete_as_of', 'Start of the last complete scan; null: never complete.'), ('day', 'Day in UTC.'),
      ('dead_lettered', 'Work that failed too often and waits for a person.'), ('deleted_at', 'When it was found to be deleted at SavvyCal; null while it exists.'),
      ('deliveries', 'Webhooks of the last day.'), ('differing_last_hour', 'Of those audited, stored otherwise than SavvyCal serves them.'),
      ('due', 'Objects that are due to be read now.'), ('duplicates', 'How often webhooks came again.'), ('end_at', 'End.'),
      ('entered_at', 'When this mirror saw the status first.'), ('error_message', 'Why the last attempt failed.'),
      ('paused', 'Products that a person paused; they are not overdue.'),
      ('feed_held_by', 'Who holds the lock of the change feed while changes wait; null: nobody.'),
      ('problems', 'Causes of problems that hold for the account or for the whole installation (_problems); empty when all is well.'),
      ('feed_lag', 'How long the oldest change has waited for its place in the feed; null: none waits.'),
      ('feed_waiting', 'Changes that have no place in the feed yet.'), ('held', 'Of these, neither canceled nor deleted nor pending; whether anybody came is not known.'),
      ('host', 'Email of an event''s organizer, name of an appointment''s provider.'), ('host_email', 'Email of the host; appointments have none.'),
      ('host_name', 'Name of the host.'), ('hours', 'From booking to start.'), ('id', 'Object.'),
      ('is_deleted', 'Whether this version is the deletion.'), ('join_url', 'Where people join; null while there is no such link.'),
      ('kind', 'event, appointment or link.'), ('lag_p50_seconds', 'Median time from what happened to the arrival of its webhook.'),
      ('lag_p99_seconds', 'The same, of the slowest hundredth.'), ('last_received_at', 'When the last webhook arrived.'),
      ('last_result', 'Result of the last run over the window.'), ('late_by', 'How much later than polling the webhook came.'),
      ('left_at', 'When the next status was seen; null for the current one.'), ('meeting_id', 'Meeting.'),
      ('meeting_status', 'Status of the current meeting; null without one.'), ('minutes', 'Length in minutes.'),
      ('missed', 'Changes that no webhook announced.'), ('missed_share', 'Their share of all changes of the last day.'),
      ('missing', 'Ranges that the last complete scan could not read; null: none.'), ('new_start_at', 'Start after the reschedule.'),
      ('interval_seconds', 'Interval at which the window is scanned, as it is set.'), ('is_paused', 'Whether a person paused the product.'),
      ('next_due_at', 'When the window is scanned next.'), ('object_id', 'Event or appointment.'), ('objects', 'How many.'),
      ('observed_at', 'When this mirror saw it.'), ('oldest_secret_past', 'How long the oldest credential is past its date.'),
      ('open', 'Of these, not settled yet.'), ('phase', 'What the status means.'), ('polled', 'Changes of the last day that polling found first.'),
      ('previous_start_at', 'Start before the reschedule.'), ('product', 'meetings, appointments or links.'), ('quarantined', 'Records that cannot be read.'),
      ('reschedule_count', 'How often its start moved: as this mirror saw it for events, as SavvyCal lists it for appointments.'),
      ('rescheduled_at', 'When it was last rescheduled at SavvyCal.'), ('row_count', 'Objects that the last complete scan saw.'),
      ('secrets_past_their_date', 'Credentials that should have been deleted by now.'), ('since', 'How long it has been like this.'),
      ('source_id', 'Link of an event, service of an appointment.'), ('source_name', 'Name of that link or service.'), ('start_at', 'Start.'),
      ('status', 'Status in SavvyCal''s words.'), ('stuck_meetings', 'Rows of the view stuck_meetings.'),
      ('superseded_at', 'When the next version was observed; null for the current one.'),
      ('suspect_runs_today', 'Runs of the last day that the delete guard held.'), ('time_zone', 'Time zone of the person who booked.'),
      ('title', 'Title of the event, name of the service.'), ('unknown_types', 'Webhooks of types that we do not know.'),
      ('verdict', 'announced, waiting (five minutes), or missed.'), ('version', 'Version of the object.'), ('via', 'How it was seen.'),
      ('waiting', 'Webhooks whose object has not been read since.'), ('window_name', 'near, upcoming, month, later or all.'),
      ('windows_never_complete', 'Windows that were never complete.'), ('windows_overdue', 'Windows whose scan is late.'),
      ('windows_partial', 'Windows with ranges that could not be read.')
    ) shared (name, said) on shared.name = a.attname
    where c.relnamespace = 'savvycal'::regnamespace and c.relkind = 'v' and c.relname not like '%\_public'
  loop
    execute format('comment on column savvycal.%I.%I is %L', found.relname, found.attname, found.said);
  end loop;
  for found in
    select c.relname, a.attname, col_description(source.attrelid, source.attnum) as said
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    join pg_attribute source on source.attname = a.attname and source.attrelid = to_regclass('savvycal.' || left(c.relname, -length('_public')))
    where c.relnamespace = 'savvycal'::regnamespace and c.relkind = 'v' and c.relname like '%\_public'
  loop
    execute format('comment on column savvycal.%I.%I is %L', found.relname, found.attname, found.said);
  end loop;
end $$;

revoke all on function savvycal._time(text), savvycal._stored(text, text, text), savvycal.next_up(integer, text, text), savvycal._timeline(text, text, text), savvycal.timeline(text, text, text),
  savvycal.timeline_public(text, text, text), savvycal._fields(jsonb), savvycal.diff(text, text, integer, integer, text),
  savvycal.as_of(text, text, timestamptz, text), savvycal.is_current(text, date, date, interval, text),
  savvycal._settle_tickets(text, text, text, bigint, text, text, timestamptz), savvycal._waiting_slot(),
  savvycal.ticket_result(text), savvycal.wait(text, double precision), savvycal.wait_until(text, text, double precision, text),
  savvycal._last_position(), savvycal._publish_changes(integer), savvycal._cursor(bigint), savvycal._account_must_be_known(text),
  savvycal._retain_snapshots(timestamptz, integer), savvycal._retain_changes(timestamptz, integer), savvycal._note_feed_server(), savvycal._feed_position(text), savvycal.feed_cursor(),
  savvycal.feed_snapshot(text), savvycal.open_meeting_secret(text, text, text), savvycal._retain(text, integer, integer),
  savvycal._work_name(text, text, text), savvycal._request(text, text, text, text, integer, text, timestamptz), savvycal._request_for_user(text, text, text), savvycal.request_resync(text, text, text), savvycal.changes_since(text, text, integer) from public;

do $$
declare
  found record;
begin
  if current_setting('server_version_num')::integer < 180000 then
    return;
  end if;
  for found in
    select k.*, child || '_' || column_name || '_fkey' as name from (values
      ('event_attendees', 'event_id', 'events'), ('event_answers', 'event_id', 'events'),
      ('appointment_history', 'appointment_id', 'appointments'), ('meetings', 'event_id', 'events'),
      ('meetings', 'appointment_id', 'appointments'), ('events', 'link_id', 'links')) k (child, column_name, parent)
    where not exists (
      select from pg_constraint c where c.conrelid = ('savvycal.' || k.child)::regclass and c.conname = child || '_' || column_name || '_fkey')
  loop
    execute format('alter table savvycal.%I add constraint %I foreign key (account, %I) references savvycal.%I (account, id) not enforced',
      found.child, found.name, found.column_name, found.parent);
  end loop;
end $$;

insert into savvycal._meta (schema_version) values (7) on conflict do nothing;
