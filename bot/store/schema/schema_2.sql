-- Version 2. The bytes of a dump are compressed and stored in pieces, for each file of the dump.
-- Tweets refer to the file that they were read from. Versions have a hash of their beginning, so
-- versions of the same thread are found without reading them.

CREATE TABLE part (
    sha256 TEXT NOT NULL REFERENCES blob (sha256),
    place  INTEGER NOT NULL,
    name   TEXT NOT NULL,                         -- the path in the dump; empty for the dump itself
    size   INTEGER NOT NULL,                      -- bytes, uncompressed
    PRIMARY KEY (sha256, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE piece (
    sha256 TEXT NOT NULL,
    part   INTEGER NOT NULL,
    place  INTEGER NOT NULL,
    packed BLOB NOT NULL,                         -- zlib
    PRIMARY KEY (sha256, part, place),
    FOREIGN KEY (sha256, part) REFERENCES part (sha256, place)
) STRICT;

INSERT INTO part SELECT sha256, 0, '', length(bytes) FROM blob;
INSERT INTO piece SELECT sha256, 0, 0, pack(bytes) FROM blob;
ALTER TABLE blob DROP COLUMN bytes;

ALTER TABLE tweet ADD COLUMN part TEXT NOT NULL DEFAULT '';

ALTER TABLE version ADD COLUMN root INTEGER NOT NULL DEFAULT 0;   -- a hash; see thread_ids.py
ALTER TABLE version ADD COLUMN root_tweet TEXT;                   -- the id of the first tweet
UPDATE version SET
    root = (
        SELECT root_key(json_group_array(text))
        FROM (SELECT text FROM tweet WHERE tweet.version = version.id ORDER BY position)
    ),
    root_tweet = (SELECT tweet_id FROM tweet WHERE tweet.version = version.id AND position = 1);
