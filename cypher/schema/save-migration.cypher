// Records that a script was applied.
// mode: write
// in:   version
//       script
//       checksum
// out:  none
CREATE (:_Migration {version: $version, script: $script, checksum: $checksum, at: datetime()})
