-- Days in which a merchant's purchases can be captured; null: as usual.
ALTER TABLE merchants ADD COLUMN authorisation_days integer;
