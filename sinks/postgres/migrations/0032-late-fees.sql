-- Every late fee, and what of it was taken back.
CREATE TABLE late_fees (
  fee_id text PRIMARY KEY,
  plan_id text NOT NULL,
  consumer_id text NOT NULL,
  instalment_no integer NOT NULL,
  amount_minor bigint NOT NULL,
  reversed_minor bigint NOT NULL DEFAULT 0,
  currency text NOT NULL,
  scheme text NOT NULL,
  rule text NOT NULL,
  charged_on date NOT NULL
);
CREATE INDEX late_fees_by_plan ON late_fees (plan_id, charged_on, fee_id);
