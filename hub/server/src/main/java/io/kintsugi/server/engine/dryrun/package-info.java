/** A change tried in a copy of the hub, to the last write, without one write to a system. */
package io.kintsugi.server.engine.dryrun;
