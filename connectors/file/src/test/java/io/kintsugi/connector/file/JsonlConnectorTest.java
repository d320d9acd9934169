package io.kintsugi.connector.file;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;

/** The contract, kept on a JSONL file. */
final class JsonlConnectorTest extends ConnectorContract {
    @Override
    protected Subject newSubject() throws Exception {
        return new FolderSubject("people.jsonl");
    }
}
