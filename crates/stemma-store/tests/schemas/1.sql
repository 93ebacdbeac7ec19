-- A store of schema 1, as the version of Stemma that had it wrote it.
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE comparisons (
    key        TEXT PRIMARY KEY,
    comparison TEXT NOT NULL                   -- JSON
) STRICT;
INSERT INTO "comparisons" VALUES('000000000000000000000000000000000000000000000000000000000000000a','{"witnesses": [{"reports": [0]}], "utterances": [], "facts": [], "only_in": [], "doubtful": [], "omissions": [], "entities": [], "timeline": [], "lineage": [], "passages": []}');
CREATE TABLE layers (
    report    TEXT PRIMARY KEY REFERENCES reports (report) ON DELETE CASCADE,
    producers TEXT NOT NULL,
    layers    TEXT NOT NULL                    -- JSON
) STRICT;
INSERT INTO "layers" VALUES('100785aa6afca4f1d5235a835b22b345','tokens 1, segments 3, sentences 1, quotes 1, times 2, figures 3, mentions 2, entities 2, attributions 4, statements 2, credits 1','{"tokens":{"made_by":{"name":"tokens","version":1},"items":[{"span":{"start":0,"end":3},"kind":"quote-mark"},{"span":{"start":3,"end":6},"kind":"word"},{"span":{"start":7,"end":13},"kind":"word"},{"span":{"start":14,"end":16},"kind":"word"},{"span":{"start":17,"end":21},"kind":"word"},{"span":{"start":21,"end":22},"kind":"symbol"},{"span":{"start":22,"end":25},"kind":"quote-mark"},{"span":{"start":26,"end":31},"kind":"word"},{"span":{"start":32,"end":35},"kind":"word"},{"span":{"start":36,"end":40},"kind":"word"},{"span":{"start":41,"end":45},"kind":"word"},{"span":{"start":46,"end":48},"kind":"word"},{"span":{"start":49,"end":55},"kind":"word"},{"span":{"start":55,"end":56},"kind":"symbol"}]},"segments":{"made_by":{"name":"segments","version":3},"items":[{"span":{"start":0,"end":56},"kind":"body"}]},"sentences":{"made_by":{"name":"sentences","version":1},"items":[{"span":{"start":0,"end":56},"segment":0,"first":0,"end":14}]},"quotes":{"made_by":{"name":"quotes","version":1},"items":[{"span":{"start":0,"end":25},"inner":{"start":3,"end":22},"depth":0,"closed":true,"continues":false}]},"times":{"made_by":{"name":"times","version":2},"items":[{"span":{"start":49,"end":55},"kind":"DATE","value":"2026-02-27","days":{"first":"2026-02-27","last":"2026-02-27"},"reason":"Friday before 2026-03-02, the report''s date"}]},"figures":{"made_by":{"name":"figures","version":3},"items":[]},"mentions":{"made_by":{"name":"mentions","version":2},"items":[{"span":{"start":32,"end":40},"kind":"person","form":"named","title":{"start":26,"end":31},"entity":0}]},"entities":{"made_by":{"name":"entities","version":2},"items":[{"kind":"person","name":"Ana Ruiz","names":["Ana Ruiz"],"gender":"feminine","roles":[{"start":26,"end":31}]}]},"attributions":{"made_by":{"name":"attributions","version":4},"items":[{"content":[{"start":3,"end":22}],"cue":[{"start":41,"end":45}],"source":[{"start":26,"end":40}],"source_mention":0,"source_entity":0,"form":"direct","manner":"neutral","basis":"cue","negated":false,"parent":null}]},"statements":{"made_by":{"name":"statements","version":2},"items":[{"span":{"start":0,"end":56},"sentence":0,"parent":null,"voice":"own","attribution":null,"hedges":[],"negations":[]},{"span":{"start":3,"end":21},"sentence":0,"parent":0,"voice":"attributed","attribution":0,"hedges":[],"negations":[]}]},"credits":{"made_by":{"name":"credits","version":1},"items":[]},"published":{"instant":["2026-03-01T23:30:00Z",7200]},"notes":[]}');
INSERT INTO "layers" VALUES('88af742c443b906b414a55e04d9ac760','tokens 1, segments 3, sentences 1, quotes 1, times 2, figures 3, mentions 2, entities 2, attributions 4, statements 2, credits 1','{"tokens":{"made_by":{"name":"tokens","version":1},"items":[{"span":{"start":0,"end":3},"kind":"word"},{"span":{"start":4,"end":10},"kind":"word"},{"span":{"start":11,"end":13},"kind":"word"},{"span":{"start":14,"end":17},"kind":"word"},{"span":{"start":18,"end":22},"kind":"word"},{"span":{"start":22,"end":23},"kind":"symbol"},{"span":{"start":24,"end":27},"kind":"word"},{"span":{"start":28,"end":32},"kind":"word"},{"span":{"start":33,"end":37},"kind":"word"},{"span":{"start":37,"end":38},"kind":"symbol"}]},"segments":{"made_by":{"name":"segments","version":3},"items":[{"span":{"start":0,"end":38},"kind":"body"}]},"sentences":{"made_by":{"name":"sentences","version":1},"items":[{"span":{"start":0,"end":38},"segment":0,"first":0,"end":10}]},"quotes":{"made_by":{"name":"quotes","version":1},"items":[]},"times":{"made_by":{"name":"times","version":2},"items":[]},"figures":{"made_by":{"name":"figures","version":3},"items":[]},"mentions":{"made_by":{"name":"mentions","version":2},"items":[{"span":{"start":24,"end":32},"kind":"person","form":"named","title":null,"entity":0}]},"entities":{"made_by":{"name":"entities","version":2},"items":[{"kind":"person","name":"Ana Ruiz","names":["Ana Ruiz"],"gender":"feminine","roles":[]}]},"attributions":{"made_by":{"name":"attributions","version":4},"items":[{"content":[{"start":0,"end":22}],"cue":[{"start":33,"end":37}],"source":[{"start":24,"end":32}],"source_mention":0,"source_entity":0,"form":"indirect","manner":"neutral","basis":"cue","negated":false,"parent":null}]},"statements":{"made_by":{"name":"statements","version":2},"items":[{"span":{"start":0,"end":38},"sentence":0,"parent":null,"voice":"attributed","attribution":0,"hedges":[],"negations":[{"start":14,"end":17}]},{"span":{"start":0,"end":22},"sentence":0,"parent":0,"voice":"attributed","attribution":0,"hedges":[],"negations":[{"start":14,"end":17}]}]},"credits":{"made_by":{"name":"credits","version":1},"items":[]},"published":null,"notes":[]}');
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
INSERT INTO "reports" VALUES('100785aa6afca4f1d5235a835b22b345',1,'post-1','Post','https://post.example/bridge','Bridge “reopens”','Jo Ødegård','2026-03-02T01:30:00+02:00','{"instant":["2026-03-01T23:30:00Z",7200]}','en-GB','“The bridge is safe,” mayor Ana Ruiz said on Friday.','two.jsonl',1,'{"score":0.5}','ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
INSERT INTO "reports" VALUES('88af742c443b906b414a55e04d9ac760',2,NULL,'Courier',NULL,NULL,NULL,NULL,NULL,NULL,'The bridge is not safe, Ana Ruiz said.','two.jsonl',2,'{}',NULL);
CREATE TABLE states (
    name  TEXT PRIMARY KEY,
    state TEXT NOT NULL                        -- JSON
) STRICT;
INSERT INTO "states" VALUES('stream','{"n": 1}');
CREATE TABLE stories (
    story TEXT PRIMARY KEY,                    -- 16 hex digits
    label TEXT NOT NULL
) STRICT;
INSERT INTO "stories" VALUES('100785aa6afca4f1','Bridge “reopens”');
CREATE TABLE story_reports (
    story    TEXT NOT NULL REFERENCES stories (story) ON DELETE CASCADE,
    position INTEGER NOT NULL,                 -- from 0
    report   TEXT NOT NULL REFERENCES reports (report),
    PRIMARY KEY (story, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "story_reports" VALUES('100785aa6afca4f1',1,'100785aa6afca4f1d5235a835b22b345');
INSERT INTO "story_reports" VALUES('100785aa6afca4f1',0,'88af742c443b906b414a55e04d9ac760');
CREATE INDEX reports_by_outlet ON reports (outlet, published);
CREATE INDEX reports_by_url ON reports (url);
CREATE INDEX stories_of_report ON story_reports (report);
COMMIT;
PRAGMA application_id = 1400137069;
PRAGMA user_version = 1;
