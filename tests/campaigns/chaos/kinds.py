"""Every kind of fault, with its lane and its length."""

import signal

from tests.campaigns.chaos.faults import (
    Kind,
    Lane,
    cut_lines,
    freeze,
    kill_all,
    kill_one,
    pause,
    refuse,
    terminate,
    toxic,
)
from tests.campaigns.chaos.postgres_faults import (
    end_postgres,
    lock_table,
    read_only,
    refuse_connections,
    terminate_backends,
)
from tests.campaigns.chaos.redis_faults import flush_valkey, kill_valkey, misconfigure, poison_queue
from tests.campaigns.chaos.savvycal_faults import (
    LISTS,
    ONE,
    forge_deliveries,
    repeat_deliveries,
    scripted,
    status,
    transport_mode,
)
from tests.campaigns.chaos.webhook_transport import Mode

_LONG_PAUSE_SECONDS = 62.0
_DEADLINE_SECONDS = 33.0
"""Beyond the deadline of a statement, and of a request to SavvyCal (30 s each)."""

OOM = misconfigure(("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0"), "OOM")
REPLICA = misconfigure(("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"), "READONLY")

KINDS: tuple[Kind, ...] = (
    Kind("daemon killed", Lane.PROCESS, 20, kill_one),
    Kind("all daemons killed", Lane.PROCESS, 20, kill_all),
    Kind("daemon terminated", Lane.PROCESS, 20, terminate),
    Kind("daemon paused briefly", Lane.PROCESS, 8, pause),
    Kind("daemon paused beyond its leases", Lane.PAUSE, _LONG_PAUSE_SECONDS, pause, is_fixed=True),
    Kind("Postgres stopped at once", Lane.POSTGRES, 1, end_postgres(signal.SIGQUIT)),
    Kind("Postgres killed", Lane.POSTGRES, 1, end_postgres(signal.SIGKILL)),
    Kind("Postgres away for a while", Lane.POSTGRES, 8, end_postgres(signal.SIGINT)),
    Kind("Postgres backends terminated", Lane.POSTGRES, 3, terminate_backends),
    Kind("Postgres table locked", Lane.POSTGRES, 7, lock_table),
    Kind("Postgres read-only", Lane.POSTGRES, 5, read_only),
    Kind("Postgres takes no connections", Lane.POSTGRES, 4, refuse_connections),
    Kind("Postgres late", Lane.POSTGRES, 4, toxic("postgres", latency_seconds=0.1)),
    Kind("Postgres slow", Lane.POSTGRES, 4, toxic("postgres", bytes_per_second=50_000)),
    Kind("Postgres in slices", Lane.POSTGRES, 3, toxic("postgres", slice_bytes=50)),
    Kind("Postgres swallowed", Lane.POSTGRES, 6, toxic("postgres", swallows=True)),
    Kind(
        "Postgres swallowed beyond deadlines", Lane.POSTGRES, _DEADLINE_SECONDS, toxic("postgres", swallows=True), True
    ),
    Kind("Postgres lines reset", Lane.POSTGRES, 4, cut_lines("postgres", "reset")),
    Kind("Postgres lines half closed", Lane.POSTGRES, 3, cut_lines("postgres", "half_close")),
    Kind("Postgres answers to COMMIT lost", Lane.POSTGRES, 5, toxic("postgres", cut_answer_to=b"COMMIT;\x00")),
    Kind("Postgres answers cut short", Lane.POSTGRES, 3, toxic("postgres", cut_answers_after_bytes=5000)),
    Kind("Valkey killed", Lane.REDIS, 3, kill_valkey),
    Kind("Valkey frozen", Lane.REDIS, 9, freeze(lambda site: site.servers.valkey.pid)),
    Kind("Valkey emptied", Lane.REDIS, 1, flush_valkey),
    Kind("Valkey out of memory", Lane.REDIS, 4, OOM),
    Kind("Valkey read-only", Lane.REDIS, 4, REPLICA),
    Kind("Valkey queue poisoned", Lane.REDIS, 1, poison_queue),
    Kind("Valkey late", Lane.REDIS, 3, toxic("valkey", latency_seconds=0.1)),
    Kind("Valkey in slices", Lane.REDIS, 3, toxic("valkey", slice_bytes=1)),
    Kind("Valkey swallowed", Lane.REDIS, 8, toxic("valkey", swallows=True)),
    Kind("Valkey lines reset", Lane.REDIS, 4, cut_lines("valkey", "reset")),
    Kind("Valkey lines half closed", Lane.REDIS, 3, cut_lines("valkey", "half_close")),
    Kind("Valkey answers cut short", Lane.REDIS, 3, toxic("valkey", cut_answers_after_bytes=100)),
    Kind("Valkey refuses", Lane.REDIS, 3, refuse("valkey")),
    Kind("API 500", Lane.API, 3, status(500)),
    Kind("API 503 for everything", Lane.API, 3, status(503, share=1.0)),
    Kind("API 429", Lane.API, 3, status(429, times=4, retry_after="3")),
    Kind("API 429 with nonsense", Lane.API, 2, status(429, times=1, retry_after="soon")),
    Kind("API 401", Lane.API, 2, status(401, times=2)),
    Kind("API 403", Lane.API, 2, status(403, times=3, match=ONE)),
    Kind("API 404 for what is there", Lane.API, 3, status(404, match=ONE)),
    Kind("API hangs", Lane.API, 4, scripted({"kind": "hang", "probability": 0.3})),
    Kind(
        "API hangs in a body",
        Lane.API,
        4,
        scripted({"kind": "hang", "probability": 0.3, "args": {"where": "body"}}),
    ),
    Kind("API hangs beyond deadlines", Lane.API, _DEADLINE_SECONDS, scripted({"kind": "hang", "times": 6}), True),
    Kind("API drips", Lane.API, 3, scripted({"kind": "drip", "probability": 0.3, "args": {"chunk_bytes": 200}})),
    Kind("API resets", Lane.API, 3, scripted({"kind": "reset", "probability": 0.3})),
    Kind(
        "API resets in a body",
        Lane.API,
        3,
        scripted({"kind": "reset", "probability": 0.3, "args": {"where": "body"}}),
    ),
    Kind("API cuts bodies", Lane.API, 3, scripted({"kind": "truncate", "probability": 0.3})),
    Kind("API sends half a document", Lane.API, 3, scripted({"kind": "malformed_json", "probability": 0.3})),
    Kind("API sends a web page", Lane.API, 3, scripted({"kind": "html_200", "probability": 0.3})),
    Kind("API lists are empty", Lane.API, 5, scripted({"kind": "empty_list", "match": LISTS})),
    Kind(
        "API lists lack rows",
        Lane.API,
        5,
        scripted({"kind": "drop_page_rows", "match": LISTS, "args": {"count": 5}}),
    ),
    Kind("API lists never end", Lane.API, 3, scripted({"kind": "same_cursor", "match": LISTS, "probability": 0.5})),
    Kind("API reads are stale", Lane.API, 5, scripted({"kind": "stale", "probability": 0.5})),
    Kind("API redirects", Lane.API, 2, scripted({"kind": "redirect", "times": 3})),
    Kind("API sends a bomb", Lane.API, 2, scripted({"kind": "gzip_bomb", "times": 2})),
    Kind("API late", Lane.API, 3, toxic("savvycal", latency_seconds=0.5)),
    Kind("API slow", Lane.API, 3, toxic("savvycal", bytes_per_second=100_000)),
    Kind("API swallowed", Lane.API, 5, toxic("savvycal", swallows=True)),
    Kind("API lines reset", Lane.API, 3, cut_lines("savvycal", "reset")),
    Kind("API frozen", Lane.API, 5, freeze(lambda site: site.savvycal.process.pid)),
    Kind("webhooks lost", Lane.HOOKS, 6, transport_mode(Mode.LOST)),
    Kind("webhooks doubled", Lane.HOOKS, 5, transport_mode(Mode.DOUBLED)),
    Kind("webhooks delayed", Lane.HOOKS, 6, transport_mode(Mode.DELAYED)),
    Kind("webhooks repeated", Lane.HOOKS, 2, repeat_deliveries),
    Kind("webhooks forged", Lane.HOOKS, 2, forge_deliveries),
    Kind("webhook answers lost", Lane.HOOKS, 4, toxic("hooks", cut_answer_to=b"POST /webhooks/")),
    Kind("webhook lines reset", Lane.HOOKS, 3, cut_lines("hooks", "reset")),
)
