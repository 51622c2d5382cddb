-- Version 3. A generation can also be made by removing a dump, or by hiding a thread or an author.
-- Each generation copies what the previous one hides, so reloads do not bring it back.

CREATE TABLE generation_3 (
    scope      INTEGER NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    parent     INTEGER NOT NULL,                  -- the generation that undo restores; 0: none
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL CHECK (
        action IN ('seeds', 'load', 'reload', 'undo', 'reread', 'remove', 'forget')
    ),
    PRIMARY KEY (scope, number)
) STRICT, WITHOUT ROWID;

INSERT INTO generation_3 SELECT scope, number, parent, created_at, actor, action FROM generation;
DROP TABLE generation;
ALTER TABLE generation_3 RENAME TO generation;

CREATE TABLE forgotten (
    scope      INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('thread', 'author')),
    key        TEXT NOT NULL,                     -- hashes; see Forgotten in rows.py
    said       TEXT NOT NULL,                     -- the title, or the handle as written
    PRIMARY KEY (scope, generation, kind, key),
    FOREIGN KEY (scope, generation) REFERENCES generation (scope, number)
) STRICT, WITHOUT ROWID;
