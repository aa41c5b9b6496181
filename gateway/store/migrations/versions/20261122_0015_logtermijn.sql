-- gateway.privacylog.term: content goes at its term; leaves stay, and so do the statements that explain what is gone -------------------
CREATE TABLE log_termijn (
  profiel text PRIMARY KEY,                   -- '' no municipality, '*' every municipality without a row of its own, else its code
  maanden smallint CHECK (maanden >= 24),     -- a municipality's own; the others stand in gateway.retention.terms
  tot bigint NOT NULL DEFAULT 0,              -- of this profile, what has a lower number has no content any more
  CHECK ((maanden IS NULL) = (profiel IN ('', '*')))
);
INSERT INTO log_termijn (profiel) VALUES (''), ('*');
GRANT SELECT, INSERT, UPDATE ON log_termijn TO gw_log;

CREATE FUNCTION log_vernietig(nummers bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM log_entry e USING log_leaf l
    WHERE l.nr = ANY (nummers) AND e.id = l.entry AND e.event <> 'log.vernietigd' RETURNING 1
  )
  SELECT count(*) FROM gone;
$$;
REVOKE ALL ON FUNCTION log_vernietig FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_vernietig TO gw_log;

SELECT hand_over();
