/** The first load and imports: many rows, read ahead and stored page by page. It works on a whole hub; no other part knows it. */
package io.kintsugi.server.engine.load;
