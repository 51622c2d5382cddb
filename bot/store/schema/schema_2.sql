-- Version 2. A dump's bytes are kept packed and in pieces, file by file where it has several; a
-- tweet knows which of these files it was read from; and a version knows what it begins with, so
-- that versions of one thread are found without reading them.

CREATE TABLE part (
    sha256 TEXT NOT NULL REFERENCES blob (sha256),
    place  INTEGER NOT NULL,
    name   TEXT NOT NULL,                         -- its path in the dump; empty if it is the dump
    size   INTEGER NOT NULL,                      -- bytes, unpacked
    PRIMARY KEY (sha256, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE piece (
    sha256 TEXT NOT NULL,
    part   INTEGER NOT NULL,
    place  INTEGER NOT NULL,
    packed BLOB NOT NULL,                         -- by zlib
    PRIMARY KEY (sha256, part, place),
    FOREIGN KEY (sha256, part) REFERENCES part (sha256, place)
) STRICT;

INSERT INTO part SELECT sha256, 0, '', length(bytes) FROM blob;
INSERT INTO piece SELECT sha256, 0, 0, pack(bytes) FROM blob;
ALTER TABLE blob DROP COLUMN bytes;

ALTER TABLE tweet ADD COLUMN part TEXT NOT NULL DEFAULT '';

ALTER TABLE version ADD COLUMN root INTEGER NOT NULL DEFAULT 0;   -- a hash of its first words
ALTER TABLE version ADD COLUMN root_tweet TEXT;                   -- the first tweet's id
UPDATE version SET
    root = (
        SELECT root_key(json_group_array(text))
        FROM (SELECT text FROM tweet WHERE tweet.version = version.id ORDER BY position)
    ),
    root_tweet = (SELECT tweet_id FROM tweet WHERE tweet.version = version.id AND position = 1);
