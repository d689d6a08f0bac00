#!/bin/sh
# What backup.sh, restore.sh and restore-drill.sh have in common: read by them (`. places.sh`), not run.
# It says where things are, by variables that are set already or else by the defaults below.

# What is dumped holds what is confidential, and the secret of the log's tree.
umask 077

: "${PG_DUMP:=pg_dump}" "${PG_RESTORE:=pg_restore}" "${PSQL:=psql}" "${SQLITE3:=sqlite3}"
: "${GREENLIGHT_OWNER_URL:=}" "${TEMPORAL_DATABASE_URL:=}" "${TEMPORAL_VISIBILITY_URL:=}" "${TEMPORAL_FILE:=}"
: "${GREENLIGHT_TILE_FOLDER:=}" "${TILES_IN:=}"
: "${GREENLIGHT_ATTACHMENT_FOLDER:=}" "${GREENLIGHT_TABLES_FOLDER:=}" "${FOLDERS_IN:=}"

MANIFEST=manifest.sha256

PLACES='  GREENLIGHT_OWNER_URL     the database of the event log, for its owner or an administrator
  GREENLIGHT_TILE_FOLDER   the folder of the published log
  GREENLIGHT_ATTACHMENT_FOLDER
                           the folder of the bytes of attachments
  GREENLIGHT_TABLES_FOLDER the folder of control tables that are kept by their day
  TEMPORAL_DATABASE_URL    the database of the Temporal server
  TEMPORAL_VISIBILITY_URL  the database of its lists
  TEMPORAL_FILE            in place of both: the file of the development server (.greenlight/temporal/temporal.db)
  PG_DUMP, PG_RESTORE, PSQL, SQLITE3
                           the programs, if not those of PATH; as new as the server, or newer
  TILES_IN                 what to put before a command so that it runs where the folder of tiles is
  FOLDERS_IN               the same for the folders of attachments and of control tables

--compose fills them in for docker-compose.yml, whose folder you are in. Addresses are seen in the list of
processes: keep passwords in ~/.pgpass rather than in them.'

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# What is wrong with the words of the call.
usage() {
    printf '%s: %s (--help says more)\n' "${0##*/}" "$*" >&2
    exit 2
}

# The servers and volumes of docker-compose.yml, reached through its containers.
in_compose() {
    PG_DUMP='docker compose exec -T postgresql pg_dump'
    PG_RESTORE='docker compose exec -T postgresql pg_restore'
    PSQL='docker compose exec -T postgresql psql'
    GREENLIGHT_OWNER_URL=postgresql://postgres@/greenlight
    TEMPORAL_DATABASE_URL=postgresql://postgres@/temporal
    TEMPORAL_VISIBILITY_URL=postgresql://postgres@/temporal_visibility
    GREENLIGHT_TILE_FOLDER=/var/lib/tiles
    TILES_IN='docker compose run --rm --no-deps -T worker'
    GREENLIGHT_ATTACHMENT_FOLDER=/var/lib/attachments
    GREENLIGHT_TABLES_FOLDER=/var/lib/tables
    # It alone may write into both.
    FOLDERS_IN='docker compose run --rm --no-deps -T --entrypoint env cli'
}

# Commands may be of several words, so they are not quoted.
# shellcheck disable=SC2086
ask() {
    $PSQL --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$1" --command "$2" </dev/null
}

# shellcheck disable=SC2086
where_tiles_are() {
    $TILES_IN "$@"
}

# shellcheck disable=SC2086
where_folders_are() {
    $FOLDERS_IN "$@"
}

now() {
    date -u +%Y-%m-%dT%H:%M:%SZ
}

# One fact of a backup, by its name.
fact() {
    sed -n "s/^$2 //p" "$1/about"
}
