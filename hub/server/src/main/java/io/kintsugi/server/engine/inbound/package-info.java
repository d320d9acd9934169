/** Steps 1 to 3 of the flow: what a system says is read, translated and stored with the position it was read up to. */
package io.kintsugi.server.engine.inbound;
