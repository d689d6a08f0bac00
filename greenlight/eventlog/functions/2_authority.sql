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

CREATE FUNCTION greenlight.refusal(stream text, code text, message text) RETURNS greenlight.answer
LANGUAGE sql STABLE
RETURN ROW('refused', greenlight.version_of(stream), NULL, code, message)::greenlight.answer;

-- The answer to a command that was accepted or refused before; NULL: its id is not used up. Nobody is told of
-- the commands of others: the id is the sender's own.
CREATE FUNCTION greenlight.earlier(proof jsonb, own_stream text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    who text := proof ->> 'sub';
    id text := proof ->> 'jti';
    known greenlight.command;
    refused greenlight.event;
BEGIN
    SELECT * INTO known FROM greenlight.command c
    WHERE (c.stream, c.sender, c.command_id) = (own_stream, who, id);
    IF FOUND THEN
        IF (known.name, known.body) = (proof ->> 'cmd', proof ->> 'body') THEN
            RETURN ROW('duplicate', known.version, known.position, NULL, NULL)::greenlight.answer;
        END IF;
        RETURN greenlight.refusal(own_stream, 'command_id_reused', 'another command was accepted under the id ' || id);
    END IF;
    SELECT * INTO refused FROM greenlight.event e
    WHERE e.type = 'CommandRefused' AND (e.stream, e.command_id) = (own_stream, id)
      AND e.record::jsonb #>> '{by,officer}' = who
    ORDER BY e.version LIMIT 1;
    IF NOT FOUND THEN
        -- Who files the same again, under another number, must not believe that it is another case.
        IF greenlight.version_of(own_stream) = 0 AND EXISTS (
            SELECT FROM greenlight.command c
            WHERE (c.sender, c.command_id, c.name) = (who, id, proof ->> 'cmd')) THEN
            RETURN greenlight.refusal(own_stream, 'command_id_reused', 'another case was begun under the id ' || id);
        END IF;
        RETURN NULL;
    ELSIF refused.proof = proof ->> 'token' THEN
        RETURN ROW('refused', greenlight.version_of(own_stream), refused.position,
                   refused.record::jsonb ->> 'code', refused.record::jsonb ->> 'message')::greenlight.answer;
    END IF;
    RETURN greenlight.refusal(own_stream, 'command_id_reused', 'a command was refused under the id ' || id);
END
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

-- Why the sender may not do this now. The order is fixed: the key, the person, the log, the role, the times.
CREATE FUNCTION greenlight.objection(proof jsonb, own_stream text, now timestamptz)
RETURNS greenlight.answer LANGUAGE plpgsql STABLE AS $$
DECLARE
    sender text := proof ->> 'sub';
    known record;
BEGIN
    SELECT o.person, o.organisation,
           k.valid_from <= now AND now < coalesce(k.valid_until, 'infinity')
               -- From its recording on: whoever told of it may be ahead by a little.
               AND k.revoked_at IS NULL AS valid,
           EXISTS (SELECT FROM greenlight.officer_role r
                   WHERE r.officer = sender AND r.role = proof ->> 'role'
                     AND r.valid_from <= now AND now < coalesce(r.valid_until, 'infinity')) AS holds
    INTO known
    FROM greenlight.officer_key k JOIN greenlight.officer o USING (officer)
    WHERE k.kid = proof ->> 'kid' AND k.officer = sender;
    IF known.valid IS NOT TRUE THEN
        RETURN greenlight.refusal(own_stream, 'key_not_valid', 'the key is not a valid one of ' || sender);
    ELSIF (known.person, known.organisation) IS DISTINCT FROM (proof ->> 'person', proof ->> 'org') THEN
        RETURN greenlight.refusal(own_stream, 'identity_mismatch',
            'the register holds another person or organisation for ' || sender);
    ELSIF proof ->> 'log' IS DISTINCT FROM (SELECT kind || ':' || log_id FROM greenlight.log) THEN
        RETURN greenlight.refusal(own_stream, 'wrong_log', coalesce(
            'the proof is for the log ' || (proof ->> 'log'), 'the proof names no log'));
    ELSIF NOT known.holds THEN
        RETURN greenlight.refusal(own_stream, 'role_not_held',
            sender || ' does not hold the role ' || (proof ->> 'role'));
    ELSIF proof -> 'batch' <> 'null' THEN
        IF NOT greenlight.carries(proof, own_stream) THEN
            RETURN greenlight.refusal(own_stream, 'batch_not_signed',
                'no batch is on record as signed by this token, or it does not decide this case any more');
        END IF;
    ELSIF (proof ->> 'exp')::bigint <= extract(epoch FROM now) THEN
        RETURN greenlight.refusal(own_stream, 'proof_expired', 'the proof has expired');
    -- A minute for clocks that differ.
    ELSIF (proof ->> 'iat')::bigint > extract(epoch FROM now) + 60 THEN
        RETURN greenlight.refusal(own_stream, 'proof_not_yet_valid', 'the proof is dated in the future');
    END IF;
    RETURN NULL;
END
$$;

-- The objection that a commit with this proof would meet now; nothing where it was recorded before.
CREATE FUNCTION greenlight.would_refuse(proof jsonb, own_stream text) RETURNS greenlight.answer LANGUAGE plpgsql
STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (greenlight.earlier(proof, own_stream)).status = 'duplicate' THEN
        RETURN NULL;
    END IF;
    RETURN greenlight.objection(proof, own_stream, clock_timestamp());
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.would_refuse TO greenlight_writer;
