package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.jdbc.JdbcSettings.Deleted;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JdbcSettingsTest {
    private static final Map<String, Object> URL = Map.of("url", "jdbc:sqlite:/tmp/none.db");

    private static JdbcSettings with(String name, Object value) throws Misconfigured {
        Map<String, Object> settings = new HashMap<>(URL);
        settings.put(name, value);
        return JdbcSettings.parse(settings);
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        JdbcSettings settings = JdbcSettings.parse(URL);
        assertThat(settings.safetyLag()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.overlap()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.poolSize()).isEqualTo(4);
        assertThat(settings.compareEvery()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.maxShrinkPercent()).isEqualTo(20);
        assertThat(settings.stream("any")).isEqualTo(JdbcSettings.StreamSettings.NONE);
    }

    @Test
    void streamsSayWhatIsSpecialAboutATable() throws Exception {
        JdbcSettings settings = with(
                "streams",
                Map.of(
                        "lines",
                        Map.of(
                                "id",
                                List.of("order_id", "no"),
                                "changed",
                                "at",
                                "deleted",
                                Map.of("column", "state", "value", "X")),
                        "people",
                        Map.of("id", "email", "deleted", "deleted_at", "linkKey", "ref", "version", "rev")));
        assertThat(settings.stream("lines").id()).containsExactly("order_id", "no");
        assertThat(settings.stream("lines").deleted()).isEqualTo(new Deleted("state", "X"));
        assertThat(settings.stream("people").deleted()).isEqualTo(new Deleted("deleted_at", null));
        assertThat(settings.stream("people").version()).isEqualTo("rev");
    }

    @ParameterizedTest
    @CsvSource({
        "safetyLag, fast",
        "overlap, -PT1S",
        "poolSize, 0",
        "poolSize, many",
        "timeZone, Atlantis",
        "connectTimeout, 1ms",
        "readTimeout, 10ms",
        "compareEvery, often",
        "maxShrinkPercent, 101",
        "streams, text",
        "passwort, x",
        "user, ''"
    })
    void aSettingThatIsWrongOrUnknownIsNamed(String name, String value) {
        assertThatThrownBy(() -> with(name, value))
                .isInstanceOf(Misconfigured.class)
                .hasMessageContaining(name);
    }

    @Test
    void aSettingOfAStreamIsNamedWithItsPath() {
        assertThatThrownBy(() -> with("streams", Map.of("people", Map.of("chnaged", "at"))))
                .isInstanceOf(Misconfigured.class)
                .hasMessageContaining("streams.people.chnaged")
                .hasMessageContaining("changed");
    }

    @Test
    void aSecretThatDoesNotExistIsNamed() {
        Map<String, Object> settings =
                Map.of("url", "jdbc:postgresql://localhost:1/db", "user", "hub", "password", "secret:shop-db");
        assertThatThrownBy(() -> Harness.open(settings, Map.of("other", "x")))
                .isInstanceOf(Misconfigured.class)
                .hasMessageContaining("shop-db");
    }

    @Test
    void aServerNeedsAUser() {
        assertThatThrownBy(() -> Harness.open(Map.of("url", "jdbc:mariadb://localhost/db"), Map.of()))
                .isInstanceOf(Misconfigured.class)
                .hasMessageContaining("user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost:5432/shop",
                "jdbc:postgresql://db1,db2:5433/shop?sslmode=verify-full&ApplicationName=hub",
                "jdbc:postgresql://[::1]:5432/shop",
                "jdbc:mariadb://db.example.org/shop?sslMode=verify-full",
                "jdbc:mysql://db.example.org:3306/shop",
                "jdbc:sqlite:/var/lib/shop.db?busy_timeout=1000",
            })
    void urlsOfTheThreeDatabasesAreTaken(String url) throws Exception {
        assertThat(JdbcUrl.parse(url).place()).doesNotContain("?");
    }

    /** S16: nothing that loads code, reads files of the hub or carries a password. */
    @Tag("S16")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://hunter2'",
                "jdbc:mysql://db/shop?autoDeserialize=true&password=hunter2",
                "jdbc:mysql://db/shop?allowLoadLocalInfile=true&x=hunter2",
                "jdbc:mariadb://db/shop?allowLocalInfile=true&x=hunter2",
                "jdbc:mysql://address=(host=db)(autoDeserialize=true)(password=hunter2)/shop",
                "jdbc:postgresql://db/shop?socketFactory=x.Y&socketFactoryArg=hunter2",
                "jdbc:postgresql://db/shop?loggerFile=/etc/hunter2",
                "jdbc:postgresql://db/shop?user=u&password=hunter2",
                "jdbc:postgresql://u:hunter2@db/shop",
                "jdbc:postgresql:hunter2",
                "jdbc:sqlite::resource:http://hunter2/x.db",
                "jdbc:sqlite::memory:hunter2",
                "jdbc:sqlite:file:/x?vfs=hunter2",
                "jdbc:sqlite:/x.db?enable_load_extension=hunter2",
                "jdbc:sqlite:",
                "hunter2",
            })
    void otherUrlsAreRefusedWithoutRepeatingThem(String url) {
        assertThatThrownBy(() -> JdbcUrl.parse(url))
                .isInstanceOf(Misconfigured.class)
                .hasMessageContaining("setting url")
                .message()
                .doesNotContain("hunter2");
    }
}
