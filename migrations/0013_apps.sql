-- Programs of others: apps, who let them into which shop, and the tokens they ask with.
-- depends: 0008_ended

CREATE TABLE apps (
    id                 bigint      PRIMARY KEY,          -- also its service id in addresses of consent pages
    key                text        NOT NULL CONSTRAINT apps_key_once UNIQUE,
    owner_id           bigint      NOT NULL REFERENCES accounts (id),
    name               text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    secret_salt        bytea       NOT NULL,             -- the secret itself is nowhere: decisions/0020
    redirect_urls      text[]      NOT NULL,
    scopes             text[]      NOT NULL,
    created_at         timestamptz NOT NULL,
    secret_changed_at  timestamptz NOT NULL,
    deleted_at         timestamptz
);
CREATE INDEX apps_of_owner ON apps (owner_id, id DESC) WHERE deleted_at IS NULL;
COMMENT ON TABLE apps IS 'reference: programs of others that may ask for leave to act for shops';

CREATE TABLE authorizations (
    id           bigint      PRIMARY KEY,
    app_id       bigint      NOT NULL REFERENCES apps (id),
    account_id   bigint      NOT NULL REFERENCES accounts (id),
    scopes       text[]      NOT NULL,                   -- as they were agreed to
    granted_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE UNIQUE INDEX authorizations_one_running ON authorizations (app_id, account_id) WHERE ended_at IS NULL;
COMMENT ON TABLE authorizations IS 'reference: a seller''s leave for an app, with what it may do';

CREATE TABLE authorized_shops (
    authorization_id  bigint      NOT NULL REFERENCES authorizations (id),
    shop_id           bigint      NOT NULL REFERENCES shops (shop_id),
    app_id            bigint      NOT NULL REFERENCES apps (id),
    cipher            text        NOT NULL CONSTRAINT authorized_shops_cipher_once UNIQUE,
    granted_at        timestamptz NOT NULL,
    ended_at          timestamptz,
    PRIMARY KEY (authorization_id, shop_id)
);
CREATE INDEX authorized_shops_of_shop ON authorized_shops (shop_id, app_id) WHERE ended_at IS NULL;
CREATE INDEX authorized_shops_of_app ON authorized_shops (app_id, shop_id) WHERE ended_at IS NULL;
COMMENT ON TABLE authorized_shops IS 'reference: the shops an authorization covers';

CREATE TABLE authorization_codes (
    hash              bytea       PRIMARY KEY,
    authorization_id  bigint      NOT NULL REFERENCES authorizations (id),
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    used_at           timestamptz
);
CREATE INDEX authorization_codes_old ON authorization_codes (expires_at);
COMMENT ON TABLE authorization_codes IS 'local: what an app changes once into tokens';

CREATE TABLE app_tokens (
    id                  bigint      PRIMARY KEY,
    authorization_id    bigint      NOT NULL REFERENCES authorizations (id),
    access_hash         bytea       NOT NULL CONSTRAINT app_tokens_access_once UNIQUE,
    access_expires_at   timestamptz NOT NULL,
    refresh_hash        bytea       NOT NULL CONSTRAINT app_tokens_refresh_once UNIQUE,
    refresh_expires_at  timestamptz NOT NULL,
    created_at          timestamptz NOT NULL,
    refreshed_at        timestamptz                      -- a newer pair has taken this one's place
);
CREATE INDEX app_tokens_of_authorization ON app_tokens (authorization_id, id DESC);
CREATE INDEX app_tokens_old ON app_tokens (refresh_expires_at);
COMMENT ON TABLE app_tokens IS 'reference: pairs of access and refresh tokens, as hashes';
