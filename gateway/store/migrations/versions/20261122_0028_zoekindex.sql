-- gateway.oversight.index: what the log says of a subject. Under a policy no condition on an array reaches its index (the operator is not
-- leakproof), so that every search read all of a municipality. These functions compare the context themselves; their owner sees every row.
ALTER POLICY gw_eigenaar ON toezicht_regel USING (true) WITH CHECK ((SELECT (context())[3]) = 'logtermijn');

ALTER INDEX toezicht_regel_onderwerp SET (fastupdate = off);  -- or each search goes over what was not yet put in its place

CREATE FUNCTION regels_over(gevraagd text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r.nr FROM toezicht_regel r WHERE r.gemeente = (SELECT (context())[1]) AND r.onderwerpen && gevraagd;
$$;
REVOKE ALL ON FUNCTION regels_over FROM PUBLIC;
GRANT EXECUTE ON FUNCTION regels_over TO gw_toezicht;

CREATE OR REPLACE FUNCTION log_vernietig(nummers bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM toezicht_regel r WHERE r.nr = ANY (nummers) AND (SELECT (context())[3]) = 'logtermijn';
  WITH gone AS (
    DELETE FROM log_entry e USING log_leaf l
    WHERE l.nr = ANY (nummers) AND e.id = l.entry AND e.event <> 'log.vernietigd' RETURNING 1
  )
  SELECT count(*) FROM gone;
$$;

SELECT hand_over();
