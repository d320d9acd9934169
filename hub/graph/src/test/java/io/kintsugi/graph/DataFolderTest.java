package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path root;

    @Test
    void aFolderIsHeldOnceInAProcess() throws IOException {
        var held = DataFolder.open(root);
        assertThatThrownBy(() -> DataFolder.open(root.resolve("..").resolve(root.getFileName())))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.NOT_POSSIBLE))
                .hasMessageContaining("" + ProcessHandle.current().pid());
        held.close();
        DataFolder.open(root).close();
    }

    @Test
    void anotherProcessIsKeptOutAlsoAfterThisOneAskedTwice() throws Exception {
        try (var held = DataFolder.open(root)) {
            assertThatThrownBy(() -> DataFolder.open(held.root())).isInstanceOf(HubException.class);
            assertThat(another()).isEqualTo(Another.REFUSED);
        }
        assertThat(another()).isZero();
    }

    private int another() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Another.class.getName(),
                        root.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Another process that wants the folder. */
    static final class Another {
        static final int REFUSED = 7;

        private Another() {}

        public static void main(String[] args) throws IOException {
            try {
                DataFolder.open(Path.of(args[0])).close();
            } catch (HubException e) {
                System.exit(REFUSED);
            }
        }
    }
}
