-- What the log knows of the types of events, and how it holds an event against it. Who records a type, which
-- letter it calls for and what it requires is data, declared on the classes of events and put here by migration.

CREATE TABLE greenlight.event_type (
    type text PRIMARY KEY,
    letter text,
    letter_if text,
    unsigned jsonb,
    requires jsonb NOT NULL,
    carried jsonb,
    commands jsonb NOT NULL,
    consults text[] NOT NULL
);
COMMENT ON TABLE greenlight.event_type IS 'As greenlight.kernel.commit.Facts has it; conditions as in greenlight.kernel.condition';
COMMENT ON COLUMN greenlight.event_type.consults IS
    'The read models, or event or command, in which another commit may change whether a condition holds';

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
    name text NOT NULL UNIQUE,
    key text NOT NULL,
    heeded boolean NOT NULL
);
COMMENT ON COLUMN greenlight.read_model.heeded IS 'Whether any commit may rest on what another shows there';

-- A release of before asks whether all that it uses is there.
GRANT SELECT ON greenlight.event_type, greenlight.command_type, greenlight.read_model
TO greenlight_writer, greenlight_reader, greenlight_auditor;

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

-- The first of the conditions that does not hold of what is said, its message filled in; or NULL.
CREATE FUNCTION greenlight.unmet(conditions jsonb, said jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    condition jsonb;
BEGIN
    FOR condition IN SELECT * FROM jsonb_array_elements(conditions) LOOP
        IF greenlight.holds(condition, said) IS NOT TRUE THEN
            RETURN condition || jsonb_build_object('message', greenlight.filled(condition ->> 'message', said));
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
