CREATE TABLE contacts (
  contact_id INTEGER PRIMARY KEY,
  first_name TEXT,
  last_name TEXT,
  suffix TEXT,
  email TEXT,
  phone TEXT,
  birth_date TEXT,
  street TEXT,
  postal_code TEXT,
  city TEXT,
  country TEXT,
  company TEXT,
  kintsugi_key TEXT UNIQUE,
  updated_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
CREATE INDEX contacts_updated_at ON contacts (updated_at, contact_id);
CREATE TRIGGER contacts_touch AFTER UPDATE ON contacts WHEN NEW.updated_at IS OLD.updated_at
BEGIN
  UPDATE contacts SET updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE contact_id = NEW.contact_id;
END;

CREATE TABLE accounts (
  account_id INTEGER PRIMARY KEY,
  name TEXT,
  website TEXT,
  phone TEXT,
  street TEXT,
  postal_code TEXT,
  city TEXT,
  country TEXT,
  vat_id TEXT,
  industry TEXT,
  kintsugi_key TEXT UNIQUE,
  updated_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
CREATE INDEX accounts_updated_at ON accounts (updated_at, account_id);
CREATE TRIGGER accounts_touch AFTER UPDATE ON accounts WHEN NEW.updated_at IS OLD.updated_at
BEGIN
  UPDATE accounts SET updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE account_id = NEW.account_id;
END;
