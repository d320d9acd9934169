package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {
    @TempDir
    private Path lib;

    private List<String> command() {
        return ChildJvm.of(lib).command(64, "-XX:+UseSerialGC", List.of());
    }

    @Test
    void withoutAnArchiveNoneIsNamed() {
        assertThat(command()).noneMatch(option -> option.contains("Archive"));
    }

    @Test
    @DisplayName("an archive of classes that is broken, or of another JVM, hinders no start")
    void aBrokenArchiveIsLeftAlone() throws Exception {
        var archive = Files.writeString(ChildJvm.archive(lib), "of another JVM");
        assertThat(command()).contains("-XX:SharedArchiveFile=" + archive);
        var said = lib.resolve("said").toFile();
        var child = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(said)
                .start();
        child.getOutputStream().close(); // the guard leaves at once where nobody is
        assertThat(child.waitFor()).as(said.toString()).isZero();
    }

    @Test
    void theGuardAloneOfTheHubIsOnTheClassPath() throws Exception {
        var path = command().get(command().indexOf("-cp") + 1).split(File.pathSeparator);
        assertThat(path).hasSize(2).endsWith(lib.resolve("*").toString());
        try (var first = new URLClassLoader(new URL[] {Path.of(path[0]).toUri().toURL()}, null)) {
            assertThat(first.getResource("io/kintsugi/neo4j/Guard.class")).isNotNull();
            assertThat(first.getResource("io/kintsugi/graph/ChildJvm.class")).isNull();
        }
    }
}
