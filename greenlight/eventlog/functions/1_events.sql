-- What the log knows of the types of events, and how it holds an event against it. Who records a type, which
-- letter it calls for and what it requires is data, declared on the classes of events and put here by migration.

CREATE TABLE greenlight.event_type (
    type text PRIMARY KEY,
    letter text,
    letter_if text,
    unsigned jsonb,
    requires jsonb NOT NULL,
    carried jsonb,
    commands jsonb NOT NULL
);
COMMENT ON TABLE greenlight.event_type IS 'As greenlight.kernel.commit.Facts has it; conditions as in greenlight.kernel.condition';

-- Which commands there are, to the streams of which kind, and in which roles they may be sent.
CREATE TABLE greenlight.command_type (
    name text NOT NULL,
    kind text NOT NULL,
    roles jsonb NOT NULL,
    PRIMARY KEY (name, kind)
);

-- Whose read model shows the streams of a kind.
CREATE TABLE greenlight.read_model (
    kind text PRIMARY KEY,
    name text NOT NULL,
    key text NOT NULL
);

-- Whether an event calls for the letter of its type: where a member is named, if that is not empty or false.
CREATE FUNCTION greenlight.calls_for_it(letter_if text, record text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN letter_if IS NULL OR record::jsonb -> letter_if NOT IN ('null', 'false', '[]', '{}', '""', '0');

-- The row that shows a stream as it was before the commit; NULL: nothing does.
CREATE FUNCTION greenlight.row_of(stream text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    model greenlight.read_model;
    shown jsonb;
BEGIN
    SELECT * INTO model FROM greenlight.read_model WHERE kind = split_part(stream, '-', 1);
    IF FOUND THEN
        EXECUTE format('SELECT to_jsonb(t) FROM greenlight.%I t WHERE %I = $1', model.name, model.key)
        INTO shown USING substr(stream, length(model.kind) + 2);
    END IF;
    RETURN shown;
END
$$;

-- A template with what is said in the place of each name in braces.
CREATE FUNCTION greenlight.filled(template text, said jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT match[1] FROM regexp_matches(template, '\{([a-z_.]+)\}', 'g') AS match LOOP
        template := replace(template, '{' || name || '}', coalesce(said #>> string_to_array(name, '.'), ''));
    END LOOP;
    RETURN template;
END
$$;

-- Such templates by name; one that is a name alone becomes what is said as it is, a text or not.
CREATE FUNCTION greenlight.filled(templates jsonb, said jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(key, CASE
            WHEN jsonb_typeof(value) = 'object' THEN greenlight.filled(value, said)
            WHEN value #>> '{}' ~ '^\{[a-z_.]+\}$' THEN said #> string_to_array(btrim(value #>> '{}', '{}'), '.')
            ELSE to_jsonb(greenlight.filled(value #>> '{}', said)) END), '{}')
        FROM jsonb_each(templates));
END
$$;

-- Whether a condition holds of what is said.
CREATE FUNCTION greenlight.holds(condition jsonb, said jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    there boolean;
BEGIN
    IF condition ? 'when' AND (said @@ (condition ->> 'when')::jsonpath) IS NOT TRUE THEN
        RETURN true;
    ELSIF condition ? 'says' THEN
        RETURN said @> (condition -> 'says');
    END IF;
    EXECUTE (
        SELECT format('SELECT EXISTS (SELECT FROM greenlight.%I t WHERE %s)',
                      condition ->> 'table', coalesce(string_agg(clause, ' AND '), 'true'))
        FROM (SELECT format('t.%1$I = $1 ->> %1$L', c) FROM jsonb_object_keys(condition -> 'where') c
              UNION ALL
              SELECT format('t.%1$I::jsonb @> ($2 -> %1$L)', c) FROM jsonb_object_keys(condition -> 'contains') c
              UNION ALL
              SELECT format('NOT t.%1$I ? ($3 ->> %1$L)', c) FROM jsonb_object_keys(condition -> 'lacks') c
        ) AS asked (clause)
    ) INTO there USING greenlight.filled(condition -> 'where', said),
        greenlight.filled(condition -> 'contains', said), greenlight.filled(condition -> 'lacks', said);
    RETURN there = (condition -> 'exists')::boolean;
END
$$;

-- The first condition that does not hold for the events of a commit, its message filled in; or NULL. Of what
-- the service records by itself, or beside what the command leads to, the conditions are others: most events it
-- may not record at all.
CREATE FUNCTION greenlight.unmet(appends jsonb, by_itself boolean, command text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    part jsonb;
    event jsonb;
    before jsonb;
    conditions jsonb;
    condition jsonb;
    said jsonb;
BEGIN
    FOR i IN 0 .. jsonb_array_length(appends) - 1 LOOP
        part := appends -> i;
        condition := CASE WHEN NOT by_itself THEN greenlight.taken(part -> 'view') END;
        IF condition IS NOT NULL THEN
            RETURN condition;
        END IF;
        FOR j IN 0 .. jsonb_array_length(part -> 'events') - 1 LOOP
            event := part -> 'events' -> j;
            SELECT CASE WHEN NOT by_itself THEN requires WHEN commands ? command THEN '[]' ELSE unsigned END
            INTO conditions FROM greenlight.event_type WHERE type = event ->> 'type';
            IF NOT FOUND THEN
                RAISE EXCEPTION 'this log knows no event of the type %: migrate it', event ->> 'type';
            ELSIF conditions IS NULL THEN
                RETURN jsonb_build_object('code', 'unsigned', 'message', 'only a signed command can lead to this');
            ELSIF conditions <> '[]' THEN
                -- Of which type an event is, the log says, and not the record.
                before := CASE WHEN j > 0 THEN (part -> 'events' -> (j - 1) ->> 'record')::jsonb
                    || jsonb_build_object('type', part -> 'events' -> (j - 1) -> 'type') END;
                said := (event ->> 'record')::jsonb || jsonb_build_object(
                    'type', event -> 'type', 'stream', part -> 'stream',
                    'key', substring(part ->> 'stream' FROM '-(.*)'), 'before', before,
                    'shown', part #> '{view,row}');
                IF conditions @? '$[*].where.* ? (@ starts with "{own.")' THEN
                    said := said || jsonb_build_object('own', greenlight.row_of(part ->> 'stream'));
                END IF;
                IF conditions @? '$[*].when ? (@ like_regex "together")' THEN
                    said := said || jsonb_build_object('together', (
                        SELECT jsonb_agg((e ->> 'record')::jsonb || jsonb_build_object('type', e -> 'type'))
                        FROM jsonb_array_elements(appends - i) AS a, jsonb_array_elements(a -> 'events') AS e));
                END IF;
                FOR condition IN SELECT * FROM jsonb_array_elements(conditions) LOOP
                    IF greenlight.holds(condition, said) IS NOT TRUE THEN
                        RETURN condition || jsonb_build_object(
                            'message', greenlight.filled(condition ->> 'message', said));
                    END IF;
                END LOOP;
            END IF;
        END LOOP;
    END LOOP;
    RETURN NULL;
END
$$;
