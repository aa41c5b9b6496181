-- gateway.onboarding: a municipality's code is held by one participant; one that ended holds it no longer -----------------------------------
DROP INDEX deelnemer_gemeente;
CREATE UNIQUE INDEX deelnemer_gemeente ON deelnemer (gemeentecode) WHERE 'gemeente' = ANY (rollen) AND status <> 'beeindigd';

SELECT hand_over();
