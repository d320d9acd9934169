package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseSwapTest {
    @TempDir
    private Path root;

    private DatabaseSwap swap;

    @BeforeEach
    void aDatabase() throws IOException {
        swap = new DatabaseSwap(root);
        put(root.resolve("data/databases/neo4j"), "old");
        put(root.resolve("data/transactions/neo4j"), "old");
        put(root.resolve("data/databases/system"), "passwords");
        var home = swap.home();
        put(home.resolve("data/databases/neo4j"), "new");
        put(home.resolve("data/transactions/neo4j"), "new");
    }

    private static void put(Path folder, String content) throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve("store"), content);
    }

    private void holds(String content) throws IOException {
        assertThat(root.resolve("data/databases/neo4j/store")).hasContent(content);
        assertThat(root.resolve("data/transactions/neo4j/store")).hasContent(content);
        assertThat(root.resolve("data/databases/system/store")).hasContent("passwords");
    }

    @Test
    void whatIsKeptStays() throws IOException {
        swap.exchange();
        holds("new");
        swap.keep();
        assertThat(new DatabaseSwap(root).undo()).isFalse();
        holds("new");
        assertThat(root.resolve("import")).doesNotExist();
    }

    @Test
    void whatIsNotKeptIsUndoneAtTheNextStart() throws IOException {
        swap.exchange();
        assertThat(new DatabaseSwap(root).undo()).isTrue();
        holds("old");
        assertThat(root.resolve("import")).doesNotExist();
        assertThat(new DatabaseSwap(root).undo()).isFalse();
    }

    @Test
    void anAttemptThatNeverExchangedLeavesNothing() throws IOException {
        assertThat(swap.undo()).isFalse();
        holds("old");
        assertThat(root.resolve("import")).doesNotExist();
    }

    @Test
    @DisplayName("an exchange that is cut off after one of its renames is undone, also when the undoing is cut off")
    void anExchangeThatIsCutOffIsUndone() throws IOException {
        Files.writeString(root.resolve("import.unfinished"), "x");
        Files.createDirectories(root.resolve("import/before"));
        Files.move(root.resolve("data/databases/neo4j"), root.resolve("import/before/databases"));
        assertThat(swap.undo()).isTrue(); // nothing stood in its place yet
        holds("old");

        Files.writeString(root.resolve("import.unfinished"), "x");
        put(root.resolve("import/before/transactions"), "old"); // databases were moved back already
        put(root.resolve("data/transactions/neo4j"), "new");
        assertThat(swap.undo()).isTrue();
        holds("old");
    }
}
