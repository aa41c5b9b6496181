-- gateway.regelingen: pauses, proposals and cooling-off periods that a municipality sends to named creditors. What is in them stands sealed ----
-- A municipality's statements name it (role gw_inbox); a creditor reaches its own messages through the functions below only (gw_ingest).
CREATE TABLE regeling (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  soort text NOT NULL CHECK (soort IN ('kennisgeving', 'betaalvoorstel', 'afkoelingsperiode')),
  kenmerk text NOT NULL,
  zaaknummer text NOT NULL,        -- the municipality's own, as in `zaak`
  party text NOT NULL,
  begin date NOT NULL,
  einde date NOT NULL,             -- the last day, in the Netherlands: of the pause, or on which a proposal can be answered
  werkdagen smallint CHECK (werkdagen > 0),
  voorstel text CHECK (voorstel IN ('SB', 'SK')),
  created timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('lopend', 'geeindigd', 'ingetrokken')),
  ended timestamptz,
  withdrawn timestamptz,
  intrekreden text CHECK (intrekreden IN ('toestemming_ingetrokken', 'traject_beeindigd', 'onterecht')),
  content bytea NOT NULL CHECK (length(content) = 32),  -- keyed: what was sent, to know it again
  machtiging_soort text,
  machtiging_datum date,
  document_hash bytea CHECK (length(document_hash) = 32),
  document_key text,
  document bytea,                  -- sealed for the municipality, encrypted once more
  PRIMARY KEY (gemeente, id),
  UNIQUE (gemeente, soort, kenmerk),
  CHECK (begin <= einde),
  CHECK ((soort = 'betaalvoorstel') = (voorstel IS NOT NULL) AND (voorstel IS NULL) = (werkdagen IS NULL)),
  CHECK ((state = 'geeindigd') = (ended IS NOT NULL) AND (state <> 'ingetrokken' OR withdrawn IS NOT NULL)),
  CHECK (withdrawn IS NULL OR document IS NULL),
  CHECK ((withdrawn IS NULL) = (intrekreden IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX regeling_toestemming ON regeling (gemeente, document_hash) WHERE intrekreden = 'toestemming_ingetrokken';
CREATE INDEX regeling_loopt ON regeling (einde, gemeente, id) WHERE state = 'lopend';
CREATE INDEX regeling_lijst ON regeling (gemeente, soort, state, id);

CREATE TABLE regelingbericht (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  regeling uuid NOT NULL,
  soort text NOT NULL,
  schuldeiser text NOT NULL,
  state text NOT NULL CHECK (state IN
    ('open', 'bevestigd', 'klant_onbekend', 'geen_medewerking', 'akkoord', 'akkoord_vooraf', 'geweigerd', 'geen_reactie', 'ingetrokken')),
  grondslag text CHECK (grondslag IN ('convenant', 'verzoek')),
  afspraak text,                   -- the registered agreement that it rests on
  sent timestamptz NOT NULL,
  reminders smallint NOT NULL DEFAULT 0,
  reminded timestamptz,
  opened timestamptz,              -- when the creditor first opened it
  answered timestamptz,
  content bytea CHECK (length(content) = 32),  -- keyed: what was answered, to know it again
  leaf bytea CHECK (length(leaf) = 32),        -- of the entry that the receipt commits to
  question_key text NOT NULL,
  question bytea,                  -- sealed for the creditor, encrypted once more
  answer_key text,
  answer bytea,                    -- sealed for the municipality, encrypted once more
  PRIMARY KEY (gemeente, id),
  UNIQUE (gemeente, regeling, schuldeiser),
  FOREIGN KEY (gemeente, regeling) REFERENCES regeling (gemeente, id),
  CHECK (state NOT IN ('geen_reactie', 'ingetrokken') OR question IS NULL),
  CHECK ((soort = 'kennisgeving') = (grondslag IS NOT NULL)),
  CHECK ((grondslag IS NOT DISTINCT FROM 'convenant' OR state = 'akkoord_vooraf') = (afspraak IS NOT NULL)),
  CHECK ((answered IS NULL) = (content IS NULL) AND (answered IS NULL) = (leaf IS NULL) AND (answer IS NULL OR answer_key IS NOT NULL)),
  CHECK ((answered IS NULL) = (state IN ('open', 'akkoord_vooraf', 'geen_reactie', 'ingetrokken')))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX regelingbericht_id ON regelingbericht (id);
CREATE INDEX regelingbericht_schuldeiser ON regelingbericht (schuldeiser, soort, id);
CREATE INDEX regelingbericht_stil ON regelingbericht (sent) WHERE state = 'open' AND reminders < 2;

CREATE TABLE regelingfeit (        -- what happened to a message, each with its entry in the log: what a bundle of evidence is made of
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  entry uuid NOT NULL,
  soort text NOT NULL CHECK (soort IN ('bezorgd', 'akkoord_vooraf', 'gelezen', 'herinnerd', 'beantwoord', 'geeindigd', 'ingetrokken')),
  at timestamptz NOT NULL,
  PRIMARY KEY (gemeente, bericht, entry),
  FOREIGN KEY (gemeente, bericht) REFERENCES regelingbericht (gemeente, id)
);

-- No path leaves a final state, whichever way it is tried; what can no longer be answered is emptied, but for what was agreed beforehand.
CREATE FUNCTION regeling_staat() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.state NOT IN ('open', 'lopend') THEN
    RAISE EXCEPTION 'a final state is not left' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER regeling_staat BEFORE UPDATE OF state ON regeling FOR EACH ROW
  WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION regeling_staat();
CREATE TRIGGER regelingbericht_staat BEFORE UPDATE OF state ON regelingbericht FOR EACH ROW
  WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION regeling_staat();
CREATE FUNCTION regelingbericht_leeg() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.state NOT IN ('open', 'akkoord_vooraf') THEN NEW.question := NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER regelingbericht_leegt BEFORE UPDATE ON regelingbericht FOR EACH ROW EXECUTE FUNCTION regelingbericht_leeg();

-- What a creditor sees of its messages of one kind: without a state those that ask for attention. After `klant_onbekend` only id, state and day.
CREATE FUNCTION regeling_seen(asker text, kind text, after uuid, most integer, only_state text, told_since timestamptz)
RETURNS TABLE (id uuid, soort text, state text, sent timestamptz, gemeente text, grondslag text, voorstel text, begin date, einde date,
  reminded timestamptz, ended timestamptz, withdrawn timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.id, b.soort, b.state, b.sent, k.gemeente, k.grondslag, k.voorstel, k.begin, k.einde, k.reminded, k.ended, k.withdrawn
  FROM regelingbericht b JOIN regeling r ON r.gemeente = b.gemeente AND r.id = b.regeling
  LEFT JOIN LATERAL (SELECT b.gemeente, b.grondslag, r.voorstel, r.begin, r.einde, b.reminded, r.ended, r.withdrawn
    WHERE b.state <> 'klant_onbekend') k ON true
  WHERE b.schuldeiser = asker AND b.soort = kind AND (after IS NULL OR b.id > after) AND CASE
    WHEN only_state IS NOT NULL THEN b.state = only_state
    ELSE b.state = 'open' OR k.withdrawn >= told_since OR k.ended >= told_since END
  ORDER BY b.id LIMIT most;
$$;

-- One message of the asker's, with what is sealed for it. No row: not there, of another kind, or not the asker's.
CREATE FUNCTION regeling_one(asker text, kind text, wanted uuid)
RETURNS TABLE (gemeente text, id uuid, regeling uuid, soort text, state text, sent timestamptz, grondslag text, voorstel text, begin date, einde date,
  reminded timestamptz, ended timestamptz, withdrawn timestamptz, question_key text, question bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.gemeente, b.id, b.regeling, b.soort, b.state, b.sent, b.grondslag, r.voorstel, r.begin, r.einde, b.reminded, r.ended, r.withdrawn,
    b.question_key, b.question
  FROM regelingbericht b JOIN regeling r ON r.gemeente = b.gemeente AND r.id = b.regeling
  WHERE b.id = wanted AND b.soort = kind AND b.schuldeiser = asker;
$$;

-- The asker opened it: for the record of what happened.
CREATE FUNCTION regeling_opened(asker text, wanted uuid, logged uuid, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO regelingfeit (gemeente, bericht, entry, soort, at)
    SELECT b.gemeente, b.id, logged, 'gelezen', moment FROM regelingbericht b WHERE b.id = wanted AND b.schuldeiser = asker AND b.opened IS NULL;
  UPDATE regelingbericht b SET opened = moment WHERE b.id = wanted AND b.schuldeiser = asker AND b.opened IS NULL;
$$;

-- One message of the asker's, held with its arrangement (always that first) until the transaction ends, to be answered.
CREATE FUNCTION regeling_hold(asker text, kind text, wanted uuid)
RETURNS TABLE (gemeente text, regeling uuid, einde date, state text, whole_state text, answered timestamptz, content bytea, leaf bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM regeling r WHERE (r.gemeente, r.id) IN (
    SELECT b.gemeente, b.regeling FROM regelingbericht b WHERE b.id = wanted AND b.soort = kind AND b.schuldeiser = asker) FOR SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY
    SELECT b.gemeente, b.regeling, r.einde, b.state, r.state, b.answered, b.content, b.leaf
    FROM regelingbericht b JOIN regeling r ON r.gemeente = b.gemeente AND r.id = b.regeling
    WHERE b.id = wanted AND b.schuldeiser = asker FOR UPDATE OF b;
END $$;

-- An answer to a message that `regeling_hold` holds.
CREATE FUNCTION regeling_answer(asker text, wanted uuid, next_state text, moment timestamptz, hash bytea, logged uuid, entry_leaf bytea,
  sealed_key text, sealed bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE place text;
BEGIN
  UPDATE regelingbericht b SET state = next_state, answered = moment, content = hash, leaf = entry_leaf, answer_key = sealed_key, answer = sealed
  WHERE b.id = wanted AND b.schuldeiser = asker AND b.state = 'open' RETURNING b.gemeente INTO place;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO regelingfeit (gemeente, bericht, entry, soort, at) VALUES (place, wanted, logged, 'beantwoord', moment);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION regeling_staat, regelingbericht_leeg, regeling_seen, regeling_one, regeling_opened, regeling_hold, regeling_answer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION regeling_seen, regeling_one, regeling_opened, regeling_hold, regeling_answer TO gw_ingest;
GRANT SELECT, INSERT ON regeling, regelingfeit TO gw_inbox;
GRANT UPDATE (state, ended, withdrawn, intrekreden, document) ON regeling TO gw_inbox;
GRANT INSERT ON regelingbericht TO gw_inbox;
GRANT SELECT (gemeente, id, regeling, soort, schuldeiser, state, grondslag, afspraak, sent, reminders, reminded, opened, answered, answer_key, answer)
  ON regelingbericht TO gw_inbox;
GRANT UPDATE (state, reminders, reminded, question, answer) ON regelingbericht TO gw_inbox;

-- gateway.partners: general agreements of creditors, or of the sector body that binds them, with a municipality or with all ------------------
CREATE TABLE afspraak (
  zegel bytea,
  id text PRIMARY KEY,
  soort text NOT NULL CHECK (soort IN ('convenant', 'akkoord_vooraf')),
  partij text NOT NULL,            -- who signed: the creditor or the sector body
  schuldeisers text[] NOT NULL,    -- whom it binds
  gemeentecode text,               -- null: every municipality
  getekend_op date NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date
);
CREATE TRIGGER afspraak_versie AFTER INSERT OR UPDATE OR DELETE ON afspraak FOR EACH STATEMENT EXECUTE FUNCTION register_gewijzigd();
GRANT SELECT ON afspraak TO gw_ingest, gw_inbox, gw_log, gw_beheer;
GRANT INSERT, UPDATE ON afspraak TO gw_beheer;

SELECT hand_over();
