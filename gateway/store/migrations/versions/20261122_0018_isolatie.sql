-- gateway.store.tenant: rows show under a signed context only: whose transaction this is, and since when --------------------------------
-- Verified once per statement ((SELECT context()) is an InitPlan). The application can set any text, but not one that this key signed.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gw_taken') THEN
    CREATE ROLE gw_taken NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO gw_taken;

CREATE TABLE context_sleutel (     -- nobody but the function below reads it; put in place by the database's owner (gateway.store.tenant)
  enig boolean PRIMARY KEY DEFAULT true CHECK (enig),
  binnen bytea NOT NULL CHECK (length(binnen) = 64),  -- HMAC-SHA-256: key xor ipad, key xor opad
  buiten bytea NOT NULL CHECK (length(buiten) = 64)
);

-- gemeente, parties (comma), task: what holds now. NULL: no context, not signed by us, or not of this minute.
CREATE FUNCTION context() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE parts text[]; sleutel context_sleutel;
BEGIN
  parts := string_to_array(current_setting('seinhuis.context', true), '|');
  IF parts IS NULL OR cardinality(parts) <> 5 THEN RETURN NULL; END IF;
  SELECT * INTO sleutel FROM context_sleutel;
  IF encode(sha256(sleutel.buiten || sha256(sleutel.binnen || convert_to(array_to_string(parts[1:4], '|'), 'UTF8'))), 'hex')
     IS DISTINCT FROM parts[5] THEN
    RETURN NULL;
  END IF;
  IF abs(extract(epoch FROM transaction_timestamp()) - parts[4]::bigint) > 60 THEN RETURN NULL; END IF;
  RETURN parts[1:3];
END $$;

-- The first statement of a transaction. A context that does not hold is an error here and not an inbox that looks empty.
CREATE FUNCTION optreden(token text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM set_config('seinhuis.context', token, true);
  IF context() IS NULL THEN RAISE EXCEPTION 'this context does not hold' USING ERRCODE = 'insufficient_privilege'; END IF;
END $$;

-- The asker of a function for creditors, when it is one of the parties of this context.
CREATE FUNCTION bevoegd(asker text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT asker WHERE asker = ANY (string_to_array((SELECT (context())[2]), ','));
$$;
REVOKE ALL ON FUNCTION context, optreden, bevoegd FROM PUBLIC;
GRANT EXECUTE ON FUNCTION context, optreden TO gw_ingest, gw_inbox, gw_log, gw_beheer, gw_toezicht, gw_taken;

-- A held kenmerk is its creditor's.
ALTER TABLE fingerprint ADD COLUMN principal text;
UPDATE fingerprint f SET principal = b.principal FROM bericht b WHERE b.gemeente = f.gemeente AND b.id = f.bericht;
ALTER TABLE fingerprint ALTER COLUMN principal SET NOT NULL;

-- What a caller names must be the context's -----------------------------------------------------------------------------------------------
-- The text of these functions stays as it was, but for the one comparison with the context.
DO $$
DECLARE f record; was text;
BEGIN
  FOR f IN SELECT * FROM (VALUES
    ('saldo_seen', '= asker', '= (SELECT bevoegd(asker))'),
    ('saldo_one', '= asker', '= (SELECT bevoegd(asker))'),
    ('saldo_hold', '= asker', '= (SELECT bevoegd(asker))'),
    ('saldo_answer', '= asker', '= (SELECT bevoegd(asker))'),
    ('saldo_news', '= asker', '= (SELECT bevoegd(asker))'),
    ('saldo_ended', '= asker', '= (SELECT bevoegd(asker))'),
    ('overzicht_log', '= asker', '= (SELECT (context())[1] WHERE (context())[1] = asker)'),
    ('regeling_log', '= asker', '= (SELECT (context())[1] WHERE (context())[1] = asker)'),
    ('expire', 'i.gemeente = place', 'i.gemeente = (SELECT (context())[1] WHERE (context())[1] = place)'),
    -- what must not be destroyed is looked up: a context that hides it destroys nothing
    ('bewaar_inhoud', 'b.payload IS NOT NULL AND', 'b.payload IS NOT NULL AND (SELECT (context())[3]) = ''bewaring'' AND')
  ) AS v(name, old, new) LOOP
    was := pg_get_functiondef(f.name::regproc);
    IF position(f.old IN was) = 0 THEN RAISE EXCEPTION '% is not as it was', f.name; END IF;
    EXECUTE replace(was, f.old, f.new);
  END LOOP;
END $$;

-- Of what a context hides nobody may hear that there is nothing.
CREATE OR REPLACE FUNCTION eis(place text, task text) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (context())[1] IS DISTINCT FROM place OR (context())[3] IS DISTINCT FROM task THEN
    RAISE EXCEPTION 'this context is not of % %', place, task USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ended_messages(gemeenten text[], wanted uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT i.bericht FROM unnest(gemeenten, wanted) AS w(gemeente, bericht)
  JOIN bericht b ON b.gemeente = w.gemeente AND b.id = w.bericht  -- the caller's own only: the owner of this function sees no other
  JOIN inbox_item i ON i.gemeente = w.gemeente AND i.bericht = w.bericht WHERE i.state IN ('verlopen', 'afgewezen', 'doorgezonden');
$$;

-- Of a message that was sent on nothing goes back: that row is the receiving municipality's, so it is not the sender that writes it.
CREATE FUNCTION doorzending_zwijgt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO terugkoppeling_stil (gemeente, bericht) VALUES (NEW.naar_gemeente, NEW.naar_bericht) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER doorzending_zwijgt AFTER INSERT ON doorzending FOR EACH ROW EXECUTE FUNCTION doorzending_zwijgt();
REVOKE ALL ON FUNCTION doorzending_zwijgt FROM PUBLIC;
REVOKE INSERT ON terugkoppeling_stil FROM gw_inbox;

-- Which municipalities have something to do for a clock: names of municipalities and nothing else.
GRANT SELECT (gemeente, bericht, state, lease_until) ON inbox_item TO gw_taken;
GRANT SELECT (gemeente, id, received) ON bericht TO gw_taken;
GRANT SELECT (gemeente, state, uiterlijk) ON schuldenoverzicht TO gw_taken;
GRANT SELECT (gemeente, state, reminders, asked) ON saldoverzoek TO gw_taken;
GRANT SELECT (gemeente, state, einde) ON regeling TO gw_taken;
GRANT SELECT (gemeente, state, reminders, sent) ON regelingbericht TO gw_taken;
-- Which parties have a file waiting, and what the spool may lose.
GRANT SELECT (id, party, state, soort, received, lease_until, attempts, modified, finished, chunks), DELETE ON bestand TO gw_taken;
GRANT SELECT (bestand, nr, na, done, lease_until) ON bestand_deel TO gw_taken;
GRANT SELECT (id, created, collected), UPDATE (collected), DELETE ON bestand_uit TO gw_taken;
GRANT SELECT (dag), DELETE ON nummer_telling TO gw_taken;
GRANT SELECT (party, principal, soort, collected) ON saldobestand_vraag TO gw_taken;
REVOKE EXECUTE ON FUNCTION number_feedback FROM gw_log;
REVOKE EXECUTE ON FUNCTION inspanning_samenvatten, kwaliteit_samenvatten FROM gw_beheer;
GRANT EXECUTE ON FUNCTION number_feedback, inspanning_samenvatten, kwaliteit_samenvatten, ensure_partitions TO gw_taken;

-- Rights that no task needs: whose a row is and what made it never changes.
REVOKE UPDATE ON claim, opvolging, afleiding, ritme FROM gw_inbox;
GRANT UPDATE (lease_until) ON claim TO gw_inbox;
GRANT UPDATE (claim, lease_until, afgerond_op) ON opvolging TO gw_inbox;
GRANT UPDATE (aantal) ON afleiding TO gw_inbox;
GRANT UPDATE (dag, versie, gewijzigd_op) ON ritme TO gw_inbox;
REVOKE UPDATE ON aanlevering, bestand_uit FROM gw_ingest;
GRANT UPDATE (result) ON aanlevering TO gw_ingest;
GRANT UPDATE (collected) ON bestand_uit TO gw_ingest;

-- The register is the office's: who needs it takes it from the gateway's memory, where each row's seal was checked.
REVOKE SELECT ON register_versie, deelnemer, certificaat, mandaat, overeenkomst, verklaring, gemeente_instelling, gemeentesleutel, sftp_sleutel,
  bestandsprofiel, ophaaladres, partijsleutel, bsnregistratie, leveringsgebied, afspraak FROM gw_ingest, gw_inbox, gw_log;
REVOKE SELECT ON instelling FROM gw_ingest;
REVOKE SELECT ON pseudoniem_versie FROM gw_ingest, gw_log;

-- Policies: one per table and role; what is not named here is refused ----------------------------------------------------------------------
-- c1: the municipality of the context; c2: its parties; c3: it has a task; b3: that is retention; i3: that is the index of oversight; l3: that is the term of the log;
-- elk: any context that holds; true: without one.
DO $$
DECLARE
  p record; t text;
  c1 CONSTANT text := '(SELECT (context())[1])';
  c2 CONSTANT text := 'ANY ((SELECT string_to_array((context())[2], '',''))::text[])';
  c3 CONSTANT text := '(SELECT (context())[3]) <> ''''';
  b3 CONSTANT text := '(SELECT (context())[3]) = ''bewaring''';
  i3 CONSTANT text := '(SELECT (context())[3]) = ''zoekindex''';
  l3 CONSTANT text := '(SELECT (context())[3]) = ''logtermijn''';
  elk CONSTANT text := '(SELECT context()) IS NOT NULL';
BEGIN
  FOR p IN SELECT * FROM (VALUES
    -- the municipality's own, by the role of the inbox
    ('gw_inbox', 'gemeente = ' || c1, 'bericht content_key inbox_item claim ritme historie bezwaar mijlpaal deling opvolging onopgehaald doorzending '
      'zaak zaak_bericht contactpoging zaak_contact terugkoppeling_keuze terugkoppeling terugkoppeling_stil ddas_residu brieftekst '
      'schuldenoverzicht saldoverzoek regeling regelingbericht regelingfeit afleiding medewerker_naam omkering'),
    ('gw_inbox', 'gemeentecode = ' || c1, 'instelling'),
    ('gw_inbox', 'gemeente = ' || c1 || ' OR ' || c3, 'statistiek_instelling'),  -- who delivers to CBS is asked over all
    ('gw_inbox', 'partij = ' || c2, 'nummer_telling nummer_aangehouden'),
    -- the creditor's own, by the role that takes in
    ('gw_ingest', 'principal = ' || c2, 'bericht fingerprint quarantine aanlevering inspanning inspanning_aantal kwaliteit_telling stand stand_bericht'),
    ('gw_ingest', 'party = ' || c2, 'bestand bestand_uit terugkoppeling_bestand saldobestand saldobestand_vraag'),
    ('gw_ingest', 'partij = ' || c2, 'nummer_telling nummer_aangehouden'),
    ('gw_ingest', 'EXISTS (SELECT FROM aanlevering a WHERE a.id = aanlevering)', 'aanlevering_verslag'),
    ('gw_ingest', 'EXISTS (SELECT FROM bestand b WHERE b.id = bestand)', 'bestand_deel'),
    ('gw_ingest', '(SELECT (context())[2]) <> ''''', 'content_key ddas_residu statistiek_instelling'),
    -- clocks and sweeping, over all
    ('gw_taken', c3, 'inbox_item bericht schuldenoverzicht saldoverzoek regeling regelingbericht bestand bestand_deel bestand_uit nummer_telling '
      'saldobestand_vraag'),
    -- oversight: the log and the tables of one municipality, persons looked for by one officer; the index is made of the log of everybody
    ('gw_toezicht', 'gemeente = ' || c1, 'medewerker_naam inzageverzoek ontzegeling omkering'),
    ('gw_toezicht', 'partij = ' || c2, 'toezicht_persoon'),
    ('gw_toezicht', 'gemeente = ' || c1 || ' OR ' || i3, 'toezicht_regel'),
    ('gw_toezicht', i3 || ' OR EXISTS (SELECT FROM toezicht_regel r WHERE r.entry = id)', 'log_entry'),
    -- the log: read whole by its own role; let go at its term, and its index with it; functions look up what is of one municipality
    ('gw_log', 'true', 'log_entry'),
    ('gw_eigenaar', l3, 'toezicht_regel'),
    ('gw_eigenaar', c1 || ' <> '''' OR ' || l3, 'log_entry'),
    -- the sequencer, which gives every message its number, and the office, which keeps register, files and counts of everybody
    ('gw_log', 'true', 'inbox_item'),
    ('gw_beheer', 'true', 'instelling bestand bestand_deel nummer_telling nummer_aangehouden'),
    -- functions: never without a context, and where a row says whose it is, that context's only
    ('gw_eigenaar', 'gemeente = ' || c1 || ' OR principal = ' || c2 || ' OR schuldeiser = ' || c2 || ' OR ' || c3, 'bericht'),
    ('gw_eigenaar', 'principal = ' || c2 || ' OR ' || b3, 'fingerprint'),
    ('gw_eigenaar', 'schuldeiser = ' || c2 || ' OR ' || b3, 'regelingbericht'),
    ('gw_eigenaar', 'gemeente = ' || c1 || ' OR ' || b3, 'historie'),
    ('gw_eigenaar', 'gemeente = ' || c1, 'bezwaar'),
    ('gw_eigenaar', 'gemeente = ' || c1 || ' OR ' || b3, 'ontzegeling'),
    ('gw_eigenaar', b3, 'claim opvolging zaak zaak_bericht zaak_contact instelling quarantine toezicht_persoon inzageverzoek medewerker_naam'),
    ('gw_eigenaar', 'principal = ' || c2 || ' OR ' || c3, 'terugkoppeling'),
    ('gw_eigenaar', 'party = ' || c2, 'saldobestand_vraag'),
    ('gw_eigenaar', c3, 'terugkoppeling_stand inspanning inspanning_aantal kwaliteit_telling'),
    ('gw_eigenaar', elk, 'content_key inbox_item deling doorzending ddas_residu terugkoppeling_stil schuldenoverzicht saldoverzoek regeling regelingfeit')
  ) AS v(rol, voorwaarde, tabellen) LOOP
    FOREACH t IN ARRAY string_to_array(p.tabellen, ' ') LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
      EXECUTE format('CREATE POLICY %I ON %I TO %I USING (%s)', p.rol, t, p.rol, p.voorwaarde);
    END LOOP;
  END LOOP;
END $$;
ALTER POLICY gw_inbox ON statistiek_instelling WITH CHECK (gemeente = (SELECT (context())[1]));
-- A forwarded message is written for another municipality, by the one that sends it on.
ALTER POLICY gw_eigenaar ON bericht WITH CHECK ((SELECT context()) IS NOT NULL);
ALTER POLICY gw_eigenaar ON doorzending WITH CHECK (gemeente = (SELECT (context())[1]));
-- The log is appended to in every transaction, also of who acts for nobody; its index is made from it and not at a door.
ALTER POLICY gw_eigenaar ON log_entry WITH CHECK (true);
ALTER POLICY gw_toezicht ON toezicht_regel WITH CHECK ((SELECT (context())[3]) = 'zoekindex');

-- A partition asked for by its own name shows nothing, to nobody.
CREATE FUNCTION partities_dicht() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE p regclass;
BEGIN
  FOR p IN SELECT c.oid FROM pg_class c JOIN pg_inherits h ON h.inhrelid = c.oid JOIN pg_class m ON m.oid = h.inhparent
           WHERE m.relrowsecurity AND NOT (c.relrowsecurity AND c.relforcerowsecurity) LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', p);
  END LOOP;
END $$;
DO $$
DECLARE was text := pg_get_functiondef('ensure_partitions'::regproc);
BEGIN
  EXECUTE replace(was, E'  END LOOP;\nEND $function$', E'  END LOOP;\n  PERFORM partities_dicht();\nEND $function$');
  IF pg_get_functiondef('ensure_partitions'::regproc) = was THEN RAISE EXCEPTION 'ensure_partitions is not as it was'; END IF;
END $$;
REVOKE ALL ON FUNCTION partities_dicht FROM PUBLIC;

SELECT hand_over();
SELECT partities_dicht();
