"""What is served over HTTP: webhooks in; the page, health, status and metrics out."""

from worker.web.app import Admin, serve, serve_admin
from worker.web.receiver import ReceiverConfig, ReceiverConfigs

__all__ = ["Admin", "ReceiverConfig", "ReceiverConfigs", "serve", "serve_admin"]
