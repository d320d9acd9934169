// What records name as their references, known or not.
CREATE CONSTRAINT referent_key IF NOT EXISTS FOR (n:Referent) REQUIRE n.key IS UNIQUE;
