"""What is served over HTTP: webhooks in; health, status and metrics out."""

from worker.web.app import serve
from worker.web.status import to_json
from worker.web.webhooks import Door, Doors

__all__ = ["Door", "Doors", "serve", "to_json"]
