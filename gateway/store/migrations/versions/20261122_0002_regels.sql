-- gateway.mailbox: what came before on a contract (rule VS-17) -----------------------------------------------------------------
-- One call per chunk. Tells which of the asked pseudonyms had an early signal in the last 15 months, and nothing else.
CREATE FUNCTION contract_facts(gemeenten text[], contracts bytea[])
RETURNS TABLE (gemeente text, contract bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT asked.gemeente, asked.contract
  FROM unnest(gemeenten, contracts) AS asked (gemeente, contract)
  WHERE EXISTS (
    SELECT FROM bericht b
    LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
    WHERE b.gemeente = asked.gemeente AND b.contract = asked.contract AND b.soort = 'vroegsignaal'
      AND b.id >= uuid7_floor(now() - interval '15 months') AND b.received >= now() - interval '15 months'
      AND i.state IS DISTINCT FROM 'ingetrokken');
$$;
REVOKE ALL ON FUNCTION contract_facts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contract_facts TO gw_ingest;

-- gateway.signals: what a creditor did before its signals. Days and channels only, no person data, no kenmerk ------------------
CREATE TABLE inspanning (
  principal text NOT NULL,
  bericht uuid NOT NULL,
  sector text NOT NULL,
  dag date NOT NULL,               -- the Dutch day of receipt
  wijze text NOT NULL CHECK (wijze IN ('gegevens', 'verklaring')),
  persoonlijk boolean NOT NULL,    -- the customer was reached in person
  onder_norm boolean NOT NULL,     -- the agreed norm was not met
  kanalen text[] NOT NULL,
  dagen integer,                   -- between the first effort and the signal
  datums bytea NOT NULL,           -- the evidence: a day and a channel per fact, as JSON
  PRIMARY KEY (principal, dag, bericht)
);

CREATE TABLE inspanning_aantal (   -- what is left after twelve months
  principal text NOT NULL,
  sector text NOT NULL,
  maand date NOT NULL,
  signalen integer NOT NULL,
  met_verklaring integer NOT NULL,
  persoonlijk integer NOT NULL,
  onder_norm integer NOT NULL,
  PRIMARY KEY (principal, sector, maand)
);

-- Whole months that ended before `before` become counts.
CREATE FUNCTION inspanning_samenvatten(before date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (DELETE FROM inspanning WHERE dag < date_trunc('month', before)::date RETURNING *),
  kept AS (
    INSERT INTO inspanning_aantal AS a
    SELECT principal, sector, date_trunc('month', dag)::date, count(*), count(*) FILTER (WHERE wijze = 'verklaring'),
           count(*) FILTER (WHERE persoonlijk), count(*) FILTER (WHERE onder_norm)
    FROM gone GROUP BY 1, 2, 3
    ON CONFLICT (principal, sector, maand) DO UPDATE SET
      signalen = a.signalen + EXCLUDED.signalen, met_verklaring = a.met_verklaring + EXCLUDED.met_verklaring,
      persoonlijk = a.persoonlijk + EXCLUDED.persoonlijk, onder_norm = a.onder_norm + EXCLUDED.onder_norm)
  SELECT count(*) FROM gone;
$$;
REVOKE ALL ON FUNCTION inspanning_samenvatten FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inspanning_samenvatten TO gw_beheer;
GRANT SELECT, INSERT ON inspanning TO gw_ingest;
GRANT SELECT ON inspanning_aantal TO gw_ingest;

SELECT hand_over();
