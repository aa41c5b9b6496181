-- gateway.overviews: how many creditors a municipality asked in one case --------------------------------------------------------------
CREATE INDEX schuldenoverzicht_zaak ON schuldenoverzicht (gemeente, lower(zaaknummer));
