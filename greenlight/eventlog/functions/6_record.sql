-- Who reads the tables of the record, which numbered files make once. What is not named here is read by nobody
-- but the owner, and everything is written by nobody else.

GRANT USAGE ON SCHEMA greenlight TO greenlight_writer, greenlight_reader, greenlight_auditor;

GRANT SELECT ON
    greenlight.migration, greenlight.derived, greenlight.log, greenlight.event, greenlight.command,
    greenlight.outbox, greenlight.letter, greenlight.list_content
TO greenlight_writer, greenlight_reader, greenlight_auditor;

-- Secrets of the log come here, one table a line: to the auditor, who checks what was made with them, and to the
-- writer, who publishes it, never to the reader.
