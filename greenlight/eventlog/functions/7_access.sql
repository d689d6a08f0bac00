-- Note who was shown what, before they are: a row for each reading, many at once. When it was, and by whom it was
-- noted, is not for the caller to say.
CREATE FUNCTION greenlight.note_access(readings jsonb) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO greenlight.access (officer, person, organisation, role, kid, stream, what)
    SELECT officer, person, organisation, role, kid, stream, what
    FROM jsonb_to_recordset(readings) AS reading (
        officer text, person text, organisation text, role text, kid text, stream text, what text)
$$;
GRANT EXECUTE ON FUNCTION greenlight.note_access TO greenlight_writer, greenlight_reader;

-- Who looked into what is itself nobody's business but the auditor's.
GRANT SELECT ON greenlight.access TO greenlight_auditor;
