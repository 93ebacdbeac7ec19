-- What a person said about which reports belong together, in order. Only added to.
CREATE TABLE corrections (
    number     INTEGER PRIMARY KEY,            -- from 1
    made       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    kind       TEXT NOT NULL,                  -- merge, split, move, pin, undo
    correction TEXT NOT NULL                   -- JSON
) STRICT;
