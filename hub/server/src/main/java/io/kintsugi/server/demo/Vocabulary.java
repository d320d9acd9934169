package io.kintsugi.server.demo;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;

/** Names, streets, towns and numbers to choose from. */
final class Vocabulary {
    private final Map<String, List<String>> words = new HashMap<>();
    private final Map<String, String> nicknames = new HashMap<>();

    Vocabulary() {
        var properties = new Properties();
        try (var in = Vocabulary.class.getResourceAsStream("/demo/vocabulary.properties")) {
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        properties
                .stringPropertyNames()
                .forEach(key -> words.put(
                        key, List.of(properties.getProperty(key).split(key.equals("countries") ? " " : ","))));
        for (var pair : words.get("nicknames")) nicknames.put(pair.split(":")[0], pair.split(":")[1]);
    }

    List<String> all(String key) {
        return words.get(key);
    }

    String any(String key, SplittableRandom random) {
        return Mess.any(words.get(key), random);
    }

    /** What friends call somebody; the name itself if nothing shorter is usual. */
    String nickname(String given) {
        return nicknames.getOrDefault(given, given);
    }

    /** Fills every {@code #} of a pattern with a digit. */
    static String digits(String pattern, SplittableRandom random) {
        var text = new StringBuilder();
        for (char c : pattern.toCharArray()) text.append(c == '#' ? (char) ('0' + random.nextInt(10)) : c);
        return text.toString();
    }
}
