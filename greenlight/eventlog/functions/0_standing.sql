-- What cases are held against. One that is superseded stands no longer, even before its own stream says so, and
-- never again, even if the one that came in its place is over.
CREATE VIEW greenlight.standing_directive AS
SELECT key, in_force_since FROM greenlight.directive d
WHERE in_force_since IS NOT NULL AND NOT EXISTS (
    SELECT FROM greenlight.directive s WHERE s.supersedes = d.key AND s.times > 0);
GRANT SELECT ON greenlight.standing_directive TO greenlight_writer, greenlight_reader, greenlight_auditor;

-- Every event beside the accepted command that led to it, if one did.
CREATE VIEW greenlight.line AS
SELECT e.*, c.stream AS command_stream, c.sender, c.name, c.body, c.version AS command_version,
       c.position AS command_position, c.recorded_at AS command_recorded_at
FROM greenlight.event e LEFT JOIN LATERAL (
    SELECT * FROM greenlight.command WHERE first_position <= e.position ORDER BY first_position DESC LIMIT 1
) AS c ON e.position <= c.last_position;
GRANT SELECT ON greenlight.line TO greenlight_writer, greenlight_reader, greenlight_auditor;
