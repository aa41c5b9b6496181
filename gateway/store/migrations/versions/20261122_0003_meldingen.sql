-- gateway.mailbox: what matching needs besides the messages themselves. Keyed pseudonyms only; nothing here says who or where.

-- When the municipality first acknowledged a message: a claim that was recently picked up makes a later one a repeat.
ALTER TABLE inbox_item ADD COLUMN opgepakt_op timestamptz;
GRANT UPDATE (opgepakt_op) ON inbox_item TO gw_inbox;

-- A crisis never waits for a matching day. `meta` is canonical JSON: inside a text the quotes would have a backslash before them.
CREATE INDEX bericht_crisis ON bericht (gemeente, id) WHERE position('"crisis":{'::bytea IN meta) > 0;

CREATE TABLE ritme (
  gemeente text PRIMARY KEY,
  dag smallint CHECK (dag BETWEEN 1 AND 28),   -- null: at once
  versie integer NOT NULL DEFAULT 1,
  gewijzigd_op timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON ritme TO gw_inbox;

CREATE TABLE historie (            -- signals of before this gateway, told by the municipality itself; kept 7 months
  gemeente text NOT NULL,
  key bytea NOT NULL CHECK (length(key) = 32),
  address bytea NOT NULL CHECK (length(address) = 32),
  principal text NOT NULL,
  contract bytea CHECK (length(contract) = 32),
  day date NOT NULL,
  loaded timestamptz NOT NULL,
  PRIMARY KEY (gemeente, key)
);
CREATE INDEX historie_address ON historie (gemeente, address);
GRANT SELECT, INSERT ON historie TO gw_inbox;

CREATE TABLE bezwaar (             -- the municipality's objection list
  gemeente text NOT NULL,
  id uuid NOT NULL,
  address bytea NOT NULL CHECK (length(address) = 32),
  person bytea CHECK (length(person) = 32),
  sinds timestamptz NOT NULL,
  PRIMARY KEY (gemeente, id),
  UNIQUE NULLS NOT DISTINCT (gemeente, address, person)
);
CREATE INDEX bezwaar_person ON bezwaar (gemeente, person) WHERE person IS NOT NULL;
GRANT SELECT, INSERT, DELETE ON bezwaar TO gw_inbox;

SELECT hand_over();
