package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ConnectorException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Says what an input or output error means to the engine. */
final class Trouble {
    private Trouble() {}

    static ConnectorException of(IOException error, String what) {
        if (error instanceof AccessDeniedException)
            return new ConnectorException.PermissionDenied(
                    what + ": access denied to " + error.getMessage() + "; grant it to the account of the hub", error);
        if (error instanceof NoSuchFileException)
            return new ConnectorException.Transient(what + ": there is no " + error.getMessage() + " now", error);
        return new ConnectorException.Transient(what + ": " + error.getMessage(), error);
    }
}
