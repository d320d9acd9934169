package io.kintsugi.server.bench;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Makes up records of persons in four systems: common names are common, people share households, are known by several systems, move,
 * marry, are written with slips and short names, and every system lacks other things. The same seed gives the same rows in the same
 * order; memory does not grow with their number. For one thread.
 */
public final class PersonGenerator {
    /** Columns of a row, in order. */
    public static final List<String> COLUMNS = List.of(
            "id",
            "source",
            "first_name",
            "middle_name",
            "last_name",
            "dob",
            "street",
            "city",
            "state",
            "postcode",
            "phone",
            "email",
            "company");

    /** Persons that are mixed with one another, so that records of one person do not stand side by side. */
    private static final int CROWD = 4000;

    private final SplittableRandom random;
    private final NameList given = NameList.read("given-names.txt");
    private final NameList family = NameList.read("family-names.txt");
    private final NameList streets = NameList.read("streets.txt");
    private final NameList places = NameList.read("places.txt");
    private final Map<String, String> shortNames = NameList.pairs("short-names.txt");

    public PersonGenerator(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * One row.
     *
     * @param person number of the person it is about: rows with the same number belong together
     * @param values by column; empty texts where a system does not know
     */
    public record Row(long person, Map<String, String> values) {}

    private record Home(String street, String city, String state, String postcode, String phone) {}

    private record Person(
            long number,
            String first,
            String middle,
            String last,
            LocalDate born,
            Home home,
            String mobile,
            String company) {}

    private enum Source {
        CRM(0.70, 0.05),
        SHOP(0.45, 0.12),
        SUPPORT(0.30, 0.20),
        BILLING(0.40, 0.08);

        private final double knows; // share of the persons it knows
        private final double lacks; // share of values it does not have

        Source(double knows, double lacks) {
            this.knows = knows;
            this.lacks = lacks;
        }
    }

    /** Hands out exactly so many rows. */
    public void generate(long rows, Consumer<Row> sink) {
        long person = 0;
        long left = rows;
        long id = 0;
        while (left > 0) {
            var crowd = new ArrayList<Row>();
            Home home = null;
            for (int i = 0; i < CROWD; i++) {
                boolean moreOfTheHouse = home != null && random.nextDouble() < 0.45;
                if (!moreOfTheHouse) home = home();
                rowsOf(person(person++, home), crowd);
            }
            shuffle(crowd);
            for (var row : crowd.subList(0, (int) Math.min(left, crowd.size()))) {
                row.values().put("id", "r" + id++);
                sink.accept(row);
                left--;
            }
        }
    }

    private Home home() {
        var place = places.pick(random).split(";"); // city;state;first digits of the postcode
        var postcode = place[2] + String.format(Locale.ROOT, "%02d", random.nextInt(100));
        return new Home((1 + random.nextInt(9800)) + " " + streets.pick(random), place[0], place[1], postcode, phone());
    }

    private String phone() {
        return String.format(
                Locale.ROOT,
                "%03d-%03d-%04d",
                201 + random.nextInt(780),
                200 + random.nextInt(800),
                random.nextInt(10_000));
    }

    private Person person(long number, Home home) {
        var born = LocalDate.of(1935, 1, 1).plusDays(random.nextInt(70 * 365));
        return new Person(
                number,
                given.pick(random),
                random.nextInt(3) == 0 ? given.pick(random) : "",
                family.pick(random),
                born,
                home,
                phone(),
                random.nextInt(4) == 0 ? family.pick(random) + (random.nextBoolean() ? " Inc" : " & Sons") : "");
    }

    private void rowsOf(Person person, List<Row> rows) {
        int before = rows.size();
        for (var source : Source.values()) {
            if (random.nextDouble() >= source.knows) continue;
            rows.add(row(person, source));
            if (random.nextDouble() < 0.04) rows.add(row(person, source)); // entered twice
        }
        if (rows.size() == before) rows.add(row(person, Source.CRM));
    }

    private Row row(Person person, Source source) {
        boolean moved = random.nextDouble() < 0.08;
        var home = moved ? home() : person.home();
        var last = random.nextDouble() < 0.02 ? family.pick(random) : person.last();
        var values = new LinkedHashMap<String, String>();
        for (var column : COLUMNS) values.put(column, "");
        values.put("source", source.name().toLowerCase(Locale.ROOT));
        values.put("first_name", slip(calledBy(person.first())));
        values.put("last_name", slip(last));
        put(values, "middle_name", initial(person.middle()), source.lacks + 0.3);
        put(values, "dob", slip(date(person.born(), source)), source.lacks + 0.15);
        if (random.nextDouble() >= source.lacks) {
            values.put("street", slip(home.street()));
            values.put("city", slip(home.city()));
            values.put("state", home.state());
            values.put("postcode", slip(home.postcode()));
        }
        put(values, "phone", slip(random.nextInt(3) == 0 ? home.phone() : person.mobile()), source.lacks + 0.2);
        put(values, "email", slip(email(person)), source.lacks + 0.25);
        put(values, "company", person.company(), source.lacks + 0.3);
        return new Row(person.number(), values);
    }

    private void put(Map<String, String> values, String column, String value, double lacking) {
        if (random.nextDouble() >= lacking) values.put(column, value);
    }

    private String calledBy(String first) {
        return random.nextInt(12) == 0 ? shortNames.getOrDefault(first, first) : first;
    }

    private String initial(String middle) {
        return middle.isEmpty() || random.nextBoolean() ? middle : middle.substring(0, 1);
    }

    private static String date(LocalDate day, Source source) {
        return source == Source.SHOP
                ? String.format(Locale.ROOT, "%02d/%02d/%d", day.getMonthValue(), day.getDayOfMonth(), day.getYear())
                : day.toString();
    }

    private static String email(Person person) {
        var name =
                (person.first() + "." + person.last()).toLowerCase(Locale.ROOT).replaceAll("[^a-z.]", "");
        return name + person.number() % 97 + "@" + (person.number() % 3 == 0 ? "example.com" : "example.org");
    }

    /** One value in thirty has a slip of the keyboard: a letter too many, too few, wrong, or two in the wrong order. */
    private String slip(String value) {
        if (value.length() < 3 || random.nextInt(30) != 0) return value;
        int at = 1 + random.nextInt(value.length() - 2);
        char letter = (char) ('a' + random.nextInt(26));
        return switch (random.nextInt(4)) {
            case 0 -> value.substring(0, at) + letter + value.substring(at);
            case 1 -> value.substring(0, at) + value.substring(at + 1);
            case 2 -> value.substring(0, at) + letter + value.substring(at + 1);
            default -> value.substring(0, at) + value.charAt(at + 1) + value.charAt(at) + value.substring(at + 2);
        };
    }

    private void shuffle(List<Row> rows) {
        for (int i = rows.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            var row = rows.get(i);
            rows.set(i, rows.get(other));
            rows.set(other, row);
        }
    }
}
