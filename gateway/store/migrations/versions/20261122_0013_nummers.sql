-- gateway.overviews: how many creditors a municipality asked or wrote to in one case ---------------------------------------------------
CREATE INDEX schuldenoverzicht_zaak ON schuldenoverzicht (gemeente, lower(zaaknummer));
CREATE INDEX regeling_zaak ON regeling (gemeente, lower(zaaknummer));

-- gateway.mailbox.numberwatch: nine-digit numbers in fields of a registered format; how many came and how many passed, never a value -------
CREATE TABLE nummer_telling (
  partij text NOT NULL,
  veld text NOT NULL,
  dag date NOT NULL,
  vak smallint NOT NULL,           -- of the session that counts, so that sessions do not wait for each other
  getoetst integer NOT NULL CHECK (getoetst > 0),
  geslaagd integer NOT NULL CHECK (geslaagd BETWEEN 0 AND getoetst),
  PRIMARY KEY (partij, veld, dag, vak)
);
CREATE TABLE nummer_aangehouden (
  partij text NOT NULL,
  veld text NOT NULL,
  sinds timestamptz NOT NULL,
  vrij_sinds timestamptz,          -- when an operator released it
  vrij_tot date,                   -- not counted through this day
  PRIMARY KEY (partij, veld),
  CHECK (vrij_tot IS NULL OR vrij_sinds IS NOT NULL)
);
GRANT SELECT, INSERT, UPDATE ON nummer_telling, nummer_aangehouden TO gw_ingest, gw_inbox;
GRANT SELECT, UPDATE ON nummer_aangehouden TO gw_beheer;
GRANT SELECT, DELETE ON nummer_telling TO gw_beheer;

SELECT hand_over();
