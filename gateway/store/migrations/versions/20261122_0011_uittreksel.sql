-- gateway.overviews: what the log says of one overview, for the resident's extract: asked (with or without BSN), looked at, withdrawn -----
-- The log itself is indexed: no second list of who looked, which could differ from it. Bodies are UTF-8 (RFC 8785), so this never changes.
CREATE FUNCTION log_overzicht(body bytea) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT convert_from(body, 'UTF8')::jsonb ->> 'overzicht';
$$;
CREATE INDEX log_entry_overzicht ON log_entry (log_overzicht(body))
  WHERE event IN ('saldoverzoek.gesteld', 'saldoverzoek.gelezen', 'schuldenoverzicht.gelezen', 'schuldenoverzicht.samengesteld',
    'schuldenoverzicht.ingetrokken');
CREATE FUNCTION overzicht_log(asker text, wanted uuid) RETURNS TABLE (body bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT e.body FROM log_entry e
  WHERE e.event IN ('saldoverzoek.gesteld', 'saldoverzoek.gelezen', 'schuldenoverzicht.gelezen', 'schuldenoverzicht.samengesteld',
      'schuldenoverzicht.ingetrokken')
    AND log_overzicht(e.body) = wanted::text AND convert_from(e.body, 'UTF8')::jsonb ->> 'gemeente' = asker
  ORDER BY e.id;
$$;

-- gateway.regelingen: the same of one arrangement: who read it -------------------------------------------------------------------------
CREATE FUNCTION log_regeling(body bytea) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT convert_from(body, 'UTF8')::jsonb ->> 'regeling';
$$;
CREATE INDEX log_entry_regeling ON log_entry (log_regeling(body))
  WHERE event IN ('regelingbericht.klaargezet', 'regelingbericht.gelezen', 'regeling.gelezen');
CREATE FUNCTION regeling_log(asker text, wanted uuid) RETURNS TABLE (body bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT e.body FROM log_entry e
  WHERE e.event IN ('regelingbericht.klaargezet', 'regelingbericht.gelezen', 'regeling.gelezen')
    AND log_regeling(e.body) = wanted::text AND convert_from(e.body, 'UTF8')::jsonb ->> 'gemeente' = asker
  ORDER BY e.id;
$$;
REVOKE ALL ON FUNCTION log_overzicht, overzicht_log, log_regeling, regeling_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION overzicht_log, regeling_log TO gw_inbox;

SELECT hand_over();
