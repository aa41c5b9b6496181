-- gateway.privacylog.term: content goes at its term; leaves stay, and so do the statements that explain what is gone -------------------
ALTER TABLE log_state ADD COLUMN vernietigd bigint NOT NULL DEFAULT 0;  -- what has a lower number has no content any more

CREATE FUNCTION log_vernietig(van bigint, tot bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM log_entry e USING log_leaf l
    WHERE l.nr >= van AND l.nr < tot AND e.id = l.entry AND e.event <> 'log.vernietigd' RETURNING 1
  )
  SELECT count(*) FROM gone;
$$;
REVOKE ALL ON FUNCTION log_vernietig FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_vernietig TO gw_log;

SELECT hand_over();
