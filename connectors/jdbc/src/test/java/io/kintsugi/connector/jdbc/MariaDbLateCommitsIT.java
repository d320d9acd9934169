package io.kintsugi.connector.jdbc;

import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Servers.class)
final class MariaDbLateCommitsIT extends LateCommits {
    MariaDbLateCommitsIT(TestServer.MariaDb server) {
        super(server);
    }

    @Override
    Duration overlap() {
        return Duration.ofMillis(250);
    }

    @Override
    String pause(double seconds) {
        return "sleep(" + seconds + ")";
    }
}
