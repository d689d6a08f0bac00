-- The only way to write the log. A commit is all or nothing; commits of one call stand or fall alone.
--
-- It runs as its owner, whoever calls it, and so do all functions that it calls: each names what it uses with
-- its schema, and none is granted to anybody besides.
--
-- "directives" is the count of the standing directives that a commit was decided under, null where they do
-- not matter to it.
--
-- commits: [{"proof":   null | {"token", "kid", "sub", "person", "org", "role", "iat", "exp",
--                               "aud", "jti", "cmd", "body", "log",
--                               "batch": null | {"stream", "jti", "body"}},
--            "refuses": true | false, "directives": null | count,
--            "appends": [{"stream", "expected_version", "view": null | {"model", "row"},
--                         "events": [{"type", "at", "record"}, …]}, …]}, …]
-- The caller has checked the signature: "kid" is the key that made it. "batch": what was signed is a batch;
-- the caller has checked that the case is in it, and the command is what that makes of it. "refuses": the
-- one event is the command's refusal, which uses up its id.

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

-- Ends what the caller should never have asked for: events by another than the one who signed, a refusal that
-- is none, a legal time ahead of that of recording or before what is on record, beyond what clocks may differ.
-- In a rehearsal time is told: without a tolerance nothing is too far.
CREATE FUNCTION greenlight.admit(
    proof jsonb, refuses boolean, appends jsonb, now timestamptz, tolerance interval
) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    sender jsonb := CASE WHEN proof <> 'null' THEN jsonb_build_object(
        'officer', proof -> 'sub', 'person', proof -> 'person', 'organisation', proof -> 'org',
        'role', proof -> 'role') END;
    part jsonb;
    event jsonb;
    at timestamptz;
    last timestamptz;
BEGIN
    FOR part IN SELECT * FROM jsonb_array_elements(appends) LOOP
        last := (SELECT e.at FROM greenlight.event e WHERE e.stream = part ->> 'stream' ORDER BY e.version DESC LIMIT 1);
        FOR event IN SELECT * FROM jsonb_array_elements(part -> 'events') LOOP
            IF coalesce((event ->> 'record')::jsonb -> 'by', 'null') NOT IN ('null', coalesce(sender, 'null')) THEN
                RAISE EXCEPTION '% names another than the one who signed', event ->> 'type';
            ELSIF (event ->> 'type' = 'CommandRefused') <> refuses
                  OR refuses AND (sender IS NULL OR (event ->> 'record')::jsonb -> 'by' <> sender
                                  OR jsonb_array_length(appends) + jsonb_array_length(part -> 'events') > 2) THEN
                RAISE EXCEPTION 'a refusal stands alone, and of what somebody signed';
            END IF;
            at := (event ->> 'at')::timestamptz;
            IF (at > now + tolerance OR at < last - tolerance) THEN
                RAISE EXCEPTION '% at % is not near the time of recording, %, or before the last event of %, at %',
                    event ->> 'type', at, now, part ->> 'stream', last;
            END IF;
            last := greatest(last, at);
        END LOOP;
    END LOOP;
END
$$;

-- The answer to a commit that is not to be written, or NULL.
CREATE FUNCTION greenlight.hindrance(proof jsonb, refuses boolean, appends jsonb, now timestamptz)
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
            -- To be refused for just that, it is enough to be the sender. What the law says of a command is for
            -- those who may send it.
            IF refuses AND answer.code NOT IN ('key_not_valid', 'identity_mismatch', 'wrong_log')
               AND answer.code = (appends #>> '{0,events,0,record}')::jsonb ->> 'code' THEN
                answer := NULL;
            END IF;
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
    IF proof <> 'null' AND NOT refuses THEN
        IF NOT EXISTS (
            SELECT FROM greenlight.command_type c
            WHERE (c.name, c.kind) = (proof ->> 'cmd', split_part(own_stream, '-', 1)) AND c.roles ? (proof ->> 'role'))
        THEN
            RAISE EXCEPTION '% is no command to % in the role %', proof ->> 'cmd', own_stream, proof ->> 'role';
        END IF;
        unmet := greenlight.unmet(appends, true, proof ->> 'cmd');
        IF unmet IS NOT NULL THEN
            RAISE EXCEPTION '% does not lead to this: %', proof ->> 'cmd', unmet ->> 'message';
        END IF;
    END IF;
    unmet := greenlight.unmet(appends, false);
    IF unmet IS NOT NULL THEN
        RETURN greenlight.refusal(own_stream, unmet ->> 'code', unmet ->> 'message');
    END IF;
    RETURN NULL;
END
$$;

-- Writes the events of one commit. Returns the position it leads to, and where its own stream stands then.
CREATE FUNCTION greenlight.write(
    proof jsonb, appends jsonb, now timestamptz, INOUT head_position bigint,
    OUT own_version integer, OUT own_position bigint
) LANGUAGE plpgsql AS $$
DECLARE
    id text := proof ->> 'jti';
    token text := proof ->> 'token';
    part jsonb;
    stream_id text;
    reached integer;
    event jsonb;
BEGIN
    FOR i IN 0 .. jsonb_array_length(appends) - 1 LOOP
        part := appends -> i;
        stream_id := part ->> 'stream';
        reached := (part -> 'expected_version')::integer;
        FOR j IN 0 .. jsonb_array_length(part -> 'events') - 1 LOOP
            event := part -> 'events' -> j;
            reached := reached + 1;
            head_position := head_position + 1;
            INSERT INTO greenlight.event VALUES (
                head_position, stream_id, reached, event ->> 'type', (event ->> 'at')::timestamptz, now,
                id, event ->> 'record', token);
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
    refuses boolean;
    reached bigint;
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
        refuses := (item -> 'refuses')::boolean;
        answer := greenlight.hindrance(proof, refuses, item -> 'appends', now);
        -- A directive has come in force since, or is so no longer: what it means was not reckoned with.
        IF coalesce(answer.status, 'refused') = 'refused' AND item -> 'directives' <> 'null'
           AND (item -> 'directives')::bigint <> (SELECT directives FROM greenlight.log) THEN
            answer := ROW('outdated', greenlight.version_of(item #>> '{appends,0,stream}'), NULL, NULL, NULL);
        END IF;
        IF answer.status IS NULL THEN
            PERFORM greenlight.admit(proof, refuses, item -> 'appends', now,
                                     CASE WHEN head.kind = 'production' THEN head.tolerance END);
            reached := head.position;
            written := greenlight.write(proof, item -> 'appends', now, head.position);
            head.position := written.head_position;
            answer := ROW('recorded', written.own_version, written.own_position, NULL, NULL);
            IF proof <> 'null' AND NOT refuses THEN
                INSERT INTO greenlight.command VALUES (
                    proof ->> 'jti', proof ->> 'aud', proof ->> 'cmd', proof ->> 'body',
                    written.own_version, written.own_position, now, proof ->> 'sub', reached + 1, head.position);
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
    UPDATE greenlight.log SET position = head.position;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.append TO greenlight_writer;
