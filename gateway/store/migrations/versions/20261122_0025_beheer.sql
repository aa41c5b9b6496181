-- The integrator's door: a role of its own, which sees and writes only what is of the participants that its context names.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gw_integrator') THEN
    CREATE ROLE gw_integrator NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO gw_integrator;
GRANT EXECUTE ON FUNCTION log_append, context, optreden TO gw_integrator;
GRANT SELECT ON register_versie TO gw_integrator;

-- gateway.onboarding.requests: what an integrator, or one person of the operator, may not do alone -----------------------------------------
CREATE TABLE beheerverzoek (
  zegel bytea,
  id uuid PRIMARY KEY,
  soort text NOT NULL CHECK (soort IN ('aanmelden', 'mandaat', 'overeenkomsten', 'activering')),
  aanvrager text NOT NULL,          -- the OIN of who asked
  gebruiker text,                   -- the person, as the log knows him; null for a system
  inhoud bytea NOT NULL,            -- what is asked, as it came in (JSON); under the seal, so that nothing else is decided on
  gevraagd_op timestamptz NOT NULL,
  besluit text CHECK (besluit IN ('goedgekeurd', 'afgewezen')),
  besloten_door text,
  besloten_gebruiker text,
  besloten_op timestamptz,
  CHECK ((besluit IS NULL) = (besloten_door IS NULL) AND (besluit IS NULL) = (besloten_op IS NULL)),
  CONSTRAINT beheerverzoek_ander CHECK (besloten_door IS NULL OR ander(aanvrager, gebruiker, besloten_door, besloten_gebruiker))
);
CREATE INDEX beheerverzoek_aanvrager ON beheerverzoek (aanvrager, gevraagd_op);
GRANT EXECUTE ON FUNCTION ander TO gw_integrator, gw_beheer;
GRANT SELECT ON beheerverzoek TO gw_integrator, gw_beheer;
GRANT INSERT ON beheerverzoek TO gw_integrator, gw_beheer;
GRANT UPDATE (besluit, besloten_door, besloten_gebruiker, besloten_op) ON beheerverzoek TO gw_beheer;

-- The register has row security for this role: the office sees all of it, as before -------------------------------------------------------
DO $$
DECLARE
  t text; own text;
  mine CONSTANT text := 'ANY ((SELECT string_to_array((context())[2], '',''))::text[])';
BEGIN
  FOREACH t IN ARRAY ARRAY['deelnemer', 'aansluiting', 'deelnemer_stuk', 'certificaat', 'certificaat_inhoud', 'toetsuitslag', 'sftp_sleutel',
    'ophaaladres', 'bestandsprofiel', 'partijsleutel', 'bsnregistratie', 'leveringsgebied', 'proeftoelating', 'mandaat', 'overeenkomst',
    'verklaring', 'schaduwproef', 'beheerverzoek', 'uitlaat'] LOOP
    own := CASE t
      WHEN 'mandaat' THEN 'gemachtigde = ' || mine || ' OR principaal = ' || mine
      WHEN 'overeenkomst' THEN 'schuldeiser = ' || mine
      WHEN 'verklaring' THEN 'principaal = ' || mine
      WHEN 'schaduwproef' THEN 'partij = ' || mine || ' OR principaal = ' || mine
      WHEN 'uitlaat' THEN 'loket = ' || mine
      WHEN 'beheerverzoek' THEN 'aanvrager = ' || mine
      ELSE 'oin = ' || mine END;
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY gw_integrator ON %I TO gw_integrator USING (%s)', t, own);
    IF t <> 'schaduwproef' THEN  -- it has one
      EXECUTE format('CREATE POLICY gw_beheer ON %I TO gw_beheer USING (true)', t);
    END IF;
    EXECUTE format('GRANT SELECT ON %I TO gw_integrator', t);
  END LOOP;
END $$;
ALTER POLICY gw_integrator ON beheerverzoek
  WITH CHECK (aanvrager = ANY ((SELECT string_to_array((context())[2], ','))::text[]) AND besluit IS NULL);  -- asked, never decided
GRANT SELECT ON gemeente_instelling, gemeentesleutel, afspraak TO gw_integrator;  -- what every municipality shows to everybody; no secret of anybody
GRANT INSERT, UPDATE ON aansluiting, deelnemer_stuk, certificaat, certificaat_inhoud, toetsuitslag, bestandsprofiel, deelnemer TO gw_integrator;

-- Of a participant this role takes the steps on the way in, and takes one out of service; letting it in, making it active and lifting a
-- suspension are the operator's, whatever code asks for it.
CREATE FUNCTION integrator_stap() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF session_user <> 'gw_integrator' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    -- an upsert comes by here first; what stands there already is the business of the update
    IF EXISTS (SELECT FROM deelnemer d WHERE d.oin = NEW.oin) THEN RETURN NEW; END IF;
  ELSIF to_jsonb(NEW) - 'status' - 'zegel' = to_jsonb(OLD) - 'status' - 'zegel' AND (OLD.status, NEW.status) IN (
    ('aangemeld', 'in_test'), ('in_test', 'getoetst'), ('getoetst', 'in_test'), ('getoetst', 'schaduw'), ('schaduw', 'opgeschort'),
    ('actief', 'opgeschort')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this is not a step of an integrator' USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION integrator_stap FROM PUBLIC;
CREATE TRIGGER deelnemer_integrator BEFORE INSERT OR UPDATE ON deelnemer FOR EACH ROW EXECUTE FUNCTION integrator_stap();

-- gateway.privacylog: who writes the events of this door; the text of the function stays as it was, but for these two ------------------------
DO $$
DECLARE was text := pg_get_functiondef('log_mag'::regproc);
BEGIN
  EXECUTE replace(replace(was, '{register,', '{toelating,register,'),
    'ELSE true END', 'WHEN ''gw_integrator'' THEN split_part(event, ''.'', 1) = ANY (''{toelating,register,deelnemer}'') ELSE true END');
  IF NOT log_mag('gw_beheer', 'toelating.besloten') OR NOT log_mag('gw_integrator', 'toelating.gevraagd')
     OR log_mag('gw_integrator', 'sleutel.vernietigd') THEN
    RAISE EXCEPTION 'log_mag is not as it was';
  END IF;
END $$;

SELECT hand_over();
