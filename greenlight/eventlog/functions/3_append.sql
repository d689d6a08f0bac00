-- The only way to write the log. A commit is all or nothing; commits of one call stand or fall alone.
--
-- It runs as its owner, whoever calls it, and so do all functions that it calls: each names what it uses with
-- its schema, and none is granted to anybody besides.
--
-- "directives" is the count of the standing directives that a commit was decided under, null where they do
-- not matter to it.
--
-- commits: [{"proof":   null | {"token", "kid", "sub", "person", "org", "role", "iat", "exp",
--                               "aud", "jti", "cmd", "body",
--                               "batch": null | {"stream", "jti", "body"}},
--            "refuses": true | false, "directives": null | count,
--            "appends": [{"stream", "expected_version", "view": null | {"model", "row"},
--                         "events": [{"type", "at", "record"}, …]}, …]}, …]
-- The caller has checked the signature: "kid" is the key that made it. "batch": what was signed is a batch;
-- the caller has checked that the case is in it, and the command is what that makes of it.

-- In a rehearsal a number depends on its case alone and not on who comes first, so that a second run gives the
-- same: the digits of the control number, or the next ones that are free. It is not kept for whoever asked;
-- where another took it meanwhile, the commit is behind and asks again.
CREATE FUNCTION greenlight.reserve_license_number(stream text) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    digits integer;
    number text;
BEGIN
    IF (SELECT kind FROM greenlight.log) = 'production' THEN
        RETURN 'D' || lpad(nextval('greenlight.license_number')::text, 6, '0');
    END IF;
    digits := right(stream, 6)::integer;
    LOOP
        number := 'D' || lpad(digits::text, 6, '0');
        EXIT WHEN NOT EXISTS (SELECT FROM greenlight.event WHERE event.stream = 'license-' || number);
        digits := (digits + 1) % 1000000;
    END LOOP;
    RETURN number;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.reserve_license_number TO greenlight_writer;

-- The answer when a stream is not where the caller believes it to be. If exactly these events stand there,
-- this is the same commit once more, its answer lost on the way: it is told again.
CREATE FUNCTION greenlight.behind(appends jsonb, id text, why text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    own jsonb := appends -> 0;
    last bigint;
    same boolean;
BEGIN
    SELECT bool_and(s.record IS NOT NULL), max(s.position) FILTER (WHERE s.stream = own ->> 'stream')
    INTO same, last
    FROM jsonb_array_elements(appends) AS a
    CROSS JOIN jsonb_array_elements(a -> 'events') WITH ORDINALITY AS e(event, number)
    LEFT JOIN greenlight.event s ON s.stream = a ->> 'stream'
        AND s.version = (a -> 'expected_version')::integer + e.number
        AND s.record = e.event ->> 'record' AND s.command_id IS NOT DISTINCT FROM id;
    IF same THEN
        RETURN ROW('recorded', (own -> 'expected_version')::integer + jsonb_array_length(own -> 'events'),
                   last, NULL, NULL)::greenlight.answer;
    END IF;
    RETURN ROW('behind', greenlight.version_of(own ->> 'stream'), NULL, NULL, why)::greenlight.answer;
END
$$;

-- The answer to a commit that is not to be written, or NULL.
CREATE FUNCTION greenlight.hindrance(proof jsonb, appends jsonb, now timestamptz)
RETURNS greenlight.answer LANGUAGE plpgsql STABLE AS $$
DECLARE
    own_stream text := appends -> 0 ->> 'stream';
    part jsonb;
    reached integer;
    answer greenlight.answer;
    unmet jsonb;
BEGIN
    IF proof = 'null' THEN
        unmet := greenlight.unmet(appends, true);
        IF unmet IS NOT NULL THEN
            RETURN greenlight.refusal(own_stream, unmet ->> 'code', unmet ->> 'message');
        END IF;
    ELSE
        answer := greenlight.earlier(proof, own_stream);
        IF answer.status IS NULL THEN
            answer := greenlight.objection(proof, own_stream, now);
        END IF;
        IF answer.status IS NOT NULL THEN
            RETURN answer;
        END IF;
    END IF;
    FOR i IN 0 .. jsonb_array_length(appends) - 1 LOOP
        part := appends -> i;
        reached := greenlight.version_of(part ->> 'stream');
        IF reached <> (part -> 'expected_version')::integer THEN
            RETURN greenlight.behind(appends, proof ->> 'jti', format(
                '%s is at version %s, not %s', part ->> 'stream', reached, part -> 'expected_version'));
        END IF;
    END LOOP;
    unmet := greenlight.unmet(appends, false);
    IF unmet IS NOT NULL THEN
        RETURN greenlight.refusal(own_stream, unmet ->> 'code', unmet ->> 'message');
    END IF;
    RETURN NULL;
END
$$;

-- Writes the events of one commit. Returns the position and the hash it
-- leads to, and where its own stream stands then.
CREATE FUNCTION greenlight.write(
    proof jsonb, appends jsonb, now timestamptz, INOUT head_position bigint, INOUT head_hash bytea,
    OUT own_version integer, OUT own_position bigint
) LANGUAGE plpgsql AS $$
DECLARE
    recorded bigint := greenlight.microseconds(now);
    id text := proof ->> 'jti';
    token text := proof ->> 'token';
    part jsonb;
    stream_id text;
    reached integer;
    event jsonb;
    record_text text;
BEGIN
    FOR i IN 0 .. jsonb_array_length(appends) - 1 LOOP
        part := appends -> i;
        stream_id := part ->> 'stream';
        reached := (part -> 'expected_version')::integer;
        FOR j IN 0 .. jsonb_array_length(part -> 'events') - 1 LOOP
            event := part -> 'events' -> j;
            record_text := event ->> 'record';
            reached := reached + 1;
            head_position := head_position + 1;
            head_hash := greenlight.link(
                head_hash, head_position, stream_id, reached, recorded, id, token, record_text);
            INSERT INTO greenlight.event VALUES (
                head_position, stream_id, reached, event ->> 'type', (event ->> 'at')::timestamptz, now,
                id, record_text, token, head_hash);
        END LOOP;
        PERFORM greenlight.show(stream_id, reached, part -> 'view');
        IF i = 0 THEN
            own_version := reached;
            own_position := head_position;
        END IF;
    END LOOP;
END
$$;

-- Plans are kept. One that was made while a table was small must not go on to read all of it, under the lock.
CREATE FUNCTION greenlight.append(commits jsonb) RETURNS SETOF greenlight.answer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    head greenlight.log;
    before bigint;
    item jsonb;
    proof jsonb;
    now timestamptz;
    written record;
    answer greenlight.answer;
BEGIN
    SELECT * INTO STRICT head FROM greenlight.log FOR UPDATE;
    before := head.position;
    FOR i IN 0 .. jsonb_array_length(commits) - 1 LOOP
        item := commits -> i;
        proof := item -> 'proof';
        -- Not now(): the transaction may have begun long before the lock was granted.
        now := clock_timestamp();
        answer := greenlight.hindrance(proof, item -> 'appends', now);
        -- A directive has come in force since, or is so no longer: what it means was not reckoned with.
        IF coalesce(answer.status, 'refused') = 'refused' AND item -> 'directives' <> 'null'
           AND (item -> 'directives')::bigint <> (SELECT directives FROM greenlight.log) THEN
            answer := ROW('outdated', greenlight.version_of(item #>> '{appends,0,stream}'), NULL, NULL, NULL);
        END IF;
        IF answer.status IS NULL THEN
            written := greenlight.write(proof, item -> 'appends', now, head.position, head.hash);
            head.position := written.head_position;
            head.hash := written.head_hash;
            answer := ROW('recorded', written.own_version, written.own_position, NULL, NULL);
            IF proof <> 'null' AND NOT (item -> 'refuses')::boolean THEN
                INSERT INTO greenlight.command VALUES (
                    proof ->> 'jti', proof ->> 'aud', proof ->> 'cmd', proof ->> 'body',
                    written.own_version, written.own_position, now);
            END IF;
        END IF;
        RETURN NEXT answer;
    END LOOP;
    -- Which letters are owed on what was written.
    INSERT INTO greenlight.outbox (stream, version, kind, position)
    SELECT e.stream, e.version, t.letter, e.position
    FROM greenlight.event e JOIN greenlight.event_type t USING (type)
    WHERE e.position > before AND t.letter IS NOT NULL AND greenlight.calls_for_it(t.letter_if, e.record)
    ORDER BY e.position;
    UPDATE greenlight.log SET position = head.position, hash = head.hash;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.append TO greenlight_writer;
