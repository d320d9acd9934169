package io.kintsugi.server.demo;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Rows of the demo's three systems: the same customers and companies, each told a little differently. The same seed and size give
 * the same rows on every machine.
 */
final class DemoData {
    /** What the systems hold, in the order they are made. */
    static final List<String> TABLES = List.of(
            "crm.contacts", "billing.customer", "shop.customers", "crm.accounts", "billing.debtor", "shop.companies");

    static final Map<String, String> THREE_LETTERS = threeLetters();

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final LocalDateTime FIRST = LocalDateTime.of(2023, 1, 2, 8, 0);
    private static final int MINUTES = 2 * 365 * 24 * 60;

    private final SplittableRandom random;
    private final People people;
    private final Mess mess;
    private final Map<String, Table> tables = new LinkedHashMap<>();

    /** @param rows a row may be shorter than the columns: then somebody broke it */
    record Table(List<String> columns, List<List<String>> rows) {}

    private DemoData(long seed) {
        random = new SplittableRandom(seed);
        var words = new Vocabulary();
        people = new People(words, random);
        mess = new Mess(words, random);
        table(
                "crm.contacts",
                "contact_id,first_name,last_name,suffix,email,phone,birth_date,street,postal_code,city,country,company,updated_at");
        table("billing.customer", "cust_no,given,surname,mail,tel,born,street_line,zip,town,ctry,status,changed");
        table("shop.customers", "Customer ID,First name,Last name,E-mail,Phone,Street,ZIP,City,Country");
        table(
                "crm.accounts",
                "account_id,name,website,phone,street,postal_code,city,country,vat_id,industry,updated_at");
        table("billing.debtor", "debtor_no,company,tel,street_line,zip,town,ctry,vat_no,changed");
        table("shop.companies", "Company ID,Name,Website,Phone,Street,ZIP,City,Country");
    }

    private static Map<String, String> threeLetters() {
        var codes = new LinkedHashMap<String, String>();
        for (var country : new Vocabulary().all("countries")) {
            codes.put(country, new Locale("", country).getISO3Country());
        }
        return codes;
    }

    /** @param records about how many rows all systems have together; there are always some hand-made ones */
    static Map<String, Table> of(long seed, int records) {
        var data = new DemoData(seed);
        data.handMade("people", DemoData.TABLES.subList(0, 3));
        data.handMade("companies", DemoData.TABLES.subList(3, 6));
        int companies = records / 6;
        while (data.rows(3) < companies) data.company();
        var employers = data.tables.get("crm.accounts").rows();
        while (data.rows(0) + data.rows(3) < records) data.household(employers);
        data.breakRows();
        return data.tables;
    }

    private void table(String name, String columns) {
        tables.put(name, new Table(List.of(columns.split(",")), new ArrayList<>()));
    }

    private int rows(int from) {
        return TABLES.subList(from, from + 3).stream()
                .mapToInt(name -> tables.get(name).rows().size())
                .sum();
    }

    /** Cases worth looking at, from {@code people.csv} and {@code companies.csv}: the system, then the facts. */
    private void handMade(String file, List<String> names) {
        try (var in = DemoData.class.getResourceAsStream("/demo/" + file + ".csv");
                var rows = CsvReader.builder().ofNamedCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (var row : rows) {
                var facts = new HashMap<String, String>();
                row.getFieldsAsMap().forEach((name, value) -> {
                    if (!value.isEmpty()) facts.put(name, value);
                });
                var system = facts.remove("system");
                add(
                        names.stream()
                                .filter(name -> name.startsWith(system + "."))
                                .findFirst()
                                .orElseThrow(),
                        facts);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void household(List<List<String>> employers) {
        var person = people.person();
        if (mess.percent(40))
            person.put(
                    "company", employers.get(random.nextInt(employers.size())).get(1));
        everywhere(person, true);
        int kind = random.nextInt(1000);
        if (kind < 12) everywhere(relative(person, true), true); // partner or child
        else if (kind < 16) everywhere(relative(person, false), true); // twin
        else if (kind < 20) everywhere(senior(person), true);
        else if (kind < 130) namesake(person);
    }

    /** Perhaps the same person after a move, perhaps another one of the same name: little is known. */
    private void namesake(Map<String, String> person) {
        var other = new HashMap<>(person);
        other.putAll(people.address(person.get("country")));
        other.remove("birthDate");
        other.put("phone", people.phone(person.get("country")));
        other.put("email", people.email(person.get("firstName"), person.get("lastName")));
        add(mess.percent(50) ? "billing.customer" : "shop.customers", other);
    }

    private Map<String, String> relative(Map<String, String> person, boolean otherAge) {
        var other = people.person();
        while (!other.get("country").equals(person.get("country"))) other = people.person();
        for (var shared : List.of("lastName", "street", "postcode", "city", "phone"))
            other.put(shared, person.get(shared));
        other.put("email", people.email(other.get("firstName"), other.get("lastName")));
        if (!otherAge) other.put("birthDate", person.get("birthDate"));
        return other;
    }

    private Map<String, String> senior(Map<String, String> person) {
        var father = new HashMap<>(person);
        var born = person.get("birthDate");
        father.put("birthDate", (Integer.parseInt(born.substring(0, 4)) - 29) + born.substring(4, 8) + "11");
        father.put("suffix", "Sr.");
        father.put("email", people.email(person.get("firstName"), person.get("lastName")));
        father.put("phone", people.phone(person.get("country")));
        return father;
    }

    private void company() {
        everywhere(people.company(), false);
    }

    /** The same facts in some of the systems, in each as its people typed them. */
    private void everywhere(Map<String, String> truth, boolean person) {
        var names = person ? TABLES.subList(0, 3) : TABLES.subList(3, 6);
        int known = random.nextInt(100);
        boolean[] in = {known < 94, known >= 25 || known < 5, known >= 60 || known < 25 && known >= 12};
        for (int i = 0; i < 3; i++) {
            if (!in[i]) continue;
            add(names.get(i), person ? mess.person(truth, people) : mess.company(truth, people));
        }
        if (in[0] && mess.percent(3)) { // entered twice
            add(names.get(0), person ? mess.person(truth, people) : mess.company(truth, people));
        }
    }

    private void add(String name, Map<String, String> facts) {
        var table = tables.get(name);
        var changed = facts.getOrDefault("changed", STAMP.format(FIRST.plusMinutes(random.nextInt(MINUTES))));
        int number = table.rows().size() + 1;
        var phone = facts.get("phone");
        table.rows()
                .add(
                        switch (name) {
                            case "crm.contacts" ->
                                row(
                                        1000 + number,
                                        facts,
                                        "firstName,lastName,suffix,email,phone,birthDate,street,postcode,city,country,company",
                                        changed);
                            case "crm.accounts" ->
                                row(
                                        100 + number,
                                        facts,
                                        "name,website,phone,street,postcode,city,country,taxId,industry",
                                        changed);
                            case "billing.customer" -> {
                                var own = inCapitals(facts);
                                own.computeIfPresent(
                                        "birthDate",
                                        (a, date) -> date.substring(8) + "." + date.substring(5, 7) + "."
                                                + date.substring(0, 4));
                                own.putIfAbsent("status", "OPEN");
                                yield row(
                                        50_000 + number,
                                        own,
                                        "firstName,lastName,email,phone,birthDate,street,postcode,city,country,status",
                                        changed);
                            }
                            case "billing.debtor" ->
                                row(
                                        70_000 + number,
                                        inCapitals(facts),
                                        "name,phone,street,postcode,city,country,taxId",
                                        changed);
                            case "shop.customers" ->
                                row(
                                        "C-" + (10_000 + number),
                                        local(facts, phone),
                                        "firstName,lastName,email,phone,street,postcode,city,country",
                                        null);
                            default ->
                                row(
                                        "F-" + (1000 + number),
                                        local(facts, phone),
                                        "name,website,phone,street,postcode,city,country",
                                        null);
                        });
    }

    private static List<String> row(Object id, Map<String, String> facts, String attributes, String changed) {
        var row = new ArrayList<String>();
        row.add(id.toString());
        for (var attribute : attributes.split(",")) row.add(facts.get(attribute));
        if (changed != null) row.add(changed);
        return row;
    }

    /** How the billing system writes: capitals, digits, three-letter countries, the suffix behind the name. */
    private static Map<String, String> inCapitals(Map<String, String> facts) {
        var own = new HashMap<>(facts);
        for (var name : List.of("firstName", "lastName", "name", "city"))
            own.computeIfPresent(name, (a, text) -> Mess.upper(text));
        own.computeIfPresent("phone", (a, number) -> number.replaceAll("[^0-9]", ""));
        own.computeIfPresent("country", (a, country) -> THREE_LETTERS.getOrDefault(country, country));
        return own;
    }

    /** How customers of the shop write: numbers as one dials them at home. */
    private static Map<String, String> local(Map<String, String> facts, String phone) {
        var own = new HashMap<>(facts);
        if (phone != null && phone.startsWith("+1 "))
            own.put(
                    "phone",
                    "(" + phone.substring(3, 6) + ") " + phone.substring(7).replace(' ', '-'));
        else if (phone != null && phone.startsWith("+")) own.put("phone", "00" + phone.substring(1));
        return own;
    }

    /** A line that lost its end and a date that never was: they wait for a person, and the others go on. */
    private void breakRows() {
        var shop = tables.get("shop.customers").rows();
        shop.set(shop.size() / 2, List.copyOf(Arrays.asList("C-99999", "Half", "A-Row")));
        tables.get("billing.customer")
                .rows()
                .get(tables.get("billing.customer").rows().size() / 2)
                .set(5, "31.02.1979");
    }
}
