// Names the server and its version.
// mode: read
// in:   none
// out:  name
//       version
CALL dbms.components() YIELD name, versions
RETURN name, versions[0] AS version
