package io.kintsugi.server.cli;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.match.Column;
import io.kintsugi.server.match.CsvRows;
import io.kintsugi.server.match.FileRecords;
import io.kintsugi.server.match.RecordIds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Somebody asks why two records are together or not. */
final class PairQuestion {
    private final int a;
    private final int b;

    /** @throws HubException BAD_REQUEST if a name is no record's or several records', or both are the same record */
    PairQuestion(FileRecords records, String one, String other) {
        var ids = new RecordIds(records.keys());
        a = RecordNames.find(ids, one);
        b = RecordNames.find(ids, other);
        if (a == b) throw new HubException(HubErrorCode.BAD_REQUEST, "--why names the same record twice; name two");
    }

    /** Reads the file again for the two rows, because nobody keeps the values of all. */
    void answer(MatchRun run, List<Column> columns, Path in, Charset encoding, PrintWriter out) throws IOException {
        long lineA = run.records().line(a);
        long lineB = run.records().line(b);
        List<String> rowA = null;
        List<String> rowB = null;
        try (var rows = new CsvRows(Files.newInputStream(in), encoding)) {
            for (var row = rows.next(); row != null && (rowA == null || rowB == null); row = rows.next()) {
                if (row.line() == lineA) rowA = row.fields();
                if (row.line() == lineB) rowB = row.fields();
            }
        }
        if (rowA == null || rowB == null) throw new IOException("it changed while it was matched; try again");
        var text = new PairText(run, run.profiles().get(a), run.profiles().get(b), out);
        text.values(columns, rowA, rowB);
        text.evidence();
        text.keys();
        text.outcome();
        out.flush();
    }
}
