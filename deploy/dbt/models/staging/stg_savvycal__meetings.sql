select
    account || ':' || id as meeting_key,
    account || ':' || case when event_id is null then 'appointment' else 'event' end || ':'
        || coalesce(event_id, appointment_id) as booking_key,
    account,
    id as meeting_id,
    status,
    phase,
    conferencing_provider,
    error_message,
    is_current,
    replaces as replaces_meeting_id,
    replaced_by as replaced_by_meeting_id,
    first_seen_at,
    changed_at
from {{ source('savvycal', 'meetings') }}
