-- The only way to write the log. A commit is all or nothing; commits of one call stand or fall alone.
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

CREATE TYPE greenlight.answer AS (
    status text,
    version integer,
    "position" bigint,
    code text,
    message text
);

CREATE SEQUENCE greenlight.license_number MAXVALUE 999999;

-- In a rehearsal a number depends on its case alone and not on who comes first, so that a second run gives the
-- same: the digits of the control number, or the next ones that are free. It is not kept for whoever asked;
-- where another took it meanwhile, the commit is behind and asks again.
CREATE FUNCTION greenlight.reserve_license_number(stream text) RETURNS text LANGUAGE plpgsql AS $$
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

CREATE FUNCTION greenlight.version_of(stream_id text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT max(version) FROM greenlight.event WHERE stream = stream_id), 0);
END
$$;

CREATE FUNCTION greenlight.refusal(stream text, code text, message text) RETURNS greenlight.answer
LANGUAGE sql STABLE
RETURN ROW('refused', greenlight.version_of(stream), NULL, code, message)::greenlight.answer;

-- The answer to a command that was accepted before, or whose id was taken by another.
CREATE FUNCTION greenlight.earlier(proof jsonb, own_stream text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    known greenlight.command;
BEGIN
    SELECT * INTO known FROM greenlight.command WHERE command_id = proof ->> 'jti';
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF (known.stream, known.name, known.body) = (own_stream, proof ->> 'cmd', proof ->> 'body') THEN
        RETURN ROW('duplicate', known.version, known.position, NULL, NULL)::greenlight.answer;
    END IF;
    RETURN greenlight.refusal(own_stream, 'command_id_reused',
        'another command was accepted under the id ' || known.command_id);
END
$$;

-- Whether a batch is on record as signed by this very token, and still decides the case. That stands in the
-- place of the time until which the token is valid: what was signed in time is carried out.
CREATE FUNCTION greenlight.batch_decides(proof jsonb, own_stream text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    signed jsonb := proof -> 'batch';
    token text := proof ->> 'token';
BEGIN
    RETURN EXISTS (
        SELECT FROM greenlight.command c
        JOIN greenlight.event e USING (position)
        JOIN greenlight.batch b ON b.key = substr(c.stream, 7)
        WHERE c.command_id = signed ->> 'jti' AND e.proof = token
          AND (c.stream, c.name, c.body) = (signed ->> 'stream', 'sign_batch', signed ->> 'body')
          AND b.stage = 'delivering' AND NOT b.fell_out ? own_stream);
END
$$;

-- Why the sender may not do this now. The order is fixed: the key, the person, the role, the times.
CREATE FUNCTION greenlight.objection(proof jsonb, own_stream text, now timestamptz)
RETURNS greenlight.answer LANGUAGE plpgsql STABLE AS $$
DECLARE
    sender text := proof ->> 'sub';
    known record;
BEGIN
    SELECT o.person, o.organisation,
           k.valid_from <= now AND now < coalesce(k.valid_until, 'infinity')
               AND now < coalesce(k.revoked_at, 'infinity') AS valid,
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
    ELSIF NOT known.holds THEN
        RETURN greenlight.refusal(own_stream, 'role_not_held',
            sender || ' does not hold the role ' || (proof ->> 'role'));
    ELSIF proof -> 'batch' <> 'null' THEN
        IF NOT greenlight.batch_decides(proof, own_stream) THEN
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

-- Whether a batch would tell of a case what the log does not have: that it was decided, or that it was not.
CREATE FUNCTION greenlight.misreports(appends jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM jsonb_array_elements(appends -> 0 -> 'events') e,
                    jsonb_to_record((e ->> 'record')::jsonb) AS told("case" text, command_id text)
        LEFT JOIN greenlight.command c ON c.command_id = told.command_id AND c.stream = told."case"
        WHERE CASE e ->> 'type' WHEN 'BatchCaseDecided' THEN c.command_id IS NULL
                                WHEN 'BatchCaseFellOut' THEN c.command_id IS NOT NULL END);
END
$$;

-- What the service may record by itself. The first officer has nobody who could sign for the registration.
CREATE FUNCTION greenlight.unproven(appends jsonb, own_stream text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    kinds text[] := ARRAY(SELECT e ->> 'type' FROM jsonb_array_elements(appends) a,
                                                   jsonb_array_elements(a -> 'events') e);
BEGIN
    IF kinds <@ ARRAY[
        'AgencyDeemedNoObjection', 'AppealPeriodEnded', 'ApplicationDenied',
        'BatchCaseDecided', 'BatchCaseFellOut', 'BatchDelivered', 'CommandRefused',
        'DeadlinePassed', 'DecisionFellDue', 'DecisionMade', 'DisputeSettled', 'LicenseExpired',
        'ObjectionWindowClosed', 'OutcomeMoot', 'PartiesScreened', 'TermExpired', 'TermIssued', 'VotesCounted',
        'ResolutionRemembered', 'ReturnProposed',
        'AmendmentTookEffect', 'ListingTookEffect', 'RemovalTookEffect',
        -- Of directives, and of cases by a directive: greenlight.directed has a look at those.
        'DirectiveApplied', 'DirectiveCameInForce', 'DirectiveExpired', 'DirectiveSuperseded', 'FanOutBegun',
        'FanOutCompleted', 'FanOutProgressed', 'IntentToDenyIssued', 'LicenseRevokedByDirective',
        'ListGrewOld', 'PartyDelisted', 'PartyListed', 'RescreeningBegun', 'RescreeningCompleted',
        'RescreeningProgressed'
    ] THEN
        -- An executive may issue a term, too, and nobody is to be named as one who did not sign.
        IF kinds && ARRAY['OutcomeMoot', 'TermIssued'] AND EXISTS (
            SELECT FROM jsonb_array_elements(appends) a, jsonb_array_elements(a -> 'events') e
            WHERE (e ->> 'record')::jsonb -> 'by' <> 'null'
        ) THEN
            RETURN greenlight.refusal(own_stream, 'unsigned', 'whom an event names has to have signed');
        END IF;
        IF kinds && ARRAY['BatchCaseDecided', 'BatchCaseFellOut'] AND greenlight.misreports(appends) THEN
            RETURN greenlight.refusal(own_stream, 'unsigned', 'the case is on record otherwise');
        END IF;
        RETURN NULL;
    ELSIF kinds = ARRAY['OfficerAdded'] AND NOT EXISTS (SELECT FROM greenlight.officer)
          AND appends @? '$[0].view.row.roles[*] ? (@.role == "registrar")' THEN
        RETURN NULL;
    END IF;
    RETURN greenlight.refusal(own_stream, 'unsigned', 'only a signed command can lead to this');
END
$$;

-- What a directive leads to, only while it stands: a case that goes by one, a license that it revokes. Without
-- a command, a notice of an intent to deny follows at once on the directive that gives it.
CREATE FUNCTION greenlight.directed(appends jsonb, own_stream text, signed boolean)
RETURNS greenlight.answer LANGUAGE plpgsql STABLE AS $$
DECLARE
    part jsonb;
    event jsonb;
    applied jsonb;
    before jsonb;
BEGIN
    FOR part IN SELECT * FROM jsonb_array_elements(appends) LOOP
        before := NULL;
        FOR event IN SELECT * FROM jsonb_array_elements(part -> 'events') LOOP
            IF event ->> 'type' IN ('DirectiveApplied', 'LicenseRevokedByDirective') THEN
                applied := (event ->> 'record')::jsonb;
                IF NOT EXISTS (SELECT FROM greenlight.standing_directive WHERE key = applied ->> 'directive')
                THEN
                    RETURN greenlight.refusal(own_stream, 'unsigned',
                        format('the directive %s is not in force', applied ->> 'directive'));
                END IF;
            ELSIF NOT signed AND event ->> 'type' = 'IntentToDenyIssued' AND (
                before ->> 'type' IS DISTINCT FROM 'DirectiveApplied'
                OR applied #>> '{evaluation,outcome}' IS DISTINCT FROM 'intent_to_deny'
            ) THEN
                RETURN greenlight.refusal(own_stream, 'unsigned', 'no directive gives this notice');
            END IF;
            before := event;
        END LOOP;
    END LOOP;
    RETURN NULL;
END
$$;

-- What is remembered of a match in another case: an officer has to have said so there, or on a license that was
-- granted in it.
CREATE FUNCTION greenlight.misremembers(appends jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM jsonb_array_elements(appends) a, jsonb_array_elements(a -> 'events') e,
                    jsonb_to_record((e ->> 'record')::jsonb) AS told(
                        remembered_from text, license text, pair text, verdict text, resolved_by jsonb,
                        resolved_at text)
        WHERE e ->> 'type' = 'ResolutionRemembered' AND NOT EXISTS (
            SELECT FROM greenlight.event s
            WHERE s.stream = coalesce('license-' || told.license, 'application-' || told.remembered_from)
              AND (told.license IS NULL OR EXISTS (
                  SELECT FROM greenlight.license l
                  WHERE l.number = told.license AND l.acn = told.remembered_from))
              AND s.type = 'MatchResolved'
              AND s.record::jsonb @> jsonb_build_object(
                  'pair', told.pair, 'verdict', told.verdict, 'by', told.resolved_by, 'at', told.resolved_at)));
END
$$;

-- A key that is, or was, another officer's would make signatures ambiguous.
CREATE FUNCTION greenlight.taken_key(appends jsonb, own_stream text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (
        SELECT FROM jsonb_array_elements(appends) a, greenlight.keys_in(a -> 'view' -> 'row') offered
        JOIN greenlight.officer_key k USING (kid)
        WHERE a -> 'view' ->> 'model' = 'officer' AND k.officer <> offered.officer
    ) THEN
        RETURN greenlight.refusal(own_stream, 'key_not_valid', 'the key is registered to another officer');
    END IF;
    RETURN NULL;
END
$$;

-- No second application for a transaction while one is pending: 15 CFR 748.4(f). Who applies is part of what
-- the digest is of, so that the number told is one of the sender's own organisation.
CREATE FUNCTION greenlight.taken_transaction(shown jsonb, own_stream text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    other text := (SELECT acn FROM greenlight.docket
                   WHERE pending_transaction = shown ->> 'pending_transaction' AND acn <> shown ->> 'acn');
BEGIN
    IF other IS NOT NULL THEN
        RETURN greenlight.refusal(own_stream, 'duplicate_transaction', format(
            'the same transaction is pending as %s; withdraw that application, or cite another reference if'
            ' this is another order', other));
    END IF;
    RETURN NULL;
END
$$;

-- A license that another replaces (15 CFR 750.7(h)(4)): both are of one licensee. Only here both are at hand.
CREATE FUNCTION greenlight.unfit_replacement(appends jsonb, own_stream text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    named text := (SELECT (e ->> 'record')::jsonb ->> 'by_license'
                   FROM jsonb_array_elements(appends -> 0 -> 'events') e
                   WHERE e ->> 'type' = 'LicenseReplaced');
    theirs text;
BEGIN
    IF named IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT licensee INTO theirs FROM greenlight.license WHERE number = named;
    IF NOT FOUND THEN
        RETURN greenlight.refusal(own_stream, 'unfit_replacement', 'there is no license ' || named);
    ELSIF theirs IS DISTINCT FROM
          (SELECT licensee FROM greenlight.license WHERE number = substr(own_stream, 9)) THEN
        RETURN greenlight.refusal(own_stream, 'unfit_replacement', named || ' is another licensee''s');
    END IF;
    RETURN NULL;
END
$$;

-- A directive that supersedes another names one that is on record, or a slip of the pen would leave both in
-- force.
CREATE FUNCTION greenlight.unknown_directive(appends jsonb, own_stream text) RETURNS greenlight.answer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    named text := (SELECT (e ->> 'record')::jsonb ->> 'supersedes'
                   FROM jsonb_array_elements(appends -> 0 -> 'events') e
                   WHERE e ->> 'type' = 'DirectiveIssued');
BEGIN
    IF named IS NOT NULL AND NOT EXISTS (SELECT FROM greenlight.directive WHERE key = named) THEN
        RETURN greenlight.refusal(own_stream, 'unknown_directive', 'there is no directive ' || named);
    END IF;
    RETURN NULL;
END
$$;

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
BEGIN
    IF proof = 'null' THEN
        answer := greenlight.unproven(appends, own_stream);
    ELSE
        answer := greenlight.earlier(proof, own_stream);
        IF answer.status IS NULL THEN
            answer := greenlight.objection(proof, own_stream, now);
        END IF;
    END IF;
    FOR i IN 0 .. jsonb_array_length(appends) - 1 LOOP
        EXIT WHEN answer.status IS NOT NULL;
        part := appends -> i;
        reached := greenlight.version_of(part ->> 'stream');
        IF reached <> (part -> 'expected_version')::integer THEN
            answer := greenlight.behind(appends, proof ->> 'jti', format(
                '%s is at version %s, not %s', part ->> 'stream', reached, part -> 'expected_version'));
        END IF;
    END LOOP;
    IF answer.status IS NULL AND own_stream LIKE 'officer-%' THEN
        answer := greenlight.taken_key(appends, own_stream);
    -- What the service records by itself claims nothing that its case had not before.
    ELSIF answer.status IS NULL AND proof <> 'null'
          AND appends #> '{0,view,row,pending_transaction}' <> 'null' THEN
        answer := greenlight.taken_transaction(appends #> '{0,view,row}', own_stream);
    ELSIF answer.status IS NULL AND own_stream LIKE 'license-%' THEN
        answer := greenlight.unfit_replacement(appends, own_stream);
    ELSIF answer.status IS NULL AND own_stream LIKE 'directive-%' THEN
        answer := greenlight.unknown_directive(appends, own_stream);
    END IF;
    IF answer.status IS NULL AND appends @? '$[*].events[*].type
        ? (@ == "DirectiveApplied" || @ == "IntentToDenyIssued" || @ == "LicenseRevokedByDirective")' THEN
        answer := greenlight.directed(appends, own_stream, proof <> 'null');
    END IF;
    IF answer.status IS NULL AND appends @? '$[*].events[*].type ? (@ == "ResolutionRemembered")'
       AND greenlight.misremembers(appends) THEN
        answer := greenlight.refusal(own_stream, 'unsigned', 'no officer said that of the pair in the other case');
    END IF;
    RETURN answer;
END
$$;

-- Writes the events of one commit, and which letters are owed on them. Returns the position and the hash it
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
            PERFORM greenlight.owe_letter(stream_id, reached, event ->> 'type', record_text, head_position);
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
SET enable_seqscan = off AS $$
DECLARE
    head greenlight.log;
    item jsonb;
    proof jsonb;
    now timestamptz;
    written record;
    answer greenlight.answer;
BEGIN
    SELECT * INTO STRICT head FROM greenlight.log FOR UPDATE;
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
    UPDATE greenlight.log SET position = head.position, hash = head.hash;
END
$$;
