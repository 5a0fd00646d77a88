#ifndef CENVIRONMENT_H
#define CENVIRONMENT_H
/*
 * The environment of libturnout.so: empty. Swift's runtime, which is linked into it, looks for
 * SWIFT_… variables: they would print into a host's standard error, or have a library put signal
 * handlers into its host.
 */

#endif
