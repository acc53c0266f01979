-- When a consumer proved the e-mail address and the phone number; null: not yet.
ALTER TABLE consumers ADD COLUMN email_verified_at timestamptz, ADD COLUMN phone_verified_at timestamptz;
