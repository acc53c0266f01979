-- The basket of a purchase, and what of each line was refunded.
ALTER TABLE purchases ADD COLUMN items jsonb NOT NULL DEFAULT '[]';
ALTER TABLE purchases ADD COLUMN refunded_items jsonb NOT NULL DEFAULT '[]';
ALTER TABLE refunds ADD COLUMN items jsonb NOT NULL DEFAULT '[]';
