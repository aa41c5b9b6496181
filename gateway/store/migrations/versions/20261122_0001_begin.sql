-- The first schema. Tables are private to the package named above them; across packages travel ids and values.
-- Growing tables are partitioned by month on their UUIDv7 key, so that retention drops partitions.
-- Every function names its search_path with pg_temp last: left out, a caller's temporary tables would come first.
-- Tables and functions belong to gw_eigenaar, which is no superuser and cannot log in; every migration ends with `hand_over()`.

DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['gw_eigenaar', 'gw_ingest', 'gw_inbox', 'gw_log', 'gw_beheer'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT', r);
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO gw_eigenaar;
GRANT USAGE ON SCHEMA public TO gw_ingest, gw_inbox, gw_log, gw_beheer;

-- gateway.partners: who takes part; a row counts only with its `zegel`, an HMAC under a key that the database cannot open ------------------------------------------------------------------------------------------
CREATE TABLE register_versie (enig boolean PRIMARY KEY DEFAULT true CHECK (enig), versie bigint NOT NULL);
INSERT INTO register_versie (versie) VALUES (1);

CREATE TABLE deelnemer (
  zegel bytea,
  oin text PRIMARY KEY CHECK (oin ~ '^[0-9A-Z]{20}$'),
  naam text NOT NULL,
  rollen text[] NOT NULL,
  sectoren text[] NOT NULL DEFAULT '{}',
  handelsnamen text[] NOT NULL DEFAULT '{}',
  gemeentecode text CHECK (gemeentecode ~ '^[0-9]{4}$'),
  nummerformaten text[] NOT NULL DEFAULT '{}',
  instructies text[] NOT NULL DEFAULT '{}',
  contact text,
  status text NOT NULL CHECK (status IN ('aangemeld', 'in_test', 'getoetst', 'schaduw', 'actief', 'opgeschort', 'beeindigd'))
);
CREATE UNIQUE INDEX deelnemer_gemeente ON deelnemer (gemeentecode) WHERE 'gemeente' = ANY (rollen);

CREATE TABLE certificaat (
  zegel bytea,
  vingerafdruk bytea PRIMARY KEY CHECK (length(vingerafdruk) = 32),
  oin text NOT NULL REFERENCES deelnemer (oin),
  geldig_van timestamptz NOT NULL,
  geldig_tot timestamptz NOT NULL,
  ingetrokken_op timestamptz
);

CREATE TABLE mandaat (
  zegel bytea,
  gemachtigde text NOT NULL REFERENCES deelnemer (oin),
  principaal text NOT NULL REFERENCES deelnemer (oin),
  rol text NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date,
  PRIMARY KEY (gemachtigde, principaal, rol, geldig_van)
);

CREATE TABLE overeenkomst (
  zegel bytea,
  schuldeiser text NOT NULL REFERENCES deelnemer (oin),
  gemeentecode text NOT NULL,
  sector text NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date,
  PRIMARY KEY (schuldeiser, gemeentecode, sector, geldig_van)
);

CREATE TABLE verklaring (
  zegel bytea,
  principaal text NOT NULL REFERENCES deelnemer (oin),
  id text NOT NULL,
  sector text NOT NULL,
  getekend_op date NOT NULL,
  geldig_van date NOT NULL,
  geldig_tot date NOT NULL,
  document_hash bytea NOT NULL CHECK (length(document_hash) = 32),
  PRIMARY KEY (principaal, id)
);

CREATE TABLE gemeente_instelling (
  zegel bytea,
  gemeentecode text PRIMARY KEY,
  naam text NOT NULL,
  loket_open_vanaf date NOT NULL,
  drempel_cent integer,
  optionele_velden text[] NOT NULL DEFAULT '{geboortedatum,klantnummer}',
  contact text
);

CREATE TABLE gemeentesleutel (
  zegel bytea,
  gemeentecode text NOT NULL,
  kid text NOT NULL,
  wijze text NOT NULL CHECK (wijze IN ('eigen', 'beheerd')),
  publiek jsonb NOT NULL,
  geldig_van timestamptz NOT NULL DEFAULT now(),
  geldig_tot timestamptz,
  PRIMARY KEY (gemeentecode, kid)
);

CREATE FUNCTION register_gewijzigd() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE register_versie SET versie = versie + 1;
  RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['deelnemer', 'certificaat', 'mandaat', 'overeenkomst', 'verklaring', 'gemeente_instelling', 'gemeentesleutel'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION register_gewijzigd()', t || '_versie', t);
    EXECUTE format('GRANT SELECT ON %I TO gw_ingest, gw_inbox, gw_log, gw_beheer', t);
    EXECUTE format('GRANT INSERT, UPDATE ON %I TO gw_beheer', t);
  END LOOP;
END $$;
GRANT SELECT ON register_versie TO gw_ingest, gw_inbox, gw_log, gw_beheer;

-- gateway.keys: random keys, wrapped under a key that the database does not hold ----------------------------------------------
CREATE TABLE wrapped_key (
  name text PRIMARY KEY,
  wrapped bytea NOT NULL,
  kek text NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON wrapped_key TO gw_beheer;

-- gateway.privacylog: entries are only ever inserted; order and leaves stand apart ----------------------------------------------
CREATE TABLE log_entry (
  id uuid NOT NULL PRIMARY KEY,
  event text NOT NULL,
  body bytea NOT NULL
) PARTITION BY RANGE (id);

CREATE TABLE log_queue (           -- one row per transaction of a flow, gone once numbered
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  entries uuid[] NOT NULL,
  leaves bytea[] NOT NULL,
  gemeenten text[] NOT NULL,
  berichten uuid[] NOT NULL,
  CHECK (cardinality(entries) = cardinality(leaves) AND cardinality(entries) = cardinality(gemeenten) AND cardinality(entries) = cardinality(berichten))
);

CREATE TABLE log_leaf (
  nr bigint PRIMARY KEY,           -- from 0, without gaps
  leaf bytea NOT NULL CHECK (length(leaf) = 32),
  entry uuid NOT NULL
);
CREATE TABLE log_state (enig boolean PRIMARY KEY DEFAULT true CHECK (enig), size bigint NOT NULL, frontier bytea[] NOT NULL);
INSERT INTO log_state (size, frontier) VALUES (0, '{}');
CREATE TABLE log_checkpoint (size bigint PRIMARY KEY, at timestamptz NOT NULL, note text NOT NULL);

-- Deliveries bring their message along, which gets the leaf's number; only the flow that delivers may. A leaf must be its body's.
CREATE FUNCTION log_append_delivered(ids uuid[], events text[], bodies bytea[], leaves bytea[], gemeenten text[], berichten uuid[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(bodies, leaves) AS u(body, leaf) WHERE u.leaf IS DISTINCT FROM sha256('\x00'::bytea || u.body)) THEN
    RAISE EXCEPTION 'a leaf does not fit its body' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO log_entry (id, event, body) SELECT * FROM unnest(ids, events, bodies);
  INSERT INTO log_queue (entries, leaves, gemeenten, berichten) VALUES (ids, leaves, gemeenten, berichten);
END $$;
CREATE FUNCTION log_append(ids uuid[], events text[], bodies bytea[], leaves bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT log_append_delivered(ids, events, bodies, leaves,
    array_fill(NULL::text, ARRAY[cardinality(ids)]), array_fill(NULL::uuid, ARRAY[cardinality(ids)]));
$$;
CREATE FUNCTION log_lag_seconds() RETURNS double precision LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created)), 0)::double precision FROM log_queue;
$$;
REVOKE ALL ON FUNCTION log_append, log_append_delivered, log_lag_seconds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_append, log_lag_seconds TO gw_ingest, gw_inbox, gw_log, gw_beheer;
GRANT EXECUTE ON FUNCTION log_append_delivered TO gw_ingest;
GRANT SELECT ON log_checkpoint TO gw_inbox, gw_beheer;
GRANT SELECT ON log_entry, log_queue, log_leaf, log_state, log_checkpoint TO gw_log;
GRANT DELETE ON log_queue TO gw_log;
GRANT INSERT ON log_leaf, log_checkpoint TO gw_log;
GRANT UPDATE ON log_state TO gw_log;

-- gateway.mailbox: messages (written once) and their place and state in an inbox -----------------------------------------------
CREATE TABLE bericht (
  gemeente text NOT NULL,
  id uuid NOT NULL,
  kenmerk text NOT NULL,
  soort text NOT NULL,
  sector text NOT NULL,
  party text NOT NULL,
  principal text NOT NULL,
  received timestamptz NOT NULL,
  doel text NOT NULL,
  purpose_row text NOT NULL,       -- the row of the purpose register that it travels along
  meta bytea NOT NULL,             -- what the inbox shows: canonical JSON, no person data
  earlier uuid,
  name_version smallint NOT NULL,
  address bytea,                   -- keyed pseudonyms, emptied at their term (7 and 15 months)
  person bytea,
  contract bytea,
  content_key uuid NOT NULL,
  storage_key text NOT NULL,
  payload bytea,                   -- sealed for the municipality, encrypted once more; emptied at its term
  PRIMARY KEY (gemeente, id)
) PARTITION BY RANGE (id);
CREATE INDEX bericht_address ON bericht (gemeente, address) WHERE address IS NOT NULL;
CREATE INDEX bericht_contract ON bericht (gemeente, contract) WHERE contract IS NOT NULL;

CREATE TABLE content_key (
  id uuid PRIMARY KEY,
  gemeente text NOT NULL,
  kid text NOT NULL,
  wijze text NOT NULL CHECK (wijze IN ('eigen', 'beheerd')),
  wrapped text NOT NULL            -- JWE to the municipality's key
);

CREATE TABLE inbox_item (
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  nr bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('bezorgd', 'geclaimd', 'ontvangen', 'verwerkt', 'afgewezen', 'doorgezonden', 'ingetrokken', 'verlopen')),
  claim uuid,
  lease_until timestamptz,
  zaaknummer text,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  rejected_reason text,
  PRIMARY KEY (gemeente, bericht)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX inbox_item_nr ON inbox_item (gemeente, nr);
CREATE INDEX inbox_item_open ON inbox_item (gemeente, nr) WHERE state IN ('bezorgd', 'geclaimd');
CREATE INDEX inbox_item_claim ON inbox_item (claim) WHERE claim IS NOT NULL;

CREATE TABLE claim (
  id uuid PRIMARY KEY,
  gemeente text NOT NULL,
  party text NOT NULL,
  doel text NOT NULL,
  wijze text NOT NULL,
  lease_until timestamptz NOT NULL
);

-- gateway.signals: idempotency, deliveries, quarantine --------------------------------------------------------------------------
CREATE TABLE fingerprint (         -- unpartitioned: unique for 24 months
  key bytea PRIMARY KEY CHECK (length(key) = 32),
  content bytea NOT NULL CHECK (length(content) = 32),
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  received timestamptz NOT NULL,
  leaf bytea NOT NULL CHECK (length(leaf) = 32),
  findings bytea NOT NULL
);

CREATE TABLE aanlevering (
  id uuid PRIMARY KEY,
  principal text NOT NULL,
  party text NOT NULL,
  kenmerk text NOT NULL,
  content bytea NOT NULL CHECK (length(content) = 32),
  received timestamptz NOT NULL,
  result bytea,                    -- canonical JSON of the finished delivery; null while in progress
  UNIQUE (principal, kenmerk)
);
CREATE INDEX aanlevering_lijst ON aanlevering (principal, id DESC);
CREATE TABLE aanlevering_verslag (
  aanlevering uuid NOT NULL REFERENCES aanlevering (id),
  chunk integer NOT NULL,
  lines bytea NOT NULL,            -- JSON array of report lines
  PRIMARY KEY (aanlevering, chunk)
);

CREATE TABLE quarantine (          -- no person data: what, why and when
  id uuid PRIMARY KEY,
  principal text NOT NULL,
  kenmerk text NOT NULL,
  code text NOT NULL,
  at timestamptz NOT NULL
);

CREATE FUNCTION known(keys bytea[]) RETURNS SETOF fingerprint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT f.* FROM fingerprint f WHERE f.key = ANY (keys);
$$;

CREATE FUNCTION signal_state(asker text, wanted uuid)
RETURNS TABLE (gemeente text, kenmerk text, sector text, received timestamptz, state text, withdrawn_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.gemeente, b.kenmerk, b.sector, b.received, coalesce(i.state, 'bezorgd'), i.withdrawn_at
  FROM bericht b LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.id = wanted AND b.principal = asker;
$$;

-- What nobody may open any more is emptied, whichever way it got there.
CREATE FUNCTION empty_payload() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE bericht b SET payload = NULL WHERE b.gemeente = NEW.gemeente AND b.id = NEW.bericht;
  RETURN NULL;
END $$;
CREATE TRIGGER inbox_item_empties AFTER UPDATE OF state ON inbox_item FOR EACH ROW
  WHEN (NEW.state IN ('ingetrokken', 'verlopen') AND OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION empty_payload();

-- Withdrawal: before a claim the message goes and its payload with it; after a claim the state stays and the inbox is told.
-- Returns no row when the message is not the asker's, or has no number yet (then the caller runs the sequencer and asks again).
CREATE FUNCTION withdraw(asker text, wanted uuid, at timestamptz, reason text)
RETURNS TABLE (gemeente text, state text, withdrawn_at timestamptz, fresh boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE item inbox_item; free boolean;
BEGIN
  SELECT i.* INTO item FROM bericht b JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.id = wanted AND b.principal = asker FOR UPDATE OF i;
  IF NOT FOUND THEN RETURN; END IF;
  IF item.withdrawn_at IS NOT NULL OR item.state IN ('verlopen', 'afgewezen') THEN
    RETURN QUERY SELECT item.gemeente, item.state, item.withdrawn_at, false;
    RETURN;
  END IF;
  free := item.state = 'bezorgd' OR (item.state = 'geclaimd' AND item.lease_until <= now());  -- nobody holds it
  UPDATE inbox_item i SET withdrawn_at = at, withdrawn_reason = reason,
    state = CASE WHEN free THEN 'ingetrokken' ELSE i.state END
  WHERE i.gemeente = item.gemeente AND i.bericht = item.bericht;
  RETURN QUERY SELECT item.gemeente, CASE WHEN free THEN 'ingetrokken' ELSE item.state END, at, true;
END $$;

REVOKE ALL ON FUNCTION known, signal_state, withdraw FROM PUBLIC;
GRANT EXECUTE ON FUNCTION known, signal_state, withdraw TO gw_ingest;
GRANT INSERT ON bericht, content_key, fingerprint, quarantine TO gw_ingest;
GRANT SELECT, INSERT, UPDATE ON aanlevering TO gw_ingest;
GRANT SELECT, INSERT, DELETE ON aanlevering_verslag TO gw_ingest;
GRANT SELECT ON bericht, content_key, inbox_item, claim TO gw_inbox;
GRANT INSERT, UPDATE ON claim TO gw_inbox;
GRANT UPDATE (state, claim, lease_until, zaaknummer, rejected_reason) ON inbox_item TO gw_inbox;
GRANT INSERT, SELECT (gemeente, bericht, nr) ON inbox_item TO gw_log;

-- Partitions -------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION uuid7_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-8000-000000000000')::uuid
  FROM (SELECT lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS h) AS x;
$$;
CREATE FUNCTION ensure_partitions(first date, months integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE t text; m date; n text;
BEGIN
  FOREACH t IN ARRAY ARRAY['bericht', 'log_entry'] LOOP
    FOR k IN 0 .. months - 1 LOOP
      m := date_trunc('month', first)::date + make_interval(months => k);
      n := t || '_' || to_char(m, 'YYYYMM');
      IF to_regclass('public.' || n) IS NULL THEN
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', n, t,
          uuid7_floor(m::timestamp AT TIME ZONE 'UTC'), uuid7_floor((m + interval '1 month')::timestamp AT TIME ZONE 'UTC'));
      END IF;
    END LOOP;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION uuid7_floor, ensure_partitions, register_gewijzigd, empty_payload FROM PUBLIC;

-- Ownership ----------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION hand_over() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE o record;
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT gw_eigenaar TO %I WITH INHERIT TRUE, SET TRUE', current_user);
  END IF;
  FOR o IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO gw_eigenaar', o.name);
  END LOOP;
  FOR o IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO gw_eigenaar', o.name);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hand_over FROM PUBLIC;
SELECT hand_over();
