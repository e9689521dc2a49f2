-- Where pages of the sitemap begin: ids of posts, set by the worker as posts come. No row: all is on the first page.
CREATE TABLE sitemap_pages (
    first         BIGINT PRIMARY KEY
);
