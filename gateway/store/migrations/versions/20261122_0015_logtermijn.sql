-- gateway.privacylog.term: content goes at its term; leaves stay, and so do the statements that explain what is gone -------------------
CREATE TABLE log_termijn (
  profiel text PRIMARY KEY,                   -- '' no municipality, '*' every municipality without a row of its own, else its code
  maanden smallint CHECK (maanden >= 24),     -- a municipality's own; the others stand in gateway.retention.terms
  tot bigint NOT NULL DEFAULT 0,              -- of this profile, what has a lower number was let go: saves reading, no more
  CHECK ((maanden IS NULL) = (profiel IN ('', '*')))
);
INSERT INTO log_termijn (profiel) VALUES (''), ('*');
GRANT SELECT, INSERT, UPDATE (maanden, tot) ON log_termijn TO gw_log;
CREATE INDEX log_entry_vernietigd ON log_entry (id) WHERE event = 'log.vernietigd';

CREATE FUNCTION log_vernietig(nummers bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM log_entry e USING log_leaf l
    WHERE l.nr = ANY (nummers) AND e.id = l.entry AND e.event <> 'log.vernietigd' RETURNING 1
  )
  SELECT count(*) FROM gone;
$$;
REVOKE ALL ON FUNCTION log_vernietig FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_vernietig TO gw_log;

-- gateway.privacylog.append: each role writes the events of its own flows, under the name that the content has, and all of them ----------
-- A name ("claim.verlengd") or all events of a kind ("claim"). The owner can write into the tables anyway, so nothing is asked of it.
CREATE FUNCTION log_mag(rol name, event text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE rol
    WHEN 'gw_ingest' THEN split_part(event, '.', 1) = ANY ('{signaal,stand,bestand,aanlevering,terugkoppeling,schuldenoverzicht,saldoverzoek,regeling,regelingbericht}')
      OR event = 'nummerveld.aangehouden'
    WHEN 'gw_inbox' THEN split_part(event, '.', 1) = ANY ('{bericht,claim,onopgehaald,opvolging,mijlpaal,zaak,brieven,teksten,instelling,ritme,bezwaar,historie,terugkoppeling,statistiek,schuldenoverzicht,saldoverzoek,regeling,regelingbericht,verzoek}')
      OR event = ANY ('{signaal.bezorgd,nummerveld.aangehouden}')
    WHEN 'gw_log' THEN split_part(event, '.', 1) = 'log'
    WHEN 'gw_beheer' THEN split_part(event, '.', 1) = ANY ('{register,bewaartermijn,sleutel,hoofdsleutel,pseudoniemversie}')
      OR event = 'nummerveld.vrijgegeven'
    WHEN 'gw_console' THEN split_part(event, '.', 1) = ANY ('{console,verzoek}')
    WHEN 'gw_toezicht' THEN split_part(event, '.', 1) = ANY ('{toezicht,inzage,lek,toegang,ontzegeling}')
    ELSE true END;
$$;
CREATE OR REPLACE FUNCTION log_append_delivered(ids uuid[], events text[], bodies bytea[], leaves bytea[], gemeenten text[], berichten uuid[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n bigint;
BEGIN
  IF EXISTS (SELECT FROM unnest(bodies, leaves) AS u(body, leaf) WHERE u.leaf IS DISTINCT FROM sha256('\x00'::bytea || u.body)) THEN
    RAISE EXCEPTION 'a leaf does not fit its body' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM unnest(events, bodies) AS u(event, body)
             WHERE (position(convert_to('"gebeurtenis":"' || u.event || '"', 'UTF8') IN u.body) > 0) IS NOT TRUE) THEN
    RAISE EXCEPTION 'an entry is called otherwise than its content' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM unnest(events) AS event GROUP BY event HAVING NOT log_mag(session_user, event)) THEN
    RAISE EXCEPTION 'an event that this role does not write' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO log_entry (id, event, body) SELECT * FROM unnest(ids, events, bodies);
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n IS DISTINCT FROM cardinality(ids) THEN
    RAISE EXCEPTION 'the log did not keep every entry' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO log_queue (entries, leaves, gemeenten, berichten) VALUES (ids, leaves, gemeenten, berichten);
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n <> 1 THEN
    RAISE EXCEPTION 'the log did not queue the entries' USING ERRCODE = 'check_violation';
  END IF;
END $$;
REVOKE ALL ON FUNCTION log_mag FROM PUBLIC;

SELECT hand_over();
