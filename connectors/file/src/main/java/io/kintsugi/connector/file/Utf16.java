package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ConnectorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files in UTF-16, such as spreadsheets save as Unicode text. They are read from a copy in UTF-8 and never written. */
final class Utf16 {
    private Utf16() {}

    static boolean is(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(2);
        }
        if (head.length < 2) return false;
        int mark = (head[0] & 0xFF) << 8 | head[1] & 0xFF;
        return mark == 0xFFFE || mark == 0xFEFF;
    }

    /** The copy for the present state of the file; older ones are removed. */
    static Path copy(Path file, Path folder) throws IOException, ConnectorException {
        Hash.Maker hashes = new Hash.Maker();
        String prefix = hashes.of(file.toAbsolutePath().toString()) + "-";
        Path copy = folder.resolve(prefix + hashes.of(StreamFiles.mark(file)) + ".utf8");
        if (Files.exists(copy)) return copy;
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, prefix, ".tmp");
        try (Reader in = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_16.newDecoder());
                Writer out = Files.newBufferedWriter(draft, StandardCharsets.UTF_8)) {
            in.transferTo(out);
        } catch (CharacterCodingException e) {
            Files.delete(draft);
            throw new ConnectorException.Misconfigured(
                    file.getFileName() + " begins like UTF-16 but is not; save it as UTF-8");
        }
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, prefix + "*.utf8")) {
            for (Path each : old) Files.delete(each);
        }
        Files.move(draft, copy, StandardCopyOption.ATOMIC_MOVE);
        return copy;
    }
}
