-- gateway.partners: the life cycle. The table of `gateway.onboarding.levenscyclus`, held to for whoever writes; a test compares both ------
CREATE FUNCTION levenscyclus() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    -- an upsert comes by here first; what stands there already is the business of the update
    IF NEW.status = 'aangemeld' OR EXISTS (SELECT FROM deelnemer d WHERE d.oin = NEW.oin) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a participant begins as aangemeld' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.oin = OLD.oin AND (NEW.status = OLD.status OR (OLD.status, NEW.status) IN (
    ('aangemeld', 'in_test'), ('aangemeld', 'beeindigd'),
    ('in_test', 'getoetst'), ('in_test', 'beeindigd'),
    ('getoetst', 'in_test'), ('getoetst', 'schaduw'), ('getoetst', 'beeindigd'),
    ('schaduw', 'actief'), ('schaduw', 'opgeschort'), ('schaduw', 'beeindigd'),
    ('actief', 'opgeschort'), ('actief', 'beeindigd'),
    ('opgeschort', 'schaduw'), ('opgeschort', 'actief'), ('opgeschort', 'beeindigd'))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the life cycle has no step from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
END $$;
REVOKE ALL ON FUNCTION levenscyclus FROM PUBLIC;
CREATE TRIGGER deelnemer_levenscyclus BEFORE INSERT OR UPDATE ON deelnemer FOR EACH ROW EXECUTE FUNCTION levenscyclus();

-- gateway.partners: what a participant showed; as every row of the register it counts only with its `zegel` -------------------------------
CREATE TABLE aansluiting (        -- what it uses, as mouth/kind: api/signaal
  zegel bytea,
  oin text PRIMARY KEY REFERENCES deelnemer (oin),
  gebruik text[] NOT NULL
);
CREATE TABLE deelnemer_stuk (
  zegel bytea,
  oin text NOT NULL REFERENCES deelnemer (oin),
  soort text NOT NULL CHECK (soort IN ('verwerkersovereenkomst', 'dpia')),
  kenmerk text NOT NULL,
  versie text NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date,
  PRIMARY KEY (oin, soort, geldig_van)
);
CREATE TABLE certificaat_inhoud ( -- the certificate itself, so that its kind can be judged again
  zegel bytea,
  vingerafdruk bytea PRIMARY KEY REFERENCES certificaat (vingerafdruk),
  oin text NOT NULL REFERENCES deelnemer (oin),
  der bytea NOT NULL CHECK (sha256(der) = vingerafdruk)
);
CREATE TABLE toetsuitslag (       -- a signed conformance result, as it was signed
  zegel bytea,
  oin text NOT NULL REFERENCES deelnemer (oin),
  id uuid NOT NULL,
  mond text NOT NULL CHECK (mond IN ('api', 'bestand')),
  soorten text[] NOT NULL,
  geslaagd boolean NOT NULL,
  getoetst_op timestamptz NOT NULL,
  uitslag bytea NOT NULL,
  PRIMARY KEY (oin, id)
);
CREATE TABLE schaduwproef (       -- one shadow delivery: counts, nothing of what was in it
  zegel bytea,
  id uuid PRIMARY KEY,
  partij text NOT NULL,
  principaal text NOT NULL,
  mond text NOT NULL CHECK (mond IN ('api', 'bestand')),
  tijd timestamptz NOT NULL,
  aangeboden integer NOT NULL,
  in_orde integer NOT NULL
);
CREATE INDEX schaduwproef_partij ON schaduwproef (partij);
CREATE INDEX schaduwproef_principaal ON schaduwproef (principaal);
CREATE TABLE proeftoelating (     -- admitted by the door of an installation to try things on; production refuses to serve with any of these
  zegel bytea,
  oin text PRIMARY KEY REFERENCES deelnemer (oin)
);
GRANT SELECT, INSERT, UPDATE ON aansluiting, deelnemer_stuk, certificaat_inhoud, toetsuitslag, proeftoelating TO gw_beheer;
GRANT SELECT ON schaduwproef TO gw_beheer;
GRANT INSERT ON schaduwproef TO gw_ingest;
ALTER TABLE schaduwproef ENABLE ROW LEVEL SECURITY;
ALTER TABLE schaduwproef FORCE ROW LEVEL SECURITY;
CREATE POLICY gw_ingest ON schaduwproef TO gw_ingest USING (partij = ANY ((SELECT string_to_array((context())[2], ','))::text[]));
CREATE POLICY gw_beheer ON schaduwproef TO gw_beheer USING (true);  -- the office weighs what everybody delivered; counts, of nobody in person

-- gateway.privacylog: who writes the events of the way in; the text of the function stays as it was, but for these two -----------------------
DO $$
DECLARE was text := pg_get_functiondef('log_mag'::regproc);
BEGIN
  EXECUTE replace(replace(was, '{signaal,stand,', '{schaduw,signaal,stand,'), '{register,', '{register,deelnemer,');
  IF NOT log_mag('gw_ingest', 'schaduw.beproefd') OR NOT log_mag('gw_beheer', 'deelnemer.overgegaan') THEN
    RAISE EXCEPTION 'log_mag is not as it was';
  END IF;
END $$;

-- gateway.signals: a shadow delivery has its kenmerk apart, so that the same one can be delivered in earnest ------------------------------
ALTER TABLE aanlevering ADD COLUMN schaduw boolean NOT NULL DEFAULT false;
ALTER TABLE aanlevering DROP CONSTRAINT aanlevering_principal_kenmerk_key;
ALTER TABLE aanlevering ADD UNIQUE (principal, kenmerk, schaduw);

-- gateway.partners: what was revoked stays revoked, whoever registers it again -------------------------------------------------------------
CREATE FUNCTION blijft_ingetrokken() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.ingetrokken_op IS NOT NULL AND NEW.ingetrokken_op IS DISTINCT FROM OLD.ingetrokken_op THEN
    RAISE EXCEPTION 'what was revoked stays revoked' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION blijft_ingetrokken FROM PUBLIC;
CREATE TRIGGER certificaat_blijft_ingetrokken BEFORE UPDATE ON certificaat FOR EACH ROW EXECUTE FUNCTION blijft_ingetrokken();
CREATE TRIGGER sftp_sleutel_blijft_ingetrokken BEFORE UPDATE ON sftp_sleutel FOR EACH ROW EXECUTE FUNCTION blijft_ingetrokken();

SELECT hand_over();
