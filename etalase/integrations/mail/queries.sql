-- keep_mail --
-- A mail for the outbox; nothing comes back if its cause has one already.
INSERT INTO mails (id, recipient, subject, body, cause_id, created_at, retry_at)
VALUES (%(id)s, %(recipient)s, %(subject)s, %(body)s, %(cause_id)s, %(at)s, %(at)s)
ON CONFLICT (cause_id) DO NOTHING RETURNING id;

-- has_mail --
-- Whether this cause had its mail.
SELECT EXISTS (SELECT FROM mails WHERE cause_id = %(cause_id)s);

-- claim_mails --
-- Mails whose turn it is. They come again, ever later, unless they are marked sent; other workers pass them over.
UPDATE mails SET attempts = attempts + 1, retry_at = %(now)s + least(power(2, attempts), 360) * interval '10 seconds'
WHERE id IN (SELECT id FROM mails WHERE sent_at IS NULL AND retry_at <= %(now)s AND attempts < %(attempts_max)s
             ORDER BY retry_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id, recipient, subject, body, created_at, sent_at;

-- mark_sent --
-- The mail has been handed over.
UPDATE mails SET sent_at = %(at)s, last_error = '' WHERE id = %(id)s;

-- note_failure --
-- Why the mail could not be handed over.
UPDATE mails SET last_error = %(error)s WHERE id = %(id)s;

-- latest_mails --
-- The outbox, newest first.
SELECT id, recipient, subject, body, created_at, sent_at FROM mails WHERE id < %(before)s ORDER BY id DESC LIMIT %(limit)s;
