#!/bin/sh
# Restores what backup.sh took into empty databases and empty folders, the event log last.
set -eu
. "$(dirname "$0")/places.sh"

# As many as `starter.py log skip-numbers` leaves out.
NUMBERS=1000

help() {
    cat <<TEXT
Usage: restore.sh [--compose] [--skip-numbers COUNT] BACKUP

Restores a backup into databases that are empty, as deploy/postgresql/10-databases.sh makes them, and folders
that are empty. Temporal and the worker are stopped meanwhile. The event log comes last: until it is there, no
worker starts. What is not named is not restored:

$PLACES

License numbers go on after a gap of COUNT, $NUMBERS if it is not said: those that were given out after the
backup stand in letters that somebody holds, and are not given again. Say more if more were given out since.

Then start Temporal, and:

  starter.py namespace adopt NAMESPACE   this database takes the place of the one that was backed up
  starter.py resume --all                start cases that Temporal, being older, knows nothing of
  starter.py verify                      ask whether the log is whole
  starter.py attachments check --had BACKUP/attachments.list
                                         ask whether every document that was brought is there, as it was
  starter.py controls list               ask whether the control tables on record are there, as they were
TEXT
}

backup='' numbers=$NUMBERS
while [ $# -gt 0 ]; do
    word=$1
    shift
    case $word in
        --help | -h) help && exit ;;
        --compose) in_compose ;;
        --skip-numbers)
            numbers=${1:-}
            [ $# = 0 ] || shift
            case $numbers in '' | *[!0-9]* | ???????*) usage "--skip-numbers takes a number up to 999999" ;; esac
            ;;
        -*) usage "there is no option $word" ;;
        *) [ -z "$backup" ] || usage "give one backup" && backup=$word ;;
    esac
done
[ -n "$backup" ] || usage "give the folder of a backup"
[ -n "$GREENLIGHT_OWNER_URL" ] || usage "set GREENLIGHT_OWNER_URL to the database of the event log, or say --compose"

# All that may be wrong is asked before anything is written.
case ${backup%/} in */.unfinished-*) die "$backup is a backup that came to no end: take another" ;; esac
[ -f "$backup/$MANIFEST" ] || die "$backup is no backup: it has no $MANIFEST"
(cd "$backup" && sha256sum --check --strict --quiet "$MANIFEST" >&2) ||
    die "$backup is not as it was taken: take another, or fetch it again from where it is kept"
for file in "$backup"/*; do
    name=${file##*/}
    [ "$name" = "$MANIFEST" ] || grep -q "^[0-9a-f]*  $name\$" "$backup/$MANIFEST" ||
        die "$file was not there when the backup was taken: move it away"
done
# The first form has neither attachments nor control tables.
sed -n 1p "$backup/about" | grep -qx 'greenlight-backup [12]' || die "$backup is of a form that this version does not know"
[ -f "$backup/log.dump" ] || die "$backup has no event log"

# Tells whether a database has nothing in it but what every new one has.
empty() {
    found=$(ask "$2" "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_toast%'") ||
        die "the database for $1 is not reached: its error is above; see its variable in --help"
    [ "$found" = 0 ] || die "the database for $1 is not empty: drop it and make it anew, or choose another"
}

[ ! -f "$backup/visibility.dump" ] || [ -z "$TEMPORAL_VISIBILITY_URL" ] || empty visibility "$TEMPORAL_VISIBILITY_URL"
[ ! -f "$backup/temporal.dump" ] || [ -z "$TEMPORAL_DATABASE_URL" ] || empty temporal "$TEMPORAL_DATABASE_URL"
[ -z "$TEMPORAL_FILE" ] || [ ! -e "$TEMPORAL_FILE" ] || die "TEMPORAL_FILE is there already: move $TEMPORAL_FILE away"
empty log "$GREENLIGHT_OWNER_URL"
groups=$(ask "$GREENLIGHT_OWNER_URL" "SELECT count(*) FROM pg_roles
    WHERE rolname IN ('greenlight_owner', 'greenlight_writer', 'greenlight_reader', 'greenlight_auditor')")
[ "$groups" = 4 ] || die "the server lacks users or groups of the service: run deploy/postgresql/10-databases.sh first"
# Tells whether a folder is empty that something is to be restored into: what, where and which, and what to say.
empty_folder() {
    [ -n "$3" ] && [ -f "$backup/$1.tar" ] || return 0
    # shellcheck disable=SC2016
    there=$("$2" sh -c 'mkdir -p "$0" && ls -A "$0" | grep -v "^\.lock\$" || :' "$3")
    [ -z "$there" ] || die "the folder $3 is not empty: move what is in it away$4"
}

empty_folder tiles where_tiles_are "$GREENLIGHT_TILE_FOLDER" \
    ', and keep it: what was published after the backup proves what was lost'
empty_folder attachments where_folders_are "$GREENLIGHT_ATTACHMENT_FOLDER" \
    ', and keep it: documents may be in it that came after the backup'
empty_folder tables where_folders_are "$GREENLIGHT_TABLES_FOLDER" ''

# Whole or not at all.
# shellcheck disable=SC2086
restore() {
    printf 'restoring %s\n' "$1"
    $PG_RESTORE --single-transaction --exit-on-error --dbname "$2" <"$backup/$1.dump" ||
        die "the database for $1 cannot be restored: its error is above, and nothing of it was written. If that is" \
            "of a version, name a pg_restore as new as the pg_dump by PG_RESTORE"
}

left_out() {
    printf '%s is left out: its place is not named (--help)\n' "$1"
}

restore_named() {
    [ -f "$backup/$1.dump" ] || return 0
    if [ -n "$2" ]; then restore "$1" "$2"; else left_out "$1"; fi
}

restore_named visibility "$TEMPORAL_VISIBILITY_URL"
restore_named temporal "$TEMPORAL_DATABASE_URL"
if [ -f "$backup/temporal.db" ]; then
    if [ -n "$TEMPORAL_FILE" ]; then
        printf 'restoring temporal\n'
        mkdir -p "$(dirname "$TEMPORAL_FILE")"
        cp "$backup/temporal.db" "$TEMPORAL_FILE"
    else
        left_out temporal
    fi
fi

restore_folder() {
    [ -f "$backup/$1.tar" ] || return 0
    [ -n "$3" ] || { left_out "$1" && return; }
    printf 'restoring %s\n' "$1"
    "$2" tar -C "$3" -xpf - <"$backup/$1.tar" ||
        die "the folder of $1 cannot be restored: its error is above; empty $3 and try again"
}

restore_folder tiles where_tiles_are "$GREENLIGHT_TILE_FOLDER"
restore_folder attachments where_folders_are "$GREENLIGHT_ATTACHMENT_FOLDER"
restore_folder tables where_folders_are "$GREENLIGHT_TABLES_FOLDER"
restore log "$GREENLIGHT_OWNER_URL"

id=$(fact "$backup" id) least=$(fact "$backup" position)
head=$(ask "$GREENLIGHT_OWNER_URL" "SELECT kind || ':' || log_id || ' ' || position FROM greenlight.log")
[ "${head% *}" = "$id" ] || die "what was restored is the log ${head% *}, and the backup is of $id: do not use it"
[ "${head##* }" -ge "$least" ] ||
    die "the restored log ends at ${head##* }, and had $least events when it was taken: do not use it"

# In a rehearsal numbers follow from the cases.
if [ "${id%%:*}" = production ]; then
    number=$(ask "$GREENLIGHT_OWNER_URL" "WITH given AS (
            SELECT max_value AS most, $numbers + greatest(last_value, 0,
                (SELECT max(right(stream, 6)::bigint) FROM greenlight.event WHERE stream ~ '^license-D[0-9]{6}\$')
            ) AS last FROM pg_sequences WHERE schemaname = 'greenlight' AND sequencename = 'license_number')
        SELECT 'D' || lpad((last + 1)::text, 6, '0'),
            setval('greenlight.license_number', greatest(last, 1), last > 0)
        FROM given WHERE last < most") && [ -n "$number" ] ||
        die "the log is restored, but $numbers license numbers cannot be left out: there are not as many, or the" \
            "error is above. Before a worker starts say how many: starter.py log skip-numbers COUNT"
    printf 'the next license number is %s: %s were left out for those given out after the backup\n' \
        "${number%%|*}" "$numbers"
fi
printf 'restored: %s, %s events\n' "$id" "${head##* }"
