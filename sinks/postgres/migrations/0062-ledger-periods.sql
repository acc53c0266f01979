-- The date on which an entry is booked: its own, or the first day of the open month where its own month was closed.
ALTER TABLE ledger_entries ADD COLUMN business_date date;
ALTER TABLE ledger_entries ADD COLUMN booked_on date;
UPDATE ledger_entries
   SET business_date = (posted_at AT TIME ZONE 'UTC')::date, booked_on = (posted_at AT TIME ZONE 'UTC')::date;
ALTER TABLE ledger_entries ALTER COLUMN booked_on SET NOT NULL;
CREATE INDEX ledger_entries_by_booking ON ledger_entries (booked_on);

-- ledger.period-events: each month that was ever closed, as it stands.
CREATE TABLE ledger_periods (
  period text PRIMARY KEY,
  status text NOT NULL,
  run integer NOT NULL DEFAULT 0,
  figures text,
  differences text,
  closed_at timestamptz,
  reason text,
  changed_at timestamptz NOT NULL
);

-- When months are closed by themselves.
CREATE TABLE ledger_schedules (
  ledger_id text PRIMARY KEY,
  close_day integer
);
