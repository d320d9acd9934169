/** How far a recovery after an outage is, how each stream catches up, and the certificate at its end. */
package io.kintsugi.server.engine.recovery;
