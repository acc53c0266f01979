-- The payment over several plans that a payment is a part of; null: it is none.
ALTER TABLE payments ADD COLUMN group_id text;
