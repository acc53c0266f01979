-- Until when a plan is paused (a day that has gone by: it was), and how late an instalment is.
ALTER TABLE plans ADD COLUMN paused_until date;
ALTER TABLE instalments ADD COLUMN delinquency text;
