-- gateway.files: files of partners until their report is there. What is in them stands in the spool, encrypted, and never here -----
CREATE TABLE bestand (
  id uuid PRIMARY KEY,             -- its name in the spool too
  party text NOT NULL,
  naam text NOT NULL,              -- as the partner gave it, without `.part`
  state text NOT NULL CHECK (state IN ('schrijvend', 'klaargezet', 'ontvangen', 'in_verwerking', 'verwerkt', 'geweigerd')),
  size bigint NOT NULL DEFAULT 0,
  hash bytea CHECK (length(hash) = 32),  -- SHA-256 of the file as it came
  modified timestamptz NOT NULL,
  received timestamptz,
  trace_id text,
  principal text,                  -- known once it was read, as all below
  soort text CHECK (soort IN ('signalen', 'stand')),
  kop bytea,                       -- JSON: what the file says as a whole
  records integer,
  chunks uuid,                     -- where its chunks stand in the spool
  lease_until timestamptz,         -- a worker is at it
  attempts integer NOT NULL DEFAULT 0,
  result bytea,                    -- canonical JSON of the signed result
  finished timestamptz
);
CREATE UNIQUE INDEX bestand_naam ON bestand (party, naam) WHERE state IN ('schrijvend', 'klaargezet', 'ontvangen', 'in_verwerking');
CREATE INDEX bestand_open ON bestand (received) WHERE state IN ('ontvangen', 'in_verwerking');
CREATE INDEX bestand_hash ON bestand (party, hash);

CREATE TABLE bestand_deel (        -- a chunk of an accepted file; gone with its report
  bestand uuid NOT NULL REFERENCES bestand (id) ON DELETE CASCADE,
  nr integer NOT NULL,
  na boolean NOT NULL,             -- begins when all before it are done
  position bigint NOT NULL,        -- place in the chunk spool, bytes
  size integer NOT NULL,
  records integer NOT NULL,
  lease_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  done timestamptz,
  lines bytea STORAGE EXTERNAL,    -- JSON array of report lines; not worth compressing for the minutes it stays
  bezorgd integer NOT NULL DEFAULT 0,
  eerder integer NOT NULL DEFAULT 0,
  geweigerd integer NOT NULL DEFAULT 0,
  quarantaine integer NOT NULL DEFAULT 0,
  ingetrokken integer NOT NULL DEFAULT 0,
  PRIMARY KEY (bestand, nr)
);
CREATE INDEX bestand_deel_open ON bestand_deel (nr, bestand) WHERE done IS NULL;

CREATE TABLE bestand_uit (         -- what waits for a partner to be collected
  id uuid PRIMARY KEY,             -- its name in the spool
  party text NOT NULL,
  folder text NOT NULL CHECK (folder IN ('uit', 'terugkoppeling')),
  naam text NOT NULL,
  size bigint NOT NULL,
  created timestamptz NOT NULL,
  collected timestamptz            -- its content is gone; the name still answers to `rm`
);
CREATE UNIQUE INDEX bestand_uit_naam ON bestand_uit (party, folder, naam) WHERE collected IS NULL;

CREATE TABLE terugkoppeling_bestand ( -- how far the feedback of a principal was put into files for a party; moves with those files
  party text NOT NULL,
  principal text NOT NULL,
  nr bigint NOT NULL,              -- place in the feed of the principal
  dag date NOT NULL,               -- of the last file, in the Netherlands
  PRIMARY KEY (party, principal)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bestand, bestand_deel, bestand_uit TO gw_ingest;
GRANT SELECT, INSERT, UPDATE ON terugkoppeling_bestand TO gw_ingest;
GRANT SELECT (id, party, naam, state, size, received, principal, soort, records, result, finished) ON bestand TO gw_beheer;
GRANT SELECT (bestand, nr, records, done, bezorgd, eerder, geweigerd, quarantaine, ingetrokken) ON bestand_deel TO gw_beheer;

-- gateway.partners: the keys that partners log in to the mailbox with, how their files are read, and where the gateway fetches -----
CREATE TABLE sftp_sleutel (
  zegel bytea,
  vingerafdruk bytea PRIMARY KEY CHECK (length(vingerafdruk) = 32),  -- SHA-256 of the key in wire form
  oin text NOT NULL REFERENCES deelnemer (oin),
  soort text NOT NULL,
  geldig_van timestamptz NOT NULL,
  ingetrokken_op timestamptz
);

CREATE TABLE bestandsprofiel (
  zegel bytea,
  oin text NOT NULL REFERENCES deelnemer (oin),
  naam text NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date,
  patroon text NOT NULL,           -- which file names it is for
  inhoud text,                     -- the mapping profile; absent: canonical XML
  ingepakt text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (oin, naam, geldig_van)
);
CREATE TABLE ophaaladres (         -- a partner's own server, where the gateway fetches
  zegel bytea,
  oin text PRIMARY KEY REFERENCES deelnemer (oin),
  server text NOT NULL,
  poort integer NOT NULL CHECK (poort BETWEEN 1 AND 65535),
  gebruiker text NOT NULL,
  map text NOT NULL,
  hostsleutels text[] NOT NULL CHECK (cardinality(hostsleutels) > 0),  -- in OpenSSH form; no other is trusted
  daarna text NOT NULL CHECK (daarna IN ('verwijder', 'hernoem')),     -- what is done there with a file that is ours
  geldig_van timestamptz NOT NULL,
  ingetrokken_op timestamptz
);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['sftp_sleutel', 'bestandsprofiel', 'ophaaladres'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION register_gewijzigd()', t || '_versie', t);
    EXECUTE format('GRANT SELECT ON %I TO gw_ingest, gw_inbox, gw_log, gw_beheer', t);
    EXECUTE format('GRANT INSERT, UPDATE ON %I TO gw_beheer', t);
  END LOOP;
END $$;

SELECT hand_over();
