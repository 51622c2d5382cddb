#!/bin/bash
# PostgreSQL's image runs this once, when the primary's volume is empty: it makes the bots' user,
# who owns one database and nothing else, and the replica's, who may copy the server.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres --no-psqlrc <<'SQL'
\getenv database DATABASE_PASSWORD
\getenv replica REPLICA_PASSWORD
SET log_statement = 'none';
CREATE ROLE threadbot LOGIN PASSWORD :'database';
CREATE DATABASE threadbot OWNER threadbot TEMPLATE template0 ENCODING 'UTF8';
CREATE ROLE replica LOGIN REPLICATION PASSWORD :'replica';
SELECT pg_create_physical_replication_slot('replica');
-- From now on, whoever may do everything comes from inside of the container only.
ALTER ROLE postgres PASSWORD NULL;
SQL
echo "host replication replica all scram-sha-256" >> "$PGDATA/pg_hba.conf"
