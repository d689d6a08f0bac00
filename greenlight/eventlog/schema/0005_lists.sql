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
