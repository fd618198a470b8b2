-- People: accounts, sessions, addresses, and the shops they run.
-- depends: 0001_foundation

CREATE TABLE accounts (
    id             bigint      PRIMARY KEY,
    name           text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    email          text,                            -- lower case
    phone          text,                            -- E.164
    password_hash  text        NOT NULL,
    locale         text        NOT NULL DEFAULT 'id' CHECK (locale IN ('id', 'en')),
    zone           text        NOT NULL DEFAULT 'Asia/Jakarta',
    is_operator    boolean     NOT NULL DEFAULT false,
    avatar_key     text,
    created_at     timestamptz NOT NULL,
    CONSTRAINT accounts_reachable CHECK (email IS NOT NULL OR phone IS NOT NULL),
    CONSTRAINT accounts_email_once UNIQUE (email),
    CONSTRAINT accounts_phone_once UNIQUE (phone)
);
COMMENT ON TABLE accounts IS 'reference: the person behind buyer, seller and operator';

CREATE TABLE sessions (
    account_id   bigint      NOT NULL REFERENCES accounts (id),
    id           bigint      NOT NULL,
    secret_hash  bytea       NOT NULL,
    device       text        NOT NULL,              -- 'Chrome on Android', from the user agent
    address      text        NOT NULL,              -- network address it was last seen from
    created_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    shop_id      bigint,                            -- the shop last worked in
    PRIMARY KEY (account_id, id)
);
COMMENT ON TABLE sessions IS 'buyer: one row a signed-in device';

CREATE TABLE password_resets (
    account_id   bigint      NOT NULL REFERENCES accounts (id),
    id           bigint      NOT NULL,
    secret_hash  bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    PRIMARY KEY (account_id, id)
);
COMMENT ON TABLE password_resets IS 'buyer: mailed links that set a new password, each once';

CREATE TABLE login_attempts (
    subject     text        NOT NULL,               -- 'login:<e-mail or phone>' or 'address:<ip>'
    at          timestamptz NOT NULL,
    id          bigint      NOT NULL,
    PRIMARY KEY (subject, at, id)
);
COMMENT ON TABLE login_attempts IS 'local: failed log-ins, for throttling';

CREATE TABLE addresses (
    buyer_id     bigint  NOT NULL REFERENCES accounts (id),
    id           bigint  NOT NULL,
    label        text    NOT NULL DEFAULT '',
    recipient    text    NOT NULL CHECK (char_length(recipient) BETWEEN 1 AND 80),
    phone        text    NOT NULL,                  -- E.164
    province     text    NOT NULL,                  -- codes of commerce/accounts/regions
    city         text    NOT NULL,
    district     text    NOT NULL,
    postal_code  text    NOT NULL CHECK (postal_code ~ '^[0-9]{5}$'),
    street       text    NOT NULL CHECK (char_length(street) BETWEEN 1 AND 300),
    landmark     text    NOT NULL DEFAULT '' CHECK (char_length(landmark) <= 200),
    is_default   boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL,
    deleted_at   timestamptz,
    PRIMARY KEY (buyer_id, id)
);
CREATE UNIQUE INDEX addresses_one_default ON addresses (buyer_id) WHERE is_default AND deleted_at IS NULL;
COMMENT ON TABLE addresses IS 'buyer: the address book (orders keep their own copy)';

CREATE TABLE shops (
    shop_id       bigint      PRIMARY KEY,
    slug          text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9-]{3,40}$'),
    name          text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    description   text        NOT NULL DEFAULT '',
    description_en text       NOT NULL DEFAULT '',
    province      text        NOT NULL,
    city          text        NOT NULL,
    zone          text        NOT NULL DEFAULT 'Asia/Jakarta',
    logo_key      text,
    banner_key    text,
    confirm_mode  text        NOT NULL DEFAULT 'manual' CHECK (confirm_mode IN ('automatic', 'manual')),
    is_open       boolean     NOT NULL DEFAULT true,
    opens_at      time        NOT NULL DEFAULT '08:00',
    closes_at     time        NOT NULL DEFAULT '17:00',
    carriers      text[]      NOT NULL DEFAULT '{jne,jnt,sicepat}',
    accepts_cod   boolean     NOT NULL DEFAULT true,
    joined_at     timestamptz NOT NULL
);
COMMENT ON TABLE shops IS 'reference: who sells';

CREATE TABLE shop_members (
    shop_id     bigint      NOT NULL REFERENCES shops (shop_id),
    account_id  bigint      NOT NULL REFERENCES accounts (id),
    role        text        NOT NULL CHECK (role IN ('owner', 'staff')),
    joined_at   timestamptz NOT NULL,
    PRIMARY KEY (shop_id, account_id)
);
CREATE INDEX shop_members_by_account ON shop_members (account_id);
COMMENT ON TABLE shop_members IS 'reference: which account works in which shop';
