-- credit.rule-events: what was published, in the order of the log. A policy may hold more than once.
CREATE TABLE credit_policies (
  publication_id text PRIMARY KEY,
  version text NOT NULL,
  effective_from timestamptz,
  model_version text NOT NULL,
  file text NOT NULL,
  file_hash text NOT NULL,
  published_at timestamptz NOT NULL
);
CREATE INDEX credit_policies_by_time ON credit_policies (published_at, publication_id);
CREATE INDEX credit_policies_by_version ON credit_policies (version);

CREATE TABLE score_models (
  version text PRIMARY KEY,
  file text NOT NULL,
  file_hash text NOT NULL,
  published_at timestamptz NOT NULL
);

-- Champion and challenger: who decided, and what the other one would have.
ALTER TABLE decisions ADD COLUMN variant text NOT NULL DEFAULT 'CHAMPION';
ALTER TABLE decisions ADD COLUMN shadow jsonb;
