-- Keep a file of the list under its digest; the same file twice is one row: what is stored says nothing of who
-- will load it. The digest is that of the file before it was compressed, and held against it by whoever reads.
CREATE FUNCTION greenlight.store_list(digest text, compressed bytea) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A file of 64 MiB that nothing makes smaller, and what zlib adds to it.
    IF octet_length(compressed) > 65 * 1024 * 1024 THEN
        RAISE EXCEPTION 'a file of the list has at most 64 MiB' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO greenlight.list_content (digest, compressed) VALUES (digest, compressed)
    ON CONFLICT ON CONSTRAINT list_content_pkey DO NOTHING;
END
$$;
GRANT EXECUTE ON FUNCTION greenlight.store_list TO greenlight_writer;
