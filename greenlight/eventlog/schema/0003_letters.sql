-- Letters: which are owed, and what was sent, byte for byte.

-- One row for each business step that calls for a letter, written in the transaction that records the step:
-- no letter is lost, whoever dies, and none is owed twice.
CREATE TABLE greenlight.outbox (
    letter_id text GENERATED ALWAYS AS (stream || '-' || version::text || '-' || kind) STORED PRIMARY KEY,
    stream text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    position bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    sent_at timestamptz
);
CREATE INDEX outbox_pending ON greenlight.outbox (attempts, position) WHERE sent_at IS NULL;

CREATE TABLE greenlight.letter (
    letter_id text PRIMARY KEY REFERENCES greenlight.outbox,
    rests_on text NOT NULL,
    digest text NOT NULL CHECK (digest = 'sha256:' || encode(sha256(pdf), 'hex')),
    pdf bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- A PDF is compressed already.
ALTER TABLE greenlight.letter ALTER pdf SET STORAGE EXTERNAL;
COMMENT ON COLUMN greenlight.letter.rests_on IS 'Digest of the events that the letter was made from';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON greenlight.letter
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OF stream, version, kind, position OR DELETE OR TRUNCATE
    ON greenlight.outbox FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();
CREATE TRIGGER sent_once BEFORE UPDATE ON greenlight.outbox
    FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION greenlight.refuse_change();

-- The kind of letter that an event calls for, or NULL. The same list is in letters.compose.kind_of.
CREATE FUNCTION greenlight.letter_due(type text, record text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE type
        WHEN 'ApplicationGranted' THEN 'grant'
        WHEN 'IntentToDenyIssued' THEN 'intent_to_deny'
        WHEN 'ApplicationDenied' THEN 'denial'
        WHEN 'ApplicationReturned' THEN 'return_without_action'
        WHEN 'ApplicationWithdrawn' THEN 'withdrawal'
        WHEN 'LicenseRevoked' THEN 'revocation'
        WHEN 'TermIssued' THEN 'notice_of_term'
        WHEN 'TermCorrected' THEN 'notice_of_amendment'
        WHEN 'TermTerminated' THEN 'notice_of_amendment'
        WHEN 'EntitiesChanged' THEN 'notice_of_amendment'
        WHEN 'ReprieveEnded' THEN 'notice_of_end'
        WHEN 'TermExpired' THEN CASE WHEN record::jsonb -> 'lapses' = 'true' THEN 'notice_of_end' END
        WHEN 'DecisionMade' THEN 'memorandum'
        WHEN 'LicenseRevokedByDirective' THEN 'revocation'
        WHEN 'LicenseIssued' THEN CASE WHEN record::jsonb -> 'conditions' <> '[]' THEN 'conditions' END
    END;
END
$$;

CREATE FUNCTION greenlight.owe_letter(
    stream text, version integer, type text, record text, event_position bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kind text := greenlight.letter_due(type, record);
BEGIN
    IF kind IS NOT NULL THEN
        INSERT INTO greenlight.outbox (stream, version, kind, position)
        VALUES (stream, version, kind, event_position);
    END IF;
END
$$;
