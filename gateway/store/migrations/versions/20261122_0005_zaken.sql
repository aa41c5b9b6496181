-- Cases of a municipality, and what of them goes back to the sender of a message.

-- gateway.cases ----------------------------------------------------------------------------------------------------------------
CREATE TABLE zaak (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  zaaknummer text NOT NULL,
  party text NOT NULL,
  opened timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'afgesloten')),
  resultaat text,
  resultaatdatum date,
  closed timestamptz,
  PRIMARY KEY (gemeente, id),
  UNIQUE (gemeente, zaaknummer),
  CHECK ((state = 'open') = (resultaat IS NULL))
);
CREATE TABLE zaak_bericht (        -- a message is in one case at most
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  zaak uuid NOT NULL,
  sector text NOT NULL,
  status text NOT NULL,
  grond text,
  PRIMARY KEY (gemeente, bericht),
  FOREIGN KEY (gemeente, zaak) REFERENCES zaak (gemeente, id)
);
CREATE INDEX zaak_bericht_zaak ON zaak_bericht (gemeente, zaak);
CREATE TABLE contactpoging (
  gemeente text NOT NULL,
  zaak uuid NOT NULL,
  kenmerk text NOT NULL,
  soort text NOT NULL,
  dagdeel text,
  bereikt boolean NOT NULL,
  datum date NOT NULL,
  PRIMARY KEY (gemeente, zaak, kenmerk),
  FOREIGN KEY (gemeente, zaak) REFERENCES zaak (gemeente, id)
);
CREATE INDEX contactpoging_datum ON contactpoging (gemeente, datum);
CREATE TABLE zaak_contact (        -- sealed for the municipality, encrypted once more; gone when its storage key goes
  gemeente text NOT NULL,
  zaak uuid NOT NULL,
  bron text NOT NULL,
  grondslag text NOT NULL,
  datum date NOT NULL,
  saved timestamptz NOT NULL,
  storage_key text NOT NULL,
  gegevens bytea NOT NULL,
  PRIMARY KEY (gemeente, zaak),
  FOREIGN KEY (gemeente, zaak) REFERENCES zaak (gemeente, id)
);
GRANT SELECT, INSERT ON zaak, zaak_bericht, contactpoging, zaak_contact TO gw_inbox;
GRANT UPDATE (state, resultaat, resultaatdatum, closed) ON zaak TO gw_inbox;
GRANT UPDATE (status, grond) ON zaak_bericht TO gw_inbox;
GRANT UPDATE (bron, grondslag, datum, saved, storage_key, gegevens) ON zaak_contact TO gw_inbox;

-- gateway.feedback -------------------------------------------------------------------------------------------------------------
CREATE TABLE terugkoppeling_keuze ( -- counts only with its `zegel`; without it its code is off
  zegel bytea,
  gemeente text NOT NULL,
  code text NOT NULL,
  aan boolean NOT NULL,
  grond_soort text,
  grond_kenmerk text,
  grond_vanaf date,
  PRIMARY KEY (gemeente, code),
  CHECK ((grond_soort IS NULL) = (grond_kenmerk IS NULL) AND (grond_soort IS NULL) = (grond_vanaf IS NULL))
);
CREATE TABLE terugkoppeling (      -- what a creditor sees, is about to see, or saw until it was taken back
  gemeente text NOT NULL,
  id uuid NOT NULL,
  bericht uuid NOT NULL,
  principal text NOT NULL,
  kenmerk text NOT NULL,
  code text NOT NULL CHECK (code IN ('herhaalde_melding', 'onterecht_signaal', 'geen_inwoner', 'niet_opgepakt', 'overleden',
    'schuldhulpverlening_loopt', 'schuldhulpverlening_beeindigd', 'hulp_geaccepteerd', 'afgerond_zonder_detail')),
  tekst text NOT NULL,
  week text NOT NULL,
  pauze_tot date,
  vrij_vanaf timestamptz NOT NULL,
  rij text NOT NULL,
  herroepen boolean NOT NULL DEFAULT false,
  nr bigint,                       -- place in the feed of this principal, given at release by one hand at a time
  PRIMARY KEY (gemeente, id)
);
CREATE UNIQUE INDEX terugkoppeling_code ON terugkoppeling (gemeente, bericht, code) WHERE NOT herroepen;
CREATE UNIQUE INDEX terugkoppeling_nr ON terugkoppeling (principal, nr) WHERE nr IS NOT NULL;
CREATE INDEX terugkoppeling_wacht ON terugkoppeling (vrij_vanaf) WHERE nr IS NULL AND NOT herroepen;
CREATE TABLE terugkoppeling_stand (principal text PRIMARY KEY, nr bigint NOT NULL);
CREATE TABLE terugkoppeling_stil ( -- messages of which nothing goes back: they came from another municipality
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  PRIMARY KEY (gemeente, bericht)
);
GRANT SELECT, INSERT ON terugkoppeling_keuze, terugkoppeling, terugkoppeling_stil TO gw_inbox;
GRANT UPDATE (zegel, aan, grond_soort, grond_kenmerk, grond_vanaf) ON terugkoppeling_keuze TO gw_inbox;
GRANT UPDATE (herroepen) ON terugkoppeling TO gw_inbox;

-- Numbers what is committed and due, per principal, under a lock: a number never appears behind a reader's cursor, and says nothing of others.
-- Within one release the order is that of a hash, also over more than one batch: the feed does not tell in which order things happened.
CREATE FUNCTION number_feedback(at timestamptz, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE done integer;
BEGIN
  IF NOT EXISTS (SELECT FROM terugkoppeling WHERE nr IS NULL AND NOT herroepen AND vrij_vanaf <= at) THEN RETURN 0; END IF;
  IF NOT pg_try_advisory_xact_lock(x'5E14FEED'::bigint) THEN RETURN 0; END IF;
  WITH due AS (
    SELECT t.* FROM terugkoppeling t WHERE t.nr IS NULL AND NOT t.herroepen AND t.vrij_vanaf <= at
    ORDER BY t.vrij_vanaf, sha256(uuid_send(t.id)) LIMIT most FOR UPDATE
  ), line AS (
    SELECT d.gemeente, d.id, d.principal, row_number() OVER (PARTITION BY d.principal ORDER BY d.vrij_vanaf, sha256(uuid_send(d.id))) AS place
    FROM due d
  ), total AS (SELECT l.principal, count(*) AS n FROM line l GROUP BY l.principal
  ), stand AS (
    INSERT INTO terugkoppeling_stand AS s (principal, nr) SELECT c.principal, c.n FROM total c
    ON CONFLICT (principal) DO UPDATE SET nr = s.nr + excluded.nr RETURNING s.principal, s.nr
  )
  UPDATE terugkoppeling t SET nr = s.nr - c.n + l.place
  FROM line l JOIN total c USING (principal) JOIN stand s USING (principal)
  WHERE t.gemeente = l.gemeente AND t.id = l.id;
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$;

CREATE FUNCTION feedback_page(asker text, after bigint, most integer)
RETURNS TABLE (nr bigint, kenmerk text, code text, tekst text, week text, pauze_tot date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT t.nr, t.kenmerk, t.code, t.tekst, t.week, t.pauze_tot FROM terugkoppeling t
  WHERE t.principal = asker AND t.nr > after AND NOT t.herroepen ORDER BY t.nr LIMIT most;
$$;

REVOKE ALL ON FUNCTION number_feedback, feedback_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION number_feedback TO gw_log;
GRANT EXECUTE ON FUNCTION feedback_page TO gw_ingest;

SELECT hand_over();
