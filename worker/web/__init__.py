"""What is served over HTTP: webhooks in; health, status and metrics out."""

from worker.web.app import serve
from worker.web.receiver import ReceiverConfig, ReceiverConfigs
from worker.web.status import to_json

__all__ = ["ReceiverConfig", "ReceiverConfigs", "serve", "to_json"]
