#!/bin/sh
# Takes a backup of the running service, in the one order that is safe to restore.
set -eu
. "$(dirname "$0")/places.sh"

help() {
    cat <<TEXT
Usage: backup.sh [--compose] FOLDER

Takes a backup into a new folder FOLDER/<instant> and prints its name. Nothing has to be stopped.

Temporal comes first, then the published log, then the event log: what is restored from it never has a
workflow or a checkpoint that is ahead of the log. What is behind it, takes over from it. Attachments and control
tables come after the log, which names them: whatever was there when the log was taken is there still.

The event log has to be named. What else is not named is not taken:

$PLACES

Keys are not taken: keep the checkpoints' key, the auditor's, the codec's master keys, without which attachments are
not opened, and .env where you keep keys.
TEXT
}

into=
for word; do
    case $word in
        --help | -h) help && exit ;;
        --compose) in_compose ;;
        -*) usage "there is no option $word" ;;
        *) [ -z "$into" ] || usage "give one folder" && into=$word ;;
    esac
done
[ -n "$into" ] || usage "give the folder for backups"
[ -n "$GREENLIGHT_OWNER_URL" ] || usage "set GREENLIGHT_OWNER_URL to the database of the event log, or say --compose"
[ -z "$TEMPORAL_VISIBILITY_URL" ] || [ -n "$TEMPORAL_DATABASE_URL" ] || usage "set TEMPORAL_DATABASE_URL, too"

mkdir -p "$into" || die "the folder $into cannot be made: choose another"
# Nothing that is half written has the name of a backup.
draft=$into/.unfinished-$$
mkdir "$draft" || die "nothing can be written in $into: choose another folder, or make room"
trap 'rm -rf "$draft"' EXIT
trap 'exit 1' HUP INT TERM

part() {
    printf '%s %s\n' "$1" "$(now)" >>"$draft/about"
}

# Where the hosts of the server find each other, is of no use to a server that is restored.
# shellcheck disable=SC2086
dump() {
    part "$1"
    $PG_DUMP --format=custom --exclude-table-data='*.cluster_membership' --dbname "$2" </dev/null >"$draft/$1.dump" ||
        die "the database of $1 cannot be dumped. Its error is above; if that is of a version, name a pg_dump" \
            "as new as the server by PG_DUMP"
}

# A folder of files that come to be under their names by one step and then do not change. What begins with a
# point is somebody's draft. What is removed meanwhile, as no log names it, stops the copy: then once more.
folder() {
    part "$1"
    # shellcheck disable=SC2016
    for _ in 1 2 3; do
        where_folders_are sh -c 'cd "$0" && exec find . -name ".?*" -prune -o -print0' "$2" </dev/null >"$draft/.files" &&
            where_folders_are tar -C "$2" --null --no-recursion -T - -cf - <"$draft/.files" >"$draft/$1.tar" &&
            rm "$draft/.files" && return
    done
    die "the folder $2 cannot be copied: its error is above. Make it, if nobody has put anything there yet; see $3"
}

# What nobody wanted to lose is told, if it is not taken.
not_taken() {
    printf '%s: %s are not taken: %s is not named\n' "${0##*/}" "$1" "$2" >&2
}

printf 'greenlight-backup 2\n' >"$draft/about"
# First the lists: they then name no workflow that the server's own database lacks.
[ -z "$TEMPORAL_VISIBILITY_URL" ] || dump visibility "$TEMPORAL_VISIBILITY_URL"
[ -z "$TEMPORAL_DATABASE_URL" ] || dump temporal "$TEMPORAL_DATABASE_URL"
if [ -n "$TEMPORAL_FILE" ]; then
    [ -f "$TEMPORAL_FILE" ] || die "TEMPORAL_FILE: there is no file $TEMPORAL_FILE"
    part temporal
    # By the database's own means: a copy of the file alone may be torn, and lacks what is in its journal.
    $SQLITE3 "$TEMPORAL_FILE" ".timeout 10000" ".backup '$draft/temporal.db'" ||
        die "the file of Temporal cannot be copied: its error is above; SQLITE3 names the program"
fi

if [ -n "$GREENLIGHT_TILE_FOLDER" ]; then
    part tiles
    # Under the lock of those who write there, so that no tile is missing that a checkpoint stands for.
    where_tiles_are flock "$GREENLIGHT_TILE_FOLDER/.lock" \
        tar -C "$GREENLIGHT_TILE_FOLDER" --exclude=./.lock -cf - . </dev/null >"$draft/tiles.tar" ||
        die "the published log in $GREENLIGHT_TILE_FOLDER cannot be copied: its error is above"
fi

head=$(ask "$GREENLIGHT_OWNER_URL" "SELECT kind || ':' || log_id || ' ' || position FROM greenlight.log") ||
    die "the event log cannot be read: its error is above; see GREENLIGHT_OWNER_URL"
[ -n "$head" ] || die "GREENLIGHT_OWNER_URL leads to a database without an event log"
# What is dumped after this has these events at least.
printf 'id %s\nposition %s\n' "${head% *}" "${head##* }" >>"$draft/about"
dump log "$GREENLIGHT_OWNER_URL"

if [ -n "$GREENLIGHT_ATTACHMENT_FOLDER" ]; then
    folder attachments "$GREENLIGHT_ATTACHMENT_FOLDER" GREENLIGHT_ATTACHMENT_FOLDER
    # What was brought, which the log does not know: `starter.py attachments check --had` asks for it.
    tar -tf "$draft/attachments.tar" >"$draft/attachments.list" || die "the copy of the attachments cannot be read"
    if grep -qx ./log "$draft/attachments.list"; then
        whose=$(tar -xOf "$draft/attachments.tar" ./log)
        [ "$whose" = "${head% *}" ] ||
            die "GREENLIGHT_ATTACHMENT_FOLDER has the attachments of the log $whose, and this is ${head% *}"
    fi
else
    not_taken attachments GREENLIGHT_ATTACHMENT_FOLDER
fi
if [ -n "$GREENLIGHT_TABLES_FOLDER" ]; then
    folder tables "$GREENLIGHT_TABLES_FOLDER" GREENLIGHT_TABLES_FOLDER
else
    not_taken 'control tables' GREENLIGHT_TABLES_FOLDER
fi
printf 'ended %s\n' "$(now)" >>"$draft/about"

(cd "$draft" && sha256sum -- * >"$MANIFEST.new" && mv "$MANIFEST.new" "$MANIFEST")
sync
backup=$into/$(date -u +%Y%m%dT%H%M%SZ)
[ ! -e "$backup" ] || die "$backup is there already: wait a second and try again"
mv "$draft" "$backup"
trap - EXIT
printf '%s\n' "$backup"
