#!/bin/sh
# Brings the two databases of the Temporal server to the schema of this release; where they are there already,
# nothing changes. The databases exist: PostgreSQL's first start made them.
set -eu

: "${SQL_HOST:?}" "${SQL_USER:?}" "${SQL_PASSWORD:?}"

bring_up_to_date() {
    temporal-sql-tool --database "$1" setup-schema --version 0.0
    temporal-sql-tool --database "$1" update-schema --schema-name "postgresql/v12/$2"
}

bring_up_to_date "${DBNAME:?}" temporal
bring_up_to_date "${VISIBILITY_DBNAME:?}" visibility
