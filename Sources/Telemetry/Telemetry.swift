// Telemetry: what a session writes: event schemas, four log tiers, decision receipts, the mapped black box, metrics.
