-- What the consumer can do about a payment that did not come in, and what its network said.
ALTER TABLE payments ADD COLUMN next_action text;
ALTER TABLE payment_attempts ADD COLUMN network text;
ALTER TABLE payment_attempts ADD COLUMN network_code text;
