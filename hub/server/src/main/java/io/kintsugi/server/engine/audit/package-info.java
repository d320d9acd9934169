/** Whole systems compared with what the hub believes of them. */
package io.kintsugi.server.engine.audit;
