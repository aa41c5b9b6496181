-- gateway.keys: a key that was destroyed leaves its name behind, so that no key of that name is ever made again ---------------------
ALTER TABLE wrapped_key ALTER COLUMN wrapped DROP NOT NULL;
ALTER TABLE wrapped_key ADD COLUMN destroyed timestamptz;
ALTER TABLE wrapped_key ADD CHECK ((wrapped IS NULL) = (destroyed IS NOT NULL));
GRANT UPDATE ON wrapped_key TO gw_beheer;

-- gateway.retention: each part of the dated table is emptied by one function, in batches; it says how many rows and nothing of them --------
-- The role that runs them (gw_beheer) can read none of these tables.
CREATE TABLE bewaring_ronde (dag date PRIMARY KEY, at timestamptz NOT NULL);
GRANT SELECT, INSERT ON bewaring_ronde TO gw_beheer;

CREATE FUNCTION opslagweek(name text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT substring(name FROM '/([0-9]{4}-W[0-9]{2})$');
$$;

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
    UPDATE bericht SET address = NULL, person = NULL WHERE (gemeente, id) IN (
      SELECT gemeente, id FROM bericht WHERE id < uuid7_floor(grens) AND (address IS NOT NULL OR person IS NOT NULL) LIMIT most);
  WHEN 'contract' THEN
    UPDATE bericht SET contract = NULL WHERE (gemeente, id) IN (
      SELECT gemeente, id FROM bericht WHERE id < uuid7_floor(grens) AND contract IS NOT NULL LIMIT most);
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

-- Destroys keys whose time is over, and names them: of a week that ended, unless an open question still stands under it; of a quarter of the
-- statistics that ended before `kwartaal` and has no residue left.
CREATE FUNCTION vernietig_opslag(at timestamptz, kwartaal timestamptz) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE wrapped_key k SET wrapped = NULL, destroyed = at
  WHERE k.wrapped IS NOT NULL AND (
    k.name LIKE 'opslag/%' AND opslagweek(k.name) < to_char(at AT TIME ZONE 'Europe/Amsterdam', 'IYYY-"W"IW')
      AND NOT EXISTS (SELECT FROM saldoverzoek s WHERE s.state = 'open' AND s.question_key = k.name)
    OR k.name LIKE 'opslag-statistiek/%'
      AND substring(k.name FROM '/([0-9]{4}-K[1-4])$') < to_char(kwartaal AT TIME ZONE 'Europe/Amsterdam', 'YYYY-"K"Q')
      AND NOT EXISTS (SELECT FROM ddas_residu r WHERE r.storage_key = k.name))
  RETURNING k.name;
$$;
REVOKE ALL ON FUNCTION opslagweek, bewaar_inhoud, bewaar, vernietig_opslag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bewaar_inhoud, bewaar, vernietig_opslag TO gw_beheer;

SELECT hand_over();
