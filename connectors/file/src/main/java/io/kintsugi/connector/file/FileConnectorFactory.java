package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import java.util.Map;

/** Opens folders of CSV and JSONL files. */
public final class FileConnectorFactory implements ConnectorFactory {
    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(Settings.TYPE, "CSV and JSONL files", Settings.DESCRIBED);
    }

    @Override
    public Connector open(String system, Map<String, Object> settings, ConnectorContext context)
            throws ConnectorException {
        return new FileConnector(system, Settings.of(settings), context.clock());
    }
}
