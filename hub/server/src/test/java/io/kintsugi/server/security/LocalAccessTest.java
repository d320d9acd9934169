package io.kintsugi.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAccessTest {
    private final LocalAccess access = new LocalAccess("127.0.0.1", Set.of("Hub.test"));

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.8.8.8"})
    void listensOnThisMachine(String host) {
        assertThat(LocalAccess.listenOn(host).isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"127.0.1.1, 127.0.1.1:7070", "::1, [::1]:7070", "My-Machine, my-machine:7070"})
    void answersUnderTheNameItListensOn(String host, String header) {
        new LocalAccess(host, Set.of()).check(header, "http://" + header, "same-origin", true);
        assertThat(LocalAccess.inUrl(host) + ":7070").isEqualToIgnoringCase(header);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "192.168.1.5", "8.8.8.8", "no such host"})
    void refusesToListenElsewhereAndSaysWhatToSet(String host) {
        assertThatThrownBy(() -> LocalAccess.listenOn(host))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_CONFIGURATION))
                .hasMessageContaining("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "localhost:7070, -, -",
                "LOCALHOST, -, none",
                "127.0.0.1:7070, http://127.0.0.1:7070, same-origin",
                "[::1]:7070, http://[::1]:7070, same-origin",
                "[::1], -, -",
                "hub.test:80, http://hub.test:80, same-origin",
                "localhost:5173, http://localhost:5173, same-origin"
            })
    void letsThisMachineIn(String host, String origin, String site) {
        assertThatCode(() -> access.check(host, origin, site, true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -",
                "evil.example:7070, -, -",
                "127.0.0.1.evil.example, -, -",
                "localhost.evil.example, -, -",
                "localhost:7070, http://evil.example, -",
                "localhost:7070, http://localhost:3000, -",
                "localhost:7070, null, -",
                "localhost:7070, file://localhost:7070, -",
                "localhost:7070, http://localhost:7070.evil.example, -",
                "localhost:7070, -, cross-site",
                "localhost:7070, -, same-site"
            })
    void refusesOtherSitesAndNames(String host, String origin, String site) {
        assertThatThrownBy(() -> access.check(host, origin, site, true))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.FORBIDDEN));
    }

    @Test
    void aLinkFromAnotherSiteMayStillOpenAPage() {
        assertThatCode(() -> access.check("localhost:7070", null, "cross-site", false))
                .doesNotThrowAnyException();
    }
}
