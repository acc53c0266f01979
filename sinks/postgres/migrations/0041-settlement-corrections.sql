-- A correction may be of the account as a whole, and says why.
ALTER TABLE settlement_lines ALTER COLUMN purchase_id DROP NOT NULL;
ALTER TABLE settlement_lines ADD COLUMN note text;
