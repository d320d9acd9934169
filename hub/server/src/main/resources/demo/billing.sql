-- An old system with habits of its own: names and towns in capitals, telephone numbers as digits, three-letter countries, and
-- invoiced customers that nobody may change.
CREATE TABLE customer (
  cust_no INTEGER PRIMARY KEY,
  given TEXT,
  surname TEXT,
  mail TEXT,
  tel TEXT,
  born TEXT,
  street_line TEXT,
  zip TEXT,
  town TEXT,
  ctry TEXT,
  status TEXT NOT NULL DEFAULT 'OPEN',
  changed TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
CREATE INDEX customer_changed ON customer (changed, cust_no);
CREATE TRIGGER customer_locked BEFORE UPDATE ON customer WHEN OLD.status = 'LOCKED' AND NEW.status = 'LOCKED'
BEGIN
  SELECT RAISE(ABORT, 'customer is locked; set status to OPEN first');
END;
CREATE TRIGGER customer_house_style AFTER UPDATE OF given, surname, town, tel ON customer
BEGIN
  UPDATE customer SET
    given = replace(replace(replace(replace(replace(upper(NEW.given), 'ä', 'Ä'), 'ö', 'Ö'), 'ü', 'Ü'), 'é', 'É'), 'ł', 'Ł'),
    surname = replace(replace(replace(replace(replace(upper(NEW.surname), 'ä', 'Ä'), 'ö', 'Ö'), 'ü', 'Ü'), 'é', 'É'), 'ł', 'Ł'),
    town = replace(replace(replace(replace(replace(upper(NEW.town), 'ä', 'Ä'), 'ö', 'Ö'), 'ü', 'Ü'), 'é', 'É'), 'ł', 'Ł'),
    tel = replace(replace(replace(replace(replace(replace(NEW.tel, ' ', ''), '-', ''), '(', ''), ')', ''), '+', ''), '.', '')
  WHERE cust_no = NEW.cust_no;
END;
CREATE TRIGGER customer_touch AFTER UPDATE ON customer WHEN NEW.changed IS OLD.changed AND NEW.status <> 'LOCKED'
BEGIN
  UPDATE customer SET changed = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE cust_no = NEW.cust_no;
END;

CREATE TABLE debtor (
  debtor_no INTEGER PRIMARY KEY,
  company TEXT,
  tel TEXT,
  street_line TEXT,
  zip TEXT,
  town TEXT,
  ctry TEXT,
  vat_no TEXT,
  changed TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
CREATE INDEX debtor_changed ON debtor (changed, debtor_no);
CREATE TRIGGER debtor_house_style AFTER UPDATE OF company, town, tel ON debtor
BEGIN
  UPDATE debtor SET
    company = upper(NEW.company),
    town = upper(NEW.town),
    tel = replace(replace(replace(replace(replace(replace(NEW.tel, ' ', ''), '-', ''), '(', ''), ')', ''), '+', ''), '.', '')
  WHERE debtor_no = NEW.debtor_no;
END;
CREATE TRIGGER debtor_touch AFTER UPDATE ON debtor WHEN NEW.changed IS OLD.changed
BEGIN
  UPDATE debtor SET changed = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE debtor_no = NEW.debtor_no;
END;
