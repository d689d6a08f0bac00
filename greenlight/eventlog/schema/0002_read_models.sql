-- What is derived from the events, in the same transaction: it can be thrown away and built again.

CREATE TABLE greenlight.docket (
    acn text PRIMARY KEY,
    stage text NOT NULL,
    waiting_for text NOT NULL,
    assigned_to text,
    listed boolean,
    due timestamptz,
    registered_at timestamptz NOT NULL,
    decided_at timestamptz,
    outcome text,
    license_number text,
    overdue text,
    pending_transaction text,
    item_class text NOT NULL,
    value_usd_cents bigint,
    dispositions jsonb NOT NULL,
    tasks jsonb NOT NULL,
    version integer NOT NULL
) WITH (fillfactor = 80);
COMMENT ON COLUMN greenlight.docket.pending_transaction IS
    'Digest of what the case is about, as long as no other case may be about it (15 CFR 748.4(f))';
COMMENT ON COLUMN greenlight.docket.dispositions IS 'Outcomes with when they came, and when they were undone';
COMMENT ON COLUMN greenlight.docket.value_usd_cents IS 'NULL: not all in USD';
-- Each has a page of the docket in its order.
CREATE INDEX docket_by_stage ON greenlight.docket (stage, due, acn);
CREATE INDEX docket_by_waiting_for ON greenlight.docket (waiting_for, due, acn);
CREATE INDEX docket_by_officer ON greenlight.docket (assigned_to, due, acn);
CREATE INDEX docket_by_outcome ON greenlight.docket (outcome, due, acn) WHERE outcome IS NOT NULL;
CREATE INDEX docket_by_due ON greenlight.docket (due, acn);
CREATE UNIQUE INDEX docket_by_pending_transaction ON greenlight.docket (pending_transaction)
    WHERE pending_transaction IS NOT NULL;

-- Whose turn an open case is. "number" is the task's place among those of its case.
CREATE TABLE greenlight.task (
    acn text NOT NULL,
    number smallint NOT NULL,
    role text NOT NULL,
    organisation text,
    due timestamptz,
    deadline text,
    matter text,
    PRIMARY KEY (acn, number)
);
CREATE INDEX task_by_role ON greenlight.task (role, organisation, due);
COMMENT ON COLUMN greenlight.task.organisation IS 'NULL: anybody of the role';
COMMENT ON COLUMN greenlight.task.matter IS 'What has to be said of a party first: possible_match, could_not_screen';
COMMENT ON COLUMN greenlight.task.deadline IS 'The kind of the deadline that the task must meet';

-- What officers said of the hits of a case's screening. The pair is a digest of the party and the entry of the
-- list, so that neither is named here, and no word outlives a change of either.
CREATE TABLE greenlight.resolution (
    acn text NOT NULL,
    pair text NOT NULL,
    verdict text NOT NULL,
    resolved_by jsonb NOT NULL,
    resolved_at timestamptz NOT NULL,
    remembered_from text,
    PRIMARY KEY (acn, pair)
);
CREATE INDEX resolution_by_pair ON greenlight.resolution (pair, resolved_at) WHERE remembered_from IS NULL;
COMMENT ON COLUMN greenlight.resolution.remembered_from IS 'The case in which it was said; NULL: in this one';

CREATE TABLE greenlight.license (
    number text PRIMARY KEY,
    acn text NOT NULL,
    stage text NOT NULL,
    licensee text NOT NULL,
    waiting_for text NOT NULL,
    issued_at timestamptz NOT NULL,
    valid_through date NOT NULL,
    retained_through date NOT NULL,
    conditions integer NOT NULL,
    listed integer NOT NULL,
    possible integer NOT NULL,
    due timestamptz,
    version integer NOT NULL
);
COMMENT ON COLUMN greenlight.license.listed IS
    'How many parties count as listed in a later list, by listings that were not known at the grant';
COMMENT ON COLUMN greenlight.license.possible IS
    'Of how many others an officer has to say whether they are';
CREATE INDEX license_by_due ON greenlight.license (due) WHERE due IS NOT NULL;
CREATE INDEX license_by_stage ON greenlight.license (stage, valid_through);
CREATE INDEX license_by_acn ON greenlight.license (acn);
CREATE INDEX license_by_waiting_for ON greenlight.license (waiting_for, licensee)
    WHERE waiting_for <> 'nobody';

-- What officers said of what a later list has of a license's parties, as in greenlight.resolution.
CREATE TABLE greenlight.license_resolution (
    number text NOT NULL,
    pair text NOT NULL,
    verdict text NOT NULL,
    resolved_by jsonb NOT NULL,
    resolved_at timestamptz NOT NULL,
    remembered_from text,
    PRIMARY KEY (number, pair)
);
CREATE INDEX license_resolution_by_pair ON greenlight.license_resolution (pair, resolved_at)
    WHERE remembered_from IS NULL;

CREATE TABLE greenlight.reprieve (
    key text PRIMARY KEY,
    stage text NOT NULL,
    waiting_for text NOT NULL,
    terms integer NOT NULL,
    term integer,
    valid_through date,
    ends timestamptz,
    decision integer,
    due timestamptz,
    unpublished integer NOT NULL,
    unpublished_since timestamptz,
    version integer NOT NULL
);
COMMENT ON COLUMN greenlight.reprieve.unpublished IS 'How many terms are on record and not published, as far as known';
COMMENT ON COLUMN greenlight.reprieve.unpublished_since IS 'When the first of them takes or took effect';
COMMENT ON COLUMN greenlight.reprieve.term IS 'Of the terms that run the one that ends last, or the last that ran';
COMMENT ON COLUMN greenlight.reprieve.ends IS 'The first instant after that term';
COMMENT ON COLUMN greenlight.reprieve.decision IS 'The one that is open';

CREATE TABLE greenlight.entity (
    key text PRIMARY KEY,
    stage text NOT NULL,
    waiting_for text NOT NULL,
    effective timestamptz NOT NULL,
    removal timestamptz,
    citation text NOT NULL,
    posture text NOT NULL,
    affiliates integer NOT NULL,
    due timestamptz,
    decided integer NOT NULL,
    version integer NOT NULL
);
COMMENT ON COLUMN greenlight.entity.decided IS 'How many orders there are; each changes what parties are held against';
COMMENT ON COLUMN greenlight.entity.effective IS 'From when the entity is listed';
COMMENT ON COLUMN greenlight.entity.removal IS 'From when it is not any more, if that is decided';
COMMENT ON COLUMN greenlight.entity.citation IS 'Of what made the entry as it stands';

CREATE TABLE greenlight.batch (
    key text PRIMARY KEY,
    stage text NOT NULL,
    waiting_for text NOT NULL,
    cases integer NOT NULL,
    decided integer NOT NULL,
    fell_out jsonb NOT NULL,
    opened_at timestamptz NOT NULL,
    signed_at timestamptz,
    version integer NOT NULL
);
COMMENT ON COLUMN greenlight.batch.fell_out IS
    'By stream the code why the batch does not decide it: greenlight.append holds decisions against this';

CREATE TABLE greenlight.directive (
    key text PRIMARY KEY,
    stage text NOT NULL,
    waiting_for text NOT NULL,
    posture text NOT NULL,
    supersedes text,
    in_force_since timestamptz,
    times integer NOT NULL,
    expires timestamptz,
    due timestamptz,
    fan_out integer,
    done integer NOT NULL,
    remaining integer NOT NULL,
    failed integer NOT NULL,
    version integer NOT NULL
);
COMMENT ON COLUMN greenlight.directive.in_force_since IS 'NULL while it is not in force';
COMMENT ON COLUMN greenlight.directive.times IS 'How often it came in force';
COMMENT ON COLUMN greenlight.directive.fan_out IS 'The number of the last one; what follows counts its cases';
CREATE INDEX directive_by_superseded ON greenlight.directive (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX directive_in_force ON greenlight.directive (key) WHERE in_force_since IS NOT NULL;

-- What cases are held against. One that is superseded stands no longer, even before its own stream says so, and
-- never again, even if the one that came in its place is over.
CREATE VIEW greenlight.standing_directive AS
SELECT key, in_force_since FROM greenlight.directive d
WHERE in_force_since IS NOT NULL AND NOT EXISTS (
    SELECT FROM greenlight.directive s WHERE s.supersedes = d.key AND s.times > 0);

CREATE TABLE greenlight.list (
    key text PRIMARY KEY,
    title text NOT NULL,
    stage text NOT NULL,
    waiting_for text NOT NULL,
    max_age_days integer NOT NULL,
    digest text,
    retrieved date,
    since timestamptz,
    entries integer,
    held text,
    due timestamptz,
    rescreening integer,
    done integer NOT NULL,
    remaining integer NOT NULL,
    differing integer NOT NULL,
    failed integer NOT NULL,
    version integer NOT NULL
);
COMMENT ON COLUMN greenlight.list.digest IS 'Of the current version, NULL while there is none';
COMMENT ON COLUMN greenlight.list.held IS 'The digest of the version that waits for a second officer';
COMMENT ON COLUMN greenlight.list.rescreening IS 'The number of the last one; what follows counts its cases';

CREATE TABLE greenlight.officer (
    officer text PRIMARY KEY,
    person text NOT NULL,
    organisation text NOT NULL,
    version integer NOT NULL
);

-- A key belongs to one officer for ever: it names who signed.
CREATE TABLE greenlight.officer_key (
    kid text PRIMARY KEY,
    officer text NOT NULL,
    x text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    revoked_at timestamptz
);
CREATE INDEX officer_key_by_officer ON greenlight.officer_key (officer);

CREATE TABLE greenlight.officer_role (
    officer text NOT NULL,
    role text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    PRIMARY KEY (officer, role, valid_from)
);

CREATE FUNCTION greenlight.keys_in(shown jsonb) RETURNS SETOF greenlight.officer_key LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (jsonb_populate_record(NULL::greenlight.officer_key,
                                  item || jsonb_build_object('officer', shown -> 'officer'))).*
    FROM jsonb_array_elements(shown -> 'keys') AS item;
END;

CREATE FUNCTION greenlight.roles_in(shown jsonb) RETURNS SETOF greenlight.officer_role LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (jsonb_populate_record(NULL::greenlight.officer_role,
                                  item || jsonb_build_object('officer', shown -> 'officer'))).*
    FROM jsonb_array_elements(shown -> 'roles') AS item;
END;

CREATE FUNCTION greenlight.tasks_in(shown jsonb) RETURNS SETOF greenlight.task LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (jsonb_populate_record(NULL::greenlight.task,
                                  item || jsonb_build_object('acn', shown -> 'acn', 'number', number))).*
    FROM jsonb_array_elements(shown -> 'tasks') WITH ORDINALITY AS listed(item, number);
END;

CREATE FUNCTION greenlight.resolutions_in(shown jsonb) RETURNS SETOF greenlight.resolution LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (jsonb_populate_record(NULL::greenlight.resolution,
                                  item || jsonb_build_object('acn', shown -> 'acn'))).*
    FROM jsonb_array_elements(shown -> 'resolutions') AS item;
END;

CREATE FUNCTION greenlight.license_resolutions_in(shown jsonb) RETURNS SETOF greenlight.license_resolution
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (jsonb_populate_record(NULL::greenlight.license_resolution,
                                  item || jsonb_build_object('number', shown -> 'number'))).*
    FROM jsonb_array_elements(shown -> 'resolutions') AS item;
END;

CREATE FUNCTION greenlight.show_docket(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := (SELECT tasks FROM greenlight.docket WHERE acn = shown ->> 'acn');
BEGIN
    INSERT INTO greenlight.docket
    SELECT * FROM jsonb_populate_record(NULL::greenlight.docket, shown)
    ON CONFLICT (acn) DO UPDATE SET
        stage = excluded.stage, waiting_for = excluded.waiting_for, assigned_to = excluded.assigned_to,
        listed = excluded.listed, due = excluded.due, registered_at = excluded.registered_at,
        decided_at = excluded.decided_at, outcome = excluded.outcome,
        license_number = excluded.license_number, overdue = excluded.overdue,
        pending_transaction = excluded.pending_transaction, dispositions = excluded.dispositions,
        tasks = excluded.tasks, version = excluded.version;
    -- Many events change nobody's turn, and rows that stay as they are cost no writing.
    IF before IS DISTINCT FROM shown -> 'tasks' THEN
        DELETE FROM greenlight.task WHERE acn = shown ->> 'acn';
        INSERT INTO greenlight.task SELECT * FROM greenlight.tasks_in(shown);
    END IF;
    -- None is ever taken back, only another word given.
    IF shown -> 'resolutions' <> '[]' THEN
        INSERT INTO greenlight.resolution AS known SELECT * FROM greenlight.resolutions_in(shown)
        ON CONFLICT (acn, pair) DO UPDATE SET
            verdict = excluded.verdict, resolved_by = excluded.resolved_by,
            resolved_at = excluded.resolved_at, remembered_from = excluded.remembered_from
        WHERE known IS DISTINCT FROM excluded;
    END IF;
END
$$;

CREATE FUNCTION greenlight.show_license(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO greenlight.license
    SELECT * FROM jsonb_populate_record(NULL::greenlight.license, shown)
    ON CONFLICT (number) DO UPDATE SET
        acn = excluded.acn, stage = excluded.stage, licensee = excluded.licensee,
        waiting_for = excluded.waiting_for, issued_at = excluded.issued_at,
        valid_through = excluded.valid_through, retained_through = excluded.retained_through,
        conditions = excluded.conditions, listed = excluded.listed, possible = excluded.possible,
        due = excluded.due, version = excluded.version;
    IF shown -> 'resolutions' <> '[]' THEN
        INSERT INTO greenlight.license_resolution AS known SELECT * FROM greenlight.license_resolutions_in(shown)
        ON CONFLICT (number, pair) DO UPDATE SET
            verdict = excluded.verdict, resolved_by = excluded.resolved_by,
            resolved_at = excluded.resolved_at, remembered_from = excluded.remembered_from
        WHERE known IS DISTINCT FROM excluded;
    END IF;
END
$$;

CREATE FUNCTION greenlight.show_reprieve(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO greenlight.reprieve
    SELECT * FROM jsonb_populate_record(NULL::greenlight.reprieve, shown)
    ON CONFLICT (key) DO UPDATE SET
        stage = excluded.stage, waiting_for = excluded.waiting_for, terms = excluded.terms,
        term = excluded.term, valid_through = excluded.valid_through, ends = excluded.ends,
        decision = excluded.decision, due = excluded.due, unpublished = excluded.unpublished,
        unpublished_since = excluded.unpublished_since, version = excluded.version;
END
$$;

CREATE FUNCTION greenlight.show_entity(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before integer := (SELECT decided FROM greenlight.entity WHERE key = shown ->> 'key');
BEGIN
    INSERT INTO greenlight.entity
    SELECT * FROM jsonb_populate_record(NULL::greenlight.entity, shown)
    ON CONFLICT (key) DO UPDATE SET
        stage = excluded.stage, waiting_for = excluded.waiting_for, effective = excluded.effective,
        removal = excluded.removal, citation = excluded.citation, posture = excluded.posture,
        affiliates = excluded.affiliates, due = excluded.due, decided = excluded.decided,
        version = excluded.version;
    -- What was decided for later counts by itself then: whoever read it knows the instant.
    IF before IS DISTINCT FROM (shown -> 'decided')::integer THEN
        UPDATE greenlight.log SET directives = directives + 1;
    END IF;
END
$$;

CREATE FUNCTION greenlight.show_batch(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO greenlight.batch
    SELECT * FROM jsonb_populate_record(NULL::greenlight.batch, shown)
    ON CONFLICT (key) DO UPDATE SET
        stage = excluded.stage, waiting_for = excluded.waiting_for, cases = excluded.cases,
        decided = excluded.decided, fell_out = excluded.fell_out, opened_at = excluded.opened_at,
        signed_at = excluded.signed_at, version = excluded.version;
END
$$;

CREATE FUNCTION greenlight.show_directive(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before timestamptz := (SELECT in_force_since FROM greenlight.directive WHERE key = shown ->> 'key');
BEGIN
    INSERT INTO greenlight.directive
    SELECT * FROM jsonb_populate_record(NULL::greenlight.directive, shown)
    ON CONFLICT (key) DO UPDATE SET
        stage = excluded.stage, waiting_for = excluded.waiting_for, posture = excluded.posture,
        supersedes = excluded.supersedes, in_force_since = excluded.in_force_since,
        times = excluded.times, expires = excluded.expires, due = excluded.due, fan_out = excluded.fan_out,
        done = excluded.done, remaining = excluded.remaining, failed = excluded.failed, version = excluded.version;
    IF before IS DISTINCT FROM (shown ->> 'in_force_since')::timestamptz THEN
        UPDATE greenlight.log SET directives = directives + 1;
    END IF;
END
$$;

CREATE FUNCTION greenlight.show_list(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    stood jsonb := (SELECT jsonb_build_array(title, digest, retrieved, max_age_days)
                    FROM greenlight.list WHERE key = shown ->> 'key');
BEGIN
    INSERT INTO greenlight.list
    SELECT * FROM jsonb_populate_record(NULL::greenlight.list, shown)
    ON CONFLICT (key) DO UPDATE SET
        title = excluded.title, stage = excluded.stage, waiting_for = excluded.waiting_for,
        max_age_days = excluded.max_age_days, digest = excluded.digest, retrieved = excluded.retrieved,
        since = excluded.since, entries = excluded.entries, held = excluded.held, due = excluded.due,
        rescreening = excluded.rescreening, done = excluded.done, remaining = excluded.remaining,
        differing = excluded.differing, failed = excluded.failed, version = excluded.version;
    IF stood IS DISTINCT FROM jsonb_build_array(
        shown -> 'title', shown -> 'digest', shown -> 'retrieved', shown -> 'max_age_days') THEN
        UPDATE greenlight.log SET directives = directives + 1;
    END IF;
END
$$;

CREATE FUNCTION greenlight.show_officer(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO greenlight.officer
    SELECT * FROM jsonb_populate_record(NULL::greenlight.officer, shown)
    ON CONFLICT (officer) DO UPDATE SET
        person = excluded.person, organisation = excluded.organisation, version = excluded.version;
    DELETE FROM greenlight.officer_key WHERE officer = shown ->> 'officer';
    DELETE FROM greenlight.officer_role WHERE officer = shown ->> 'officer';
    INSERT INTO greenlight.officer_key SELECT * FROM greenlight.keys_in(shown);
    INSERT INTO greenlight.officer_role SELECT * FROM greenlight.roles_in(shown);
END
$$;

-- Without a row (a refusal changes nothing but the count of events) only the version moves on.
CREATE FUNCTION greenlight.show(stream text, shown_version integer, shown jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF shown IS NULL OR shown = 'null' THEN
        CASE split_part(stream, '-', 1)
            WHEN 'application' THEN
                UPDATE greenlight.docket SET version = shown_version WHERE acn = substr(stream, 13);
            WHEN 'license' THEN
                UPDATE greenlight.license SET version = shown_version WHERE number = substr(stream, 9);
            WHEN 'reprieve' THEN
                UPDATE greenlight.reprieve SET version = shown_version WHERE key = substr(stream, 10);
            WHEN 'entity' THEN
                UPDATE greenlight.entity SET version = shown_version WHERE key = substr(stream, 8);
            WHEN 'batch' THEN
                UPDATE greenlight.batch SET version = shown_version WHERE key = substr(stream, 7);
            WHEN 'directive' THEN
                UPDATE greenlight.directive SET version = shown_version WHERE key = substr(stream, 11);
            WHEN 'list' THEN
                UPDATE greenlight.list SET version = shown_version WHERE key = substr(stream, 6);
            WHEN 'officer' THEN
                UPDATE greenlight.officer SET version = shown_version WHERE officer = substr(stream, 9);
            ELSE NULL;
        END CASE;
    ELSE
        CASE shown ->> 'model'
            WHEN 'docket' THEN PERFORM greenlight.show_docket(shown -> 'row');
            WHEN 'license' THEN PERFORM greenlight.show_license(shown -> 'row');
            WHEN 'reprieve' THEN PERFORM greenlight.show_reprieve(shown -> 'row');
            WHEN 'entity' THEN PERFORM greenlight.show_entity(shown -> 'row');
            WHEN 'batch' THEN PERFORM greenlight.show_batch(shown -> 'row');
            WHEN 'directive' THEN PERFORM greenlight.show_directive(shown -> 'row');
            WHEN 'list' THEN PERFORM greenlight.show_list(shown -> 'row');
            WHEN 'officer' THEN PERFORM greenlight.show_officer(shown -> 'row');
        END CASE;
    END IF;
END
$$;
