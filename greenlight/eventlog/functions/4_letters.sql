-- What a worker does with letters. Which are owed is for append to say, and what is in one never changes.

-- Count a try at a letter; false: it is not owed, or not any more.
CREATE FUNCTION greenlight.try_letter(id text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE greenlight.outbox SET attempts = attempts + 1
    WHERE letter_id = id AND sent_at IS NULL AND given_up_at IS NULL;
    RETURN FOUND;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.try_letter TO greenlight_writer;

-- Keep a letter that is owed, byte for byte, with the paper that it is on and the code that is printed on it;
-- where one is kept already, that one stays. A release of before gives neither.
CREATE FUNCTION greenlight.put_letter(
    id text, rests_on text, digest text, pdf bytea, sheet text DEFAULT NULL, code text DEFAULT NULL
) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM greenlight.outbox WHERE letter_id = id) THEN
        RAISE EXCEPTION 'no letter % is owed', quote_literal(left(id, 200))
            USING ERRCODE = 'foreign_key_violation';
    ELSIF rests_on !~ '^sha256:[0-9a-f]{64}$' THEN
        RAISE EXCEPTION 'a letter rests on the digest of its events' USING ERRCODE = 'check_violation';
    ELSIF octet_length(pdf) > 16 * 1024 * 1024 OR octet_length(sheet) > 1024 * 1024 THEN
        RAISE EXCEPTION 'a letter has at most 16 MiB, and its paper 1 MiB' USING ERRCODE = 'check_violation';
    ELSIF code !~ '^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$' THEN
        RAISE EXCEPTION 'a code has four times four characters' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO greenlight.letter (letter_id, rests_on, digest, pdf) VALUES (id, rests_on, digest, pdf)
    ON CONFLICT (letter_id) DO NOTHING;
    IF FOUND AND sheet IS NOT NULL THEN
        INSERT INTO greenlight.letter_paper (letter_id, sheet, code) VALUES (id, sheet, code);
    END IF;
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
    UPDATE greenlight.outbox SET sent_at = clock_timestamp(), problem = NULL, given_up_at = NULL
    WHERE letter_id = id AND sent_at IS NULL;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.mark_sent TO greenlight_writer;

-- Why a letter that is owed did not go out; for good: no further try helps.
CREATE FUNCTION greenlight.letter_failed(id text, problem text, for_good boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE greenlight.outbox o SET problem = left(letter_failed.problem, 400),
        given_up_at = CASE WHEN for_good THEN clock_timestamp() END
    WHERE letter_id = id AND sent_at IS NULL;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.letter_failed TO greenlight_writer;

-- Try a letter again that was given up; false: none was.
CREATE FUNCTION greenlight.retry_letter(id text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE greenlight.outbox SET given_up_at = NULL, attempts = 0
    WHERE letter_id = id AND sent_at IS NULL AND given_up_at IS NOT NULL;
    RETURN FOUND;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.retry_letter TO greenlight_writer;
