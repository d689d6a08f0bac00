-- Adds alone
-- Who is told of events by webhook, and how far. A subscriber is an officer's: they hear what the officer may
-- read. What a message is signed with is not here: it is derived from a key that the service has in a file, and
-- its digest says whether it is still the same. greenlight/eventlog/functions/8_subscribers.sql alone writes here.
CREATE TABLE greenlight.subscriber (
    id text PRIMARY KEY CHECK (id ~ '^wh_[0-9a-f]{16}$'),
    url text NOT NULL,
    types text[] NOT NULL,
    streams text[] NOT NULL,
    officer text NOT NULL,
    person text NOT NULL,
    organisation text NOT NULL,
    role text NOT NULL,
    kid text NOT NULL,
    token text NOT NULL,
    place text NOT NULL,
    secret text NOT NULL CHECK (secret ~ '^sha256:[0-9a-f]{64}$'),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    position bigint NOT NULL,
    paused text,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    next_try timestamptz,
    error text
);
COMMENT ON COLUMN greenlight.subscriber.token IS 'The compact JWS by which the officer asked for it';
COMMENT ON COLUMN greenlight.subscriber.place IS 'The database that tells it: a copy of the log tells nobody';
COMMENT ON COLUMN greenlight.subscriber.secret IS 'The digest of the secret that messages to it are signed with';
COMMENT ON COLUMN greenlight.subscriber.position IS 'Everything up to here was delivered, was not wanted, may not be heard, or is dead';
COMMENT ON COLUMN greenlight.subscriber.paused IS 'Why nothing is sent to it; NULL: it is';
COMMENT ON COLUMN greenlight.subscriber.failures IS 'Tries in a row that failed of what comes next, the first at failing_since';

-- What was given up, for a person to look at. The event itself is in the log.
CREATE TABLE greenlight.dead_letter (
    subscriber text NOT NULL REFERENCES greenlight.subscriber ON DELETE CASCADE,
    position bigint NOT NULL,
    tries integer NOT NULL,
    error text NOT NULL,
    since timestamptz NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscriber, position)
);
