/** Steps 11 to 13 of the flow: what is due is computed, sent and settled; what is unknown is read before anything else. */
package io.kintsugi.server.engine.outbound;
