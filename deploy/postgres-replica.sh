#!/bin/bash
# Starts the replica. The first time, it copies the primary; the copy gets its name once it is whole.
set -euo pipefail
if [ ! -d "$PGDATA" ]; then
  rm -rf "$PGDATA.part"
  pg_basebackup --pgdata="$PGDATA.part" --host=primary --username=replica --no-password \
    --slot=replica --wal-method=stream --checkpoint=fast --write-recovery-conf
  mv "$PGDATA.part" "$PGDATA"
fi
mkdir -p /run/postgresql
exec postgres
