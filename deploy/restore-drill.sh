#!/bin/sh
# Restores a backup into fresh servers of its own on this machine, and tells whether it would serve.
set -eu
. "$(dirname "$0")/places.sh"
root=$(cd "$(dirname "$0")/.." && pwd)

help() {
    cat <<TEXT
Usage: restore-drill.sh [--keep] BACKUP

Restores a backup into fresh servers in a temporary folder, with the programs that are installed with the
project (\`make\`), and asks: is the log whole, do lists and letters follow from it, are attachments and control
tables there as they were, does every open case start again. Nothing that is in use is reached. Ends with 0 if all of it holds.

  GREENLIGHT_CHECKPOINT_KEY  the key that signed the checkpoints, public or private: without it the log is not
                             held against what was published
  GREENLIGHT_CODEC_KEYS      the codec's master keys: without them attachments are counted, and not opened
  PG_RESTORE, PSQL           the programs, if not those that are installed with the project
  GREENLIGHT_PYTHON          the Python that has the project installed. Default: that of .venv

--keep leaves the folder; \`GREENLIGHT_DATA=FOLDER python worker.py\` serves it, on this machine alone.

Of a Temporal server on PostgreSQL the drill reads its dumps to the end, and starts the cases on an empty
Temporal: as if its data were lost. The file of a development server is restored and used.
TEXT
}

backup='' keep=false
for word; do
    case $word in
        --help | -h) help && exit ;;
        --keep) keep=true ;;
        -*) usage "there is no option $word" ;;
        *) [ -z "$backup" ] || usage "give one backup" && backup=$word ;;
    esac
done
[ -n "$backup" ] || usage "give the folder of a backup"
[ -d "$backup" ] || usage "there is no folder $backup"

# Nothing of the environment leads to servers that are in use.
for name in $(env | sed -nE 's/^(TEMPORAL_[A-Z_]*|GREENLIGHT_[A-Z_]*_URL|DATABASE_URL|GREENLIGHT_KIND)=.*/\1/p'); do
    unset "$name"
done
python=${GREENLIGHT_PYTHON:-$root/.venv/bin/python}
# The folder itself may be anywhere; the programs want the project's.
case ${GREENLIGHT_CHECKPOINT_KEY:-/} in /*) ;; *) GREENLIGHT_CHECKPOINT_KEY=$PWD/$GREENLIGHT_CHECKPOINT_KEY ;; esac
case ${GREENLIGHT_CODEC_KEYS:-/} in /*) ;; *) GREENLIGHT_CODEC_KEYS=$PWD/$GREENLIGHT_CODEC_KEYS ;; esac
[ -z "${GREENLIGHT_CODEC_KEYS:-}" ] || [ -f "$GREENLIGHT_CODEC_KEYS" ] ||
    die "GREENLIGHT_CODEC_KEYS: there is no file $GREENLIGHT_CODEC_KEYS"
backup=$(cd "$backup" && pwd)
cd "$root"
tools=$("$python" -c 'from pathlib import Path; from greenlight.embedded import programs
print(programs.postgres(None, Path()))') || die "the project is not installed: run make, or name a Python by GREENLIGHT_PYTHON"
[ "$PSQL" != psql ] || PSQL=$tools/psql
[ "$PG_RESTORE" != pg_restore ] || PG_RESTORE=$tools/pg_restore

work=$(mktemp -d) servers='' began=$(date +%s) failed=0
finish() {
    [ -z "$servers" ] || { kill "$servers" && wait "$servers"; } || :
    if $keep; then printf 'kept       %s\n' "$work"; else rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

say() {
    printf '%-10s %s\n' "$1" "$2"
}

# One question: what it is about, and the command that answers it.
asked() {
    about=$1
    shift
    if answer=$("$@" 2>&1); then
        say "$about" "$(printf '%s\n' "$answer" | head -n 1)"
    else
        failed=$((failed + 1))
        say "$about" "FAILED"
        printf '%s\n' "$answer" | sed 's/^/           /' >&2
    fi
}

say backup "$backup, of $(fact "$backup" ended)"
export GREENLIGHT_DATA="$work"
if [ -f "$backup/temporal.db" ]; then
    TEMPORAL_FILE=$work/temporal/temporal.db
    # Its server finds it at its start, which is before everything else is restored. Its sum is looked at below.
    mkdir -p "$work/temporal" && cp "$backup/temporal.db" "$TEMPORAL_FILE"
fi
"$python" -m greenlight.embedded "$work" >"$work/servers" 2>&1 &
servers=$!
until grep -q '^ready$' "$work/servers"; do
    kill -0 "$servers" 2>/dev/null || { servers='' && die "the servers do not start: $(cat "$work/servers")"; }
    sleep 0.2
done
GREENLIGHT_OWNER_URL=$(sed -n "s/^export GREENLIGHT_OWNER_URL='\(.*\)'/\1/p" "$work/servers")
GREENLIGHT_TILE_FOLDER=$work/tiles
# Where whoever serves it afterwards looks.
export GREENLIGHT_ATTACHMENT_FOLDER="$work/attachments" GREENLIGHT_TABLES_FOLDER="$work/controls"
restored=$(
    TILES_IN='' FOLDERS_IN=''
    export PSQL PG_RESTORE GREENLIGHT_OWNER_URL GREENLIGHT_TILE_FOLDER TILES_IN FOLDERS_IN
    sh deploy/restore.sh "$backup"
) || die "the backup cannot be restored"
say restore "$(printf '%s\n' "$restored" | sed -n '$s/^restored: //p')"
for name in temporal visibility; do
    # shellcheck disable=SC2086
    [ ! -f "$backup/$name.dump" ] || asked "$name" sh -c '"$@" && echo "its dump is readable to its end"' \
        - $PG_RESTORE --file=/dev/null "$backup/$name.dump"
done

published=$GREENLIGHT_TILE_FOLDER
if [ -f "$published/checkpoint" ] && [ -z "${GREENLIGHT_CHECKPOINT_KEY:-}" ]; then
    say published "not compared: GREENLIGHT_CHECKPOINT_KEY names no key"
    published=$work/none
fi
export GREENLIGHT_TILE_FOLDER="$published" GREENLIGHT_CHECKPOINT_KEY
asked verify "$python" starter.py verify
asked lists "$python" starter.py rebuild --dry-run
asked letters "$python" starter.py letters --check
if [ -f "$backup/attachments.tar" ]; then
    keys=--without-keys
    [ -z "${GREENLIGHT_CODEC_KEYS:-}" ] || keys=''
    # shellcheck disable=SC2086
    asked documents "$python" starter.py attachments check $keys --had "$backup/attachments.list"
else
    say documents 'not asked: the backup has none'
fi
if [ -f "$backup/tables.tar" ]; then
    asked tables "$python" starter.py controls list
else
    say tables 'not asked: the backup has none'
fi
asked namespace "$python" starter.py namespace adopt default --force
asked resume "$python" starter.py resume --all
say took "$(($(date +%s) - began)) seconds"
[ "$failed" = 0 ] || die "$failed of the questions failed: this backup would not serve as it is"
