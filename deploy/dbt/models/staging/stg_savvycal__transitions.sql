select
    account || ':' || kind || ':' || id || ':' || seq as transition_key,
    account,
    kind,
    id as object_id,
    seq,
    from_status,
    to_status,
    label,
    occurred_at,
    observed_at,
    via,
    version,
    reason
from {{ source('savvycal', 'transitions') }}
