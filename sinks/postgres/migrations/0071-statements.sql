-- statement.events: what a consumer owed and paid in a month. A row is written once and never changes.
CREATE TABLE statements (
  statement_id text PRIMARY KEY,
  consumer_id text NOT NULL,
  currency text NOT NULL,
  month text NOT NULL,
  from_date date NOT NULL,
  to_date date NOT NULL,
  time_zone text NOT NULL,
  language text NOT NULL,
  opening_minor bigint NOT NULL,
  purchases_minor bigint NOT NULL,
  payments_minor bigint NOT NULL,
  refunds_minor bigint NOT NULL,
  fees_minor bigint NOT NULL,
  interest_minor bigint NOT NULL,
  charged_off_minor bigint NOT NULL,
  adjustments_minor bigint NOT NULL,
  closing_minor bigint NOT NULL,
  lines jsonb NOT NULL,
  due_until date NOT NULL,
  next_due jsonb NOT NULL,
  template_version integer NOT NULL,
  issued_at timestamptz NOT NULL
);
CREATE INDEX statements_by_consumer ON statements (consumer_id, to_date, statement_id);
