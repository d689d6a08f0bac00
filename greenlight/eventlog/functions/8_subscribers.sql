-- Who is told of events by webhook. Whoever asks for it has signed that; what is sent, and when, is for the worker.

-- Keep a subscriber for whom an officer has signed; the objection to that, if there is one.
CREATE FUNCTION greenlight.subscribe(
    proof jsonb, id text, url text, types text[], streams text[], place text, secret text,
    after bigint,
    OUT code text, OUT message text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT o.code, greenlight.message(o.code, proof) INTO code, message
    FROM greenlight.log l, greenlight.objection(
        proof, 'officer-' || (proof ->> 'sub'), l.kind || ':' || l.log_id, clock_timestamp()) AS o;
    IF code IS NULL THEN
        INSERT INTO greenlight.subscriber (
            id, url, types, streams, officer, person, organisation, role, kid, token, place, secret,
            position)
        SELECT id, url, types, streams, proof ->> 'sub', proof ->> 'person', proof ->> 'org', proof ->> 'role',
               proof ->> 'kid', proof ->> 'token', place, secret, coalesce(after, l.position)
        FROM greenlight.log l;
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.subscribe TO greenlight_writer;

CREATE FUNCTION greenlight.unsubscribe(subscriber text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM greenlight.subscriber s WHERE s.id = subscriber;
    RETURN FOUND;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.unsubscribe TO greenlight_writer;

-- Everything up to "reached" is done with. False: somebody else moved it meanwhile, or stopped it.
CREATE FUNCTION greenlight.move_subscriber(subscriber text, stood bigint, reached bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    goes_on boolean;
BEGIN
    UPDATE greenlight.subscriber s
    SET position = reached, failures = 0, failing_since = NULL, next_try = NULL, error = NULL
    WHERE s.id = subscriber AND s.position = stood
    RETURNING s.paused IS NULL INTO goes_on;
    RETURN coalesce(goes_on, false);
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.move_subscriber TO greenlight_writer;

-- What comes next could not be delivered: it is tried again after "rest", or is dead, and another comes next.
CREATE FUNCTION greenlight.fail_subscriber(
    subscriber text, stood bigint, failed bigint, why text, rest interval, dead boolean
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE greenlight.subscriber s
    SET failures = s.failures + 1, failing_since = coalesce(s.failing_since, clock_timestamp()),
        next_try = clock_timestamp() + rest, error = left(why, 300)
    WHERE s.id = subscriber AND s.position = stood;
    IF FOUND AND dead THEN
        INSERT INTO greenlight.dead_letter (subscriber, position, tries, error, since)
        SELECT s.id, failed, s.failures, s.error, s.failing_since FROM greenlight.subscriber s
        WHERE s.id = fail_subscriber.subscriber
        ON CONFLICT ON CONSTRAINT dead_letter_pkey DO UPDATE
        SET tries = excluded.tries, error = excluded.error, since = excluded.since, at = clock_timestamp();
        PERFORM greenlight.move_subscriber(subscriber, stood, failed);
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.fail_subscriber TO greenlight_writer;

-- Stop, with the reason, or go on (NULL), at once and from where this database is.
CREATE FUNCTION greenlight.pause_subscriber(subscriber text, why text, here text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE greenlight.subscriber s SET paused = left(why, 300), failures = 0, failing_since = NULL,
        next_try = NULL, error = CASE WHEN why IS NOT NULL THEN s.error END,
        place = CASE WHEN why IS NULL THEN here ELSE s.place END
    WHERE s.id = subscriber;
    RETURN FOUND;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.pause_subscriber TO greenlight_writer;

-- Tell everything after a position again; what of it was dead is not any more.
CREATE FUNCTION greenlight.replay_subscriber(subscriber text, after bigint) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE greenlight.subscriber s
    SET position = after, failures = 0, failing_since = NULL, next_try = NULL, error = NULL
    WHERE s.id = subscriber AND after <= (SELECT l.position FROM greenlight.log l);
    IF FOUND THEN
        DELETE FROM greenlight.dead_letter d WHERE d.subscriber = replay_subscriber.subscriber AND d.position > after;
        RETURN true;
    END IF;
    RETURN false;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.replay_subscriber TO greenlight_writer;

GRANT SELECT ON greenlight.subscriber, greenlight.dead_letter TO greenlight_writer, greenlight_reader, greenlight_auditor;
