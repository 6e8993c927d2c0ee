#!/bin/bash
# Makes this node's data where it has none, then becomes postgres. The primary's roles and slots are made in single-user mode: no
# server has to be started and stopped for them.
set -euo pipefail

volume=/var/lib/postgresql
config=/etc/postgres-cluster/current

initialise() {
  initdb --pgdata="$volume/new" --username=postgres --auth-local=peer --auth-host=scram-sha-256 --data-checksums --encoding=UTF8 \
    --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8 --sync-method=syncfs
  mv "$volume/new" "$PGDATA"
  postgres --single -c config_file="$config/postgresql.conf" -c synchronous_standby_names= postgres > /dev/null <<SQL
create role replicator login replication password '$PASSWORD'
create role app login password '$PASSWORD'
create database app owner app
select pg_create_physical_replication_slot('pg_2', true)
select pg_create_physical_replication_slot('pg_3', true)
SQL
}

clone() {
  until pg_isready --quiet --host=pg-1; do sleep 0.1; done
  pg_basebackup --pgdata="$volume/new" --wal-method=stream --slot="$SLOT" --checkpoint=fast --sync-method=syncfs \
    --dbname="host=pg-1 user=replicator passfile=$config/passfile sslmode=verify-full sslrootcert=$config/tls/ca.crt channel_binding=require"
  touch "$volume/new/standby.signal"
  mv "$volume/new" "$PGDATA"
}

if [[ ! -d $PGDATA ]]; then
  rm -rf "$volume/new"
  if [[ $ROLE == primary ]]; then initialise; else clone; fi
fi
exec postgres -c config_file="$config/postgresql.conf"
