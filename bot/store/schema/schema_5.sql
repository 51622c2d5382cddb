-- Version 5. A generation can also be made by restoring a backup, by erasing what is no longer
-- shown, or by repairing a damaged store. Checksums of what was written, so that damage in the file is noticed. 0: unknown.

CREATE TABLE generation_5 (
    scope      INTEGER NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    parent     INTEGER NOT NULL,                  -- what undo restores; 0: nothing, -1: it cannot
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL CHECK (
        action IN (
            'seeds', 'load', 'reload', 'undo', 'reread', 'remove', 'forget', 'restore', 'erase',
            'repair'
        )
    ),
    checksum   INTEGER NOT NULL DEFAULT 0,        -- of its row, its dumps and what it hides
    PRIMARY KEY (scope, number)
) STRICT, WITHOUT ROWID;

INSERT INTO generation_5 (scope, number, parent, created_at, actor, action)
    SELECT scope, number, parent, created_at, actor, action FROM generation;
DROP TABLE generation;
ALTER TABLE generation_5 RENAME TO generation;

DROP VIEW version_head;

-- Stores of the first version of the program know a dump without its loader's version, so no newer
-- loader could read it again.
CREATE TABLE dump_5 (
    id             INTEGER PRIMARY KEY,
    scope          INTEGER NOT NULL,              -- 0: the shared library; else a guild's id
    file           TEXT NOT NULL,
    origin         TEXT NOT NULL CHECK (origin IN ('seeds', 'loaded')),
    sha256         TEXT NOT NULL REFERENCES blob (sha256),
    metadata       TEXT NOT NULL,                 -- JSON object, from the load command
    format         TEXT NOT NULL,
    parser_version INTEGER NOT NULL,
    checksum       INTEGER NOT NULL DEFAULT 0,    -- of its versions, in order
    UNIQUE (scope, file, origin, sha256, metadata, parser_version)
) STRICT;

INSERT INTO dump_5 (id, scope, file, origin, sha256, metadata, format, parser_version)
    SELECT id, scope, file, origin, sha256, metadata, format, parser_version FROM dump;
DROP TABLE dump;
ALTER TABLE dump_5 RENAME TO dump;

ALTER TABLE version ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;  -- of its row and its tweets

CREATE VIEW version_head AS
SELECT version.id, dump, place, file, thread_id, aliases, title, author, complete, source_url,
       author_name, version.checksum AS checksum
FROM version JOIN dump ON dump.id = version.dump;
