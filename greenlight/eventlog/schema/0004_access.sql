-- Adds alone
-- Who read what is confidential (15 CFR 748.1(c), 50 U.S.C. 4820(h)): a row for each stream that somebody was
-- shown something of. It is no part of the tree, for nothing is decided by it; it goes with the log to wherever
-- that is carried. greenlight.note_access alone writes here.
CREATE TABLE greenlight.access (
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    officer text NOT NULL,
    person text NOT NULL,
    organisation text NOT NULL,
    role text NOT NULL,
    kid text NOT NULL,
    stream text NOT NULL,
    what text NOT NULL CHECK (what ~ '^[a-z][a-z0-9_.]{0,63}$'),
    login text NOT NULL DEFAULT session_user,
    PRIMARY KEY (at, id)
);
COMMENT ON COLUMN greenlight.access.kid IS 'The key that showed who asked: when one was stolen, what was read with it';
COMMENT ON COLUMN greenlight.access.what IS 'The thing that was read of the stream, such as dossier; never its content';
COMMENT ON COLUMN greenlight.access.login IS 'The user of the database by whom it was noted, who answers for the rest';
CREATE INDEX access_of_stream ON greenlight.access (stream, at);
CREATE INDEX access_by_officer ON greenlight.access (officer, at);

CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON greenlight.access
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
-- They are kept for as long as the records of a transaction are: five years (15 CFR 762.6(a)). What is older the
-- owner of the database may delete.
CREATE TRIGGER kept BEFORE DELETE ON greenlight.access
    FOR EACH ROW WHEN (OLD.at > clock_timestamp() - interval '5 years')
    EXECUTE FUNCTION greenlight.refuse_change();
