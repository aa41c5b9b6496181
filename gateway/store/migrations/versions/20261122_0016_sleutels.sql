-- gateway.keys: a key that was destroyed leaves its name behind, so that no key of that name is ever made again ---------------------
ALTER TABLE wrapped_key ALTER COLUMN wrapped DROP NOT NULL;
ALTER TABLE wrapped_key ADD COLUMN destroyed timestamptz;
ALTER TABLE wrapped_key ADD CHECK ((wrapped IS NULL) = (destroyed IS NOT NULL));
GRANT UPDATE ON wrapped_key TO gw_beheer;

-- Which lasting keys were ever made and which were destroyed, under a seal of the KEK (gateway.keys.book): one row.
CREATE TABLE sleutelboek (
  een boolean PRIMARY KEY DEFAULT true CHECK (een),
  nummer bigint NOT NULL,
  kek text NOT NULL,
  namen text[] NOT NULL,
  vernietigd text[] NOT NULL,
  onder text NOT NULL,
  uitstaand text[] NOT NULL,
  zegel bytea NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON sleutelboek TO gw_beheer;

-- What a function looks up for a municipality ('' for none) or a task must not be hidden from it, lest nothing found be taken for nothing
-- there. Until rows have policies (0018) nothing is hidden.
CREATE FUNCTION eis(place text, task text) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NULL;
END $$;
REVOKE ALL ON FUNCTION eis FROM PUBLIC;

-- gateway.retention: each part of the dated table is emptied by one function, in batches; it says how many rows and nothing of them --------
-- The role that runs them (gw_beheer) can read none of these tables.
CREATE TABLE bewaring_ronde (dag date PRIMARY KEY, at timestamptz NOT NULL, zegel bytea);
GRANT SELECT, INSERT, UPDATE ON bewaring_ronde TO gw_beheer;

CREATE FUNCTION opslagweek(name text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT substring(name FROM '/([0-9]{4}-W[0-9]{2})$');
$$;

-- The week of the longest term of a payload: 26 weeks after it was received.
CREATE FUNCTION langste_week(received timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT to_char((received AT TIME ZONE 'Europe/Amsterdam')::date + 182, 'IYYY-"W"IW');
$$;

-- Payloads under the key of a later week, for a term that grew. The inbox may do no more than that: what is there stays there, for longer, and
-- never over the longest term.
CREATE FUNCTION bericht_verleng(place text, berichten uuid[], was text[], wordt text[], payloads bytea[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE done bigint;
BEGIN
  UPDATE bericht b SET payload = n.payload, storage_key = n.wordt
  FROM unnest(berichten, was, wordt, payloads) AS n (id, was, wordt, payload)
  WHERE b.gemeente = place AND b.id = n.id AND b.payload IS NOT NULL AND b.storage_key = n.was
    AND n.wordt LIKE 'opslag/' || place || '/%' AND opslagweek(n.wordt) > opslagweek(n.was) AND opslagweek(n.wordt) <= langste_week(b.received);
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$;

-- Payloads. `rijen` and `grenzen`: per purpose row the instant before which a technical receipt was long enough ago; `overig` for rows that the
-- register no longer has. A message that people follow up (a claim by a person, a follow-up partner) stays until its case was closed before
-- `gesloten`; none stays that is older than `uiterste`.
CREATE FUNCTION bewaar_inhoud(rijen text[], grenzen timestamptz[], overig timestamptz, gesloten timestamptz, uiterste timestamptz, most integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE done bigint;
BEGIN
  WITH due AS (
    SELECT b.gemeente, b.id FROM bericht b
    LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
    LEFT JOIN claim c ON c.id = i.claim AND c.gemeente = i.gemeente
    WHERE b.payload IS NOT NULL AND (
      b.received < uiterste OR i.state IN ('ingetrokken', 'verlopen', 'afgewezen', 'doorgezonden')
      OR i.state IN ('ontvangen', 'verwerkt') AND CASE
        WHEN c.wijze = 'bemand' OR EXISTS (SELECT FROM opvolging o WHERE o.gemeente = b.gemeente AND o.bericht = b.id)
          OR EXISTS (SELECT FROM instelling s WHERE s.gemeentecode = b.gemeente AND s.naam = 'opvolgpartners')
        THEN EXISTS (SELECT FROM zaak_bericht zb JOIN zaak z ON z.gemeente = zb.gemeente AND z.id = zb.zaak
                     WHERE zb.gemeente = b.gemeente AND zb.bericht = b.id AND z.closed < gesloten)
        ELSE i.state = 'verwerkt' OR i.opgepakt_op < coalesce(
          (SELECT r.grens FROM unnest(rijen, grenzen) AS r (rij, grens) WHERE r.rij = b.purpose_row), overig)
        END)
    LIMIT most)
  UPDATE bericht b SET payload = NULL FROM due WHERE b.gemeente = due.gemeente AND b.id = due.id;
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$;

-- Everything else that has a term: what is older than `grens`.
CREATE FUNCTION bewaar(onderdeel text, grens timestamptz, most integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE done bigint; dag date := (grens AT TIME ZONE 'Europe/Amsterdam')::date; week text := to_char(grens AT TIME ZONE 'Europe/Amsterdam', 'IYYY-"W"IW');
BEGIN
  CASE onderdeel
  WHEN 'adres' THEN
    UPDATE bericht SET address = NULL, person = NULL, subject = NULL, address_2 = NULL, person_2 = NULL WHERE (gemeente, id) IN (
      SELECT gemeente, id FROM bericht WHERE id < uuid7_floor(grens) AND (address IS NOT NULL OR address_2 IS NOT NULL) LIMIT most);
  WHEN 'contract' THEN
    UPDATE bericht SET contract = NULL, contract_2 = NULL WHERE (gemeente, id) IN (
      SELECT gemeente, id FROM bericht WHERE id < uuid7_floor(grens) AND (contract IS NOT NULL OR contract_2 IS NOT NULL) LIMIT most);
  WHEN 'historie' THEN
    DELETE FROM historie WHERE (gemeente, key) IN (SELECT gemeente, key FROM historie WHERE day < dag LIMIT most);
  WHEN 'vingerafdruk' THEN
    DELETE FROM fingerprint WHERE key IN (SELECT key FROM fingerprint WHERE received < grens LIMIT most);
  WHEN 'quarantaine' THEN
    DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine WHERE at < grens LIMIT most);
  WHEN 'inhoudssleutel' THEN
    DELETE FROM content_key WHERE id IN (SELECT id FROM content_key WHERE id < uuid7_floor(grens) LIMIT most);
  WHEN 'deling' THEN
    DELETE FROM deling d USING bericht b WHERE b.gemeente = d.gemeente AND b.id = d.bericht AND b.payload IS NULL;
  WHEN 'contactgegevens' THEN
    DELETE FROM zaak_contact k USING zaak z WHERE z.gemeente = k.gemeente AND z.id = k.zaak AND z.closed < grens;
  WHEN 'opslagweek' THEN
    UPDATE bericht SET payload = NULL WHERE (gemeente, id) IN (
      SELECT gemeente, id FROM bericht WHERE payload IS NOT NULL AND opslagweek(storage_key) < week LIMIT most);
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done > 0 THEN RETURN done; END IF;
    WITH a AS (DELETE FROM zaak_contact WHERE opslagweek(storage_key) < week RETURNING 1),
      b AS (UPDATE schuldenoverzicht SET document = NULL WHERE document IS NOT NULL AND opslagweek(document_key) < week RETURNING 1),
      c AS (UPDATE saldoverzoek SET answer = NULL WHERE answer IS NOT NULL AND opslagweek(answer_key) < week RETURNING 1),
      d AS (UPDATE regeling SET document = NULL WHERE document IS NOT NULL AND opslagweek(document_key) < week RETURNING 1),
      e AS (UPDATE regelingbericht SET
          question = CASE WHEN opslagweek(question_key) < week THEN NULL ELSE question END,
          answer = CASE WHEN opslagweek(answer_key) < week THEN NULL ELSE answer END
        WHERE question IS NOT NULL AND opslagweek(question_key) < week OR answer IS NOT NULL AND opslagweek(answer_key) < week RETURNING 1)
    SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) + (SELECT count(*) FROM c) + (SELECT count(*) FROM d) + (SELECT count(*) FROM e)
    INTO done;
    RETURN done;
  END CASE;
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$;

-- Of keys whose week or quarter is over, by their names: those that something open still stands under. The gateway computes which are over, and
-- destroys them.
CREATE FUNCTION opslag_nodig(namen text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM eis('', 'bewaring');
  RETURN QUERY
    SELECT s.question_key FROM saldoverzoek s WHERE s.state = 'open' AND s.question_key = ANY (namen)
    UNION
    SELECT r.storage_key FROM ddas_residu r WHERE r.storage_key = ANY (namen);
END $$;
REVOKE ALL ON FUNCTION opslagweek, langste_week, bericht_verleng, bewaar_inhoud, bewaar, opslag_nodig FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opslagweek, langste_week, bericht_verleng TO gw_inbox;
GRANT EXECUTE ON FUNCTION bewaar_inhoud, bewaar, opslag_nodig TO gw_beheer;

-- gateway.partners, gateway.mailbox: versions of pseudonyms ---------------------------------------------------------------------------
-- The first byte of a pseudonym is its version. While a municipality has two, what arrives is named in both: the leading one in `address`,
-- `person` and `contract`, the next one beside it. A row that was stored before has the leading one only.
CREATE TABLE pseudoniem_versie (
  zegel bytea,
  gemeentecode text PRIMARY KEY CHECK (gemeentecode ~ '^[0-9]{4}$'),
  leidend smallint NOT NULL CHECK (leidend BETWEEN 1 AND 255),
  volgend smallint CHECK (volgend = leidend + 1),
  sinds timestamptz NOT NULL
);
CREATE TRIGGER pseudoniem_versie_versie AFTER INSERT OR UPDATE OR DELETE ON pseudoniem_versie FOR EACH STATEMENT EXECUTE FUNCTION register_gewijzigd();
GRANT SELECT ON pseudoniem_versie TO gw_ingest, gw_inbox, gw_log, gw_beheer;
GRANT INSERT, UPDATE ON pseudoniem_versie TO gw_beheer;

UPDATE bericht SET address = set_byte(address, 0, 1), person = set_byte(person, 0, 1), contract = set_byte(contract, 0, 1);
UPDATE historie SET address = set_byte(address, 0, 1), contract = set_byte(contract, 0, 1);
UPDATE bezwaar SET address = set_byte(address, 0, 1), person = set_byte(person, 0, 1);
ALTER TABLE bericht ADD COLUMN address_2 bytea, ADD COLUMN person_2 bytea, ADD COLUMN contract_2 bytea;
ALTER TABLE historie ADD COLUMN address_2 bytea CHECK (length(address_2) = 32), ADD COLUMN contract_2 bytea CHECK (length(contract_2) = 32);
ALTER TABLE bezwaar ADD COLUMN address_2 bytea CHECK (length(address_2) = 32), ADD COLUMN person_2 bytea CHECK (length(person_2) = 32);
-- Who the log speaks of, in a domain and under a key of its own: entries are found by person as long as the log lives.
ALTER TABLE bericht ADD COLUMN subject bytea;
ALTER TABLE bezwaar ADD COLUMN subject bytea CHECK (length(subject) = 32);
CREATE INDEX bericht_address_2 ON bericht (gemeente, address_2) WHERE address_2 IS NOT NULL;
CREATE INDEX bericht_contract_2 ON bericht (gemeente, contract_2) WHERE contract_2 IS NOT NULL;
CREATE INDEX historie_address_2 ON historie (gemeente, address_2) WHERE address_2 IS NOT NULL;
GRANT UPDATE (address_2, person_2) ON bezwaar TO gw_inbox;

CREATE OR REPLACE FUNCTION contract_facts(gemeenten text[], contracts bytea[])
RETURNS TABLE (gemeente text, contract bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT asked.gemeente, asked.contract
  FROM unnest(gemeenten, contracts) AS asked (gemeente, contract)
  CROSS JOIN LATERAL (
    SELECT b.gemeente, b.id FROM bericht b
    WHERE b.gemeente = asked.gemeente AND b.contract = asked.contract AND b.soort = 'vroegsignaal'
      AND b.id >= uuid7_floor(now() - interval '15 months') AND b.received >= now() - interval '15 months'
    UNION ALL
    SELECT b.gemeente, b.id FROM bericht b
    WHERE b.gemeente = asked.gemeente AND b.contract_2 = asked.contract AND b.soort = 'vroegsignaal'
      AND b.id >= uuid7_floor(now() - interval '15 months') AND b.received >= now() - interval '15 months') AS b
  LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE i.state IS DISTINCT FROM 'ingetrokken';
$$;

DROP FUNCTION bericht_doorzenden;
CREATE FUNCTION bericht_doorzenden(
  van text, oud uuid, naar text, nieuw uuid, party text, received timestamptz, purpose_row text, meta bytea, name_version smallint,
  address bytea, person bytea, subject bytea, address_2 bytea, person_2 bytea, kid text, wijze text, wrapped text, storage_key text, payload bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF EXISTS (SELECT FROM bericht b WHERE b.id = nieuw) OR EXISTS (SELECT FROM content_key k WHERE k.id = nieuw) THEN RETURN false; END IF;
  INSERT INTO doorzending VALUES (van, oud, naar, nieuw, bericht_doorzenden.received) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO content_key (id, gemeente, kid, wijze, wrapped)
    VALUES (nieuw, naar, bericht_doorzenden.kid, bericht_doorzenden.wijze, bericht_doorzenden.wrapped);
  INSERT INTO bericht (gemeente, id, kenmerk, soort, sector, party, principal, received, doel, purpose_row, meta, name_version, address,
                       person, subject, address_2, person_2, content_key, storage_key, payload, schuldeiser)
  SELECT naar, nieuw, nieuw::text, b.soort, b.sector, bericht_doorzenden.party, bericht_doorzenden.party, bericht_doorzenden.received,
         b.doel, bericht_doorzenden.purpose_row, bericht_doorzenden.meta, bericht_doorzenden.name_version, bericht_doorzenden.address,
         bericht_doorzenden.person, bericht_doorzenden.subject, bericht_doorzenden.address_2, bericht_doorzenden.person_2, nieuw, bericht_doorzenden.storage_key,
         bericht_doorzenden.payload, coalesce(b.schuldeiser, b.principal)
  FROM bericht b WHERE b.gemeente = van AND b.id = oud;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION bericht_doorzenden FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bericht_doorzenden TO gw_inbox;

-- Objections that have no name in the next version yet: the municipality has to put them on its list again.
CREATE FUNCTION bezwaren_te_herhalen(place text, versie smallint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM eis(place, '');
  RETURN (SELECT count(*) FROM bezwaar b
    WHERE b.gemeente = place AND get_byte(b.address, 0) <> versie AND coalesce(get_byte(b.address_2, 0), 0) <> versie);
END $$;
-- After the change: what stands in the old version goes, and the next one takes its place. Any reader sees a row by one of both names.
CREATE FUNCTION bewaar_versie(place text, versie smallint, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE done bigint; part bigint;
BEGIN
  PERFORM eis(place, '');
  UPDATE bericht SET address = address_2, person = person_2, contract = contract_2, address_2 = NULL, person_2 = NULL, contract_2 = NULL
  WHERE (gemeente, id) IN (SELECT gemeente, id FROM bericht
    WHERE gemeente = place AND address_2 IS NOT NULL AND get_byte(address_2, 0) = versie LIMIT most);
  GET DIAGNOSTICS done = ROW_COUNT;
  UPDATE historie SET address = address_2, contract = contract_2, address_2 = NULL, contract_2 = NULL
  WHERE (gemeente, key) IN (SELECT gemeente, key FROM historie WHERE gemeente = place AND get_byte(address_2, 0) = versie LIMIT most);
  GET DIAGNOSTICS part = ROW_COUNT;
  done := done + part;
  UPDATE bezwaar SET address = address_2, person = person_2, address_2 = NULL, person_2 = NULL
  WHERE gemeente = place AND get_byte(address_2, 0) = versie;
  GET DIAGNOSTICS part = ROW_COUNT;
  done := done + part;
  DELETE FROM bezwaar WHERE gemeente = place AND get_byte(address, 0) < versie;
  RETURN done;
END $$;
-- What still counts (an address since `adres`, a contract since `contract`) and has no name in the next version: after the change nothing would match it.
CREATE FUNCTION namen_zonder_volgende(place text, versie smallint, adres timestamptz, contract timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM eis(place, '');
  RETURN (SELECT count(*) FROM bericht b WHERE b.gemeente = place AND (
      b.received >= namen_zonder_volgende.adres AND versie <> ALL (ARRAY[get_byte(b.address, 0), coalesce(get_byte(b.address_2, 0), 0)])
      OR b.received >= namen_zonder_volgende.contract AND versie <> ALL (ARRAY[get_byte(b.contract, 0), coalesce(get_byte(b.contract_2, 0), 0)])))
    + (SELECT count(*) FROM historie h WHERE h.gemeente = place
      AND h.day >= (namen_zonder_volgende.adres AT TIME ZONE 'Europe/Amsterdam')::date
      AND (versie <> ALL (ARRAY[get_byte(h.address, 0), coalesce(get_byte(h.address_2, 0), 0)])
        OR versie <> ALL (ARRAY[get_byte(h.contract, 0), coalesce(get_byte(h.contract_2, 0), 0)])));
END $$;
REVOKE ALL ON FUNCTION bezwaren_te_herhalen, namen_zonder_volgende, bewaar_versie FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bezwaren_te_herhalen, namen_zonder_volgende, bewaar_versie TO gw_beheer;

-- gateway.mailbox: how many addresses a municipality had named in a day, apart from its signals ----------------------------------------
CREATE TABLE afleiding (
  gemeente text NOT NULL,
  dag date NOT NULL,
  aantal integer NOT NULL CHECK (aantal > 0),
  PRIMARY KEY (gemeente, dag)
);
GRANT SELECT, INSERT, UPDATE ON afleiding TO gw_inbox;

-- ... and how many persons the gateway made readable in a day, by who asked: the role of oversight is granted it where it is made.
CREATE TABLE omkering (
  partij text NOT NULL,
  gemeente text NOT NULL,
  dag date NOT NULL,
  soort text NOT NULL CHECK (soort IN ('omkering', 'opening')),
  aantal integer NOT NULL CHECK (aantal > 0),
  PRIMARY KEY (partij, gemeente, dag, soort)
);
GRANT SELECT, INSERT, UPDATE ON omkering TO gw_inbox;

SELECT hand_over();
