-- Where pages of the sitemap begin: ids of posts, set by the worker as posts come. No row: all is on the first page.
CREATE TABLE sitemap_pages (
    first         BIGINT PRIMARY KEY
);
-- What people without an account wrote to those who run the node; gone when it is answered, or after storage.inquiries.KEPT.
CREATE TABLE inquiries (
    id            BIGINT PRIMARY KEY,
    email         TEXT NOT NULL,                  -- where an answer goes; '': nowhere
    text          TEXT NOT NULL,
    written       BIGINT NOT NULL
);
CREATE INDEX inquiries_by_time ON inquiries (written);
