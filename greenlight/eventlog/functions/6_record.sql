-- Who reads the tables of the record, which numbered files make once. What is not named here is read by nobody
-- but the owner, and everything is written by nobody else.

GRANT USAGE ON SCHEMA greenlight TO greenlight_writer, greenlight_reader, greenlight_auditor;

GRANT SELECT ON
    greenlight.migration, greenlight.derived, greenlight.superseded, greenlight.log, greenlight.event, greenlight.command,
    greenlight.outbox, greenlight.letter, greenlight.letter_paper, greenlight.list_content
TO greenlight_writer, greenlight_reader, greenlight_auditor;

-- The secret of the tree keeps those from guessing events who see what is published. Whoever reads the events
-- has nothing to guess: writers publish with it, auditors check, and readers make proofs.
GRANT SELECT ON greenlight.tree_secret TO greenlight_writer, greenlight_reader, greenlight_auditor;
