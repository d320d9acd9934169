package io.kintsugi.server.security;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps the hub to this machine, because it has no users yet: it listens on a loopback address only, answers only to names of this
 * machine (a web site that resolves its own name to 127.0.0.1 gets nothing), and takes requests of web pages only from its own
 * origin. Immutable.
 */
public final class LocalAccess {
    private final Set<String> names = new TreeSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    /**
     * @param host that the hub listens on, from {@link #listenOn}
     * @param moreNames further host names under which browsers of this machine reach the hub; usually empty
     */
    public LocalAccess(String host, Set<String> moreNames) {
        names.add(inUrl(host).toLowerCase(Locale.ROOT));
        for (var name : moreNames) names.add(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The address to listen on.
     *
     * @throws HubException with {@code BAD_CONFIGURATION} if the host is not this machine's loopback
     */
    public static InetAddress listenOn(String host) {
        try {
            var addresses = host == null || host.isBlank() ? new InetAddress[0] : InetAddress.getAllByName(host);
            for (var address : addresses) if (!address.isLoopbackAddress()) throw notLocal(host);
            if (addresses.length > 0) return addresses[0];
        } catch (UnknownHostException e) {
            throw notLocal(host);
        }
        throw notLocal(host);
    }

    /** A host as a URL and the Host header have it: an IPv6 address stands in brackets. */
    public static String inUrl(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static HubException notLocal(String host) {
        return new HubException(
                HubErrorCode.BAD_CONFIGURATION,
                "the server cannot listen on \"" + host
                        + "\": it has no users and keys yet, so it serves this machine only. "
                        + "Set host to 127.0.0.1, ::1 or localhost; to reach it from elsewhere use an SSH tunnel");
    }

    /**
     * Lets a request pass or refuses it.
     *
     * @param host header Host; null if there is none
     * @param origin header Origin; null if there is none, as for programs that are no browsers
     * @param fetchSite header Sec-Fetch-Site; null if there is none
     * @param writes whether the request is more than a read
     * @throws HubException with {@code FORBIDDEN}
     */
    public void check(String host, String origin, String fetchSite, boolean writes) {
        if (host == null || !names.contains(hostOf(host))) {
            throw new HubException(
                    HubErrorCode.FORBIDDEN,
                    "the Host header names none of the names of this hub; use one of " + String.join(", ", names));
        }
        if (origin != null && !authorityOf(origin).equals(host.toLowerCase(Locale.ROOT))) {
            throw new HubException(
                    HubErrorCode.FORBIDDEN,
                    "a page of another origin may not use this hub; open the hub's own page, or call it from a program");
        }
        if (writes && ("cross-site".equals(fetchSite) || "same-site".equals(fetchSite))) {
            throw new HubException(
                    HubErrorCode.FORBIDDEN,
                    "a page of another site may not change anything here; open the hub's own page");
        }
    }

    private static String hostOf(String header) {
        var host = header.toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** Host and port of an origin; empty for the opaque origin {@code null} and for what is no web origin. */
    private static String authorityOf(String origin) {
        try {
            var uri = URI.create(origin);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getAuthority() != null ? uri.getAuthority().toLowerCase(Locale.ROOT) : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
