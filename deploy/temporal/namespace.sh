#!/bin/sh
# Creates the namespace and the search attributes that the service needs, and the Nexus endpoint by which workflows
# of other namespaces call it; where they are there already, only the retention is set again. An attribute that
# exists with another type is an error.
set -eu

: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}" "${RETENTION:?}" "${SEARCH_ATTRIBUTES:?}"

# Repeats a question until it is answered; if it never is, shows why.
wait_for() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -ge 60 ]; then
            "$@"
            return
        fi
        sleep 1
    done
}

wait_for temporal operator cluster health

# The name of a new namespace is taken from the flag alone, not from TEMPORAL_NAMESPACE.
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi

# The server notices a new namespace a moment later.
wait_for temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE"

for attribute in $SEARCH_ATTRIBUTES; do
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
        --name "${attribute%%=*}" --type "${attribute#*=}"
done

# One of a name for the whole cluster; who made it otherwise on purpose is left alone.
: "${ENDPOINT:=licensing}" "${TASK_QUEUE:=licensing}"
if ! temporal operator nexus endpoint get --name "$ENDPOINT" >/dev/null 2>&1; then
    temporal operator nexus endpoint create --name "$ENDPOINT" \
        --target-namespace "$TEMPORAL_NAMESPACE" --target-task-queue "$TASK_QUEUE"
fi
