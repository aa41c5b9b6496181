-- gateway.partners: the desk that a municipality hands its messages on to, under its processor agreement, and the desk's own layout --------
CREATE TABLE uitlaat (
  zegel bytea,
  gemeentecode text PRIMARY KEY CHECK (gemeentecode ~ '^[0-9]{4}$'),
  loket text NOT NULL REFERENCES deelnemer (oin),
  overeenkomst text NOT NULL,      -- the processor agreement (AVG art. 28), as the municipality calls it
  getekend_op date NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date,
  soorten text[] NOT NULL,         -- kinds of messages; empty: all
  werkbakken text[] NOT NULL,      -- baskets; empty: all
  inhoud text NOT NULL,            -- the outlet profile
  ingetrokken_op timestamptz
);
CREATE TRIGGER uitlaat_versie AFTER INSERT OR UPDATE OR DELETE ON uitlaat FOR EACH STATEMENT EXECUTE FUNCTION register_gewijzigd();
GRANT SELECT, INSERT, UPDATE ON uitlaat TO gw_beheer;

-- gateway.files.deskrows: files for a desk, and which message stands in which of them. No person data --------------------------------------
ALTER TABLE bestand_uit DROP CONSTRAINT bestand_uit_folder_check;
ALTER TABLE bestand_uit ADD CONSTRAINT bestand_uit_folder_check CHECK (folder IN ('uit', 'terugkoppeling', 'uitlaat'));

CREATE TABLE uitlaat_bestand (
  id uuid PRIMARY KEY,             -- as in `bestand_uit`
  gemeente text NOT NULL,
  loket text NOT NULL,
  nr integer NOT NULL,             -- of this municipality, from 1
  soort text NOT NULL CHECK (soort IN ('berichten', 'intrekkingen')),
  claim uuid,                      -- under which its messages are held; of withdrawals none
  profiel text NOT NULL,
  records integer NOT NULL,
  gemaakt timestamptz NOT NULL,
  uiterlijk timestamptz NOT NULL,  -- not opened any more from here on
  geopend timestamptz,             -- the desk began to read it
  opgehaald timestamptz,           -- and read it to its end
  afgerond timestamptz,            -- the inbox knows that it was collected, or that it was taken back
  teruggenomen boolean NOT NULL DEFAULT false,
  UNIQUE (gemeente, nr)
);
CREATE INDEX uitlaat_bestand_open ON uitlaat_bestand (gemeente) WHERE afgerond IS NULL;

CREATE TABLE uitlaat_bericht (     -- a message goes out once: the key says so
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  bestand uuid,                    -- without: it does not fit into `profiel`, and stays in the inbox
  profiel text NOT NULL,
  reden text,                      -- the column, or `verzegeling`
  ingetrokken uuid,                -- the file that tells of its withdrawal
  gemaakt timestamptz NOT NULL,
  PRIMARY KEY (gemeente, bericht)
);
CREATE INDEX uitlaat_bericht_bestand ON uitlaat_bericht (bestand) WHERE bestand IS NOT NULL;

GRANT SELECT, INSERT, DELETE, UPDATE (afgerond, teruggenomen) ON uitlaat_bestand TO gw_inbox;
GRANT SELECT, INSERT, DELETE, UPDATE (bestand, profiel, reden, ingetrokken, gemaakt) ON uitlaat_bericht TO gw_inbox;
GRANT SELECT (id, party, folder, naam, size, created, collected), INSERT, DELETE ON bestand_uit TO gw_inbox;
GRANT SELECT (id, gemeente, loket, uiterlijk, teruggenomen, geopend, opgehaald), UPDATE (geopend, opgehaald) ON uitlaat_bestand TO gw_ingest;
GRANT SELECT (gemeente, loket, afgerond) ON uitlaat_bestand TO gw_taken;
GRANT SELECT (folder) ON bestand_uit TO gw_taken;

DO $$
DECLARE
  p record; t text;
  c1 CONSTANT text := '(SELECT (context())[1])';
  c2 CONSTANT text := 'ANY ((SELECT string_to_array((context())[2], '',''))::text[])';
  c3 CONSTANT text := '(SELECT (context())[3]) <> ''''';
BEGIN
  FOR p IN SELECT * FROM (VALUES
    ('gw_inbox', 'gemeente = ' || c1, 'uitlaat_bestand uitlaat_bericht'),
    ('gw_inbox', 'folder = ''uitlaat'' AND party = ' || c2, 'bestand_uit'),
    ('gw_ingest', 'loket = ' || c2, 'uitlaat_bestand'),
    ('gw_taken', c3, 'uitlaat_bestand')
  ) AS v(rol, voorwaarde, tabellen) LOOP
    FOREACH t IN ARRAY string_to_array(p.tabellen, ' ') LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
      EXECUTE format('CREATE POLICY %I ON %I TO %I USING (%s)', p.rol, t, p.rol, p.voorwaarde);
    END LOOP;
  END LOOP;
END $$;

SELECT hand_over();
