-- Every move of a limit, and why.
CREATE TABLE limit_changes (
  change_id text PRIMARY KEY,
  consumer_id text NOT NULL,
  currency text NOT NULL,
  limit_minor bigint NOT NULL,
  previous_minor bigint NOT NULL,
  reason text NOT NULL,
  reasons jsonb NOT NULL,
  rule text,
  percent integer NOT NULL,
  score integer,
  policy_version text NOT NULL,
  model_version text NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX limit_changes_by_consumer ON limit_changes (consumer_id, changed_at, change_id);
