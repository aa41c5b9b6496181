-- Settings of a municipality, milestones of a message, the follow-up partner, and what happens to a message that nobody fetches.

-- gateway.partners: settings are only ever inserted; the newest version of a name holds, and only with its `zegel` -----------------
CREATE TABLE instelling (
  zegel bytea,
  gemeentecode text NOT NULL CHECK (gemeentecode ~ '^[0-9]{4}$'),
  naam text NOT NULL CHECK (naam ~ '^[a-z]{3,30}$'),
  versie integer NOT NULL CHECK (versie > 0),
  waarde bytea NOT NULL,           -- canonical JSON
  gewijzigd_op timestamptz NOT NULL,
  partij text NOT NULL,
  PRIMARY KEY (gemeentecode, naam, versie)
);
CREATE TRIGGER instelling_versie AFTER INSERT OR UPDATE OR DELETE ON instelling FOR EACH STATEMENT EXECUTE FUNCTION register_gewijzigd();
GRANT SELECT ON instelling TO gw_ingest, gw_inbox, gw_beheer;
GRANT INSERT ON instelling TO gw_inbox;

-- gateway.mailbox: what clocks go by, who follows up, what was reported ------------------------------------------------------------
CREATE TABLE mijlpaal (
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  soort text NOT NULL CHECK (soort IN ('bedreigend', 'hulp_geaccepteerd', 'eerste_contact', 'analyse', 'eerste_gesprek', 'besluit')),
  dag date NOT NULL,
  PRIMARY KEY (gemeente, bericht, soort)
);
CREATE TABLE deling (                -- group keys that a municipality with an own key sealed to a partner; never opened here
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  partner text NOT NULL,
  sleutels bytea NOT NULL,           -- JSON: field group -> compact JWE
  gedeeld_op timestamptz NOT NULL,
  PRIMARY KEY (gemeente, bericht, partner)
);
CREATE TABLE opvolging (             -- leases of follow-up partners, apart from those of the municipality itself
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  partner text NOT NULL,
  claim uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  afgerond_op timestamptz,
  PRIMARY KEY (gemeente, bericht, partner)
);
CREATE INDEX opvolging_claim ON opvolging (gemeente, claim);
CREATE TABLE onopgehaald (           -- reported once per threshold
  gemeente text NOT NULL,
  bericht uuid NOT NULL,
  werkdagen smallint NOT NULL,
  PRIMARY KEY (gemeente, bericht, werkdagen)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON mijlpaal, deling, opvolging TO gw_inbox;
GRANT SELECT, INSERT ON onopgehaald TO gw_inbox;

-- Expiry: bezorgd -> verlopen, and a claim whose lease ended counts as given back. Its shared keys are destroyed, as its payload is.
CREATE FUNCTION expire(place text, wanted uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone uuid[];
BEGIN
  WITH ended AS (
    UPDATE inbox_item i SET state = 'verlopen', claim = NULL, lease_until = NULL
    WHERE i.gemeente = place AND i.bericht = ANY (wanted)
      AND (i.state = 'bezorgd' OR (i.state = 'geclaimd' AND i.lease_until <= now()))
    RETURNING i.bericht)
  SELECT coalesce(array_agg(bericht), '{}') INTO gone FROM ended;
  DELETE FROM deling d WHERE d.gemeente = place AND d.bericht = ANY (gone);
  RETURN QUERY SELECT unnest(gone);
END $$;

-- Which of these messages expired or were rejected: their kenmerk may be offered again.
CREATE FUNCTION ended_messages(gemeenten text[], wanted uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT i.bericht FROM unnest(gemeenten, wanted) AS w(gemeente, bericht)
  JOIN inbox_item i ON i.gemeente = w.gemeente AND i.bericht = w.bericht WHERE i.state IN ('verlopen', 'afgewezen');
$$;

-- Hand a kenmerk over from an ended message to the new one; only when it is still the old one's. Returns how many were handed over.
CREATE FUNCTION renew(keys bytea[], contents bytea[], olds uuid[], gemeenten text[], berichten uuid[], receiveds timestamptz[],
                      leaves bytea[], found bytea[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH moved AS (
    UPDATE fingerprint f SET content = n.content, gemeente = n.gemeente, bericht = n.bericht, received = n.received, leaf = n.leaf,
      findings = n.findings
    FROM unnest(keys, contents, olds, gemeenten, berichten, receiveds, leaves, found)
      AS n(key, content, old, gemeente, bericht, received, leaf, findings)
    WHERE f.key = n.key AND f.bericht = n.old RETURNING 1)
  SELECT count(*) FROM moved;
$$;
REVOKE ALL ON FUNCTION expire, ended_messages, renew FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire TO gw_inbox;
GRANT EXECUTE ON FUNCTION ended_messages, renew TO gw_ingest;

SELECT hand_over();
