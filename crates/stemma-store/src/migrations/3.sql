-- The original bytes beside the reports, rows that a person can ask, and less room for what programs read.
-- Every table and view is described in docs/store.md.

ALTER TABLE story_reports RENAME TO old_story_reports;
ALTER TABLE layers RENAME TO old_layers;
ALTER TABLE comparisons RENAME TO old_comparisons;
ALTER TABLE states RENAME TO old_states;
ALTER TABLE reports RENAME TO old_reports;
DROP INDEX reports_by_outlet;
DROP INDEX reports_by_url;
DROP INDEX stories_of_report;

-- The bytes that reports were read from, each once.
CREATE TABLE contents (
    content    INTEGER PRIMARY KEY,
    sha256     TEXT NOT NULL UNIQUE,           -- of the bytes before they were packed, 64 hex digits
    media_type TEXT,                           -- text/html
    length     INTEGER,                        -- bytes before they were packed
    encoding   TEXT,                           -- plain, or zstd
    bytes      BLOB,                           -- NULL: only their hash is known
    CHECK ((bytes IS NULL) = (encoding IS NULL))
) STRICT;

-- What was read: one row for each report, never changed.
CREATE TABLE reports (
    number        INTEGER PRIMARY KEY,         -- order of arrival, from 1; other tables name a report by it
    id            TEXT NOT NULL UNIQUE,        -- hash of outlet, address and text, 32 hex digits
    given_id      TEXT,                        -- the id that the input gave
    outlet        TEXT,
    url           TEXT,
    title         TEXT,
    byline        TEXT,
    published     TEXT,                        -- as a person writes it: 2025-03-02, or 2025-03-02T10:00:00+01:00
    published_day TEXT,                        -- its day, in the outlet's own calendar
    published_as  TEXT,                        -- the same, exactly, as JSON
    language      TEXT,
    text          TEXT NOT NULL,
    place         TEXT NOT NULL,               -- path, address, or - for standard input
    item          INTEGER,                     -- line or index in it, from 1
    extra         TEXT NOT NULL,               -- other fields of the input, as JSON
    content       INTEGER REFERENCES contents (content),
    byte_start    INTEGER,                     -- where the content stands in the unpacked file, if it is a part of it
    byte_end      INTEGER,
    added         TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) -- NULL: before schema 3
) STRICT;

INSERT INTO contents (sha256) SELECT DISTINCT bytes_hash FROM old_reports WHERE bytes_hash IS NOT NULL;
INSERT INTO reports
SELECT position, report, given_id, outlet, url, title, byline, published, substr(published, 1, 10), published_as, language, text,
       place, item, extra, content, NULL, NULL, NULL
FROM old_reports LEFT JOIN contents ON sha256 = bytes_hash;

CREATE INDEX reports_by_outlet ON reports (outlet, published_day);
CREATE INDEX reports_by_day ON reports (published_day);
CREATE INDEX reports_by_url ON reports (url);
CREATE INDEX reports_by_content ON reports (content);

-- Sets of stages that made layers together, and the version of each.
CREATE TABLE producer_sets (
    producers INTEGER PRIMARY KEY,
    names     TEXT NOT NULL UNIQUE             -- "tokens 1, segments 2, …"
) STRICT;
CREATE TABLE producers (
    producers INTEGER NOT NULL REFERENCES producer_sets (producers) ON DELETE CASCADE,
    layer     TEXT NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (producers, layer)
) STRICT, WITHOUT ROWID;

-- What was found in a report: all layers together, for programs. What people ask for stands in quotations and entities.
CREATE TABLE layers (
    report    INTEGER PRIMARY KEY REFERENCES reports (number) ON DELETE CASCADE,
    producers INTEGER NOT NULL REFERENCES producer_sets (producers),
    encoding  TEXT NOT NULL,                   -- json; or layers-1: postcard, then zstd
    layers    BLOB NOT NULL
) STRICT;
CREATE INDEX layers_by_producers ON layers (producers);

-- Who said what: the attributions of each report, in text order.
CREATE TABLE quotations (
    report       INTEGER NOT NULL REFERENCES reports (number) ON DELETE CASCADE,
    number       INTEGER NOT NULL,             -- from 0
    form         TEXT NOT NULL,                -- direct, mixed, indirect
    text         TEXT NOT NULL,                -- what is said, as it stands; pieces that are apart joined by " … "
    speaker      TEXT,                         -- the fullest name that the report has for who says it
    speaker_kind TEXT,                         -- person, organization, place, …
    source       TEXT,                         -- the words that name the source: "he", "two officials"
    cue          TEXT,                         -- the words that say that it is said: "told reporters"
    manner       TEXT NOT NULL,                -- stance of the cue: neutral, doubt, stress, factive, denial, question, belief, demand
    negated      INTEGER NOT NULL,             -- 1: "did not say that …"
    start        INTEGER NOT NULL,             -- bytes into reports.text
    end          INTEGER NOT NULL,
    PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX quotations_by_speaker ON quotations (speaker COLLATE NOCASE);

-- Who and what is named: the persons, organisations and places of each report, in order of first mention.
CREATE TABLE entities (
    report     INTEGER NOT NULL REFERENCES reports (number) ON DELETE CASCADE,
    number     INTEGER NOT NULL,               -- from 0
    kind       TEXT NOT NULL,                  -- person, organization, place, facility, group, product, event
    name       TEXT NOT NULL,                  -- the fullest in the report
    n_mentions INTEGER NOT NULL,               -- names, descriptions and pronouns
    start      INTEGER,                        -- bytes into reports.text: the first mention
    end        INTEGER,
    PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX entities_by_name ON entities (name COLLATE NOCASE);

CREATE TABLE story_reports (
    story    TEXT NOT NULL REFERENCES stories (story) ON DELETE CASCADE,
    position INTEGER NOT NULL,                 -- from 0
    report   INTEGER NOT NULL REFERENCES reports (number),
    PRIMARY KEY (story, position)
) STRICT, WITHOUT ROWID;
INSERT INTO story_reports
SELECT story, old_story_reports.position, number FROM old_story_reports JOIN reports ON id = old_story_reports.report;
CREATE INDEX stories_of_report ON story_reports (report);

-- What became of stories, in order. Only added to.
CREATE TABLE story_events (
    number INTEGER PRIMARY KEY,
    at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    story  TEXT NOT NULL,                      -- one that is gone has events all the same
    kind   TEXT NOT NULL,                      -- opened, joined, left, ended
    report INTEGER REFERENCES reports (number) ON DELETE SET NULL, -- that joined or left
    other  TEXT                                -- the story that it came from or went to
) STRICT;
CREATE INDEX events_of_story ON story_events (story);
CREATE INDEX events_of_report ON story_events (report);

-- Comparisons by what went into them: the reports in order, their metadata, and the versions of all stages.
CREATE TABLE comparisons (
    comparison INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,           -- 64 hex digits
    story      TEXT REFERENCES stories (story) ON DELETE SET NULL,
    made       TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), -- NULL: before schema 3
    encoding   TEXT NOT NULL,                  -- json, or json-zstd
    bytes      BLOB NOT NULL
) STRICT;
INSERT INTO comparisons (key, made, encoding, bytes)
SELECT key, NULL, 'json', CAST(comparison AS BLOB) FROM old_comparisons ORDER BY key;
CREATE INDEX comparisons_of_story ON comparisons (story);

CREATE TABLE comparison_reports (
    comparison INTEGER NOT NULL REFERENCES comparisons (comparison) ON DELETE CASCADE,
    position   INTEGER NOT NULL,               -- from 0
    report     INTEGER NOT NULL REFERENCES reports (number),
    PRIMARY KEY (comparison, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX comparisons_of_report ON comparison_reports (report);

-- Where two reports differ in what both tell.
CREATE TABLE divergences (
    comparison INTEGER NOT NULL REFERENCES comparisons (comparison) ON DELETE CASCADE,
    number     INTEGER NOT NULL,               -- from 0
    kind       TEXT NOT NULL,                  -- figure, quote-altered, speaker, …
    score      REAL NOT NULL,                  -- how sure the rule is, 0 to 1
    reason     TEXT NOT NULL,                  -- the rule and what it saw
    row_kind   TEXT NOT NULL,                  -- utterance or fact
    row        INTEGER NOT NULL,               -- which of them, from 0
    speaker    TEXT,                           -- of an utterance
    report_a   INTEGER NOT NULL REFERENCES reports (number),
    text_a     TEXT NOT NULL,                  -- what the report says
    words_a    TEXT NOT NULL,                  -- the words in it that differ; empty where they are left out
    start_a    INTEGER NOT NULL,               -- bytes into reports.text
    end_a      INTEGER NOT NULL,
    report_b   INTEGER NOT NULL REFERENCES reports (number),
    text_b     TEXT NOT NULL,
    words_b    TEXT NOT NULL,
    start_b    INTEGER NOT NULL,
    end_b      INTEGER NOT NULL,
    PRIMARY KEY (comparison, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX divergences_by_kind ON divergences (kind);
CREATE INDEX divergences_of_report_a ON divergences (report_a);
CREATE INDEX divergences_of_report_b ON divergences (report_b);

-- Values that stages keep between runs, such as the state of grouping, by name.
CREATE TABLE states (
    name     TEXT PRIMARY KEY,
    encoding TEXT NOT NULL,                    -- plain, or zstd
    state    BLOB NOT NULL                     -- JSON
) STRICT;
INSERT INTO states SELECT name, 'plain', CAST(state AS BLOB) FROM old_states;

-- Feeds that are watched.
CREATE TABLE feeds (
    url    TEXT PRIMARY KEY,
    title  TEXT,
    folder TEXT,                               -- of an OPML file; levels divided by /
    added  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

-- Addresses that were fetched, and how the last time went.
CREATE TABLE fetches (
    url           TEXT PRIMARY KEY,
    final_url     TEXT,                        -- after redirects
    status        INTEGER,                     -- of HTTP; NULL: no answer
    problem       TEXT,                        -- what went wrong
    etag          TEXT,
    last_modified TEXT,                        -- as the server wrote it
    sha256        TEXT,                        -- of what came last
    fetched_at    TEXT NOT NULL,               -- 2026-03-02T10:00:00Z
    next_allowed  TEXT,                        -- not to be fetched before
    failures      INTEGER NOT NULL             -- in a row
) STRICT;
CREATE INDEX fetches_by_next ON fetches (next_allowed);

CREATE VIEW v_quotations AS
SELECT speaker, form, quotations.text AS quotation, source, cue, manner, negated, outlet, published, title, url, id AS report_id,
       quotations.report, quotations.number, start, end
FROM quotations JOIN reports ON reports.number = quotations.report;

CREATE VIEW v_entities AS
SELECT name, kind, count(*) AS n_reports, sum(n_mentions) AS n_mentions, min(published_day) AS first, max(published_day) AS last
FROM entities JOIN reports ON reports.number = entities.report GROUP BY name, kind;

CREATE VIEW v_stories AS
SELECT stories.story, label, count(report) AS n_reports, count(DISTINCT outlet) AS n_outlets, min(published_day) AS first,
       max(published_day) AS last
FROM stories LEFT JOIN story_reports USING (story) LEFT JOIN reports ON reports.number = story_reports.report
GROUP BY stories.story;

CREATE VIEW v_divergences AS
SELECT kind, score, reason, speaker, a.outlet AS outlet_a, text_a, words_a, b.outlet AS outlet_b, text_b, words_b, a.url AS url_a,
       b.url AS url_b, comparisons.story, label, report_a, report_b, comparison, divergences.number
FROM divergences JOIN comparisons USING (comparison) LEFT JOIN stories ON stories.story = comparisons.story
     JOIN reports AS a ON a.number = report_a JOIN reports AS b ON b.number = report_b;

-- Reports of one address with different texts, the oldest first.
CREATE VIEW v_versions AS
SELECT url, row_number() OVER (PARTITION BY url ORDER BY published_day, published, number) AS version,
       count(*) OVER (PARTITION BY url) AS n_versions, published, added, title, length(text) AS n_chars, id AS report_id,
       number AS report
FROM reports WHERE url IN (SELECT url FROM reports GROUP BY url HAVING count(*) > 1);

CREATE VIEW v_layers AS
SELECT report, layer, version, length(layers) AS n_bytes_together FROM layers JOIN producers USING (producers);
