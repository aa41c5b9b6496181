-- gateway.mailbox: the residue for the statistics, sealed apart; gone when the period is accepted ---------------------------------
CREATE TABLE ddas_residu (
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  signaaldatum date NOT NULL,
  storage_key text NOT NULL,
  content bytea NOT NULL,          -- encrypted under the storage key of (statistics, municipality, quarter)
  PRIMARY KEY (gemeente, bericht)
);
CREATE INDEX ddas_residu_datum ON ddas_residu (gemeente, signaaldatum);
GRANT INSERT ON ddas_residu TO gw_ingest;
GRANT SELECT, DELETE ON ddas_residu TO gw_inbox;

CREATE TABLE statistiek_instelling (  -- counts only with its `zegel`: it decides whether addresses and birth dates go out
  zegel bytea,
  gemeente text PRIMARY KEY,
  levering text NOT NULL CHECK (levering IN ('gateway', 'zaaksysteem')),
  organisatie bytea,               -- who answers for the data: an organisation and its officials, as JSON
  gewijzigd_op timestamptz NOT NULL,
  CHECK (levering = 'zaaksysteem' OR organisatie IS NOT NULL)
);
GRANT SELECT (gemeente, levering, organisatie, zegel) ON statistiek_instelling TO gw_ingest;
GRANT SELECT, INSERT, UPDATE ON statistiek_instelling TO gw_inbox;

-- gateway.mailbox: a message that its municipality sent on. The copy has the municipality as its sender, so that nothing that a
-- creditor may ask ever finds it; `schuldeiser` is for matching only.
ALTER TABLE bericht ADD COLUMN schuldeiser text;
CREATE TABLE doorzending (
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  naar_gemeente text NOT NULL,
  naar_bericht uuid NOT NULL UNIQUE,
  op timestamptz NOT NULL,
  PRIMARY KEY (gemeente, bericht)
);
GRANT SELECT ON doorzending TO gw_inbox;

-- The one way in for a forwarded message: the role of the inbox cannot insert into `bericht` otherwise.
CREATE FUNCTION bericht_doorzenden(
  van text, oud uuid, naar text, nieuw uuid, party text, received timestamptz, purpose_row text, meta bytea, name_version smallint,
  address bytea, person bytea, kid text, wijze text, wrapped text, storage_key text, payload bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF EXISTS (SELECT FROM bericht b WHERE b.id = nieuw) OR EXISTS (SELECT FROM content_key k WHERE k.id = nieuw) THEN RETURN false; END IF;
  INSERT INTO doorzending VALUES (van, oud, naar, nieuw, bericht_doorzenden.received) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO content_key (id, gemeente, kid, wijze, wrapped)
    VALUES (nieuw, naar, bericht_doorzenden.kid, bericht_doorzenden.wijze, bericht_doorzenden.wrapped);
  INSERT INTO bericht (gemeente, id, kenmerk, soort, sector, party, principal, received, doel, purpose_row, meta, name_version, address,
                       person, content_key, storage_key, payload, schuldeiser)
  SELECT naar, nieuw, nieuw::text, b.soort, b.sector, bericht_doorzenden.party, bericht_doorzenden.party, bericht_doorzenden.received,
         b.doel, bericht_doorzenden.purpose_row, bericht_doorzenden.meta, bericht_doorzenden.name_version, bericht_doorzenden.address,
         bericht_doorzenden.person, nieuw, bericht_doorzenden.storage_key, bericht_doorzenden.payload, coalesce(b.schuldeiser, b.principal)
  FROM bericht b WHERE b.gemeente = van AND b.id = oud;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION bericht_doorzenden FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bericht_doorzenden TO gw_inbox;

-- A withdrawal follows the message to where it was sent on; it fails while that has no number, so that it is never lost.
CREATE FUNCTION intrekking_volgt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM doorzending z WHERE z.gemeente = NEW.gemeente AND z.bericht = NEW.bericht AND NOT EXISTS (
    SELECT FROM inbox_item i WHERE i.gemeente = z.naar_gemeente AND i.bericht = z.naar_bericht)) THEN
    RAISE EXCEPTION 'sent on and not yet numbered' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  UPDATE inbox_item i SET withdrawn_at = NEW.withdrawn_at, withdrawn_reason = NEW.withdrawn_reason,
    state = CASE WHEN i.state = 'bezorgd' THEN 'ingetrokken' ELSE i.state END
  FROM doorzending z
  WHERE z.gemeente = NEW.gemeente AND z.bericht = NEW.bericht
    AND i.gemeente = z.naar_gemeente AND i.bericht = z.naar_bericht AND i.withdrawn_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER inbox_item_intrekking AFTER UPDATE OF withdrawn_at ON inbox_item FOR EACH ROW
  WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION intrekking_volgt();

-- What nobody ever took along is not counted either; nor do its shared keys stay.
CREATE OR REPLACE FUNCTION empty_payload() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE bericht b SET payload = NULL WHERE b.gemeente = NEW.gemeente AND b.id = NEW.bericht;
  DELETE FROM deling d WHERE d.gemeente = NEW.gemeente AND d.bericht = NEW.bericht;
  IF NEW.state = 'ingetrokken' THEN
    DELETE FROM ddas_residu r WHERE r.gemeente = NEW.gemeente AND r.bericht = NEW.bericht;
  END IF;
  RETURN NULL;
END $$;

-- The inbox puts a message in the queue only when it sent it on.
CREATE FUNCTION log_append_forwarded(ids uuid[], events text[], bodies bytea[], leaves bytea[], gemeenten text[], berichten uuid[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(gemeenten, berichten) AS u(gemeente, bericht) WHERE u.bericht IS NOT NULL
             AND NOT EXISTS (SELECT FROM doorzending z WHERE z.naar_gemeente = u.gemeente AND z.naar_bericht = u.bericht)) THEN
    RAISE EXCEPTION 'a message that was not sent on' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM log_append_delivered(ids, events, bodies, leaves, gemeenten, berichten);
END $$;
REVOKE ALL ON FUNCTION log_append_forwarded, intrekking_volgt FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_append_forwarded TO gw_inbox;

-- gateway.letters: the municipality's own texts per channel -----------------------------------------------------------------------
CREATE TABLE brieftekst (          -- counts only with its `zegel`: residents read it as their municipality's own words
  zegel bytea,
  gemeente text NOT NULL,
  kanaal text NOT NULL CHECK (kanaal IN ('brief', 'mail', 'sms')),
  onderwerp text,
  tekst text NOT NULL,
  versie integer NOT NULL DEFAULT 1,
  gewijzigd_op timestamptz NOT NULL,
  PRIMARY KEY (gemeente, kanaal)
);
GRANT SELECT, INSERT, UPDATE ON brieftekst TO gw_inbox;

-- To its sender a forwarded message is a rejected one in everything: its state, a withdrawal after it, and that it may come again. A copy
-- is nobody's signal, not even of a municipality that is a creditor too. `volgt`: a withdrawal would still follow it, unseen.
CREATE OR REPLACE FUNCTION signal_state(asker text, wanted uuid)
RETURNS TABLE (gemeente text, kenmerk text, sector text, received timestamptz, state text, withdrawn_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.gemeente, b.kenmerk, b.sector, b.received,
    CASE WHEN i.state IS NULL THEN 'bezorgd' WHEN i.state = 'doorgezonden' THEN 'afgewezen' ELSE i.state END,
    CASE WHEN i.state <> 'doorgezonden' THEN i.withdrawn_at END
  FROM bericht b LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.id = wanted AND b.principal = asker AND b.schuldeiser IS NULL;
$$;
CREATE OR REPLACE FUNCTION ended_messages(gemeenten text[], wanted uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT i.bericht FROM unnest(gemeenten, wanted) AS w(gemeente, bericht)
  JOIN inbox_item i ON i.gemeente = w.gemeente AND i.bericht = w.bericht WHERE i.state IN ('verlopen', 'afgewezen', 'doorgezonden');
$$;
CREATE OR REPLACE FUNCTION own_signals(asker text, of_sector text)
RETURNS TABLE (id uuid, kenmerk text, earlier uuid, meta bytea, state text, withdrawn_at timestamptz, volgt boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.id, b.kenmerk, b.earlier, b.meta,
    CASE WHEN i.state IS NULL THEN 'bezorgd' WHEN i.state = 'doorgezonden' THEN 'afgewezen' ELSE i.state END,
    CASE WHEN i.state <> 'doorgezonden' THEN i.withdrawn_at END,
    coalesce(i.state = 'doorgezonden' AND i.withdrawn_at IS NULL, false)
  FROM bericht b LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.principal = asker AND b.schuldeiser IS NULL AND b.sector = of_sector AND b.id >= uuid7_floor(now() - interval '24 months')
  ORDER BY b.id;
$$;
CREATE OR REPLACE FUNCTION signal_proof(asker text, wanted uuid)
RETURNS TABLE (gemeente text, kenmerk text, soort text, sector text, received timestamptz, nr bigint, geclaimd_op timestamptz,
               withdrawn_at timestamptz, withdrawn_reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.gemeente, b.kenmerk, b.soort, b.sector, b.received, i.nr, i.geclaimd_op,
    CASE WHEN i.state <> 'doorgezonden' THEN i.withdrawn_at END, CASE WHEN i.state <> 'doorgezonden' THEN i.withdrawn_reason END
  FROM bericht b LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.id = wanted AND b.principal = asker AND b.schuldeiser IS NULL;
$$;

SELECT hand_over();
