-- gateway.console.sessions: whose a session is, as the log commits to him, so that it can be ended without his token. Those that are open
-- do not say it: they end here, and people log in again.
DELETE FROM console_sessie;
ALTER TABLE console_sessie ADD COLUMN gebruiker text NOT NULL, ADD COLUMN gemeente text;

SELECT hand_over();
