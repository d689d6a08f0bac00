-- Adds alone
-- A letter is found by its code and can be made again after the letterhead has changed; one that cannot be
-- delivered is told, and waits for somebody.

-- Beside the letter, for a release of before reads that whole.
CREATE TABLE greenlight.letter_paper (
    letter_id text PRIMARY KEY REFERENCES greenlight.outbox,
    sheet text NOT NULL,
    code text NOT NULL UNIQUE
);
COMMENT ON COLUMN greenlight.letter_paper.sheet IS
    'What is on the paper beside what the events say, as JSON (greenlight.letters.sheet)';
COMMENT ON COLUMN greenlight.letter_paper.code IS
    'Printed on the letter, and made of its id, its events and the secret of the tree';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON greenlight.letter_paper
    FOR EACH STATEMENT EXECUTE FUNCTION greenlight.refuse_change();

ALTER TABLE greenlight.outbox ADD COLUMN problem text, ADD COLUMN given_up_at timestamptz;
COMMENT ON COLUMN greenlight.outbox.problem IS 'Why the last try failed';
COMMENT ON COLUMN greenlight.outbox.given_up_at IS 'No further try helps, until somebody asks for one';
