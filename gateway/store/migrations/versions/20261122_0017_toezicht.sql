-- Oversight: a role of its own that reads the log and its own tables, appends, and opens one payload at a time after two people said so.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gw_toezicht') THEN
    CREATE ROLE gw_toezicht NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO gw_toezicht;
GRANT EXECUTE ON FUNCTION log_append, log_lag_seconds TO gw_toezicht;
GRANT SELECT ON log_entry, log_leaf, log_checkpoint, log_tegel TO gw_toezicht;
GRANT INSERT ON log_tegel TO gw_toezicht;
GRANT SELECT, INSERT, UPDATE ON omkering TO gw_toezicht;

-- gateway.privacylog.staff: names of staff, sealed; the log has commitments ------------------------------------------------------------
CREATE TABLE medewerker_naam (
  gemeente text NOT NULL,
  medewerker text NOT NULL,
  naam bytea NOT NULL,
  laatst date NOT NULL,            -- last seen, at most a month earlier
  PRIMARY KEY (gemeente, medewerker)
);
GRANT INSERT, UPDATE (laatst) ON medewerker_naam TO gw_inbox, gw_toezicht;
GRANT SELECT (gemeente, medewerker, laatst) ON medewerker_naam TO gw_inbox;  -- for ON CONFLICT; never the name
GRANT SELECT ON medewerker_naam TO gw_toezicht;

-- gateway.oversight.index: where in the log something stands; made after numbering, beside the hot path, and compared with the log -------
CREATE TABLE toezicht_regel (
  nr bigint PRIMARY KEY,           -- the leaf's
  entry uuid NOT NULL,
  gemeente text NOT NULL,          -- entries of no municipality are not searched
  tijd timestamptz NOT NULL,
  event text NOT NULL,
  activiteit text NOT NULL,
  partij text NOT NULL,
  principaal text NOT NULL,
  onderwerpen text[] NOT NULL      -- what it is about: `bericht:…`, `zaak:…`, `adres:…` (a commitment)
);
CREATE INDEX toezicht_regel_gemeente ON toezicht_regel (gemeente, nr);
CREATE INDEX toezicht_regel_event ON toezicht_regel (gemeente, event, nr);
CREATE INDEX toezicht_regel_tijd ON toezicht_regel (gemeente, tijd);
CREATE UNIQUE INDEX toezicht_regel_entry ON toezicht_regel (entry);
CREATE INDEX toezicht_regel_onderwerp ON toezicht_regel USING gin (onderwerpen);
CREATE TABLE toezicht_stand (enig boolean PRIMARY KEY DEFAULT true CHECK (enig), tot bigint NOT NULL);
INSERT INTO toezicht_stand (tot) VALUES (0);
GRANT SELECT, INSERT ON toezicht_regel TO gw_toezicht;
GRANT SELECT, UPDATE ON toezicht_stand TO gw_toezicht;

-- What goes from the log at its term goes from the index.
CREATE OR REPLACE FUNCTION log_vernietig(nummers bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM toezicht_regel r WHERE r.nr = ANY (nummers);
  WITH gone AS (
    DELETE FROM log_entry e USING log_leaf l
    WHERE l.nr = ANY (nummers) AND e.id = l.entry AND e.event <> 'log.vernietigd' RETURNING 1
  )
  SELECT count(*) FROM gone;
$$;

-- gateway.oversight.persons: whom an officer looked for and which entries it read on a day, as commitments; for the ceilings -----------------------------------------
CREATE TABLE toezicht_persoon (
  partij text NOT NULL,
  dag date NOT NULL,
  gezocht text NOT NULL,
  PRIMARY KEY (partij, dag, gezocht)
);
GRANT SELECT, INSERT ON toezicht_persoon TO gw_toezicht;

-- gateway.oversight.access: requests of residents (AVG art. 15): messages and how sure, no person data --------------------------------------
CREATE TABLE inzageverzoek (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  kenmerk text NOT NULL,
  partij text NOT NULL,
  gevraagd timestamptz NOT NULL,
  treffers bytea NOT NULL,         -- canonical JSON
  bevestigd timestamptz,
  bevestiging bytea,               -- canonical JSON: what the municipality confirmed
  bevestigd_door text,
  zegel bytea NOT NULL,            -- over all of it: what is given out rests on this row
  PRIMARY KEY (gemeente, id),
  UNIQUE (gemeente, kenmerk),
  CHECK ((bevestigd IS NULL) = (bevestiging IS NULL) AND (bevestigd IS NULL) = (bevestigd_door IS NULL)),
  CHECK (bevestigd_door <> partij)
);
GRANT SELECT, INSERT ON inzageverzoek TO gw_toezicht;
GRANT UPDATE (bevestigd, bevestiging, bevestigd_door, zegel) ON inzageverzoek TO gw_toezicht;

-- gateway.oversight.unsealing: a name is opened after another than the asker agreed, and within a day; the database holds to both -----------
CREATE TABLE ontzegeling (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  bericht uuid NOT NULL,
  reden text NOT NULL,
  kenmerk text NOT NULL,
  partij text NOT NULL,
  gevraagd timestamptz NOT NULL,
  besluit text CHECK (besluit IN ('goedgekeurd', 'afgewezen')),
  besloten timestamptz,
  besloten_door text,
  geopend timestamptz,             -- not under the seal: the log says it too
  zegel bytea NOT NULL,
  PRIMARY KEY (gemeente, id),
  CHECK ((besluit IS NULL) = (besloten IS NULL) AND (besluit IS NULL) = (besloten_door IS NULL)),
  CHECK (besloten_door <> partij),
  CHECK (geopend IS NULL OR besluit = 'goedgekeurd')
);
GRANT SELECT, INSERT ON ontzegeling TO gw_toezicht;
GRANT UPDATE (besluit, besloten, besloten_door, zegel) ON ontzegeling TO gw_toezicht;

CREATE FUNCTION bericht_bestaat(asker text, wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM bericht b WHERE b.gemeente = asker AND b.id = wanted);
$$;
-- One payload, for who asked it, once, within a day after the other one agreed.
CREATE FUNCTION ontzegel(asker text, wanted uuid, who text, at timestamptz)
RETURNS TABLE (bericht uuid, doel text, meta bytea, storage_key text, payload bytea, content_key uuid, kid text, wijze text, wrapped text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE found uuid;
BEGIN
  UPDATE ontzegeling o SET geopend = at
  WHERE o.gemeente = asker AND o.id = wanted AND o.partij = who AND o.besluit = 'goedgekeurd' AND o.geopend IS NULL
    AND o.besloten_door <> who AND o.besloten > at - interval '24 hours' RETURNING o.bericht INTO found;
  IF found IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT b.id, b.doel, b.meta, b.storage_key, b.payload, k.id, k.kid, k.wijze, k.wrapped
    FROM bericht b JOIN content_key k ON k.id = b.content_key WHERE b.gemeente = asker AND b.id = found;
END $$;
-- Messages whose content key was wrapped to one key of a municipality: who is touched when that key leaks.
CREATE FUNCTION berichten_van_sleutel(asker text, wanted text) RETURNS TABLE (bericht uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.id FROM bericht b JOIN content_key k ON k.id = b.content_key WHERE b.gemeente = asker AND k.gemeente = asker AND k.kid = wanted;
$$;
REVOKE ALL ON FUNCTION bericht_bestaat, ontzegel, berichten_van_sleutel FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bericht_bestaat, ontzegel, berichten_van_sleutel TO gw_toezicht;

SELECT hand_over();
