/** Measures the hub on made-up persons. */
package io.kintsugi.server.bench;
