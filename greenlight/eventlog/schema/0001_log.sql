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

CREATE FUNCTION greenlight.microseconds(instant timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN (extract(epoch FROM instant AT TIME ZONE 'UTC') * 1000000)::bigint;

-- Every field is a netstring, a NULL a dash: what follows the previous hash can be read back in one way only.
-- type and at are not among them: they are in the record.
CREATE FUNCTION greenlight.link(
    previous bytea, event_position bigint, stream text, version integer, recorded bigint,
    command_id text, proof text, record text
) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN sha256(previous || convert_to(
        length(event_position::text) || ':' || event_position || ','
        || octet_length(stream) || ':' || stream || ','
        || length(version::text) || ':' || version || ','
        || length(recorded::text) || ':' || recorded || ','
        || coalesce(octet_length(command_id) || ':' || command_id || ',', '-')
        || coalesce(octet_length(proof) || ':' || proof || ',', '-')
        || octet_length(record) || ':' || record || ',', 'UTF8'));
END
$$;
