-- add_app --
-- A new app.
INSERT INTO apps (id, key, owner_id, name, secret_salt, redirect_urls, scopes, created_at, secret_changed_at)
VALUES (%(id)s, %(key)s, %(owner_id)s, %(name)s, %(secret_salt)s, %(redirect_urls)s, %(scopes)s, %(at)s, %(at)s);

-- apps_of_owner --
-- The apps an account has made, the newest first.
SELECT id, key, owner_id, name, secret_salt, redirect_urls, scopes, created_at, secret_changed_at
FROM apps WHERE owner_id = %(owner_id)s AND deleted_at IS NULL ORDER BY id DESC LIMIT 50;

-- app_of_owner --
-- One app, if this account made it.
SELECT id, key, owner_id, name, secret_salt, redirect_urls, scopes, created_at, secret_changed_at
FROM apps WHERE id = %(app_id)s AND owner_id = %(owner_id)s AND deleted_at IS NULL;

-- app_by_id --
-- The app of this id (its service id).
SELECT id, key, owner_id, name, secret_salt, redirect_urls, scopes, created_at, secret_changed_at
FROM apps WHERE id = %(app_id)s AND deleted_at IS NULL;

-- app_by_key --
-- The app of this key.
SELECT id, key, owner_id, name, secret_salt, redirect_urls, scopes, created_at, secret_changed_at
FROM apps WHERE key = %(key)s AND deleted_at IS NULL;

-- change_app --
-- Another name, other addresses or scopes.
UPDATE apps SET name = %(name)s, redirect_urls = %(redirect_urls)s, scopes = %(scopes)s
WHERE id = %(app_id)s AND owner_id = %(owner_id)s AND deleted_at IS NULL;

-- set_salt --
-- Another secret from now on.
UPDATE apps SET secret_salt = %(secret_salt)s, secret_changed_at = %(at)s
WHERE id = %(app_id)s AND owner_id = %(owner_id)s AND deleted_at IS NULL;

-- delete_app --
-- The app is gone; its row stays for the facts that name it.
UPDATE apps SET deleted_at = %(at)s WHERE id = %(app_id)s AND owner_id = %(owner_id)s AND deleted_at IS NULL;

-- door --
-- Who knocks: the app of a key, and what the access token with it stands for. What every call of an app begins with.
SELECT a.id AS app_id, a.key, a.name AS app_name, a.secret_salt, g.id AS authorization_id, g.account_id, g.scopes,
       t.access_expires_at, (g.ended_at IS NOT NULL) AS is_ended,
       (SELECT COALESCE(jsonb_agg(jsonb_build_array(s.shop_id, s.cipher) ORDER BY s.shop_id), '[]')
        FROM authorized_shops s WHERE s.authorization_id = g.id AND s.ended_at IS NULL) AS shops
FROM apps a
LEFT JOIN app_tokens t ON t.access_hash = %(access_hash)s
LEFT JOIN authorizations g ON g.id = t.authorization_id AND g.app_id = a.id
WHERE a.key = %(key)s AND a.deleted_at IS NULL;

-- running_authorization --
-- The leave an account has given an app and not taken back; held until the end of the transaction.
SELECT id, app_id, account_id, scopes, granted_at, ended_at FROM authorizations
WHERE app_id = %(app_id)s AND account_id = %(account_id)s AND ended_at IS NULL FOR UPDATE;

-- authorization --
-- A leave and whether it has ended; held until the end of the transaction.
SELECT id, app_id, account_id, scopes, granted_at, ended_at FROM authorizations
WHERE id = %(authorization_id)s FOR UPDATE;

-- add_authorization --
-- An account lets an app act for its shops; a second one at the same moment is refused by authorizations_one_running.
INSERT INTO authorizations (id, app_id, account_id, scopes, granted_at)
VALUES (%(id)s, %(app_id)s, %(account_id)s, %(scopes)s, %(at)s)
RETURNING id, app_id, account_id, scopes, granted_at, ended_at;

-- set_authorization_scopes --
-- What was agreed to last counts.
UPDATE authorizations SET scopes = %(scopes)s, granted_at = %(at)s WHERE id = %(authorization_id)s;

-- end_authorization --
-- The leave is over: none of its tokens opens anything any more.
UPDATE authorizations SET ended_at = %(at)s WHERE id = %(authorization_id)s AND ended_at IS NULL;

-- add_authorized_shop --
-- The leave covers this shop; one that had been taken out comes back with the cipher it had.
INSERT INTO authorized_shops (authorization_id, shop_id, app_id, cipher, granted_at)
VALUES (%(authorization_id)s, %(shop_id)s, %(app_id)s, %(cipher)s, %(at)s)
ON CONFLICT (authorization_id, shop_id)
DO UPDATE SET granted_at = EXCLUDED.granted_at, ended_at = NULL;

-- end_app_in_shop --
-- The app may do nothing for the shop any more, whoever had allowed it.
UPDATE authorized_shops SET ended_at = %(at)s
WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s AND ended_at IS NULL RETURNING authorization_id;

-- end_shops_of_app --
-- The app may do nothing for anybody any more.
UPDATE authorized_shops SET ended_at = %(at)s WHERE app_id = %(app_id)s AND ended_at IS NULL RETURNING shop_id;

-- end_authorizations_of_app --
-- Every leave of the app is over.
UPDATE authorizations SET ended_at = %(at)s WHERE app_id = %(app_id)s AND ended_at IS NULL;

-- end_authorizations_without_shop --
-- A leave that covers no shop any more is over.
UPDATE authorizations g SET ended_at = %(at)s
WHERE g.id = ANY(%(authorization_ids)s) AND g.ended_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM authorized_shops s WHERE s.authorization_id = g.id AND s.ended_at IS NULL);

-- shops_of_authorization --
-- The shops a leave covers, as calls show them.
SELECT s.shop_id, p.name, p.slug, s.cipher, s.granted_at
FROM authorized_shops s JOIN shops p ON p.shop_id = s.shop_id
WHERE s.authorization_id = %(authorization_id)s AND s.ended_at IS NULL
ORDER BY p.name, s.shop_id LIMIT 100;

-- shops_of_app --
-- Who lets the app act for them, for its maker's page.
SELECT s.shop_id, p.name, p.slug, s.cipher, s.granted_at
FROM authorized_shops s JOIN shops p ON p.shop_id = s.shop_id
WHERE s.app_id = %(app_id)s AND s.ended_at IS NULL
ORDER BY p.name, s.shop_id, s.authorization_id LIMIT 200;

-- apps_of_shop --
-- The apps that may act for a shop, for its owner's page.
SELECT s.app_id, a.name, g.scopes, s.granted_at, p.name AS granted_by
FROM authorized_shops s JOIN apps a ON a.id = s.app_id
JOIN authorizations g ON g.id = s.authorization_id JOIN accounts p ON p.id = g.account_id
WHERE s.shop_id = %(shop_id)s AND s.ended_at IS NULL
ORDER BY a.name, s.app_id, s.authorization_id LIMIT 200;

-- add_code --
-- What the app's page is given after the consent; only its hash is kept.
INSERT INTO authorization_codes (hash, authorization_id, created_at, expires_at)
VALUES (%(hash)s, %(authorization_id)s, %(at)s, %(expires_at)s);

-- use_code --
-- The code is used up; nothing comes back if it can't be.
UPDATE authorization_codes c SET used_at = %(at)s FROM authorizations g
WHERE c.hash = %(hash)s AND c.used_at IS NULL AND c.expires_at > %(at)s
  AND g.id = c.authorization_id AND g.app_id = %(app_id)s AND g.ended_at IS NULL
RETURNING c.authorization_id;

-- add_tokens --
-- A pair of tokens; only their hashes are kept.
INSERT INTO app_tokens (id, authorization_id, access_hash, access_expires_at, refresh_hash, refresh_expires_at, created_at)
VALUES (%(id)s, %(authorization_id)s, %(access_hash)s, %(access_expires_at)s, %(refresh_hash)s, %(refresh_expires_at)s, %(at)s);

-- tokens_of_refresh --
-- The pair a refresh token belongs to, if it is this app's; held until the end of the transaction.
SELECT t.id, t.authorization_id, t.refresh_expires_at, t.refreshed_at, (g.ended_at IS NOT NULL) AS is_ended
FROM app_tokens t JOIN authorizations g ON g.id = t.authorization_id
WHERE t.refresh_hash = %(refresh_hash)s AND g.app_id = %(app_id)s FOR UPDATE OF t;

-- replace_tokens --
-- A newer pair takes this one's place; its access token lives out the moment that requests under way need.
UPDATE app_tokens SET refreshed_at = %(at)s, access_expires_at = LEAST(access_expires_at, %(access_until)s::timestamptz)
WHERE id = %(id)s;

-- forget_old_codes --
-- Codes that nobody can use any more.
DELETE FROM authorization_codes WHERE expires_at < %(before)s;

-- forget_old_tokens --
-- Pairs of which neither token opens anything any more.
DELETE FROM app_tokens
WHERE refresh_expires_at < %(before)s OR (refreshed_at < %(before)s AND access_expires_at < %(before)s);

-- forget_old_repeats --
-- Answers that nobody asks for again.
DELETE FROM app_repeats WHERE claimed_at < %(before)s;

-- webhooks --
-- What an app is told of a shop, and where.
SELECT event_type, address, created_at, updated_at FROM app_webhooks
WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s ORDER BY event_type LIMIT 100;

-- set_webhook --
-- Tell the app of this at that address from now on.
INSERT INTO app_webhooks (shop_id, app_id, event_type, address, created_at, updated_at)
VALUES (%(shop_id)s, %(app_id)s, %(event_type)s, %(address)s, %(at)s, %(at)s)
ON CONFLICT (shop_id, app_id, event_type)
DO UPDATE SET address = EXCLUDED.address, updated_at = EXCLUDED.updated_at
WHERE app_webhooks.address <> EXCLUDED.address;

-- remove_webhook --
-- Tell the app of this no longer.
DELETE FROM app_webhooks
WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s AND event_type = %(event_type)s;

-- claim_repeat --
-- The first request with a key carries the call out, as does one that comes after the first has died; others get no row.
INSERT INTO app_repeats (shop_id, app_id, call, key, body_hash, claimed_at)
VALUES (%(shop_id)s, %(app_id)s, %(call)s, %(key)s, %(body_hash)s, %(at)s)
ON CONFLICT (shop_id, app_id, call, key) DO UPDATE SET claimed_at = EXCLUDED.claimed_at
WHERE app_repeats.answer IS NULL AND app_repeats.body_hash = EXCLUDED.body_hash AND app_repeats.claimed_at < %(dead_before)s
RETURNING app_repeats.key;

-- repeat --
-- What is known of a call with this key.
SELECT body_hash, answer FROM app_repeats
WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s AND call = %(call)s AND key = %(key)s;

-- keep_answer --
-- The call is done; this is what everybody who asks again is told.
UPDATE app_repeats SET answer = %(answer)s
WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s AND call = %(call)s AND key = %(key)s;

-- release_repeat --
-- The call was refused and changed nothing: the key may be used again.
DELETE FROM app_repeats
WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s AND call = %(call)s AND key = %(key)s AND answer IS NULL;
