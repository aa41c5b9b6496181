-- The console: a role of its own that keeps sessions and writes down who logged in.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gw_console') THEN
    CREATE ROLE gw_console NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO gw_console;
GRANT EXECUTE ON FUNCTION log_append, context, optreden TO gw_console;
GRANT INSERT, UPDATE (laatst), SELECT (gemeente, medewerker, laatst) ON medewerker_naam TO gw_console;  -- for ON CONFLICT; never the name
CREATE POLICY gw_console ON medewerker_naam TO gw_console USING (gemeente = (SELECT (context())[1]));

-- gateway.console.sessions: found by the hash of the browser's token; the content is sealed under that token, so that nobody reads it here --
CREATE TABLE console_sessie (
  sleutel bytea PRIMARY KEY CHECK (length(sleutel) = 32),
  begonnen timestamptz NOT NULL,
  gezien timestamptz NOT NULL,
  inhoud bytea NOT NULL
);
CREATE INDEX console_sessie_gezien ON console_sessie (gezien);
GRANT SELECT, INSERT, DELETE, UPDATE (gezien) ON console_sessie TO gw_console;

-- gateway.oversight.unsealing: two who logged in are two people; where one of them is a system, two organisations ------------------------
CREATE FUNCTION ander(partij text, gebruiker text, door text, door_gebruiker text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN gebruiker IS NOT NULL AND door_gebruiker IS NOT NULL THEN gebruiker <> door_gebruiker ELSE partij <> door END;
$$;
DO $$
DECLARE old text;
BEGIN
  SELECT conname INTO STRICT old FROM pg_constraint
    WHERE conrelid = 'ontzegeling'::regclass AND pg_get_constraintdef(oid) = 'CHECK ((besloten_door <> partij))';
  EXECUTE format('ALTER TABLE ontzegeling DROP CONSTRAINT %I', old);
END $$;
ALTER TABLE ontzegeling ADD COLUMN gebruiker text, ADD COLUMN besloten_gebruiker text,
  ADD CONSTRAINT ontzegeling_ander CHECK (besloten_door IS NULL OR ander(partij, gebruiker, besloten_door, besloten_gebruiker));
GRANT UPDATE (besloten_gebruiker) ON ontzegeling TO gw_toezicht;

DROP FUNCTION ontzegel;
-- One payload, for who asked it, once, within a day after the other one agreed.
CREATE FUNCTION ontzegel(asker text, wanted uuid, who text, person text, at timestamptz)
RETURNS TABLE (bericht uuid, doel text, meta bytea, storage_key text, payload bytea, content_key uuid, kid text, wijze text, wrapped text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE found uuid;
BEGIN
  UPDATE ontzegeling o SET geopend = at
  WHERE o.gemeente = asker AND o.id = wanted AND o.partij = who AND o.gebruiker IS NOT DISTINCT FROM person
    AND o.besluit = 'goedgekeurd' AND o.geopend IS NULL AND ander(o.partij, o.gebruiker, o.besloten_door, o.besloten_gebruiker)
    AND o.besloten > at - interval '24 hours' RETURNING o.bericht INTO found;
  IF found IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT b.id, b.doel, b.meta, b.storage_key, b.payload, k.id, k.kid, k.wijze, k.wrapped
    FROM bericht b JOIN content_key k ON k.id = b.content_key WHERE b.gemeente = asker AND b.id = found;
END $$;
REVOKE ALL ON FUNCTION ander, ontzegel FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ander, ontzegel TO gw_toezicht;

SELECT hand_over();
