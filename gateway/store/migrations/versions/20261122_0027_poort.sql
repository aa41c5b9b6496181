-- gateway.onboarding: a municipality's code is held by one participant; one that ended holds it no longer -----------------------------------
DROP INDEX deelnemer_gemeente;
CREATE UNIQUE INDEX deelnemer_gemeente ON deelnemer (gemeentecode) WHERE 'gemeente' = ANY (rollen) AND status <> 'beeindigd';

-- gateway.onboarding.requests: a mapping profile of who is live (or only suspended) waits for a second person, whatever code asks for it -------
ALTER TABLE beheerverzoek DROP CONSTRAINT beheerverzoek_soort_check;
ALTER TABLE beheerverzoek ADD CONSTRAINT beheerverzoek_soort_check
  CHECK (soort IN ('aanmelden', 'mandaat', 'overeenkomsten', 'activering', 'profiel'));

CREATE FUNCTION integrator_profiel() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF session_user = 'gw_integrator'
     AND EXISTS (SELECT FROM deelnemer d WHERE d.oin IN (NEW.oin, OLD.oin) AND d.status IN ('actief', 'opgeschort')) THEN
    RAISE EXCEPTION 'an integrator alone changes no profile of who is live' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION integrator_profiel FROM PUBLIC;
CREATE TRIGGER bestandsprofiel_integrator BEFORE INSERT OR UPDATE ON bestandsprofiel FOR EACH ROW EXECUTE FUNCTION integrator_profiel();

SELECT hand_over();
