-- The log is a tree, no chain any more: its leaves are the events, and what all of it hashes to is reckoned by
-- who publishes it (greenlight.eventlog.publish), not under the lock of who writes it.

-- What the salts of the leaves are derived from. Whoever has it can try out what may have been recorded; without
-- it no leaf can be made again. So it is kept, and backed up, with the log. In a rehearsal it follows from the
-- seed, if there is one.
CREATE TABLE greenlight.tree_secret (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    secret bytea NOT NULL CHECK (octet_length(secret) = 32)
);
INSERT INTO greenlight.tree_secret (secret)
SELECT sha256(CASE kind
    WHEN 'rehearsal' THEN convert_to('greenlight rehearsal '
        || coalesce(nullif(current_setting('greenlight.seed', true), ''), log_id::text), 'UTF8')
    ELSE uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) END)
FROM greenlight.log;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON greenlight.tree_secret
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();

-- With the views over them, which are made anew.
ALTER TABLE greenlight.event DROP COLUMN hash CASCADE;
ALTER TABLE greenlight.log DROP COLUMN hash CASCADE;
