-- What was read: one row for each report, never changed.
CREATE TABLE reports (
    report       TEXT PRIMARY KEY,             -- hash of outlet, address and text, 32 hex digits
    position     INTEGER NOT NULL UNIQUE,      -- order of arrival, from 1
    given_id     TEXT,                         -- the id that the input gave
    outlet       TEXT,
    url          TEXT,
    title        TEXT,
    byline       TEXT,
    published    TEXT,                         -- as a person writes it: 2025-03-02, or 2025-03-02T10:00:00+01:00
    published_as TEXT,                         -- the same, exactly, as JSON
    language     TEXT,
    text         TEXT NOT NULL,
    place        TEXT NOT NULL,                -- path, address, or - for standard input
    item         INTEGER,                      -- line or index in it, from 1
    extra        TEXT NOT NULL,                -- other fields of the input, as JSON
    bytes_hash   TEXT                          -- SHA-256 of the bytes it was read from
) STRICT;

CREATE INDEX reports_by_outlet ON reports (outlet, published);
CREATE INDEX reports_by_url ON reports (url);

-- What was found in a report, and by which versions of the stages.
CREATE TABLE layers (
    report    TEXT PRIMARY KEY REFERENCES reports (report) ON DELETE CASCADE,
    producers TEXT NOT NULL,
    layers    TEXT NOT NULL                    -- JSON
) STRICT;

CREATE TABLE stories (
    story TEXT PRIMARY KEY,                    -- 16 hex digits
    label TEXT NOT NULL
) STRICT;

CREATE TABLE story_reports (
    story    TEXT NOT NULL REFERENCES stories (story) ON DELETE CASCADE,
    position INTEGER NOT NULL,                 -- from 0
    report   TEXT NOT NULL REFERENCES reports (report),
    PRIMARY KEY (story, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX stories_of_report ON story_reports (report);

-- Comparisons by what went into them: the reports in order, and the versions of all stages.
CREATE TABLE comparisons (
    key        TEXT PRIMARY KEY,
    comparison TEXT NOT NULL                   -- JSON
) STRICT;

-- Values that stages keep between runs, such as the state of grouping, by name.
CREATE TABLE states (
    name  TEXT PRIMARY KEY,
    state TEXT NOT NULL                        -- JSON
) STRICT;
