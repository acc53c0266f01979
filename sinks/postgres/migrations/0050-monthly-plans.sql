-- Monthly plans: what a merchant offers, what was agreed on, what it costs, and the interest of each instalment.
ALTER TABLE merchants ADD COLUMN monthly jsonb NOT NULL DEFAULT '[]';
ALTER TABLE merchant_terms ADD COLUMN monthly jsonb NOT NULL DEFAULT '[]';
ALTER TABLE decisions ADD COLUMN monthly jsonb;
ALTER TABLE plans ADD COLUMN monthly jsonb;
ALTER TABLE plans ADD COLUMN cost jsonb;
ALTER TABLE plans ADD COLUMN interest_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE instalments ADD COLUMN interest_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE instalments ADD COLUMN interest_charged_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE instalments ADD COLUMN interest_paid_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE instalments ADD COLUMN interest_from date;
ALTER TABLE instalments ADD COLUMN interest_to date;
