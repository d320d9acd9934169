// A block key was generic for ever. One record of each is resolved again, and so it is counted who holds the key now.
MATCH (b:BlockKey {generic: true})
CALL (b) {
  MATCH (b)<-[:HAS_KEY]-(r:SourceRecord)
  RETURN r
  LIMIT 1
}
SET r:Pending;
