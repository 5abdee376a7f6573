"""Counters for Prometheus, each said once."""

from prometheus_client import Counter, Gauge, Histogram

WEBHOOKS = Counter("saas_webhooks_total", "Webhook posts by kind of channel and answer", ["kind", "status"])
WEBHOOK_SECONDS = Histogram(
    "saas_webhook_seconds",
    "From the request to the answer",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)
LIVE_DELTAS = Counter("saas_live_deltas_total", "Live deltas given to open pages")
LIVE_READERS = Gauge("saas_live_readers", "Open live connections by kind", ["kind"])
