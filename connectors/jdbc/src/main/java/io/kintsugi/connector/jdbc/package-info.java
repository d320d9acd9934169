/**
 * Connects PostgreSQL, MySQL, MariaDB and SQLite.
 *
 * <p>A stream is a table or a view with a key. It is read by key, by page or by change; changes come from a stamp column
 * ({@link io.kintsugi.connector.jdbc.StampFeed}), and from the difference of two scans
 * ({@link io.kintsugi.connector.jdbc.Comparison}), now and then or, without such a column, always. Writes lock the row, compare what was expected and answer with the row as
 * it is afterwards. Identifiers come from the database's own metadata and are quoted; values are parameters, always.
 */
package io.kintsugi.connector.jdbc;
