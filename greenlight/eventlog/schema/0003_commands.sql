-- A command's id belongs to its sender and stream, and to which events it led is on file.

ALTER TABLE greenlight.command DISABLE TRIGGER append_only;
ALTER TABLE greenlight.command ADD COLUMN sender text, ADD COLUMN first_position bigint,
    ADD COLUMN last_position bigint;
UPDATE greenlight.command c SET
    sender = (SELECT convert_from(decode(payload || repeat('=', -length(payload) & 3), 'base64'), 'UTF8')::jsonb
                     ->> 'sub'
              FROM (SELECT translate(split_part(e.proof, '.', 2), '-_', '+/') AS payload
                    FROM greenlight.event e WHERE e.position = c.position) AS token),
    (first_position, last_position) = (
        SELECT min(e.position), max(e.position) FROM greenlight.event e
        WHERE e.command_id = c.command_id AND e.recorded_at = c.recorded_at);
ALTER TABLE greenlight.command ENABLE TRIGGER append_only;
ALTER TABLE greenlight.command ALTER sender SET NOT NULL, ALTER first_position SET NOT NULL,
    ALTER last_position SET NOT NULL, DROP CONSTRAINT command_pkey,
    ADD PRIMARY KEY (stream, sender, command_id), ADD UNIQUE (first_position);
COMMENT ON TABLE greenlight.command IS
    'Accepted commands; version and position are of the last event that each led to in its own stream, first_position and last_position of those that it led to in any';

CREATE INDEX command_by_id ON greenlight.command (command_id);

-- By an authenticated refusal an id is used up as well.
CREATE INDEX event_refused ON greenlight.event (stream, command_id) WHERE type = 'CommandRefused';

ALTER TABLE greenlight.log ADD COLUMN tolerance interval NOT NULL DEFAULT '1 minute';
COMMENT ON COLUMN greenlight.log.tolerance IS
    'How far legal times may be ahead of this server''s clock, or before the last of their stream: for clocks that differ';

-- What was recorded before named no log in its token, and told of what nobody had signed.
ALTER TABLE greenlight.log ADD COLUMN bound_from bigint;
UPDATE greenlight.log SET bound_from = position + 1;
ALTER TABLE greenlight.log ALTER bound_from SET NOT NULL;
COMMENT ON COLUMN greenlight.log.bound_from IS
    'From this position on a token names this log, refusals are of what somebody signed, and legal times are near those of recording';
