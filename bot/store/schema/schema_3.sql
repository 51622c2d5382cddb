-- Version 3. A generation may be made by taking a dump out, or by forgetting a thread or an author;
-- what is forgotten is carried from generation to generation, so that no reload brings it back.

CREATE TABLE generation_3 (
    scope      INTEGER NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    parent     INTEGER NOT NULL,                  -- the one that undo goes back to; 0: none
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
    key        TEXT NOT NULL,                     -- what it begins with and by whom; or the handle
    said       TEXT NOT NULL,                     -- its title, or the handle as it was written
    PRIMARY KEY (scope, generation, kind, key),
    FOREIGN KEY (scope, generation) REFERENCES generation (scope, number)
) STRICT, WITHOUT ROWID;
