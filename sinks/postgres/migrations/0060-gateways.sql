-- Which gateway took a payment, and where each attempt went. Before there were two, all were the primary one's.
ALTER TABLE payments ADD COLUMN gateway text NOT NULL DEFAULT 'primary';
ALTER TABLE payment_returns ADD COLUMN gateway text NOT NULL DEFAULT 'primary';

CREATE TABLE payment_attempts (
  payment_id text NOT NULL,
  attempt integer NOT NULL,
  gateway text NOT NULL,
  outcome text NOT NULL,
  decline_code text,
  business_date date NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (payment_id, attempt, gateway)
);

-- gateway.route-events: what was published.
CREATE TABLE gateway_routes (
  version integer PRIMARY KEY,
  rules text NOT NULL,
  published_at timestamptz NOT NULL
);
