package io.kintsugi.server.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Names of a shipped list, each as often as in life: a line is a name and its share. */
final class NameList {
    private final String[] names;
    private final double[] upTo;

    private NameList(List<String> lines) {
        names = new String[lines.size()];
        upTo = new double[lines.size()];
        double sum = 0;
        for (int i = 0; i < names.length; i++) {
            var parts = lines.get(i).split("\t");
            names[i] = parts[0];
            sum += Double.parseDouble(parts[1]);
            upTo[i] = sum;
        }
    }

    static NameList read(String file) {
        return new NameList(lines(file));
    }

    /** First and second of each line. */
    static Map<String, String> pairs(String file) {
        var pairs = new HashMap<String, String>();
        for (var line : lines(file)) pairs.put(line.split("\t")[0], line.split("\t")[1]);
        return pairs;
    }

    private static List<String> lines(String file) {
        try (var in = NameList.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalArgumentException("no list " + file + " is shipped");
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String pick(SplittableRandom random) {
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return names[Math.min(names.length - 1, found < 0 ? -found - 1 : found)];
    }
}
