#!/bin/sh
# Creates the users and databases of the service. PostgreSQL's image runs it once, on an empty volume. It can be
# run again at any time: it then sets the passwords that the environment holds.
set -e

: "${POSTGRES_USER:=postgres}"
: "${TEMPORAL_DB_PASSWORD:?}" "${OWNER_DB_PASSWORD:?}" "${WORKER_DB_PASSWORD:?}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv owner_password OWNER_DB_PASSWORD
\getenv worker_password WORKER_DB_PASSWORD

SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY['temporal', 'greenlight_owner', 'greenlight_worker']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE temporal LOGIN PASSWORD :'temporal_password';
ALTER ROLE greenlight_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE greenlight_worker LOGIN PASSWORD :'worker_password';

SELECT format('CREATE DATABASE %I OWNER %I', name, owner)
FROM (VALUES ('temporal', 'temporal'),
             ('temporal_visibility', 'temporal'),
             ('greenlight', 'greenlight_owner')) AS wanted (name, owner)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec

-- By default everybody may connect everywhere.
REVOKE ALL ON DATABASE temporal, temporal_visibility, greenlight FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE greenlight TO greenlight_worker;

-- The worker gets rows, not tables: it can neither drop the triggers that keep the log append-only nor get
-- around them with TRUNCATE. What the owner's migrations create later is granted here in advance.
\connect greenlight
CREATE SCHEMA IF NOT EXISTS greenlight AUTHORIZATION greenlight_owner;
GRANT USAGE ON SCHEMA greenlight TO greenlight_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE greenlight_owner IN SCHEMA greenlight
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO greenlight_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE greenlight_owner IN SCHEMA greenlight
    GRANT USAGE, SELECT ON SEQUENCES TO greenlight_worker;
SQL
