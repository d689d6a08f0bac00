#!/bin/sh
# Writes .env for docker-compose.yml: deploy/env.example with a random value for every empty password. To an .env
# that is there it adds the passwords that it lacks and changes nothing else: those in it open a database that may
# hold data.
set -eu

cd "$(dirname "$0")/.."
# The file is readable by its owner only.
umask 077
newline='
'
there=$newline$(cat .env 2>/dev/null || true)
[ -e .env ] && new=false || new=true
while IFS= read -r line; do
    case $line in
        '#'* | '') $new || continue ;;
        *_PASSWORD=)
            case $there in *"$newline$line"*) continue ;; esac
            line=$line$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
            ;;
    esac
    # The last line that is there may have no end.
    $new || line=$newline$line
    printf '%s\n' "$line"
done <deploy/env.example >>.env
