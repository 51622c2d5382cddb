-- Version 1. The bytes of a dump are stored once, by their hash. Rows of a dump never change. A
-- generation is a set of dumps, so each earlier generation can be restored.

CREATE TABLE blob (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE dump (
    id             INTEGER PRIMARY KEY,
    scope          INTEGER NOT NULL,              -- 0: the shared library; else a guild's id
    file           TEXT NOT NULL,
    origin         TEXT NOT NULL CHECK (origin IN ('seeds', 'loaded')),
    sha256         TEXT NOT NULL REFERENCES blob (sha256),
    metadata       TEXT NOT NULL,                 -- JSON object, from the load command
    format         TEXT NOT NULL,
    parser_version INTEGER NOT NULL,
    UNIQUE (scope, file, origin, sha256, metadata, parser_version)
) STRICT;

CREATE TABLE notice (
    dump    INTEGER NOT NULL REFERENCES dump (id) ON DELETE CASCADE,
    place   INTEGER NOT NULL,
    line    INTEGER,
    message TEXT NOT NULL,
    PRIMARY KEY (dump, place)
) STRICT, WITHOUT ROWID;

-- A thread as it is in one dump.
CREATE TABLE version (
    id         INTEGER PRIMARY KEY,
    dump       INTEGER NOT NULL REFERENCES dump (id) ON DELETE CASCADE,
    place      INTEGER NOT NULL,
    thread_id  TEXT NOT NULL,
    aliases    TEXT NOT NULL,                     -- JSON array of ids
    title      TEXT NOT NULL,
    author     TEXT,
    complete   INTEGER NOT NULL CHECK (complete IN (0, 1)),
    source_url TEXT,
    UNIQUE (dump, place)
) STRICT;

CREATE VIEW version_head AS
SELECT version.id, dump, place, file, thread_id, aliases, title, author, complete, source_url
FROM version JOIN dump ON dump.id = version.dump;

CREATE TABLE tweet (
    version    INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position >= 1),
    text       TEXT NOT NULL,
    mentions   TEXT NOT NULL,                     -- JSON array of handles
    links      TEXT NOT NULL,                     -- JSON array of [printed, url or null]
    author     TEXT,
    created_at TEXT,
    permalink  TEXT,
    tweet_id   TEXT,
    line       INTEGER NOT NULL,
    PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE generation (
    scope      INTEGER NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    parent     INTEGER NOT NULL,                  -- the generation that undo restores; 0: none
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL CHECK (action IN ('seeds', 'load', 'reload', 'undo', 'reread')),
    PRIMARY KEY (scope, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE generation_dump (
    scope      INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    dump       INTEGER NOT NULL REFERENCES dump (id),
    PRIMARY KEY (scope, generation, place),
    FOREIGN KEY (scope, generation) REFERENCES generation (scope, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
