package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Servers.class)
final class MariaDbWritingIT extends ServerWriting {
    MariaDbWritingIT(TestServer.MariaDb server) {
        super(server);
    }

    @Override
    String commit() {
        return "\3COMMIT";
    }

    @Override
    List<String> normalisingTrigger() {
        return List.of(
                "CREATE TRIGGER tidy BEFORE INSERT ON people FOR EACH ROW SET NEW.email = lower(trim(NEW.email))",
                "CREATE TRIGGER tidy_again BEFORE UPDATE ON people FOR EACH ROW SET NEW.email = lower(trim(NEW.email))");
    }

    @Test
    void aTextThatIsTooLongOrNoOptionNamesItsField() throws Exception {
        place.run("ALTER TABLE people ADD COLUMN mood enum('good', 'it''s bad')");
        harness.connector.discover();
        RecordError length = harness.rejected(
                "people", Harness.create("k1", Map.of("email", "1@example.org", "name", "longer than ten")));
        assertThat(length.code()).isEqualTo(Code.VALIDATION);
        assertThat(length.field()).isEqualTo("name");
        RecordError option =
                harness.rejected("people", Harness.create("k1", Map.of("email", "1@example.org", "mood", "mixed")));
        assertThat(option.code()).isEqualTo(Code.BAD_OPTION);
        assertThat(option.field()).isEqualTo("mood");
        harness.applied("people", Harness.create("k1", Map.of("email", "1@example.org", "mood", "it's bad")));
    }
}
