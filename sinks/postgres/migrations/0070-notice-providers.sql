-- Which of the providers of a channel sent a notice, or refused it; null: nobody was reached, or nobody said.
ALTER TABLE notifications ADD COLUMN provider text;
