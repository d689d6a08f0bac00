#!/bin/sh
# Writes .env for docker-compose.yml: deploy/env.example with a random value for every empty password.
# An existing .env is left alone: its passwords are those of a database that may hold data.
set -eu

cd "$(dirname "$0")/.."
# The file is readable by its owner only, and never overwritten.
umask 077
set -C
while IFS= read -r line; do
    case $line in
        '#'*) ;;
        *_PASSWORD=) line=$line$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n') ;;
    esac
    printf '%s\n' "$line"
done <deploy/env.example >.env
