-- What cases are held against. One that is superseded stands no longer, even before its own stream says so, and
-- never again, even if the one that came in its place is over.
CREATE VIEW greenlight.standing_directive AS
SELECT key, in_force_since FROM greenlight.directive d
WHERE in_force_since IS NOT NULL AND NOT EXISTS (
    SELECT FROM greenlight.directive s WHERE s.supersedes = d.key AND s.times > 0);
GRANT SELECT ON greenlight.standing_directive TO greenlight_writer, greenlight_reader, greenlight_auditor;
