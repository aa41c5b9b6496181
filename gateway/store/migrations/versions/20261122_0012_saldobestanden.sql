-- gateway.files, balance requests and arrangements as files: what was told to whom, so that a file has what is new. No person data, and no ---
-- question itself. What is told has an id of `saldoverzoek` or of `regelingbericht`.
CREATE TABLE saldobestand (        -- the day of the last file of a kind for a party about a principal
  party text NOT NULL,
  principal text NOT NULL,
  soort text NOT NULL CHECK (soort IN ('saldoverzoeken', 'regelingen')),
  dag date NOT NULL,
  PRIMARY KEY (party, principal, soort)
);
CREATE TABLE saldobestand_vraag (  -- what a party was told in the file of a day; the newest is what it knows
  party text NOT NULL,
  vraag uuid NOT NULL,
  principal text NOT NULL,
  soort text NOT NULL,
  stand text NOT NULL,
  dag date NOT NULL,
  bestand uuid,                    -- the file in `uit/` that tells it with its content
  collected timestamptz,           -- when the party read that file to its end, as long as the log does not say so
  PRIMARY KEY (party, vraag, dag)
);
CREATE INDEX saldobestand_vraag_vraag ON saldobestand_vraag (vraag);
CREATE INDEX saldobestand_vraag_open ON saldobestand_vraag (party, principal, dag) WHERE stand LIKE 'open%';
CREATE INDEX saldobestand_vraag_bestand ON saldobestand_vraag (bestand) WHERE bestand IS NOT NULL;
CREATE INDEX saldobestand_vraag_opgehaald ON saldobestand_vraag (collected) WHERE collected IS NOT NULL;
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
      SELECT v.stand FROM saldobestand_vraag v WHERE v.party = reader AND v.vraag = s.id ORDER BY v.dag DESC LIMIT 1
    ) t ON true
  WHERE s.schuldeiser = asker AND CASE
    WHEN s.state = 'open' THEN o.uiterlijk >= today AND t.stand IS DISTINCT FROM s.state || s.reminders
    ELSE s.withdrawn >= withdrawn_since AND s.state <> 'klant_onbekend' AND t.stand <> 'ingetrokken' END
  ORDER BY s.id LIMIT most FOR SHARE OF s SKIP LOCKED;
$$;

-- The same of the messages of arrangements: the start while it has content, reminders, and the end or withdrawal of what it was told.
CREATE FUNCTION regeling_news(reader text, asker text, today date, told_since timestamptz, most integer)
RETURNS TABLE (gemeente text, id uuid, regeling uuid, soort text, state text, sent timestamptz, grondslag text, afspraak text, voorstel text,
  begin date, einde date, reminded timestamptz, ended timestamptz, withdrawn timestamptz, question_key text, question bytea, delivered boolean,
  stand text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.gemeente, b.id, b.regeling, b.soort, b.state, b.sent, b.grondslag, b.afspraak, r.voorstel, r.begin, r.einde, b.reminded, r.ended,
    r.withdrawn, b.question_key, b.question,
    EXISTS (SELECT FROM regelingfeit f WHERE f.gemeente = b.gemeente AND f.bericht = b.id AND f.soort = 'bezorgd'), n.stand
  FROM regelingbericht b JOIN regeling r ON r.gemeente = b.gemeente AND r.id = b.regeling
    CROSS JOIN LATERAL (
      SELECT CASE WHEN r.withdrawn IS NOT NULL THEN 'ingetrokken' WHEN r.ended IS NOT NULL THEN 'geeindigd' ELSE 'open' || b.reminders END
    ) n (stand)
    LEFT JOIN LATERAL (
      SELECT v.stand FROM saldobestand_vraag v WHERE v.party = reader AND v.vraag = b.id ORDER BY v.dag DESC LIMIT 1
    ) t ON true
  WHERE b.schuldeiser = asker AND CASE
    WHEN b.question IS NOT NULL THEN r.einde >= today AND t.stand IS DISTINCT FROM n.stand
    ELSE coalesce(r.withdrawn, r.ended) >= told_since AND b.state <> 'klant_onbekend' AND t.stand <> n.stand END
  ORDER BY b.id LIMIT most FOR SHARE OF r, b SKIP LOCKED;
$$;

-- The kinds and days of files for `reader` that tell something as open which is so no more; from now on it is known not to be.
CREATE FUNCTION saldo_ended(reader text, asker text) RETURNS TABLE (soort text, dag date)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE saldobestand_vraag t SET stand = 'voorbij'
  WHERE t.party = reader AND t.principal = asker AND t.stand LIKE 'open%'
    AND NOT EXISTS (SELECT FROM saldoverzoek s WHERE s.id = t.vraag AND s.state = 'open')
    AND NOT EXISTS (SELECT FROM regelingbericht b WHERE b.id = t.vraag AND b.question IS NOT NULL)
  RETURNING t.soort, t.dag;
$$;

-- Messages of the asker's by their ids: of which arrangement and kind. What is not the asker's is not there.
CREATE FUNCTION regeling_named(asker text, wanted uuid[]) RETURNS TABLE (id uuid, gemeente text, regeling uuid, soort text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.id, b.gemeente, b.regeling, b.soort FROM regelingbericht b WHERE b.id = ANY (wanted) AND b.schuldeiser = asker;
$$;

-- They were put where the asker can get them: for the record of what happened.
CREATE FUNCTION regeling_delivered(asker text, wanted uuid[], logged uuid[], moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO regelingfeit (gemeente, bericht, entry, soort, at)
    SELECT b.gemeente, b.id, u.entry, 'bezorgd', moment FROM unnest(wanted, logged) AS u (id, entry)
    JOIN regelingbericht b ON b.id = u.id AND b.schuldeiser = asker;
$$;
REVOKE ALL ON FUNCTION saldo_news, regeling_news, saldo_ended, regeling_named, regeling_delivered FROM PUBLIC;
GRANT EXECUTE ON FUNCTION saldo_news, regeling_news, saldo_ended, regeling_named, regeling_delivered TO gw_ingest;

SELECT hand_over();
