-- What the score of a decision is made of.
ALTER TABLE decisions ADD COLUMN score_base integer;
ALTER TABLE decisions ADD COLUMN factors jsonb NOT NULL DEFAULT '[]';
