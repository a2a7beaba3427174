"""What is served over HTTP: webhooks in; the page, health, status and metrics out."""

from worker.web.app import Admin, serve, serve_admin
from worker.web.receiver import ReceiverConfig, ReceiverConfigs
from worker.web.status import head, to_json

__all__ = ["Admin", "ReceiverConfig", "ReceiverConfigs", "head", "serve", "serve_admin", "to_json"]
