-- Which bureaus' reports a decision took into account, how they contradicted each other, and who opened a review.
ALTER TABLE decisions ADD COLUMN reports jsonb NOT NULL DEFAULT '[]';
ALTER TABLE decisions ADD COLUMN contradiction jsonb;
ALTER TABLE credit_reviews ADD COLUMN opened_by text NOT NULL DEFAULT 'CONSUMER';
