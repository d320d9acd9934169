/** Speaks to a folder of CSV and JSONL files as if it were a system: each file, or each pattern of files, is a stream. */
package io.kintsugi.connector.file;
