package io.kintsugi.server.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A headless Chromium: the one of this machine, or one that an npm package carries with the libraries it needs. Driven by
 * Playwright with the Node the build needs anyway. The property {@code kintsugi.chromium} names another one, or is {@code npm}.
 */
public final class Chromium implements AutoCloseable {
    /** The newest that supports Node 20. Linux on x86-64 only. */
    private static final String PACKAGE = "@sparticuz/chromium@143.0.4";

    /** Enough for a machine that does much else. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static final List<String> NAMES = List.of(
            "chromium",
            "chromium-browser",
            "google-chrome-stable",
            "google-chrome",
            "chrome",
            "microsoft-edge-stable",
            "msedge");
    private static final List<String> PLACES = List.of(
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
            "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe");
    private static final String ADVICE =
            "Install Chromium or Chrome (Debian, Ubuntu: apt-get install chromium), or name one with"
                    + " -Dkintsugi.chromium=/path/to/it, or leave the browser tests out with -DskipITs.";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** @throws IllegalStateException that says what was tried and what to install, if none starts */
    public static Chromium open() {
        var node = onPath("node")
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("node is not on the PATH; install Node 20 or newer"));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        System.setProperty("playwright.nodejs.path", node.toString());
        var environment = new HashMap<>(System.getenv());
        environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        var tried = new ArrayList<String>();
        try {
            for (var candidate : installed()) {
                try {
                    return new Chromium(playwright, launch(playwright, candidate, Map.of()));
                } catch (PlaywrightException e) {
                    tried.add(candidate + ": "
                            + e.getMessage().lines().findFirst().orElse(""));
                }
            }
            return new Chromium(playwright, fromPackage(playwright, node));
        } catch (RuntimeException | IOException e) {
            playwright.close();
            throw new IllegalStateException(
                    "no Chromium starts. " + ADVICE + " Tried: " + tried + ", npm " + PACKAGE, e);
        }
    }

    private static List<Path> installed() {
        var named = System.getProperty("kintsugi.chromium", "");
        if (named.equals("npm")) return List.of();
        if (!named.isEmpty()) return List.of(Path.of(named));
        return Stream.concat(
                        NAMES.stream().flatMap(Chromium::onPath),
                        PLACES.stream().map(Path::of))
                .filter(Files::isExecutable)
                .toList();
    }

    private static Stream<Path> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(name, name + ".exe", name + ".cmd").map(file -> Path.of(folder, file)))
                .filter(Files::isExecutable);
    }

    private static Browser fromPackage(Playwright playwright, Path node) throws IOException {
        var folder = Path.of("target", "chromium").toAbsolutePath();
        var unpacked = folder.resolve("unpacked");
        Files.createDirectories(unpacked);
        var npm = onPath("npm").findFirst().orElseThrow(() -> new IOException("npm is not on the PATH"));
        run(
                folder,
                unpacked,
                npm.toString(),
                "install",
                "--prefix",
                folder.toString(),
                "--ignore-scripts",
                "--no-audit",
                PACKAGE);
        run(
                folder,
                unpacked,
                node.toString(),
                "--input-type=module",
                "--eval",
                "await (await import('@sparticuz/chromium')).default.executablePath()");
        return launch(
                playwright,
                unpacked.resolve("chromium"),
                Map.of(
                        "LD_LIBRARY_PATH", unpacked.resolve("al2023/lib").toString(),
                        "FONTCONFIG_FILE", fonts(unpacked).toString()));
    }

    /** The package's own settings look for fonts elsewhere; without one, texts have no size. */
    private static Path fonts(Path unpacked) throws IOException {
        var settings = unpacked.resolve("fonts.conf");
        Files.writeString(
                settings,
                "<fontconfig><dir>" + unpacked.resolve("fonts") + "</dir><cachedir>" + unpacked.resolve("cache")
                        + "</cachedir></fontconfig>");
        return settings;
    }

    /** The variable makes the package unpack its libraries too. */
    private static void run(Path folder, Path unpacked, String... command) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("TMPDIR", unpacked.toString());
        builder.environment().put("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs22.x");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) throw new IOException(String.join(" ", command) + " failed: " + output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Browser launch(Playwright playwright, Path executable, Map<String, String> more) {
        var environment = new HashMap<>(System.getenv());
        environment.putAll(more);
        // no sandbox: it opens our own pages only, and containers seldom allow one
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setEnv(environment)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    /** A browser window of its own, with nothing stored. */
    public BrowserContext window(Browser.NewContextOptions options) {
        var window = browser.newContext(options);
        window.setDefaultTimeout(PATIENCE_MILLIS);
        return window;
    }

    /** Keeps a picture for people to look at. */
    public static Path picture(String name) {
        var folder = Path.of("target", "pictures");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder.resolve(Objects.requireNonNull(name) + ".png");
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
