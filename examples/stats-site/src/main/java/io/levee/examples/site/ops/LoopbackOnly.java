package io.levee.examples.site.ops;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets nobody press a button but who sits at this machine, with the page that it was on: not who comes over the network, nor through a
 * proxy on this machine, nor another site that is open in the same browser.
 */
@Component
class LoopbackOnly implements HandlerInterceptor {
    /** Only scripts of the page itself can send it: a browser asks a server before it lets another site's do so. */
    static final String HEADER = "X-Stats-Site-Ops";

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final List<String> OF_PROXIES =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            return true;
        }
        if (!isHere(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, "The buttons are for this machine alone.");
            return false;
        }
        if (request.getHeader(HEADER) == null) {
            response.sendError(
                    HttpServletResponse.SC_FORBIDDEN,
                    "The buttons are for the page /ops alone; a script sends the header " + HEADER + ": 1.");
            return false;
        }
        return true;
    }

    /** Whether the request comes from a browser on this machine that asked for this machine. */
    static boolean isHere(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        return isLoopback(request.getRemoteAddr())
                // A name that an attacker's server gives for 127.0.0.1 would make his pages the same site as this.
                && isThisMachine(request.getServerName())
                // Some proxies say nothing of themselves; but a browser tells by which name it knows the page.
                && (origin == null || isThisMachine(host(origin)))
                && OF_PROXIES.stream().allMatch(header -> request.getHeader(header) == null);
    }

    private static boolean isThisMachine(String name) {
        return name != null && NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    private static String host(String origin) {
        try {
            return URI.create(origin).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isLoopback(String address) {
        try {
            // An address in digits, which is not looked up.
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
