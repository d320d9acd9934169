package io.kintsugi.server.cli;

import java.util.List;

/**
 * What a load reads: rows under a header.
 *
 * @param place where the rows come from, the same text every time
 * @param stream name of the stream the connector reads them as
 * @param header names of the columns
 * @param sample some rows, each as long as the header
 * @param rows about how many there are; -1 if nobody knows
 */
record Table(String place, String stream, List<String> header, List<List<String>> sample, long rows) {
    Table {
        header = List.copyOf(header);
        sample = List.copyOf(sample);
    }
}
