-- Full-text search. The index holds words only: texts stay where they are. See docs/search.md.

-- Row numbers grow with the day of publication: (days from 1900-01-01) * 2^32 + reports.number; day 0: no date is known.
CREATE VIRTUAL TABLE report_search USING fts5 (
    title, text, names, places, speakers, outlet,
    content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
);

-- (days from 1900-01-01) * 2^47 + quotations.report * 2^15 + quotations.number
CREATE VIRTUAL TABLE quotation_search USING fts5 (
    text, speaker, outlet,
    content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
);

-- What stands in the index.
CREATE TABLE search_documents (
    report       INTEGER PRIMARY KEY,          -- reports.number, also of one that is gone since
    row          INTEGER NOT NULL,             -- in report_search
    n_quotations INTEGER NOT NULL,             -- in quotation_search
    folds        BLOB                          -- four keys of 4 bytes; reports that share one are shown as one
) STRICT;

-- Words as they stand, in lower case and without accents, for searches by the start of a word.
CREATE TABLE search_words (
    word      TEXT PRIMARY KEY,
    n_reports INTEGER NOT NULL                 -- that were indexed with it; those that are gone since are counted too
) STRICT, WITHOUT ROWID;

-- Reports whose words are not in the index as they are now.
CREATE TABLE search_pending (
    report INTEGER PRIMARY KEY                 -- reports.number, also of one that is gone since
) STRICT;
INSERT INTO search_pending SELECT number FROM reports;

-- INSERT OR IGNORE would not do: the way in which the statement outside treats conflicts holds inside, too.
CREATE TRIGGER search_of_new_report AFTER INSERT ON reports BEGIN
    INSERT INTO search_pending SELECT new.number WHERE new.number NOT IN (SELECT report FROM search_pending);
END;
CREATE TRIGGER search_of_gone_report AFTER DELETE ON reports BEGIN
    INSERT INTO search_pending SELECT old.number WHERE old.number NOT IN (SELECT report FROM search_pending);
END;
CREATE TRIGGER search_of_new_layers AFTER INSERT ON layers BEGIN
    INSERT INTO search_pending SELECT new.report WHERE new.report NOT IN (SELECT report FROM search_pending);
END;
CREATE TRIGGER search_of_other_layers AFTER UPDATE ON layers BEGIN
    INSERT INTO search_pending SELECT new.report WHERE new.report NOT IN (SELECT report FROM search_pending);
END;
