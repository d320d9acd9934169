/** Who may speak to the hub. Until there are users and keys: programs and browsers of this machine, and no other web site. */
package io.kintsugi.server.security;
