-- The read model: what the event topics say, one row a thing. Each table is fed by one topic, so that its rows never
-- depend on the order in which topics are read. Amounts are minor units; every column holds what the newest event said.

CREATE TABLE sink_positions (
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);

CREATE TABLE unreadable_records (
  topic text NOT NULL,
  partition integer NOT NULL,
  record_offset bigint NOT NULL,
  problem text NOT NULL,
  bytes_base64 text NOT NULL,
  PRIMARY KEY (topic, partition, record_offset)
);

-- consumer.events
CREATE TABLE consumers (
  consumer_id text PRIMARY KEY,
  email text NOT NULL,
  phone text,
  given_name text NOT NULL,
  family_name text NOT NULL,
  date_of_birth date NOT NULL,
  country text NOT NULL,
  time_zone text NOT NULL,
  language text NOT NULL,
  kyc_status text NOT NULL DEFAULT 'NOT_STARTED',
  kyc_check_id text,
  kyc_final boolean NOT NULL DEFAULT false,
  kyc_reasons jsonb NOT NULL DEFAULT '[]',
  registered_at timestamptz NOT NULL
);
CREATE INDEX consumers_by_email ON consumers (email);
CREATE INDEX consumers_by_time ON consumers (registered_at, consumer_id);

-- merchant.events
CREATE TABLE merchants (
  merchant_id text PRIMARY KEY,
  name text NOT NULL,
  legal_name text NOT NULL,
  country text NOT NULL,
  currency text NOT NULL,
  time_zone text NOT NULL,
  category_code text NOT NULL,
  fee_bps integer NOT NULL,
  fee_fixed_minor bigint NOT NULL,
  settlement_days integer NOT NULL,
  ticket_min_minor bigint NOT NULL,
  ticket_max_minor bigint NOT NULL,
  payout_account text NOT NULL,
  status text NOT NULL,
  status_reason text,
  onboarded_at timestamptz NOT NULL
);

CREATE TABLE checkouts (
  checkout_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  merchant_name text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  items jsonb NOT NULL,
  merchant_reference text,
  consumer_id text,
  return_url text,
  status text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX checkouts_by_merchant ON checkouts (merchant_id, created_at, checkout_id);

-- credit.events
CREATE TABLE credit_accounts (
  consumer_id text PRIMARY KEY,
  currency text NOT NULL,
  limit_minor bigint NOT NULL,
  hold_minor bigint NOT NULL DEFAULT 0,
  outstanding_minor bigint NOT NULL DEFAULT 0,
  fees_minor bigint NOT NULL DEFAULT 0,
  available_minor bigint NOT NULL DEFAULT 0,
  blocked boolean NOT NULL DEFAULT false,
  score integer,
  policy_version text,
  model_version text,
  limit_reason text,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE decisions (
  decision_id text PRIMARY KEY,
  purchase_id text NOT NULL,
  checkout_id text NOT NULL,
  consumer_id text NOT NULL,
  merchant_id text NOT NULL,
  merchant_name text NOT NULL,
  product text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  approved boolean NOT NULL,
  limit_minor bigint NOT NULL,
  exposure_before_minor bigint NOT NULL,
  available_minor bigint NOT NULL,
  score integer,
  policy_version text NOT NULL,
  model_version text NOT NULL,
  features jsonb NOT NULL,
  rules_hit jsonb NOT NULL,
  reasons jsonb NOT NULL,
  counter_offer_minor bigint,
  decided_on date NOT NULL,
  decided_at timestamptz NOT NULL
);
CREATE INDEX decisions_by_time ON decisions (decided_at, decision_id);
CREATE INDEX decisions_by_purchase ON decisions (purchase_id);
CREATE INDEX decisions_by_consumer ON decisions (consumer_id, decided_at, decision_id);

-- purchase.events
CREATE TABLE purchases (
  purchase_id text PRIMARY KEY,
  checkout_id text NOT NULL,
  consumer_id text NOT NULL,
  merchant_id text NOT NULL,
  merchant_name text NOT NULL,
  product text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  payment_method_id text NOT NULL,
  merchant_reference text,
  plan_id text,
  status text NOT NULL,
  captured_minor bigint NOT NULL DEFAULT 0,
  released_minor bigint NOT NULL DEFAULT 0,
  refunded_minor bigint NOT NULL DEFAULT 0,
  rejected_cause text,
  reasons jsonb NOT NULL DEFAULT '[]',
  requested_on date NOT NULL,
  requested_at timestamptz NOT NULL,
  authorised_at timestamptz,
  expires_at timestamptz,
  completed_at timestamptz
) WITH (fillfactor = 80);
CREATE INDEX purchases_by_consumer ON purchases (consumer_id, requested_at, purchase_id);
CREATE INDEX purchases_by_merchant ON purchases (merchant_id, requested_at, purchase_id);

CREATE TABLE captures (
  capture_id text PRIMARY KEY,
  purchase_id text NOT NULL,
  consumer_id text NOT NULL,
  merchant_id text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  captured_at timestamptz NOT NULL
);
CREATE INDEX captures_by_purchase ON captures (purchase_id);

CREATE TABLE refunds (
  refund_id text PRIMARY KEY,
  purchase_id text NOT NULL,
  capture_id text,
  consumer_id text NOT NULL,
  merchant_id text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  reason text,
  refunded_at timestamptz NOT NULL
);
CREATE INDEX refunds_by_purchase ON refunds (purchase_id);

CREATE TABLE releases (
  release_id text PRIMARY KEY,
  purchase_id text NOT NULL,
  consumer_id text NOT NULL,
  merchant_id text NOT NULL,
  cause text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  released_at timestamptz NOT NULL
);
CREATE INDEX releases_by_purchase ON releases (purchase_id);

-- plan.events
CREATE TABLE plans (
  plan_id text PRIMARY KEY,
  purchase_id text NOT NULL,
  consumer_id text NOT NULL,
  merchant_id text NOT NULL,
  product text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  payment_method_id text NOT NULL,
  status text NOT NULL,
  cancelled_cause text,
  captured_minor bigint NOT NULL,
  released_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  deposit_minor bigint NOT NULL,
  hold_minor bigint NOT NULL,
  outstanding_minor bigint NOT NULL,
  fees_minor bigint NOT NULL,
  paid_minor bigint NOT NULL,
  proposed_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX plans_by_consumer ON plans (consumer_id, proposed_at, plan_id);
CREATE INDEX plans_by_purchase ON plans (purchase_id);

CREATE TABLE instalments (
  plan_id text NOT NULL,
  no integer NOT NULL,
  consumer_id text NOT NULL,
  currency text NOT NULL,
  due_date date NOT NULL,
  amount_minor bigint NOT NULL,
  paid_minor bigint NOT NULL,
  fees_minor bigint NOT NULL,
  fees_paid_minor bigint NOT NULL,
  status text NOT NULL,
  paid_late boolean NOT NULL DEFAULT false,
  PRIMARY KEY (plan_id, no)
) WITH (fillfactor = 70);

-- payment.events
CREATE TABLE payments (
  payment_id text PRIMARY KEY,
  consumer_id text NOT NULL,
  plan_id text NOT NULL,
  instalment_no integer NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  attempts integer NOT NULL,
  decline_code text,
  decline_class text,
  next_attempt_on date,
  gateway_ref text,
  business_date date NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX payments_by_consumer ON payments (consumer_id, updated_at, payment_id);
CREATE INDEX payments_by_plan ON payments (plan_id);

CREATE TABLE payment_returns (
  return_id text PRIMARY KEY,
  payment_id text NOT NULL,
  plan_id text NOT NULL,
  consumer_id text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  gateway_ref text,
  decline_code text,
  updated_at timestamptz NOT NULL
);
CREATE INDEX payment_returns_by_plan ON payment_returns (plan_id);

CREATE TABLE payment_methods (
  payment_method_id text PRIMARY KEY,
  consumer_id text NOT NULL,
  brand text NOT NULL,
  last4 text NOT NULL,
  expiry_month integer NOT NULL,
  expiry_year integer NOT NULL,
  added_at timestamptz NOT NULL
);
CREATE INDEX payment_methods_by_consumer ON payment_methods (consumer_id);

-- settlement.events
CREATE TABLE settlements (
  settlement_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  settled_on date NOT NULL,
  currency text NOT NULL,
  sales_minor bigint NOT NULL,
  returns_minor bigint NOT NULL,
  fees_minor bigint NOT NULL,
  debt_repaid_minor bigint NOT NULL,
  payout_minor bigint NOT NULL,
  carried_minor bigint NOT NULL,
  payable_minor bigint NOT NULL,
  line_count integer NOT NULL,
  payout_account text NOT NULL,
  closed_at timestamptz NOT NULL
);
CREATE INDEX settlements_by_merchant ON settlements (merchant_id, settled_on, settlement_id);

CREATE TABLE settlement_lines (
  line_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  settlement_id text NOT NULL,
  settle_on date NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  purchase_id text NOT NULL,
  capture_id text,
  refund_id text,
  added_at timestamptz NOT NULL
);
CREATE INDEX settlement_lines_by_settlement ON settlement_lines (settlement_id);

CREATE TABLE payouts (
  settlement_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  failure_code text,
  gateway_ref text,
  updated_at timestamptz NOT NULL
);

-- ledger.entries
CREATE TABLE ledger_entries (
  entry_id text PRIMARY KEY,
  kind text NOT NULL,
  currency text NOT NULL,
  event_id text NOT NULL,
  purchase_id text,
  plan_id text,
  merchant_id text,
  consumer_id text,
  posted_at timestamptz NOT NULL
);
CREATE INDEX ledger_entries_by_purchase ON ledger_entries (purchase_id);

CREATE TABLE ledger_postings (
  entry_id text NOT NULL,
  no integer NOT NULL,
  account text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  PRIMARY KEY (entry_id, no)
);

-- ledger.balances
CREATE TABLE account_balances (
  account text NOT NULL,
  currency text NOT NULL,
  balance_minor bigint NOT NULL,
  debits_minor bigint NOT NULL,
  credits_minor bigint NOT NULL,
  postings bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (account, currency)
) WITH (fillfactor = 70);

-- notification.events
CREATE TABLE notifications (
  notification_id text PRIMARY KEY,
  consumer_id text NOT NULL,
  channel text NOT NULL,
  template text NOT NULL,
  template_version integer,
  language text,
  subject text,
  body text,
  status text NOT NULL,
  failure_code text,
  reported_at timestamptz NOT NULL
);
CREATE INDEX notifications_by_consumer ON notifications (consumer_id, reported_at, notification_id);

-- audit.entries
CREATE TABLE audit_entries (
  subject text NOT NULL,
  sequence bigint NOT NULL,
  action text NOT NULL,
  event_id text NOT NULL,
  actor text NOT NULL,
  detail text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (subject, sequence)
);
