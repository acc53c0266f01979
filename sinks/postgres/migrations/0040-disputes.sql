-- Disputes of purchases, and payments that a consumer's bank took back.
CREATE TABLE disputes (
  dispute_id text PRIMARY KEY,
  purchase_id text NOT NULL,
  plan_id text NOT NULL,
  consumer_id text NOT NULL,
  merchant_id text NOT NULL,
  origin text NOT NULL,
  reason text NOT NULL,
  note text,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  cause text,
  evidence text,
  evidence_due_at timestamptz NOT NULL,
  charge_back_id text,
  opened_at timestamptz NOT NULL,
  decided_at timestamptz
);
CREATE INDEX disputes_by_merchant ON disputes (merchant_id, opened_at);
CREATE INDEX disputes_by_consumer ON disputes (consumer_id, opened_at);
CREATE INDEX disputes_by_opening ON disputes (opened_at);

CREATE TABLE charge_backs (
  charge_back_id text PRIMARY KEY,
  payment_id text NOT NULL,
  plan_id text NOT NULL,
  purchase_id text NOT NULL,
  consumer_id text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  reason text NOT NULL,
  status text NOT NULL,
  charged_back_at timestamptz NOT NULL,
  decided_at timestamptz
);
CREATE INDEX charge_backs_by_payment ON charge_backs (payment_id);

ALTER TABLE refunds ADD COLUMN dispute_id text;
CREATE INDEX payments_by_gateway_ref ON payments (gateway_ref);

ALTER TABLE settlement_lines ADD COLUMN dispute_id text;
ALTER TABLE settlements ADD COLUMN tax_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE settlements ADD COLUMN holdback_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE settlements ADD COLUMN release_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE settlements ADD COLUMN corrections_minor bigint NOT NULL DEFAULT 0;
