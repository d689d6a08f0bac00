-- Who may record what, as the register of officers has it at that very moment.

CREATE TYPE greenlight.answer AS (
    status text,
    version integer,
    "position" bigint,
    code text,
    message text
);

CREATE FUNCTION greenlight.version_of(stream_id text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT max(version) FROM greenlight.event WHERE stream = stream_id), 0);
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.version_of TO greenlight_writer, greenlight_reader, greenlight_auditor;

-- The answer to a command that was accepted or refused before; no row: its id is not used up. Nobody is told of
-- the commands of others: the id is the sender's own. "stands": the version of the stream, 0: it does not exist.
CREATE FUNCTION greenlight.earlier(proof jsonb, own_stream text, stands integer) RETURNS SETOF greenlight.answer
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN how = 'accepted' AND same THEN 'duplicate' ELSE 'refused' END,
           CASE WHEN how = 'accepted' AND same THEN version ELSE stands END,
           CASE WHEN same THEN position END,
           CASE WHEN same THEN code ELSE 'command_id_reused' END,
           CASE WHEN same THEN message ELSE CASE how
               WHEN 'accepted' THEN 'another command was accepted under the id '
               WHEN 'refused' THEN 'a command was refused under the id '
               ELSE 'another case was begun under the id ' END || (proof ->> 'jti') END
    FROM (
        SELECT 'accepted' AS how, (c.name, c.body) = (proof ->> 'cmd', proof ->> 'body') AS same,
               c.version, c.position, NULL AS code, NULL AS message
        FROM greenlight.command c
        WHERE (c.stream, c.sender, c.command_id) = (own_stream, proof ->> 'sub', proof ->> 'jti')
        UNION ALL
        SELECT 'refused', (e.proof = earlier.proof ->> 'token') IS TRUE,
               NULL, e.position, e.record::jsonb ->> 'code', e.record::jsonb ->> 'message'
        FROM greenlight.event e
        WHERE e.type = 'CommandRefused' AND (e.stream, e.command_id) = (own_stream, earlier.proof ->> 'jti')
          AND e.record::jsonb #>> '{by,officer}' = earlier.proof ->> 'sub'
        UNION ALL
        -- Who files the same again, under another number, must not believe that it is another case.
        SELECT 'begun elsewhere', false, NULL, NULL, NULL, NULL
        FROM greenlight.command c
        WHERE stands = 0
          AND (c.sender, c.command_id, c.name) = (proof ->> 'sub', proof ->> 'jti', proof ->> 'cmd')
    ) AS known ORDER BY position LIMIT 1
$$;

-- Whether the stream that a token was sent to has it on record, and its event has the token carried to this one.
CREATE FUNCTION greenlight.carries(proof jsonb, own_stream text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    sent jsonb := proof -> 'batch';
    who text := proof ->> 'sub';
    token text := proof ->> 'token';
    known record;
BEGIN
    SELECT t.carried, e.record::jsonb || jsonb_build_object(
        'stream', e.stream, 'key', substring(e.stream FROM '-(.*)'), 'to', own_stream) AS said INTO known
    FROM greenlight.command c JOIN greenlight.event e USING (position) JOIN greenlight.event_type t USING (type)
    WHERE (c.stream, c.sender, c.command_id) = (sent ->> 'stream', who, sent ->> 'jti')
      AND c.body = sent ->> 'body' AND e.proof = token;
    RETURN (SELECT bool_and(greenlight.holds(condition, known.said))
            FROM jsonb_array_elements(known.carried) AS condition) IS TRUE;
END
$$;

-- Whether a passkey made a token. Such tokens begin alike, {"alg":"webauthn", and those of one key are alike up to
-- the first dot (greenlight/signing/passkey.py).
CREATE FUNCTION greenlight.by_passkey(token text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN starts_with(token, 'eyJhbGciOiJ3ZWJhdXRobiIs');

-- How often the authenticator of such a token says that it has signed, that signature included.
CREATE FUNCTION greenlight.counter(token text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    proof text := translate(split_part(token, '.', 3), '-_', '+/');
    said text;
BEGIN
    said := translate(convert_from(decode(proof || repeat('=', -length(proof) & 3), 'base64'), 'UTF8')::jsonb
                      ->> 'authenticatorData', '-_', '+/');
    RETURN ('x' || encode(substring(decode(said || repeat('=', -length(said) & 3), 'base64') FROM 34 FOR 4), 'hex'))
        ::bit(32)::bigint;
END
$$;

-- Whether the passkey that made a token has counted no further than when it made the last one that led to an event,
-- so that there are two of it. One that counts nothing says 0. A batch's token, which is taken to case after case, is
-- looked at in the batch's own stream, and refused ones not at all: they are no measure.
CREATE FUNCTION greenlight.went_back(token text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    last text;
BEGIN
    SELECT e.proof INTO last FROM greenlight.event e
    WHERE greenlight.by_passkey(e.proof) AND e.type <> 'CommandRefused'
      AND length(e.command_id) <> 64 AND split_part(e.proof, '.', 1) = split_part(token, '.', 1)
    ORDER BY e.position DESC LIMIT 1;
    RETURN last <> token AND greenlight.counter(token) <= greenlight.counter(last)
        AND greenlight.counter(last) > 0;
END
$$;

-- Why the sender may not do this now, as a code; NULL: nothing is against it. The order is fixed: the key, the
-- person, the log, the role, the times, the passkey's counter.
CREATE FUNCTION greenlight.objection(proof jsonb, own_stream text, log_name text, now timestamptz)
RETURNS TABLE (code text) LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN o.officer IS NULL THEN 'key_not_valid'
        WHEN (o.person, o.organisation) IS DISTINCT FROM (proof ->> 'person', proof ->> 'org')
        THEN 'identity_mismatch'
        WHEN proof ->> 'log' IS DISTINCT FROM log_name THEN 'wrong_log'
        WHEN (SELECT true FROM greenlight.officer_role r
              WHERE (r.officer, r.role) = (proof ->> 'sub', proof ->> 'role')
                AND r.valid_from <= now AND now < coalesce(r.valid_until, 'infinity') LIMIT 1) IS NULL
        THEN 'role_not_held'
        WHEN proof -> 'batch' <> 'null'
        THEN CASE WHEN NOT greenlight.carries(proof, own_stream) THEN 'batch_not_signed' END
        WHEN (proof ->> 'exp')::bigint <= extract(epoch FROM now) THEN 'proof_expired'
        -- A minute for clocks that differ.
        WHEN (proof ->> 'iat')::bigint > extract(epoch FROM now) + 60 THEN 'proof_not_yet_valid'
        WHEN greenlight.by_passkey(proof ->> 'token') AND greenlight.went_back(proof ->> 'token')
        THEN 'counter_went_back'
    END
    FROM (VALUES (proof ->> 'kid')) AS sent (kid)
    -- A key is revoked from its recording on: whoever told of it may be ahead by a little.
    LEFT JOIN greenlight.officer_key k ON k.kid = sent.kid AND k.officer = proof ->> 'sub'
        AND k.valid_from <= now AND now < coalesce(k.valid_until, 'infinity') AND k.revoked_at IS NULL
    LEFT JOIN greenlight.officer o ON o.officer = k.officer
$$;

CREATE FUNCTION greenlight.message(code text, proof jsonb) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE code
    WHEN 'key_not_valid' THEN 'the key is not a valid one of ' || (proof ->> 'sub')
    WHEN 'identity_mismatch' THEN 'the register holds another person or organisation for ' || (proof ->> 'sub')
    WHEN 'wrong_log' THEN coalesce('the proof is for the log ' || (proof ->> 'log'), 'the proof names no log')
    WHEN 'role_not_held' THEN (proof ->> 'sub') || ' does not hold the role ' || (proof ->> 'role')
    WHEN 'batch_not_signed'
    THEN 'no batch is on record as signed by this token, or it does not decide this case any more'
    WHEN 'proof_expired' THEN 'the proof has expired'
    WHEN 'proof_not_yet_valid' THEN 'the proof is dated in the future'
    WHEN 'counter_went_back' THEN 'the passkey had counted further before: there may be a copy of it'
END;

-- The objection that a commit with this proof would meet now; nothing where it was recorded before.
CREATE FUNCTION greenlight.would_refuse(proof jsonb, own_stream text, OUT code text, OUT message text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT o.code, greenlight.message(o.code, proof) INTO code, message
    FROM greenlight.log l, greenlight.objection(
        proof, own_stream, l.kind || ':' || l.log_id, clock_timestamp()) AS o
    WHERE NOT EXISTS (
        SELECT FROM greenlight.earlier(proof, own_stream, greenlight.version_of(own_stream)) AS e
        WHERE e.status = 'duplicate');
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.would_refuse TO greenlight_writer;
