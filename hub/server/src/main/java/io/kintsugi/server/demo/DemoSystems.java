package io.kintsugi.server.demo;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.core.model.RecordKey;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Works with the customers of the three systems as their own users do, past the hub. One caller at a time. */
final class DemoSystems implements AutoCloseable {
    private final DemoFolder folder;
    private Connection outage;

    DemoSystems(DemoFolder folder) {
        this.folder = folder;
    }

    /** What people change. */
    enum Field {
        PHONE("phone", "tel", "Phone"),
        EMAIL("email", "mail", "E-mail");

        private final String crm;
        private final String billing;
        private final String shop;

        Field(String crm, String billing, String shop) {
            this.crm = crm;
            this.billing = billing;
            this.shop = shop;
        }
    }

    /** What a system holds of a contact now; null if nothing, or no such contact. */
    String read(RecordKey contact, Field field) throws SQLException, IOException {
        if (contact.system().equals("shop")) {
            var row = row(lines(), contact.externalId());
            return row == null ? null : row.get(header().indexOf(field.shop));
        }
        boolean crm = contact.system().equals("crm");
        var sql = "SELECT "
                + (crm ? field.crm + " FROM contacts WHERE contact_id" : field.billing + " FROM customer WHERE cust_no")
                + " = ?";
        try (var connection = folder.connect(contact.system());
                var select = connection.prepareStatement(sql)) {
            select.setString(1, contact.externalId());
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    void write(RecordKey contact, Field field, String value) throws SQLException, IOException {
        if (contact.system().equals("shop")) {
            writeCsv(contact.externalId(), field.shop, value);
            return;
        }
        boolean crm = contact.system().equals("crm");
        var sql = "UPDATE " + (crm ? "contacts SET " + field.crm : "customer SET " + field.billing) + " = ? WHERE "
                + (crm ? "contact_id" : "cust_no") + " = ?";
        try (var connection = folder.connect(contact.system());
                var update = connection.prepareStatement(sql)) {
            update.setString(1, value);
            update.setString(2, contact.externalId());
            update.executeUpdate();
        }
    }

    private Path customers() {
        return folder.path("shop/customers.csv");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(customers());
    }

    private List<String> header() throws IOException {
        return cells(lines().get(0));
    }

    private static List<String> row(List<String> lines, String id) {
        return lines.stream()
                .filter(line -> line.startsWith(id + ";"))
                .findFirst()
                .map(DemoSystems::cells)
                .orElse(null);
    }

    private static List<String> cells(String line) {
        return CsvReader.builder().fieldSeparator(';').ofCsvRecord(line).stream()
                .findFirst()
                .orElseThrow()
                .getFields();
    }

    /** As an editor does: reads all, changes one line, puts the new file in the place of the old one. */
    private void writeCsv(String id, String column, String value) throws IOException {
        int at = header().indexOf(column);
        var lines = new ArrayList<String>();
        for (var line : lines()) {
            if (!line.startsWith(id + ";")) {
                lines.add(line);
                continue;
            }
            var cells = new ArrayList<>(cells(line));
            cells.set(at, value);
            var text = new StringWriter();
            try (var csv = CsvWriter.builder().fieldSeparator(';').build(text)) {
                csv.writeRecord(cells);
            }
            lines.add(text.toString().stripTrailing());
        }
        var draft = folder.path("shop/.customers.draft");
        Files.write(draft, lines);
        Files.move(draft, customers(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes the billing database away from everybody, as a restore from backup would. A second call changes nothing. */
    void beginOutage() throws SQLException {
        if (outage != null) return;
        var connection = folder.connect("billing");
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        outage = connection;
    }

    boolean inOutage() {
        return outage != null;
    }

    /** Gives it back; nothing if it is not away. */
    void endOutage() throws SQLException {
        if (outage == null) return;
        outage.close(); // ends the transaction
        outage = null;
    }

    @Override
    public void close() throws SQLException {
        endOutage();
    }
}
