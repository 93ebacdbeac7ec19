-- How often a page was asked for again because a feed or a sitemap called it changed.

ALTER TABLE fetches ADD COLUMN refetches INTEGER NOT NULL DEFAULT 0;
