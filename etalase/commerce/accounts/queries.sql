-- add_account --
-- A new account; the constraints accounts_email_once and accounts_phone_once refuse a second one.
INSERT INTO accounts (id, name, email, phone, password_hash, locale, is_operator, avatar_key, created_at)
VALUES (%(id)s, %(name)s, %(email)s, %(phone)s, %(password_hash)s, %(locale)s, %(is_operator)s, %(avatar_key)s, %(at)s)
RETURNING id, name, email, phone, locale, zone, is_operator, avatar_key, created_at;

-- account --
-- The account of this id.
SELECT id, name, email, phone, locale, zone, is_operator, avatar_key, created_at
FROM accounts WHERE id = %(account_id)s;

-- account_of_email --
-- The account with this e-mail address.
SELECT id, name, email, phone, locale, zone, is_operator, avatar_key, created_at
FROM accounts WHERE email = %(email)s;

-- credentials --
-- What a log-in is checked against, by e-mail address or phone number.
SELECT id, password_hash FROM accounts
WHERE email = %(email)s::text OR phone = %(phone)s::text LIMIT 1;

-- credentials_of_account --
-- What the present password is checked against before it is changed.
SELECT id, password_hash FROM accounts WHERE id = %(account_id)s;

-- set_password --
-- Another password hash.
UPDATE accounts SET password_hash = %(password_hash)s, password_changed_at = %(at)s WHERE id = %(account_id)s;

-- set_profile --
-- Another name or language.
UPDATE accounts SET name = COALESCE(%(name)s::text, name), locale = COALESCE(%(locale)s::text, locale)
WHERE id = %(account_id)s;

-- set_zone --
-- Where the account's times are shown.
UPDATE accounts SET zone = %(zone)s WHERE id = %(account_id)s;

-- add_session --
-- A signed-in device; only the hash of its secret is kept.
INSERT INTO sessions (account_id, id, secret_hash, device, address, created_at, seen_at, expires_at)
VALUES (%(account_id)s, %(id)s, %(secret_hash)s, %(device)s, %(address)s, %(at)s, %(at)s, %(expires_at)s);

-- session --
-- A signed-in device with its account and the shops that works in; what every page of a signed-in person begins with.
SELECT s.account_id, s.id, s.secret_hash, s.seen_at, s.expires_at, s.shop_id,
       a.name, a.email, a.phone, a.locale, a.zone, a.is_operator, a.avatar_key,
       (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                   'account_id', m.account_id, 'role', m.role, 'shop_id', p.shop_id, 'slug', p.slug, 'name', p.name,
                   'zone', p.zone, 'confirm_mode', p.confirm_mode, 'is_open', p.is_open, 'logo_key', p.logo_key)
                   ORDER BY p.name, p.shop_id), '[]')
        FROM shop_members m JOIN shops p ON p.shop_id = m.shop_id WHERE m.account_id = a.id) AS shops
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.account_id = %(account_id)s AND s.id = %(session_id)s AND s.expires_at > %(now)s;

-- see_session --
-- The device was here; written at most every few minutes.
UPDATE sessions SET seen_at = %(now)s, address = %(address)s, expires_at = %(expires_at)s
WHERE account_id = %(account_id)s AND id = %(session_id)s AND seen_at < %(seen_before)s;

-- sessions_of_account --
-- The list of devices, the last seen first.
SELECT id, device, address, created_at, seen_at FROM sessions
WHERE account_id = %(account_id)s AND expires_at > %(now)s
ORDER BY seen_at DESC, id DESC LIMIT 100;

-- end_session --
-- One device is signed out.
DELETE FROM sessions WHERE account_id = %(account_id)s AND id = %(session_id)s RETURNING id;

-- end_sessions --
-- All devices but one (or none of them excepted) are signed out.
DELETE FROM sessions WHERE account_id = %(account_id)s AND id <> %(except_id)s RETURNING id;

-- set_session_shop --
-- The shop this device works in.
UPDATE sessions SET shop_id = %(shop_id)s WHERE account_id = %(account_id)s AND id = %(session_id)s;

-- add_attempt --
-- An attempt to log in that has not succeeded (yet).
INSERT INTO login_attempts (subject, at, id) VALUES (%(subject)s, %(at)s, %(id)s);

-- attempts_before --
-- Attempts of a subject within the window, the newest first; the attempt being made is left out.
SELECT at FROM login_attempts
WHERE subject = %(subject)s AND at > %(since)s AND id <> %(except_id)s
ORDER BY at DESC, id DESC LIMIT %(attempts_max)s;

-- forget_attempt --
-- An attempt that was not looked at does not count.
DELETE FROM login_attempts WHERE subject = ANY(%(subjects)s) AND id = %(id)s;

-- forget_attempts --
-- After a success the count begins anew.
DELETE FROM login_attempts WHERE subject = %(subject)s;

-- forget_old_attempts --
-- Attempts that no window reaches any more.
DELETE FROM login_attempts WHERE at < %(before)s;

-- forget_expired_sessions --
-- Sessions that nobody can resume.
DELETE FROM sessions WHERE expires_at < %(now)s;

-- forget_old_resets --
-- Links that nobody can use.
DELETE FROM password_resets WHERE expires_at < %(before)s;

-- add_password_reset --
-- A link that sets a new password; only the hash of its secret is kept.
INSERT INTO password_resets (account_id, id, secret_hash, created_at, expires_at)
VALUES (%(account_id)s, %(id)s, %(secret_hash)s, %(at)s, %(expires_at)s);

-- usable_password_reset --
-- The link, if it may still be used.
SELECT account_id, id, secret_hash FROM password_resets
WHERE account_id = %(account_id)s AND id = %(reset_id)s AND used_at IS NULL AND expires_at > %(now)s;

-- use_password_reset --
-- The link is used up, and with it all other links of the account; nothing comes back if it could not be used.
UPDATE password_resets SET used_at = %(now)s
WHERE account_id = %(account_id)s AND used_at IS NULL AND expires_at > %(now)s
  AND EXISTS (SELECT 1 FROM password_resets mine
              WHERE mine.account_id = %(account_id)s AND mine.id = %(reset_id)s AND mine.secret_hash = %(secret_hash)s
                AND mine.used_at IS NULL)
RETURNING id;

-- addresses_of_buyer --
-- The address book, the default first.
SELECT buyer_id, id, label, recipient, phone, province, city, district, postal_code, street, landmark, is_default
FROM addresses WHERE buyer_id = %(buyer_id)s AND deleted_at IS NULL
ORDER BY is_default DESC, id DESC LIMIT 50;

-- addresses_by_keys --
-- These addresses, those that are not the buyer's or were removed left out.
SELECT a.buyer_id, a.id, a.label, a.recipient, a.phone, a.province, a.city, a.district, a.postal_code, a.street, a.landmark, a.is_default
FROM unnest(%(buyer_ids)s::bigint[], %(address_ids)s::bigint[]) AS asked (buyer_id, address_id)
JOIN addresses a ON a.buyer_id = asked.buyer_id AND a.id = asked.address_id
WHERE a.deleted_at IS NULL;

-- address_of_buyer --
-- One address, if it is this buyer's.
SELECT buyer_id, id, label, recipient, phone, province, city, district, postal_code, street, landmark, is_default
FROM addresses WHERE buyer_id = %(buyer_id)s AND id = %(address_id)s AND deleted_at IS NULL;

-- lock_account --
-- Holds the account until the end of the transaction: its address book changes one step at a time.
SELECT id FROM accounts WHERE id = %(account_id)s FOR NO KEY UPDATE;

-- address_ids --
-- The addresses of the book.
SELECT id FROM addresses WHERE buyer_id = %(buyer_id)s AND deleted_at IS NULL ORDER BY id LIMIT 50;

-- add_address --
-- An address for the book.
INSERT INTO addresses (buyer_id, id, label, recipient, phone, province, city, district, postal_code, street, landmark, created_at)
VALUES (%(buyer_id)s, %(id)s, %(label)s, %(recipient)s, %(phone)s, %(province)s, %(city)s, %(district)s, %(postal_code)s,
        %(street)s, %(landmark)s, %(at)s);

-- change_address --
-- Other words for an address of this buyer.
UPDATE addresses SET label = %(label)s, recipient = %(recipient)s, phone = %(phone)s, province = %(province)s, city = %(city)s,
       district = %(district)s, postal_code = %(postal_code)s, street = %(street)s, landmark = %(landmark)s
WHERE buyer_id = %(buyer_id)s AND id = %(id)s AND deleted_at IS NULL;

-- delete_address --
-- The address leaves the book; orders keep their own copy.
UPDATE addresses SET deleted_at = %(at)s, is_default = false
WHERE buyer_id = %(buyer_id)s AND id = %(address_id)s AND deleted_at IS NULL;

-- clear_default_address --
-- No address is the default one; the next statement chooses again.
UPDATE addresses SET is_default = false WHERE buyer_id = %(buyer_id)s AND is_default AND deleted_at IS NULL;

-- set_default_address --
-- The address that checkout begins with.
UPDATE addresses SET is_default = true WHERE buyer_id = %(buyer_id)s AND id = %(address_id)s AND deleted_at IS NULL
RETURNING province;

-- add_shop --
-- A shop; its slug is taken once.
INSERT INTO shops (shop_id, slug, name, description, description_en, province, city, zone, logo_key, banner_key, confirm_mode,
                   opens_at, closes_at, carriers, accepts_cod, joined_at)
VALUES (%(shop_id)s, %(slug)s, %(name)s, %(description)s, %(description_en)s, %(province)s, %(city)s, %(zone)s, %(logo_key)s,
        %(banner_key)s, %(confirm_mode)s, %(opens_at)s, %(closes_at)s, %(carriers)s, %(accepts_cod)s, %(at)s);

-- add_member --
-- An account works in a shop; who works there already keeps the role.
INSERT INTO shop_members (shop_id, account_id, role, joined_at)
VALUES (%(shop_id)s, %(account_id)s, %(role)s, %(at)s)
ON CONFLICT (shop_id, account_id) DO NOTHING;

-- members_of_shop --
-- Who works in a shop, in the order they joined.
SELECT shop_id, account_id, role FROM shop_members WHERE shop_id = %(shop_id)s ORDER BY joined_at, account_id LIMIT 200;

-- shops_of_account --
-- The shops an account works in, by name.
SELECT m.account_id, m.role, s.shop_id, s.slug, s.name, s.zone, s.confirm_mode, s.is_open, s.logo_key
FROM shop_members m JOIN shops s ON s.shop_id = m.shop_id
WHERE m.account_id = %(account_id)s ORDER BY s.name, s.shop_id LIMIT 50;
