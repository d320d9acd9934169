/** The demo: three small systems with invented customers, and a hub between them. */
package io.kintsugi.server.demo;
