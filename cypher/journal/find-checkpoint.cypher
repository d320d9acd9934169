// Position in a stream that has been processed.
// mode: read
// in:   key  system and stream
// out:  position
MATCH (c:Checkpoint {key: $key})
RETURN c.position AS position
