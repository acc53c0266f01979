-- What merchants are told, and where.
CREATE TABLE webhook_endpoints (
  endpoint_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  url text NOT NULL,
  event_types jsonb NOT NULL,
  secret_version integer NOT NULL,
  previous_until timestamptz,
  removed boolean NOT NULL DEFAULT false,
  registered_at timestamptz NOT NULL
);
CREATE INDEX webhook_endpoints_by_merchant ON webhook_endpoints (merchant_id);

CREATE TABLE webhook_deliveries (
  delivery_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  endpoint_id text NOT NULL,
  subject text NOT NULL,
  event_id text NOT NULL,
  event_type text NOT NULL,
  body text NOT NULL,
  status text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  http_status integer,
  failure text,
  next_attempt_at timestamptz,
  queued_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX webhook_deliveries_by_merchant ON webhook_deliveries (merchant_id, queued_at);
