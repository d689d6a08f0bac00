#!/bin/sh
# Creates the users and databases of the service. PostgreSQL's image runs it once, on an empty volume. It can be
# run again at any time: it then sets the passwords that the environment holds, and makes what an earlier version
# of it did not know. Users and groups are those of greenlight/embedded/users.py.
set -e

: "${POSTGRES_USER:=postgres}"
: "${TEMPORAL_DB_PASSWORD:?}" "${OWNER_DB_PASSWORD:?}" "${WORKER_DB_PASSWORD:?}" "${READER_DB_PASSWORD:?}"
: "${AUDITOR_DB_PASSWORD:?}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv owner_password OWNER_DB_PASSWORD
\getenv worker_password WORKER_DB_PASSWORD
\getenv reader_password READER_DB_PASSWORD
\getenv auditor_password AUDITOR_DB_PASSWORD

SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY[
    'temporal', 'greenlight_owner', 'greenlight_worker', 'greenlight_cli', 'greenlight_audit',
    'greenlight_writer', 'greenlight_reader', 'greenlight_auditor']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE temporal LOGIN PASSWORD :'temporal_password';
ALTER ROLE greenlight_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE greenlight_worker LOGIN PASSWORD :'worker_password';
ALTER ROLE greenlight_cli LOGIN PASSWORD :'reader_password';
ALTER ROLE greenlight_audit LOGIN PASSWORD :'auditor_password';

-- The migrations grant to groups alone. A user has what its group has, and cannot become it.
GRANT greenlight_writer TO greenlight_worker WITH INHERIT TRUE, SET FALSE;
GRANT greenlight_reader TO greenlight_cli WITH INHERIT TRUE, SET FALSE;
GRANT greenlight_auditor TO greenlight_audit WITH INHERIT TRUE, SET FALSE;

SELECT format('CREATE DATABASE %I OWNER %I', name, owner)
FROM (VALUES ('temporal', 'temporal'),
             ('temporal_visibility', 'temporal'),
             ('greenlight', 'greenlight_owner')) AS wanted (name, owner)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec

-- By default everybody may connect everywhere. An earlier version let the worker make temporary tables, too.
REVOKE ALL ON DATABASE temporal, temporal_visibility, greenlight FROM PUBLIC, greenlight_worker;
GRANT CONNECT ON DATABASE greenlight TO greenlight_writer, greenlight_reader, greenlight_auditor;
SQL
