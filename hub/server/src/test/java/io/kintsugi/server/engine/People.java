package io.kintsugi.server.engine;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Overlapping, messy people for tests: a pure function of a seed. */
final class People {
    private static final List<String> FIRST =
            List.of("Anna", "Bruno", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hugo");
    private static final List<String> LAST =
            List.of("Kowalski", "Silva", "Rossi", "Petrov", "Garcia", "Haddad", "Okafor", "Meyer");
    private static final List<String> CITY = List.of("Leeds", "Porto", "Milan", "Oslo");

    private People() {}

    record Row(String system, String id, Map<String, String> attributes, Instant sourceAt) {
        Observation observation() {
            return new Observation(new RecordKey(system, "contact", id), "people", attributes, sourceAt, null);
        }
    }

    static List<Row> some(int people, long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < people; i++) {
            var first = FIRST.get(random.nextInt(FIRST.size()));
            var last = LAST.get(random.nextInt(LAST.size()));
            var email = first.toLowerCase() + "." + last.toLowerCase() + random.nextInt(30) + "@example.org";
            var born =
                    "19" + (50 + random.nextInt(40)) + "-0" + (1 + random.nextInt(9)) + "-" + (10 + random.nextInt(18));
            int copies = 1 + random.nextInt(3);
            for (int c = 0; c < copies; c++) {
                var row = new HashMap<String, String>();
                row.put("firstName", random.nextInt(5) == 0 ? first.substring(0, 1) : first);
                row.put("lastName", random.nextInt(6) == 0 ? last.replace('i', 'y') : last);
                if (random.nextInt(4) > 0) row.put("email", email);
                if (random.nextInt(3) > 0) row.put("birthDate", born);
                if (random.nextInt(3) > 0) row.put("phone", "+1 415 555 " + (1000 + i));
                row.put("city", CITY.get(random.nextInt(CITY.size())));
                rows.add(new Row(
                        List.of("crm", "erp", "web").get(c % 3),
                        "r" + i + "-" + c,
                        row,
                        Instant.parse("2025-01-01T00:00:00Z").plusSeconds(random.nextInt(100_000))));
            }
        }
        return rows;
    }

    static String word(Random random, int letters) {
        var word = new StringBuilder();
        for (int i = 0; i < letters; i++) word.append((char) ('a' + random.nextInt(26)));
        return word.toString();
    }
}
