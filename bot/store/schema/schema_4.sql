-- Version 4. Tweets have media, quoted tweets, polls and cards, and authors have display names.
-- Pictures that were inside a dump are files in the media folder, named by their bytes' hash.

ALTER TABLE version ADD COLUMN author_name TEXT;                  -- the display name of `author`
ALTER TABLE tweet ADD COLUMN extras TEXT;                         -- JSON object; see extras.py

DROP VIEW version_head;
CREATE VIEW version_head AS
SELECT version.id, dump, place, file, thread_id, aliases, title, author, complete, source_url,
       author_name
FROM version JOIN dump ON dump.id = version.dump;

CREATE TABLE picture (
    sha256 TEXT NOT NULL REFERENCES blob (sha256),                -- the dump that it was inside
    name   TEXT NOT NULL,                                         -- its path in the dump
    file   TEXT NOT NULL,                                         -- its name in the media folder
    PRIMARY KEY (sha256, name)
) STRICT, WITHOUT ROWID;

-- The beginning of a version's first tweet, hashed, and whether that tweet was cut, as previews are.
ALTER TABLE version ADD COLUMN stem INTEGER NOT NULL DEFAULT 0;   -- a hash; see thread_ids.py
ALTER TABLE version ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;
UPDATE version SET
    stem = coalesce(
        (SELECT stem_key(text) FROM tweet WHERE tweet.version = version.id AND position = 1), 0
    ),
    cut = coalesce(
        (SELECT is_cut(text) FROM tweet WHERE tweet.version = version.id AND position = 1), 0
    );
