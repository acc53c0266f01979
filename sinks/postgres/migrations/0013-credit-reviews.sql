-- Reviews of refusals by a person: the work queue, and what became of each.
CREATE TABLE credit_reviews (
  review_id text PRIMARY KEY,
  decision_id text NOT NULL,
  consumer_id text NOT NULL,
  purchase_id text NOT NULL,
  merchant_id text NOT NULL,
  merchant_name text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  reasons jsonb NOT NULL,
  statement text NOT NULL,
  status text NOT NULL,
  overdue boolean NOT NULL DEFAULT false,
  reviewer text,
  decision_reason text,
  valid_until timestamptz,
  due_at timestamptz NOT NULL,
  requested_at timestamptz NOT NULL,
  decided_at timestamptz
) WITH (fillfactor = 80);
CREATE INDEX credit_reviews_by_time ON credit_reviews (requested_at, review_id);
CREATE INDEX credit_reviews_by_status ON credit_reviews (status, requested_at, review_id);
CREATE INDEX credit_reviews_by_consumer ON credit_reviews (consumer_id, requested_at, review_id);
