// TensorFlow's server listens on every interface, and serves whoever connects. Where all tasks are on this machine its
// socket is bound to the loopback interface.
#pragma once

#ifdef __linux__
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>

// Binds the listening sockets of a port of this process to the loopback interface; false where that cannot be done.
inline bool ConfineToLoopback(int port) {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  const int most = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1 << 16));
  bool confined = false;
  for (int fd = 0; fd < most; ++fd) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || !listening) continue;
    sockaddr_in6 address;  // the port is where sockaddr_in has it
    size = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size) != 0) continue;
    if (address.sin6_family != AF_INET && address.sin6_family != AF_INET6) continue;
    if (ntohs(address.sin6_port) != port) continue;
    if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) != 0) return false;
    confined = true;
  }
  return confined;
}
#else
inline bool ConfineToLoopback(int) { return false; }
#endif
