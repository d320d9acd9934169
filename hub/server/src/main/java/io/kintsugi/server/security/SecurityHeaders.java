package io.kintsugi.server.security;

import java.util.Map;

/** Headers of every answer: nothing from elsewhere runs in our pages, and our pages run nowhere else. */
public final class SecurityHeaders {
    private SecurityHeaders() {}

    /** Inline styles are allowed because the graph view moves its nodes with them; inline scripts are not. */
    public static final Map<String, String> ALL = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
                    + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");
}
