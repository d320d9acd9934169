/** Matching whole files in memory: reading them, recognising their columns, and clustering without a graph. */
package io.kintsugi.server.match;
