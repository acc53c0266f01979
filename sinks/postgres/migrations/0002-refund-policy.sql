-- How a merchant's refunds are taken off what is due later; null: as the product does.
ALTER TABLE merchants ADD COLUMN refund_policy text;
