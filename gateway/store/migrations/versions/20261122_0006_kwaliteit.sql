-- gateway.mailbox: what the creditor's side needs of messages ------------------------------------------------------------------
ALTER TABLE inbox_item ADD COLUMN geclaimd_op timestamptz;      -- when somebody first claimed it; the proof shows it
ALTER TABLE inbox_item ADD COLUMN afgewezen_op timestamptz;     -- when it was rejected, or sent on
GRANT UPDATE (geclaimd_op, afgewezen_op) ON inbox_item TO gw_inbox;
CREATE INDEX bericht_eigen ON bericht (principal, sector, id);
CREATE INDEX bericht_vorige ON bericht (gemeente, earlier) WHERE earlier IS NOT NULL;
-- `meta` is canonical JSON: inside a text the quotes would have a backslash before them.
CREATE INDEX bericht_inhaal ON bericht (gemeente, id) WHERE position('"inhaalslag":true'::bytea IN meta) > 0;

-- gateway.standen: a list of open signals per series and day; no person data ----------------------------------------------------
CREATE TABLE stand (
  principal text NOT NULL,
  reeks text NOT NULL,             -- sector, trade name and profile
  peildatum date NOT NULL,
  id uuid NOT NULL,
  party text NOT NULL,
  content bytea NOT NULL CHECK (length(content) = 32),
  received timestamptz NOT NULL,
  plan bytea NOT NULL,             -- what is done with each signal: kenmerken, ids and a verdict, decided once, before anything is done
  bezig_tot timestamptz NOT NULL,  -- somebody is at it until then, at most
  result bytea,                    -- canonical JSON of the report; null while in progress
  PRIMARY KEY (principal, reeks, peildatum)
);
CREATE TABLE stand_bericht (       -- under which kenmerk the creditor lists a message, and in which profile
  principal text NOT NULL,
  bericht uuid NOT NULL,
  kenmerk text NOT NULL,
  profiel text,
  PRIMARY KEY (principal, bericht)
);
GRANT SELECT, INSERT ON stand TO gw_ingest;
GRANT UPDATE (bezig_tot, result) ON stand TO gw_ingest;
GRANT SELECT, INSERT ON stand_bericht TO gw_ingest;

CREATE FUNCTION own_signals(asker text, of_sector text)
RETURNS TABLE (id uuid, kenmerk text, earlier uuid, meta bytea, state text, withdrawn_at timestamptz, volgt boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.id, b.kenmerk, b.earlier, b.meta, coalesce(i.state, 'bezorgd'), i.withdrawn_at, false
  FROM bericht b LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.principal = asker AND b.sector = of_sector AND b.id >= uuid7_floor(now() - interval '24 months')
  ORDER BY b.id;
$$;
CREATE FUNCTION signal_proof(asker text, wanted uuid)
RETURNS TABLE (gemeente text, kenmerk text, soort text, sector text, received timestamptz, nr bigint, geclaimd_op timestamptz,
               withdrawn_at timestamptz, withdrawn_reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.gemeente, b.kenmerk, b.soort, b.sector, b.received, i.nr, i.geclaimd_op, i.withdrawn_at, i.withdrawn_reason
  FROM bericht b LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.id = wanted AND b.principal = asker;
$$;

-- gateway.quality: figures per partner and month; rows are only added, so that deliveries never wait for each other ---------------
CREATE TABLE kwaliteit_telling (
  id uuid PRIMARY KEY,
  principal text NOT NULL,
  maand date NOT NULL,
  code text NOT NULL,              -- a status in lower case, or the code of a check
  aantal integer NOT NULL CHECK (aantal > 0),
  voorbeeld text                   -- the creditor's own kenmerk
);
CREATE INDEX kwaliteit_telling_partner ON kwaliteit_telling (principal, maand, code);
GRANT SELECT, INSERT ON kwaliteit_telling TO gw_ingest;

-- Whole months before `before`: one row per code and example, at most five examples.
CREATE FUNCTION kwaliteit_samenvatten(before date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH many AS (
    SELECT principal, maand, code FROM kwaliteit_telling WHERE maand < date_trunc('month', before)::date GROUP BY 1, 2, 3 HAVING count(*) > 5
  ), gone AS (
    DELETE FROM kwaliteit_telling t USING many m WHERE (t.principal, t.maand, t.code) = (m.principal, m.maand, m.code) RETURNING t.*
  ), ranked AS (
    SELECT *, row_number() OVER w AS place, sum(aantal) OVER (PARTITION BY principal, maand, code) AS total
    FROM gone WINDOW w AS (PARTITION BY principal, maand, code ORDER BY voorbeeld NULLS LAST, id)
  ), kept AS (                     -- four rows of 1 and one of the rest: the sum stays what it was
    INSERT INTO kwaliteit_telling (id, principal, maand, code, aantal, voorbeeld)
    SELECT gen_random_uuid(), principal, maand, code, CASE WHEN place = 5 THEN total - 4 ELSE 1 END, voorbeeld FROM ranked WHERE place <= 5
  )
  SELECT count(*) FROM gone;
$$;
-- What municipalities reported of a creditor's signals that came in these months: sums only, over all municipalities, and only what was
-- reported before this week, so that no report shows by the moment at which a sum changes.
CREATE FUNCTION kwaliteit_gemeld(asker text, van date, tot date) RETURNS TABLE (code text, aantal bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT i.rejected_reason, count(*)
  FROM bericht b JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
  WHERE b.principal = asker AND i.rejected_reason IN ('geen_inwoner', 'onterecht_signaal')
    AND i.afgewezen_op < date_trunc('week', now() AT TIME ZONE 'Europe/Amsterdam') AT TIME ZONE 'Europe/Amsterdam'
    AND b.received >= van::timestamp AT TIME ZONE 'Europe/Amsterdam' AND b.received < (tot + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam'
  GROUP BY 1;
$$;

-- gateway.privacylog: roots of complete subtrees, kept once computed, so that a proof reads hundreds of hashes and not the log ------
CREATE TABLE log_tegel (
  hoogte smallint NOT NULL,        -- 2^hoogte leaves
  nr bigint NOT NULL,              -- the how-manieth of that height, from 0
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (hoogte, nr)
);
GRANT SELECT, INSERT ON log_tegel TO gw_log;

REVOKE ALL ON FUNCTION own_signals, signal_proof, kwaliteit_samenvatten, kwaliteit_gemeld FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_signals, signal_proof, kwaliteit_gemeld TO gw_ingest;
GRANT EXECUTE ON FUNCTION kwaliteit_samenvatten TO gw_beheer;

SELECT hand_over();
