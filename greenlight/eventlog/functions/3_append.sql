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
--            "appends": [{"stream", "expected_version", "last": null | hex, "view": null | {"model", "row"},
--                         "events": [{"type", "at", "record"}, …]}, …]}, …]
-- The caller has checked the signature: "kid" is the key that made it. "batch": what was signed is a batch;
-- the caller has checked that the case is in it, and the command is what that makes of it. "refuses": the
-- one event is the command's refusal, which uses up its id. "last": the SHA-256 of the record that must be the
-- stream's last; null: any record will do.

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

-- What is to be written of a round of commits: events, accepted commands, and what is shown of streams.
CREATE TYPE greenlight.entry AS (
    "position" bigint, stream text, version integer, type text, at timestamptz, command_id text, record text,
    proof text
);
CREATE TYPE greenlight.filing AS (
    command_id text, stream text, name text, body text, version integer, "position" bigint, sender text,
    first_position bigint, last_position bigint
);
CREATE TYPE greenlight.shown AS (stream text, version integer, view jsonb);

-- The answer when a stream is not where the caller believes it to be. If exactly these events stand there,
-- this is the same commit once more, its answer lost on the way: it is told again.
CREATE FUNCTION greenlight.behind(appends jsonb, id text, stands integer, why text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    answer greenlight.answer;
BEGIN
    SELECT 'recorded', max(s.version) FILTER (WHERE s.stream = appends #>> '{0,stream}'),
           max(s.position) FILTER (WHERE s.stream = appends #>> '{0,stream}') INTO answer
    FROM jsonb_to_recordset(appends) AS a (stream text, expected_version integer, events jsonb)
    CROSS JOIN jsonb_array_elements(a.events) WITH ORDINALITY AS e (event, number)
    LEFT JOIN greenlight.event s ON (s.stream, s.version) = (a.stream, a.expected_version + e.number::integer)
        AND s.record = e.event ->> 'record' AND s.command_id IS NOT DISTINCT FROM id
    HAVING bool_and(s.record IS NOT NULL);
    IF NOT FOUND THEN
        answer := ROW('behind', stands, NULL, NULL, why);
    END IF;
    RETURN answer;
END
$$;

-- The first condition of an event that does not hold, as code and message; an error where a command was signed
-- that does not lead to it.
CREATE FUNCTION greenlight.unmet(
    appends jsonb, part integer, number integer, command text, unsigned jsonb, requires jsonb
) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    own jsonb := appends -> part - 1;
    said jsonb := (own #>> ARRAY['events', (number - 1)::text, 'record'])::jsonb || jsonb_build_object(
        'stream', own -> 'stream', 'key', substring(own ->> 'stream' FROM '-(.*)'), 'shown', own #> '{view,row}',
        'before', CASE WHEN number > 1 THEN (own #>> ARRAY['events', (number - 2)::text, 'record'])::jsonb END);
    unmet jsonb;
BEGIN
    IF requires || unsigned @? '$[*].where.* ? (@ starts with "{own.")' THEN
        said := said || jsonb_build_object('own', greenlight.row_of(own ->> 'stream'));
    END IF;
    IF requires || unsigned @? '$[*].when ? (@ like_regex "together")' THEN
        said := said || jsonb_build_object('together', (
            SELECT jsonb_agg((e ->> 'record')::jsonb)
            FROM jsonb_array_elements(appends - (part - 1)) AS a, jsonb_array_elements(a -> 'events') AS e));
    END IF;
    unmet := CASE WHEN unsigned IS NOT NULL THEN greenlight.unmet(unsigned, said)
        ELSE '{"code": "unsigned", "message": "only a signed command can lead to this"}' END;
    IF unmet IS NOT NULL AND command IS NOT NULL THEN
        RETURN ARRAY[NULL, command || ' does not lead to this: ' || (unmet ->> 'message')];
    END IF;
    unmet := coalesce(unmet, greenlight.unmet(requires, said));
    RETURN CASE WHEN unmet IS NOT NULL THEN ARRAY[unmet ->> 'code', unmet ->> 'message'] END;
END
$$;

-- Commits are looked at one after the other, each beside all that it is held against, and what nothing is said
-- against is written at once, by one statement for each table. What a commit of a round leads to is not seen by
-- those after it: so a round ends before a commit that rests on one before it in the round, and before one that
-- something is said against while there is anything to write. The next round looks at it again.
--
-- What the caller should never have asked for is an exception, NULL in the place of a code: a stream whose name
-- is none, since whoever reads it afterwards could not; a row that is shown with nothing to record, or of another stream; a record that says otherwise than what is said of it; events that
-- the command does not lead to, or by another than the one who signed; a refusal that is none; a legal time ahead
-- of that of recording or before what is on record or before the command was signed, beyond what clocks may
-- differ. In a rehearsal time is told: without a tolerance nothing is too far. Of what the service records by
-- itself, or beside what the command leads to, the conditions are others: most events it may not record at all.
--
-- Plans are kept. One that was made while a table was small must not go on to read all of it, under the lock.
CREATE FUNCTION greenlight.append(commits jsonb) RETURNS SETOF greenlight.answer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_memoize = off SET enable_material = off AS $$
DECLARE
    head greenlight.log;
    tolerance interval;
    now timestamptz;
    next bigint := 1;
    each record;
    led boolean;
    reached timestamptz;
    elsewhere text;
    against text[];
    answer greenlight.answer;
    stands integer;
    own_version integer;
    own_position bigint;
    kept integer;
    kept_shown integer;
    rests boolean;
    heeded boolean;
    over boolean;
    owes boolean := false;
    entries greenlight.entry[];
    filed greenlight.filing[];
    shown greenlight.shown[];
    written text[];
    consulted text[];
BEGIN
    IF commits @? '$[*] ? (!exists(@.appends[*]))' THEN
        RAISE EXCEPTION 'a commit appends to a stream';
    END IF;
    WHILE next <= jsonb_array_length(commits) LOOP
        SELECT * INTO STRICT head FROM greenlight.log FOR UPDATE;
        tolerance := CASE WHEN head.kind = 'production' THEN head.tolerance END;
        -- Not now(): the transaction may have begun long before the lock was granted.
        now := clock_timestamp();
        entries := '{}';
        filed := '{}';
        shown := '{}';
        written := '{}';
        consulted := '{event,command}';
        over := false;
        FOR each IN
            SELECT c.number AS commit, c.proof, c.refuses, c.directives,
                   c.appends, jsonb_array_length(c.appends) AS parts,
                   c.proof ->> 'jti' AS id, c.proof ->> 'cmd' AS command, c.proof ->> 'token' AS token,
                   o.code AS objection,
                   CASE WHEN c.proof -> 'batch' = 'null' AND greenlight.by_passkey(c.proof ->> 'token')
                   THEN split_part(c.proof ->> 'token', '.', 1) END AS counts,
                   (SELECT true FROM greenlight.command k WHERE k.command_id = c.proof ->> 'jti' LIMIT 1)
                   OR (SELECT true FROM greenlight.event k WHERE k.type = 'CommandRefused'
                       AND (k.stream, k.command_id) = (p.stream, c.proof ->> 'jti') LIMIT 1) AS used,
                   (SELECT k.roles ? (c.proof ->> 'role') FROM greenlight.command_type k
                    WHERE (k.name, k.kind) = (c.proof ->> 'cmd', split_part(p.stream, '-', 1))) AS may,
                   p.number AS part, p.stream, p.expected_version, jsonb_array_length(p.events) AS events, p.view,
                   coalesce(s.version, 0) AS stands, s.at AS stood_at,
                   p.last <> encode(sha256(convert_to(s.record, 'UTF8')), 'hex') AS other,
                   m.name AS model, m.heeded, m.kind || '-' || (p.view -> 'row' ->> m.key) AS shows,
                   taken.code AS taken, taken.message, greenlight.claimed(p.view) AS claimed,
                   e.number, e.type, e.at, e.record, r.by AS named, r.code,
                   (r.type, r.at) IS NOT DISTINCT FROM (e.type, e.at) AND isfinite(r.at) AS is_record,
                   r.by IS NOT NULL AND (c.proof IS NULL OR r.by <> jsonb_build_object(
                       'officer', c.proof -> 'sub', 'person', c.proof -> 'person',
                       'organisation', c.proof -> 'org', 'role', c.proof -> 'role')) AS by_another,
                   t.type IS NOT NULL AS known, t.commands ? (c.proof ->> 'cmd') AS led,
                   t.unsigned, t.requires, t.consults, t.letter
            FROM ROWS FROM (jsonb_to_recordset(commits) AS (
                proof jsonb, refuses boolean, directives bigint, appends jsonb)) WITH ORDINALITY AS c (
                proof, refuses, directives, appends, number)
            CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(c.appends) AS (
                stream text, expected_version integer, last text, view jsonb, events jsonb)) WITH ORDINALITY AS p (
                stream, expected_version, last, view, events, number)
            LEFT JOIN LATERAL greenlight.objection(c.proof, p.stream, head.kind || ':' || head.log_id, now) AS o
                ON c.proof IS NOT NULL AND p.number = 1
            LEFT JOIN LATERAL (
                SELECT version, at, record FROM greenlight.event WHERE event.stream = p.stream
                ORDER BY version DESC LIMIT 1) AS s ON true
            LEFT JOIN greenlight.read_model m ON m.name = p.view ->> 'model'
            LEFT JOIN LATERAL greenlight.taken(p.view) AS taken ON true
            LEFT JOIN LATERAL ROWS FROM (jsonb_to_recordset(p.events) AS (
                type text, at timestamptz, record text)) WITH ORDINALITY AS e (type, at, record, number) ON true
            LEFT JOIN LATERAL jsonb_to_record(CASE WHEN e.record IS JSON OBJECT WITH UNIQUE KEYS
                THEN e.record::jsonb END) AS r (type text, at timestamptz, by jsonb, code text) ON true
            LEFT JOIN greenlight.event_type t ON t.type = e.type
            WHERE c.number >= next
            ORDER BY c.number, p.number, e.number
        LOOP
            EXIT WHEN over;
            IF each.part = 1 AND coalesce(each.number, 1) = 1 THEN
                answer := NULL;
                elsewhere := NULL;
                against := NULL;
                stands := each.stands;
                own_version := each.stands + each.events;
                kept := cardinality(entries);
                kept_shown := cardinality(shown);
                rests := each.id = ANY (written) OR each.counts IS NOT NULL AND each.counts = ANY (written);
                written := written || each.id || each.counts;
                heeded := false;
                IF each.refuses IS NULL THEN
                    RAISE EXCEPTION 'a commit says whether it refuses';
                ELSIF each.used THEN
                    SELECT * INTO answer FROM greenlight.earlier(each.proof, each.stream, each.stands);
                END IF;
                -- To be refused for just that, it is enough to be the sender. What the law says of a command is
                -- for those who may send it.
                IF answer IS NULL AND each.objection IS NOT NULL AND NOT (
                    each.refuses AND each.objection = each.code
                    AND each.objection NOT IN ('key_not_valid', 'identity_mismatch', 'wrong_log')) THEN
                    answer := ROW('refused', each.stands, NULL, each.objection,
                                  greenlight.message(each.objection, each.proof));
                ELSIF (each.refuses OR each.proof IS NULL OR each.may) IS NOT TRUE THEN
                    against := ARRAY[NULL, format('%s is no command to %s in the role %s',
                                                  each.command, each.stream, each.proof ->> 'role')];
                END IF;
            END IF;
            IF coalesce(each.number, 1) = 1 THEN
                reached := each.stood_at;
                rests := rests OR each.stream = ANY (written) OR each.claimed && written;
                written := written || each.stream || each.claimed;
                consulted := consulted || each.model;
                heeded := heeded OR each.heeded;
                IF each.stream !~ '^[a-z]+-[A-Za-z0-9._-]{1,80}$' IS NOT FALSE THEN
                    against := coalesce(against, ARRAY[NULL, 'this is no name of a stream']);
                ELSIF each.stands IS DISTINCT FROM each.expected_version THEN
                    elsewhere := coalesce(elsewhere, format(
                        '%s is at version %s, not %s', each.stream, each.stands, each.expected_version));
                ELSIF each.other THEN
                    elsewhere := coalesce(elsewhere, format(
                        '%s is at version %s with another event than the caller has', each.stream, each.stands));
                ELSIF each.taken IS NOT NULL THEN
                    against := coalesce(against, ARRAY[each.taken, each.message]);
                ELSIF each.view IS NOT NULL AND each.shows IS DISTINCT FROM each.stream THEN
                    against := coalesce(against, ARRAY[NULL, CASE WHEN each.model IS NULL
                        THEN 'there is no read model ' || (each.view ->> 'model')
                        ELSE format('%s does not show the row of %s', each.stream, each.shows) END]);
                END IF;
            END IF;
            IF answer IS NULL AND elsewhere IS NULL AND against IS NULL THEN
                led := coalesce(each.refuses OR each.led, false);
                rests := rests OR each.consults && consulted;
                IF each.number IS NULL THEN
                    against := ARRAY[NULL, 'nothing to record on ' || each.stream];
                ELSIF NOT each.is_record THEN
                    against := ARRAY[NULL, format('this is not a record of %s at %s', each.type, each.at)];
                ELSIF NOT each.known THEN
                    against := ARRAY[NULL, format(
                        'this log knows no event of the type %s: migrate it', each.type)];
                ELSIF each.requires <> '[]' OR NOT led AND each.unsigned IS DISTINCT FROM '[]' THEN
                    against := greenlight.unmet(
                        each.appends, each.part::integer, each.number::integer, each.command,
                        CASE WHEN led THEN '[]' ELSE each.unsigned END, each.requires);
                END IF;
                IF against IS NOT NULL THEN
                    NULL;
                ELSIF each.by_another THEN
                    against := ARRAY[NULL, each.type || ' names another than the one who signed'];
                ELSIF (each.type = 'CommandRefused') <> each.refuses OR each.refuses AND (
                    each.proof IS NULL OR each.named IS NULL OR each.parts + each.events > 2) THEN
                    against := ARRAY[NULL, 'a refusal stands alone, and of what somebody signed'];
                -- The minute is that by which a signer's clock may be ahead. That it is further ahead is a reason
                -- to refuse, and the refusal comes before its time.
                ELSIF NOT each.refuses AND each.proof -> 'batch' = 'null' AND each.at
                    < to_timestamp((each.proof ->> 'iat')::bigint) - interval '1 minute' - tolerance THEN
                    against := ARRAY[NULL, format('%s at %s lies before it was signed', each.type, each.at)];
                ELSIF each.at > now + tolerance OR each.at < reached - tolerance THEN
                    against := ARRAY[NULL, format(
                        '%s at %s is not near the time of recording, %s, or before the last event of %s, at %s',
                        each.type, each.at, now, each.stream, reached)];
                ELSE
                    reached := greatest(reached, each.at);
                    entries := entries || ROW(
                        head.position + cardinality(entries) + 1, each.stream, each.stands + each.number, each.type,
                        each.at, each.id, each.record, each.token)::greenlight.entry;
                    owes := owes OR each.letter IS NOT NULL;
                    IF each.part = 1 THEN
                        own_position := head.position + cardinality(entries);
                    END IF;
                    IF each.number = each.events THEN
                        shown := shown || ROW(
                            each.stream, each.stands + each.events, each.view)::greenlight.shown;
                    END IF;
                END IF;
            END IF;
            CONTINUE WHEN each.part < each.parts OR each.number < each.events;

            -- The commit is complete.
            IF answer IS NULL AND elsewhere IS NOT NULL THEN
                answer := greenlight.behind(each.appends, each.id, stands, elsewhere);
            ELSIF answer IS NULL AND against IS NOT NULL THEN
                answer := ROW('refused', stands, NULL, against[1], against[2]);
            END IF;
            -- A directive has come in force since, or is so no longer: what it means was not reckoned with.
            IF (answer IS NULL OR answer.code IS NOT NULL) AND each.directives <> head.directives THEN
                answer := ROW('outdated', stands, NULL, NULL, NULL);
            END IF;
            IF answer.status IS NOT NULL OR kept > 0 AND rests THEN
                entries := entries[:kept];
                shown := shown[:kept_shown];
                EXIT WHEN kept > 0;
                IF answer.status = 'refused' AND answer.code IS NULL THEN
                    RAISE EXCEPTION '%', answer.message;
                END IF;
            ELSE
                answer := ROW('recorded', own_version, own_position, NULL, NULL);
                IF each.proof IS NOT NULL AND NOT each.refuses THEN
                    filed := filed || ROW(
                        each.id, each.proof ->> 'aud', each.command, each.proof ->> 'body', own_version,
                        own_position, each.proof ->> 'sub', head.position + kept + 1,
                        head.position + cardinality(entries))::greenlight.filing;
                END IF;
                over := heeded;
            END IF;
            RETURN NEXT answer;
            next := each.commit + 1;
        END LOOP;
        IF cardinality(entries) > 0 THEN
            INSERT INTO greenlight.event
                (position, stream, version, type, at, recorded_at, command_id, record, proof)
            SELECT e.position, e.stream, e.version, e.type, e.at, now, e.command_id, e.record, e.proof
            FROM unnest(entries) AS e;
            INSERT INTO greenlight.command
                (command_id, stream, name, body, version, position, recorded_at, sender, first_position,
                 last_position)
            SELECT f.command_id, f.stream, f.name, f.body, f.version, f.position, now, f.sender,
                   f.first_position, f.last_position
            FROM unnest(filed) AS f;
            -- Which letters are owed on what was written.
            IF owes THEN
                INSERT INTO greenlight.outbox (stream, version, kind, position)
                SELECT e.stream, e.version, t.letter, e.position
                FROM unnest(entries) AS e JOIN greenlight.event_type t USING (type)
                WHERE t.letter IS NOT NULL AND greenlight.calls_for_it(t.letter_if, e.record)
                ORDER BY e.position;
            END IF;
            FOR each IN
                SELECT s.view ->> 'model' AS model, array_agg(coalesce(s.view -> 'row', to_jsonb(s))) AS rows
                FROM unnest(shown) AS s GROUP BY s.view ->> 'model'
            LOOP
                PERFORM greenlight.show(each.model, each.rows);
            END LOOP;
            UPDATE greenlight.log SET position = head.position + cardinality(entries);
            -- Whoever follows looks when this is committed; told again in a transaction, it is told once. The
            -- lock that the server takes for it is held as the log's own is.
            PERFORM pg_notify('greenlight_log', '');
        END IF;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.append TO greenlight_writer;
