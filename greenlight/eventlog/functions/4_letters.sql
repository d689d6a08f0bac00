-- What a worker does with letters. Which are owed is for append to say, and what is in one never changes.

-- Count a try at a letter; false: it is not owed, or not any more.
CREATE FUNCTION greenlight.try_letter(id text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE greenlight.outbox SET attempts = attempts + 1 WHERE letter_id = id AND sent_at IS NULL;
    RETURN FOUND;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.try_letter TO greenlight_writer;

-- Keep a letter that is owed, byte for byte; where one is kept already, that one stays.
CREATE FUNCTION greenlight.put_letter(id text, rests_on text, digest text, pdf bytea) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM greenlight.outbox WHERE letter_id = id) THEN
        RAISE EXCEPTION 'no letter % is owed', quote_literal(left(id, 200))
            USING ERRCODE = 'foreign_key_violation';
    ELSIF rests_on !~ '^sha256:[0-9a-f]{64}$' THEN
        RAISE EXCEPTION 'a letter rests on the digest of its events' USING ERRCODE = 'check_violation';
    ELSIF octet_length(pdf) > 16 * 1024 * 1024 THEN
        RAISE EXCEPTION 'a letter has at most 16 MiB' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO greenlight.letter (letter_id, rests_on, digest, pdf) VALUES (id, rests_on, digest, pdf)
    ON CONFLICT (letter_id) DO NOTHING;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.put_letter TO greenlight_writer;

-- A letter that is kept has been delivered; the first time counts.
CREATE FUNCTION greenlight.mark_sent(id text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM greenlight.letter WHERE letter_id = id) THEN
        RAISE EXCEPTION 'no letter % is on record', quote_literal(left(id, 200))
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    UPDATE greenlight.outbox SET sent_at = clock_timestamp() WHERE letter_id = id AND sent_at IS NULL;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.mark_sent TO greenlight_writer;
