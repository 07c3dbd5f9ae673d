-- Version 3: the log is chained by hash, see chain.rs. The hashes of the revisions that are there already are
-- made after this step, in the same transaction.

ALTER TABLE revisions ADD COLUMN hash BLOB;
