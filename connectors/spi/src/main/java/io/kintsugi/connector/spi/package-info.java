/**
 * What a connector offers and what the engine may ask. Needs nothing but the JDK. Facets are optional abilities; capabilities are
 * data per stream; writes and look-ups have four answers each, because "unknown" is not "no".
 */
package io.kintsugi.connector.spi;
