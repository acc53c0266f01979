-- A first payment with which the whole amount would have passed.
ALTER TABLE decisions ADD COLUMN counter_first_payment_minor bigint;
