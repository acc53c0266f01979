-- The risk tier of a merchant, the version of its terms in force, its applications, and all versions of its terms.
ALTER TABLE merchants ADD COLUMN tier text, ADD COLUMN terms_version integer NOT NULL DEFAULT 1;

CREATE TABLE merchant_applications (
  merchant_id text PRIMARY KEY,
  name text NOT NULL,
  legal_name text NOT NULL,
  registration_number text NOT NULL,
  country text NOT NULL,
  currency text NOT NULL,
  category_code text NOT NULL,
  status text NOT NULL,
  tier text,
  reasons jsonb NOT NULL DEFAULT '[]',
  applied_at timestamptz NOT NULL
);
CREATE INDEX merchant_applications_by_time ON merchant_applications (applied_at DESC, merchant_id DESC);

CREATE TABLE merchant_terms (
  merchant_id text NOT NULL,
  version integer NOT NULL,
  effective_from timestamptz NOT NULL,
  fee_bps integer NOT NULL,
  fee_fixed_minor bigint NOT NULL,
  settlement_days integer NOT NULL,
  refund_policy text,
  authorisation_days integer,
  ticket_min_minor bigint NOT NULL,
  ticket_max_minor bigint NOT NULL,
  PRIMARY KEY (merchant_id, version)
);
