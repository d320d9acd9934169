/** What follows from a record that is gone: the book of deletions, the questions they ask, and their answers. */
package io.kintsugi.server.engine.deletion;
