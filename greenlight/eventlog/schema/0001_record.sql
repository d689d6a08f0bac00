-- The record: what happened, in one order, each event sealed by the hash of everything before it.
-- Only greenlight.append writes here; a role that may do more than call it can forge what it likes, and
-- only the hash chain, the signatures and the checkpoints kept elsewhere would tell.

-- One row. Whoever appends holds it, so positions have no gaps and commits have one order.
CREATE TABLE greenlight.log (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    log_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('production', 'rehearsal')),
    position bigint NOT NULL,
    hash bytea NOT NULL,
    directives bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
COMMENT ON COLUMN greenlight.log.directives IS
    'How often the set of directives in force, the current version of the list, or what is decided of listed entities has changed: what was decided under another is decided again';

-- The first hash names the database and its kind: the events of one log never fit another, and those of a
-- rehearsal never a log of production. Whoever migrates says which it is to be.
INSERT INTO greenlight.log (log_id, kind, position, hash)
SELECT id, kind, 0, sha256(convert_to(
    CASE kind WHEN 'production' THEN 'greenlight event log ' ELSE 'greenlight rehearsal log ' END || id, 'UTF8'))
FROM gen_random_uuid() AS id,
     coalesce(nullif(current_setting('greenlight.kind', true), ''), 'production') AS kind;

CREATE TABLE greenlight.event (
    position bigint PRIMARY KEY,
    stream text NOT NULL,
    version integer NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    command_id text,
    record text NOT NULL,
    proof text,
    hash bytea NOT NULL,
    UNIQUE (stream, version)
);
COMMENT ON COLUMN greenlight.event.at IS 'Legal time, copied from the record';
COMMENT ON COLUMN greenlight.event.record IS 'The event as canonical JSON (RFC 8785), byte for byte';
COMMENT ON COLUMN greenlight.event.proof IS 'The compact JWS of the command that led to the event';

CREATE TABLE greenlight.command (
    command_id text PRIMARY KEY,
    stream text NOT NULL,
    name text NOT NULL,
    body text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE greenlight.command IS 'Accepted commands; version and position are of the last event each led to';

CREATE FUNCTION greenlight.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: the event log is only appended to',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON greenlight.event
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON greenlight.command
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OF log_id, kind OR DELETE OR TRUNCATE ON greenlight.log
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();

CREATE SEQUENCE greenlight.license_number MAXVALUE 999999;

-- Letters: which are owed, and what was sent, byte for byte.

-- One row for each business step that calls for a letter, written in the transaction that records the step:
-- no letter is lost, whoever dies, and none is owed twice.
CREATE TABLE greenlight.outbox (
    letter_id text GENERATED ALWAYS AS (stream || '-' || version::text || '-' || kind) STORED PRIMARY KEY,
    stream text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    position bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    sent_at timestamptz
);
CREATE INDEX outbox_pending ON greenlight.outbox (attempts, position) WHERE sent_at IS NULL;

CREATE TABLE greenlight.letter (
    letter_id text PRIMARY KEY REFERENCES greenlight.outbox,
    rests_on text NOT NULL,
    digest text NOT NULL CHECK (digest = 'sha256:' || encode(sha256(pdf), 'hex')),
    pdf bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- A PDF is compressed already.
ALTER TABLE greenlight.letter ALTER pdf SET STORAGE EXTERNAL;
COMMENT ON COLUMN greenlight.letter.rests_on IS 'Digest of the events that the letter was made from';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON greenlight.letter
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OF stream, version, kind, position OR DELETE OR TRUNCATE
    ON greenlight.outbox FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
CREATE TRIGGER sent_once BEFORE UPDATE ON greenlight.outbox
    FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION greenlight.refuse_change();

-- Files of the list, byte for byte. Which version is current, an event says; a file alone changes nothing.
CREATE TABLE greenlight.list_content (
    digest text PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
    compressed bytea NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- It is compressed already (zlib); digest is that of the file as it was.
ALTER TABLE greenlight.list_content ALTER compressed SET STORAGE EXTERNAL;
COMMENT ON COLUMN greenlight.list_content.digest IS 'Of the file before it was compressed';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON greenlight.list_content
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
