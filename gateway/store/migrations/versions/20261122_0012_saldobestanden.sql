-- gateway.files, balance requests as files: what was told to whom, so that a file has what is new. No person data, and no question itself ---
CREATE TABLE saldobestand (        -- the day of the last file for a party about a principal
  party text NOT NULL,
  principal text NOT NULL,
  dag date NOT NULL,
  PRIMARY KEY (party, principal)
);
CREATE TABLE saldobestand_vraag (  -- what a party was told of a question in the file of a day; the newest is what it knows
  party text NOT NULL,
  saldoverzoek uuid NOT NULL REFERENCES saldoverzoek (id) ON DELETE CASCADE,
  principal text NOT NULL,
  stand text NOT NULL,
  dag date NOT NULL,
  PRIMARY KEY (party, saldoverzoek, dag)
);
CREATE INDEX saldobestand_vraag_vraag ON saldobestand_vraag (saldoverzoek);
CREATE INDEX saldobestand_vraag_open ON saldobestand_vraag (party, principal, dag) WHERE stand LIKE 'open%';
GRANT SELECT, INSERT, UPDATE ON saldobestand TO gw_ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON saldobestand_vraag TO gw_ingest;

ALTER TABLE bestand DROP CONSTRAINT bestand_soort_check;
ALTER TABLE bestand ADD CONSTRAINT bestand_soort_check CHECK (soort IN ('signalen', 'stand', 'saldoantwoorden'));

-- What `reader` was not told yet of the questions of `asker`: open ones that can be answered, reminders, and withdrawals of what it was told.
-- Held until the transaction ends, so that nothing is told that is being withdrawn or answered; what is in motion now comes the next time.
CREATE FUNCTION saldo_news(reader text, asker text, today date, withdrawn_since timestamptz, most integer)
RETURNS TABLE (gemeente text, id uuid, overzicht uuid, grond text, uiterlijk date, state text, asked timestamptz, reminded timestamptz,
  withdrawn timestamptz, question_key text, question bytea, stand text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.gemeente, s.id, s.overzicht, o.grond, o.uiterlijk, s.state, s.asked, s.reminded, s.withdrawn, s.question_key, s.question,
    CASE WHEN s.withdrawn IS NULL THEN s.state || s.reminders ELSE 'ingetrokken' END
  FROM saldoverzoek s JOIN schuldenoverzicht o ON o.gemeente = s.gemeente AND o.id = s.overzicht
    LEFT JOIN LATERAL (
      SELECT v.stand FROM saldobestand_vraag v WHERE v.party = reader AND v.saldoverzoek = s.id ORDER BY v.dag DESC LIMIT 1
    ) t ON true
  WHERE s.schuldeiser = asker AND CASE
    WHEN s.state = 'open' THEN o.uiterlijk >= today AND t.stand IS DISTINCT FROM s.state || s.reminders
    ELSE s.withdrawn >= withdrawn_since AND s.state <> 'klant_onbekend' AND t.stand <> 'ingetrokken' END
  ORDER BY s.id LIMIT most FOR SHARE OF s SKIP LOCKED;
$$;

-- The days of files for `reader` that tell of a question as open which is so no more; from now on it is known not to be.
CREATE FUNCTION saldo_ended(reader text, asker text) RETURNS TABLE (dag date)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE saldobestand_vraag t SET stand = 'voorbij' FROM saldoverzoek s
  WHERE t.party = reader AND t.principal = asker AND t.stand LIKE 'open%' AND s.id = t.saldoverzoek AND s.state <> 'open'
  RETURNING t.dag;
$$;
REVOKE ALL ON FUNCTION saldo_news, saldo_ended FROM PUBLIC;
GRANT EXECUTE ON FUNCTION saldo_news, saldo_ended TO gw_ingest;

SELECT hand_over();
