-- Version 5. A generation can also be made by restoring a backup, or by erasing what is no longer
-- shown. Checksums of what was written, so that damage in the file is noticed. 0: unknown.

CREATE TABLE generation_5 (
    scope      INTEGER NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    parent     INTEGER NOT NULL,                  -- what undo restores; 0: nothing, -1: it cannot
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL CHECK (
        action IN (
            'seeds', 'load', 'reload', 'undo', 'reread', 'remove', 'forget', 'restore', 'erase'
        )
    ),
    checksum   INTEGER NOT NULL DEFAULT 0,        -- of its row, its dumps and what it hides
    PRIMARY KEY (scope, number)
) STRICT, WITHOUT ROWID;

INSERT INTO generation_5 (scope, number, parent, created_at, actor, action)
    SELECT scope, number, parent, created_at, actor, action FROM generation;
DROP TABLE generation;
ALTER TABLE generation_5 RENAME TO generation;

ALTER TABLE dump ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;     -- of its versions, in order
ALTER TABLE version ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;  -- of its row and its tweets

DROP VIEW version_head;
CREATE VIEW version_head AS
SELECT version.id, dump, place, file, thread_id, aliases, title, author, complete, source_url,
       author_name, version.checksum AS checksum
FROM version JOIN dump ON dump.id = version.dump;
