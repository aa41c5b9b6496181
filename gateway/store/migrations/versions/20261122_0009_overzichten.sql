-- gateway.overviews: a municipality asks named creditors what they claim. Person data and answers stand sealed; no sum stands anywhere ---
-- A municipality's statements name it (role gw_inbox); a creditor reaches its own questions through the functions below only (gw_ingest).
CREATE TABLE schuldenoverzicht (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  kenmerk text NOT NULL,
  zaaknummer text NOT NULL,        -- the municipality's own, as in `zaak`
  party text NOT NULL,
  grond text NOT NULL CHECK (grond IN ('aanvraag', 'plan_van_aanpak')),
  uiterlijk date NOT NULL,         -- the last day on which an answer counts, in the Netherlands
  created timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'deels', 'volledig', 'verlopen', 'ingetrokken')),
  withdrawn timestamptz,
  intrekreden text CHECK (intrekreden IN ('toestemming_ingetrokken', 'traject_beeindigd', 'onterecht')),
  content bytea NOT NULL CHECK (length(content) = 32),  -- keyed: what was asked, to know it again
  machtiging_soort text,
  machtiging_datum date,
  document_hash bytea CHECK (length(document_hash) = 32),
  document_key text,
  document bytea,                  -- sealed for the municipality, encrypted once more
  PRIMARY KEY (gemeente, id),
  UNIQUE (gemeente, kenmerk),
  CHECK (state <> 'ingetrokken' OR withdrawn IS NOT NULL),
  CHECK (withdrawn IS NULL OR document IS NULL),
  CHECK ((withdrawn IS NULL) = (intrekreden IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX schuldenoverzicht_toestemming ON schuldenoverzicht (gemeente, document_hash) WHERE intrekreden = 'toestemming_ingetrokken';
CREATE INDEX schuldenoverzicht_loopt ON schuldenoverzicht (uiterlijk, gemeente, id) WHERE state IN ('open', 'deels');
CREATE INDEX schuldenoverzicht_staat ON schuldenoverzicht (gemeente, state, id);

CREATE TABLE saldoverzoek (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  overzicht uuid NOT NULL,
  schuldeiser text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'beantwoord', 'klant_onbekend', 'geen_medewerking', 'verlopen', 'ingetrokken')),
  asked timestamptz NOT NULL,
  reminders smallint NOT NULL DEFAULT 0,
  reminded timestamptz,
  answered timestamptz,
  withdrawn timestamptz,
  content bytea CHECK (length(content) = 32),  -- keyed: what was answered, to know it again
  leaf bytea CHECK (length(leaf) = 32),        -- of the entry that the receipt commits to
  question_key text NOT NULL,
  question bytea,                  -- sealed for the creditor, encrypted once more; gone when the question is no longer open
  answer_key text,
  answer bytea,                    -- sealed for the municipality, encrypted once more
  PRIMARY KEY (gemeente, id),
  UNIQUE (gemeente, overzicht, schuldeiser),
  FOREIGN KEY (gemeente, overzicht) REFERENCES schuldenoverzicht (gemeente, id),
  CHECK ((state = 'open') = (question IS NOT NULL)),
  CHECK (answer IS NULL OR state IN ('beantwoord', 'geen_medewerking')),
  CHECK ((state IN ('beantwoord', 'klant_onbekend', 'geen_medewerking')) = (answered IS NOT NULL)),
  CHECK ((answered IS NULL) = (content IS NULL) AND (answered IS NULL) = (leaf IS NULL) AND (answer IS NULL OR answer_key IS NOT NULL)),
  CHECK (withdrawn IS NULL OR answer IS NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX saldoverzoek_id ON saldoverzoek (id);
CREATE INDEX saldoverzoek_schuldeiser ON saldoverzoek (schuldeiser, state, id);
CREATE INDEX saldoverzoek_ingetrokken ON saldoverzoek (schuldeiser, id) WHERE withdrawn IS NOT NULL;
CREATE INDEX saldoverzoek_stil ON saldoverzoek (asked) WHERE state = 'open' AND reminders < 2;

-- No path leaves a final state, whichever way it is tried; and what nobody may open any more is emptied.
CREATE FUNCTION overzicht_staat() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.state NOT IN ('open', 'deels') OR NEW.state = 'open' THEN
    RAISE EXCEPTION 'a final state is not left' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER schuldenoverzicht_staat BEFORE UPDATE OF state ON schuldenoverzicht FOR EACH ROW
  WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION overzicht_staat();
CREATE TRIGGER saldoverzoek_staat BEFORE UPDATE OF state ON saldoverzoek FOR EACH ROW
  WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION overzicht_staat();
CREATE FUNCTION saldo_leeg() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.state <> 'open' THEN NEW.question := NULL; END IF;
  IF NEW.withdrawn IS NOT NULL THEN NEW.answer := NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER saldoverzoek_leegt BEFORE UPDATE ON saldoverzoek FOR EACH ROW EXECUTE FUNCTION saldo_leeg();

-- What a creditor sees of its questions: those in one state; without one, those open and those withdrawn since an instant. After
-- `klant_onbekend` nothing but id, state and day. Two branches, so that each stays on its index however many were answered.
CREATE FUNCTION saldo_seen(asker text, after uuid, most integer, only_state text, withdrawn_since timestamptz)
RETURNS TABLE (id uuid, state text, asked timestamptz, gemeente text, grond text, uiterlijk date, reminded timestamptz, withdrawn timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH mine AS (
    (SELECT q.* FROM saldoverzoek q WHERE q.schuldeiser = asker AND q.state = coalesce(only_state, 'open')
      AND q.id > coalesce(after, '00000000-0000-0000-0000-000000000000') ORDER BY q.id LIMIT most)
    UNION ALL
    (SELECT q.* FROM saldoverzoek q WHERE only_state IS NULL AND q.schuldeiser = asker AND q.withdrawn >= withdrawn_since
      AND q.state <> 'klant_onbekend' AND q.id > coalesce(after, '00000000-0000-0000-0000-000000000000') ORDER BY q.id LIMIT most)
  )
  SELECT s.id, s.state, s.asked,
    CASE WHEN s.state <> 'klant_onbekend' THEN s.gemeente END, CASE WHEN s.state <> 'klant_onbekend' THEN o.grond END,
    CASE WHEN s.state <> 'klant_onbekend' THEN o.uiterlijk END, CASE WHEN s.state <> 'klant_onbekend' THEN s.reminded END,
    CASE WHEN s.state <> 'klant_onbekend' THEN s.withdrawn END
  FROM mine s JOIN schuldenoverzicht o ON o.gemeente = s.gemeente AND o.id = s.overzicht
  ORDER BY s.id LIMIT most;
$$;

-- One question of the asker's, with what is sealed for it. No row: not there, or not the asker's.
CREATE FUNCTION saldo_one(asker text, wanted uuid)
RETURNS TABLE (gemeente text, id uuid, overzicht uuid, grond text, uiterlijk date, state text, asked timestamptz, reminded timestamptz, withdrawn timestamptz,
  question_key text, question bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.gemeente, s.id, s.overzicht, o.grond, o.uiterlijk, s.state, s.asked, s.reminded, s.withdrawn, s.question_key, s.question
  FROM saldoverzoek s JOIN schuldenoverzicht o ON o.gemeente = s.gemeente AND o.id = s.overzicht
  WHERE s.id = wanted AND s.schuldeiser = asker;
$$;

-- The same, held with its overview (always the overview first) until the transaction ends, to be answered. `others`: how many more are open.
CREATE FUNCTION saldo_hold(asker text, wanted uuid)
RETURNS TABLE (gemeente text, overzicht uuid, grond text, uiterlijk date, state text, overview_state text, answered timestamptz,
  content bytea, leaf bytea, others integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM schuldenoverzicht o WHERE (o.gemeente, o.id) IN (
    SELECT s.gemeente, s.overzicht FROM saldoverzoek s WHERE s.id = wanted AND s.schuldeiser = asker) FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY
    SELECT s.gemeente, s.overzicht, o.grond, o.uiterlijk, s.state, o.state, s.answered, s.content, s.leaf,
      (SELECT count(*)::integer FROM saldoverzoek t WHERE t.gemeente = s.gemeente AND t.overzicht = s.overzicht AND t.id <> s.id AND t.state = 'open')
    FROM saldoverzoek s JOIN schuldenoverzicht o ON o.gemeente = s.gemeente AND o.id = s.overzicht
    WHERE s.id = wanted AND s.schuldeiser = asker FOR UPDATE OF s;
END $$;

-- An answer, and the overview's state that follows from it, for a question that `saldo_hold` holds.
CREATE FUNCTION saldo_answer(asker text, wanted uuid, next_state text, next_overview text, at timestamptz, hash bytea, entry_leaf bytea,
  sealed_key text, sealed bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE place text; whole uuid;
BEGIN
  UPDATE saldoverzoek s SET state = next_state, answered = at, content = hash, leaf = entry_leaf, answer_key = sealed_key, answer = sealed
  WHERE s.id = wanted AND s.schuldeiser = asker AND s.state = 'open' RETURNING s.gemeente, s.overzicht INTO place, whole;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE schuldenoverzicht o SET state = next_overview WHERE o.gemeente = place AND o.id = whole AND o.state IS DISTINCT FROM next_overview;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION overzicht_staat, saldo_leeg, saldo_seen, saldo_one, saldo_hold, saldo_answer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION saldo_seen, saldo_one, saldo_hold, saldo_answer TO gw_ingest;
GRANT SELECT, INSERT ON schuldenoverzicht TO gw_inbox;
GRANT UPDATE (state, withdrawn, intrekreden, document) ON schuldenoverzicht TO gw_inbox;
GRANT INSERT ON saldoverzoek TO gw_inbox;
GRANT SELECT (gemeente, id, overzicht, schuldeiser, state, asked, reminders, reminded, answered, withdrawn, answer_key, answer) ON saldoverzoek TO gw_inbox;
GRANT UPDATE (state, reminders, reminded, withdrawn) ON saldoverzoek TO gw_inbox;

-- gateway.partners: keys that messages for a party are sealed to, and what a party may be asked --------------------------------------
CREATE TABLE partijsleutel (
  zegel bytea,
  oin text NOT NULL REFERENCES deelnemer (oin),
  kid text NOT NULL,
  wijze text NOT NULL CHECK (wijze IN ('eigen', 'beheerd')),
  publiek jsonb NOT NULL,
  geldig_van timestamptz NOT NULL DEFAULT now(),
  geldig_tot timestamptz,
  PRIMARY KEY (oin, kid)
);
CREATE TABLE bsnregistratie (      -- who may be asked with a BSN, on which ground
  zegel bytea,
  oin text NOT NULL REFERENCES deelnemer (oin),
  grond text NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date,
  PRIMARY KEY (oin, geldig_van)
);
CREATE TABLE leveringsgebied (     -- where a water company delivers: ranges of four-digit postcodes
  zegel bytea,
  oin text NOT NULL REFERENCES deelnemer (oin),
  postcodes text[] NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date,
  PRIMARY KEY (oin, geldig_van)
);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['partijsleutel', 'bsnregistratie', 'leveringsgebied'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION register_gewijzigd()', t || '_versie', t);
    EXECUTE format('GRANT SELECT ON %I TO gw_ingest, gw_inbox, gw_log, gw_beheer', t);
    EXECUTE format('GRANT INSERT, UPDATE ON %I TO gw_beheer', t);
  END LOOP;
END $$;

SELECT hand_over();
